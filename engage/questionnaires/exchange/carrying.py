"""A report carried by its page, signed, so that nothing is stored between the upload and the draft."""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from dataclasses import asdict
from typing import Any

from engage.foundations import tokens
from engage.foundations.language import lazy
from engage.foundations.tables.broken import Broken
from engage.questionnaires.exchange.report import Imported, LeftOut, Source, Taken

PURPOSE = "questionnaire import"
# A form's fields may have 500,000 bytes in all.
LONGEST = 450_000


def carry(found: Imported) -> str:
    """Return `found` as a signed text; raises `Broken` where it would be too long for a page to carry."""
    content = json.dumps(_said(asdict(found)), ensure_ascii=False, separators=(",", ":"))
    token = tokens.sign(b64encode(zlib.compress(content.encode())).decode(), PURPOSE)
    if len(token) > LONGEST:
        raise Broken(
            lazy("There is too much in this file for one questionnaire. Split it into smaller ones.")
        )
    return token


def find_carried(token: str) -> Imported | None:
    """Return what was carried; None where the text is not one that we signed."""
    packed = tokens.unsign(token, PURPOSE)
    if packed is None:
        return None
    data = json.loads(zlib.decompress(b64decode(packed)))
    return Imported(
        Source(data["source"]),
        data["code"],
        data["title"],
        data["privacy_notice"],
        data["definition"],
        tuple(Taken(**one) for one in data["taken"]),
        tuple(LeftOut(**one) for one in data["left_out"]),
    )


def _said(found: dict[str, Any]) -> dict[str, Any]:
    """Return the report with its sentences as they read now."""
    taken = [{name: str(text) for name, text in one.items()} for one in found["taken"]]
    left = [{name: str(text) for name, text in one.items()} for one in found["left_out"]]
    return found | {"taken": taken, "left_out": left}
