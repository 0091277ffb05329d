"""A file on its way in: kept between the steps of an import, for one officer, and for an hour at most.

It lies in the folder of the installation under a random name, which only the officer's session knows, and
never in the database: what is not imported leaves nothing behind.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from engage.responses.intake.detecting import Encoding
from engage.responses.intake.mapping import Decided, mapping_from
from engage.responses.intake.reading import Row, Written
from engage.responses.models import Channel

FOLDER = "imports"
LIFE = timedelta(hours=1)
_TOKEN = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, kw_only=True)
class Upload:
    """What is known of a file so far. `lines`: how many lines its headings have."""

    slug: str
    owner: str
    name: str
    instrument_id: int
    version_id: int
    channel: Channel
    written: Written
    lines: int = 1
    digest: str = ""
    decided: Decided = field(default_factory=Decided)

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON."""
        return asdict(self) | {"decided": self.decided.to_json()}


class Shelf:
    """The files of one installation, in a folder of their own that nobody else on the machine can open."""

    def __init__(self, instance: str | Path) -> None:
        self._folder = Path(instance) / FOLDER

    def put(self, content: bytes, upload: Upload) -> str:
        """Keep a file, and return the secret that leads to it."""
        token = secrets.token_hex(20)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        place = self._folder / token
        place.mkdir(mode=0o700)
        (place / "content").write_bytes(content)
        self.change(token, upload)
        return token

    def find(self, token: str, *, owner: str, slug: str) -> Upload | None:
        """Return what is known of a file; None where it is gone, or is somebody else's."""
        place = self._place(token)
        if place is None:
            return None
        try:
            data = json.loads((place / "upload.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        upload = _upload(data)
        return upload if (upload.owner, upload.slug) == (owner, slug) else None

    def change(self, token: str, upload: Upload, **what: Any) -> Upload:
        """Keep what is now known of a file, and return it."""
        changed = replace(upload, **what)
        place = self._folder / token
        # Whoever reads at the same moment finds it whole.
        beside = place / "upload.new"
        beside.write_text(json.dumps(changed.to_json(), ensure_ascii=False), encoding="utf-8")
        beside.replace(place / "upload.json")
        return changed

    def content(self, token: str) -> bytes:
        """Return the file."""
        return (self._folder / token / "content").read_bytes()

    def keep_rows(self, token: str, rows: Sequence[Row]) -> None:
        """Keep the rows of a file as they were read, so that it is taken apart only once."""
        with (self._folder / token / "rows").open("w", encoding="utf-8") as out:
            for row in rows:
                out.write(json.dumps(row, ensure_ascii=False) + "\n")

    def rows(self, token: str) -> Iterator[Row]:
        """Yield the rows that were kept, headings among them."""
        with (self._folder / token / "rows").open(encoding="utf-8") as kept:
            for line in kept:
                number, cells = json.loads(line)
                yield number, cells

    def forget(self, token: str) -> None:
        """Delete a file and everything known of it."""
        if place := self._place(token):
            shutil.rmtree(place, ignore_errors=True)

    def forget_stale(self, now: datetime) -> int:
        """Delete what nobody touched for an hour, and return how many files that were."""
        stale = [place for place in self._places() if _touched(place) <= now - LIFE]
        for place in stale:
            shutil.rmtree(place, ignore_errors=True)
        return len(stale)

    def _place(self, token: str) -> Path | None:
        return self._folder / token if _TOKEN.fullmatch(token) else None

    def _places(self) -> list[Path]:
        return sorted(self._folder.iterdir()) if self._folder.is_dir() else []


def _touched(place: Path) -> datetime:
    try:
        return datetime.fromtimestamp(place.stat().st_mtime, UTC)
    except FileNotFoundError:
        # Somebody else deleted it meanwhile.
        return datetime.max.replace(tzinfo=UTC)


def _upload(data: dict[str, Any]) -> Upload:
    how = data["written"]
    encoding = Encoding(how["encoding"]) if how["encoding"] else None
    written = Written(encoding, how["delimiter"], tuple(how["sheets"]), how["sheet"])
    known = {
        "channel": Channel(data["channel"]),
        "written": written,
        "decided": mapping_from(data["decided"]),
    }
    return Upload(**data | known)
