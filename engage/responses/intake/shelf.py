"""A file of answers on its way in, with what is known of it so far."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any

from engage.foundations.tables import shelf
from engage.foundations.tables.detecting import Encoding
from engage.foundations.tables.reading import Written
from engage.responses.intake.mapping import Decided, mapping_from
from engage.responses.models import Channel


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


class Shelf(shelf.Shelf):
    """The shelf, for files of answers."""

    def put(self, content: bytes, upload: Upload) -> str:
        """Keep a file, and return the secret that leads to it."""
        return self.put_away(content, upload.to_json())

    def find(self, token: str, *, owner: str, slug: str) -> Upload | None:
        """Return what is known of a file; None where it is gone, or is somebody else's."""
        data = self.known(token)
        # A file of something else than answers lies here too.
        if data is None or (data.get("owner"), data.get("slug")) != (owner, slug):
            return None
        return _upload(data)

    def change(self, token: str, upload: Upload, **what: Any) -> Upload:
        """Keep what is now known of a file, and return it."""
        changed = replace(upload, **what)
        self.keep_known(token, changed.to_json())
        return changed


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
