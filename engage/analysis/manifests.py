"""What a snapshot consists of, in plain data; its digest names it.

A manifest has two parts. `evidence` says which rows are in the snapshot, with the SHA-256 of their content;
the digest is of its canonical JSON. `watch` says where to look next and is in no digest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

Span: TypeAlias = tuple[int, int]
"""Whole numbers from the first to the last, both included."""

# No transaction of ours lives longer, so an id that is missing after that was rolled back.
HOLE_LIFE = timedelta(hours=1)
# A last segment smaller than this is written anew with what follows, so that there are never many files.
SEGMENT_ROWS = 20_000


# Made once: `json.dumps` makes an encoder anew for each call that has options, and there are millions.
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True)


@dataclass(frozen=True, slots=True)
class Content:
    """Rows of one kind: how many, and the SHA-256 of their canonical lines (never of a file's bytes)."""

    rows: int
    sha256: str

    def file(self, kind: str) -> str:
        """Return the name of the Parquet file that holds them."""
        return f"{kind}-{self.sha256[:24]}.parquet"


NOTHING = Content(0, hashlib.sha256().hexdigest())


@dataclass(frozen=True, slots=True)
class Segment:
    """The revisions with ids above `after` up to `through`, but for those `absent`, and `late` ones before.

    Ids are `absent` when nobody could see them at the time: on PostgreSQL a smaller id can commit later. It
    then comes `late` in a following segment.
    """

    after: int
    through: int
    absent: tuple[Span, ...]
    late: tuple[int, ...]
    revisions: Content
    picks: Content

    @property
    def files(self) -> tuple[str, ...]:
        """The names of its Parquet files."""
        return self.revisions.file("revisions"), self.picks.file("picks")


@dataclass(frozen=True, slots=True)
class Hole:
    """Missing ids that may still appear, and since when they have been missed."""

    span: Span
    since: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """A question for priorities, as one version of a questionnaire put it."""

    version_id: int
    questionnaire: str
    number: int
    digest: str
    question: str
    kind: str
    at_most: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """A snapshot's segments, codings and questions; and up to where ids are known, with the holes."""

    consultation: str
    segments: tuple[Segment, ...]
    codings: Content
    asked: tuple[Asked, ...]
    watched_through: int
    holes: tuple[Hole, ...]

    @property
    def digest(self) -> str:
        """The SHA-256 (hex) of the evidence's canonical JSON."""
        return digest_of(self._evidence())

    @property
    def through(self) -> int:
        """The last revision id that any segment reaches."""
        return self.segments[-1].through if self.segments else 0

    @property
    def files(self) -> tuple[str, ...]:
        """The names of all its Parquet files."""
        segments = (name for segment in self.segments for name in segment.files)
        return (*segments, self.codings.file("codings"))

    @property
    def question(self) -> str:
        """The code of the question for priorities."""
        return self.asked[0].question if self.asked else "priorities"

    def young_holes(self, now: datetime) -> tuple[Hole, ...]:
        """Return the holes that may still be filled."""
        return tuple(hole for hole in self.holes if hole.since > now - HOLE_LIFE)

    def as_json(self) -> dict[str, Any]:
        """Return what is stored."""
        holes = [[*hole.span, hole.since.isoformat()] for hole in self.holes]
        return {"evidence": self._evidence(), "watch": {"through": self.watched_through, "holes": holes}}

    def _evidence(self) -> dict[str, Any]:
        return {
            "format": 1,
            "consultation": self.consultation,
            "segments": [asdict(segment) for segment in self.segments],
            "codings": asdict(self.codings),
            "asked": [asdict(asked) for asked in self.asked],
        }


def from_json(data: dict[str, Any]) -> Manifest:
    """Return the manifest that was stored as `data`."""
    evidence, watch = data["evidence"], data["watch"]
    return Manifest(
        consultation=evidence["consultation"],
        segments=tuple(_segment(segment) for segment in evidence["segments"]),
        codings=Content(**evidence["codings"]),
        asked=tuple(Asked(**asked) for asked in evidence["asked"]),
        watched_through=watch["through"],
        holes=tuple(
            Hole((first, last), datetime.fromisoformat(since)) for first, last, since in watch["holes"]
        ),
    )


def canonical(value: Any) -> str:
    """Return `value` as the one JSON text that stands for it: keys sorted, no blanks, ASCII."""
    return _CANONICAL.encode(value)


def digest_of(value: Any) -> str:
    """Return the SHA-256 (hex) of `value` in canonical JSON."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def without(spans: Iterable[Span], ids: Sequence[int]) -> tuple[Span, ...]:
    """Return `spans` with `ids` (ascending) taken out of them."""
    left = list(spans)
    for id in ids:
        left = [part for span in left for part in _split(span, id)]
    return tuple(left)


def _split(span: Span, id: int) -> tuple[Span, ...]:
    first, last = span
    if not first <= id <= last:
        return (span,)
    return tuple(part for part in ((first, id - 1), (id + 1, last)) if part[0] <= part[1])


def _segment(data: dict[str, Any]) -> Segment:
    return Segment(
        after=data["after"],
        through=data["through"],
        absent=tuple((first, last) for first, last in data["absent"]),
        late=tuple(data["late"]),
        revisions=Content(**data["revisions"]),
        picks=Content(**data["picks"]),
    )
