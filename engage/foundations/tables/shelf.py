"""A file on its way in: kept between the steps of an import, for one person, and for an hour at most.

It lies in the folder of the installation under a random name, which only that person's session knows, and
never in the database: what is not imported leaves nothing behind.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from engage.foundations.tables.reading import Row

FOLDER = "imports"
LIFE = timedelta(hours=1)
_TOKEN = re.compile(r"[0-9a-f]{40}")


class Shelf:
    """The files of one installation, in a folder of their own that nobody else on the machine can open."""

    def __init__(self, instance: str | Path) -> None:
        self._folder = Path(instance) / FOLDER

    def put_away(self, content: bytes, known: Mapping[str, Any]) -> str:
        """Keep a file and what is known of it (plain JSON); return the secret that leads to it."""
        token = secrets.token_hex(20)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        place = self._folder / token
        place.mkdir(mode=0o700)
        (place / "content").write_bytes(content)
        self.keep_known(token, known)
        return token

    def known(self, token: str) -> dict[str, Any] | None:
        """Return what is known of a file; None where it is gone. The caller looks whose it is."""
        place = self._place(token)
        if place is None:
            return None
        try:
            data: dict[str, Any] = json.loads((place / "upload.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return data

    def keep_known(self, token: str, known: Mapping[str, Any]) -> None:
        """Keep what is now known of a file."""
        place = self._folder / token
        # Whoever reads at the same moment finds it whole.
        beside = place / "upload.new"
        beside.write_text(json.dumps(known, ensure_ascii=False), encoding="utf-8")
        beside.replace(place / "upload.json")

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
