"""Templates: every text can be translated, and stored text stays text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engage.foundations.settings import ROOT

FOLDER = ROOT / "templates"
TEMPLATES = sorted(path for path in FOLDER.rglob("*") if path.suffix in (".html", ".txt", ".svg", ".xml"))

COMMENT = re.compile(r"{#.*?#}", re.DOTALL)
TRANSLATED = re.compile(r"{%-?\s*trans\b.*?{%-?\s*endtrans\s*-?%}", re.DOTALL)
CODE = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
# What is typed at a command line, and how a mail looks, are the same in every language.
UNSPOKEN = re.compile(r"<(code|style)\b.*?</\1>", re.DOTALL)
TAG = re.compile(r"<!--.*?-->|<[^<>]*>", re.DOTALL)
ATTRIBUTE = re.compile(r"[\w-]+=\"[^\"]*\"")
SPOKEN = re.compile(r"\b(?:alt|title|aria-label|placeholder|content)=\"([^\"]*)\"")
WORD = re.compile(r"[^\W\d_]{2,}")
ENTITY = re.compile(r"&[a-z]+;|&#\d+;")
# Names, not words; and the values of <meta content>.
SAME_IN_EVERY_LANGUAGE = {"Engage", "CSV", "XLSX", "JSON", "QR", "width", "device", "initial", "scale"}
SAME_IN_EVERY_LANGUAGE |= {"viewport", "fit", "cover", "noindex", "only", "light", "dark", "no", "referrer"}

SAFE = re.compile(r"\|\s*safe\b|Markup\(")
# Templates that may call something safe, each with what it is: never anything a person wrote.
SAFE_HERE: dict[str, str] = {}


def _identity(path: Path) -> str:
    return str(path.relative_to(FOLDER))


@pytest.mark.parametrize("path", TEMPLATES, ids=_identity)
def test_every_text_is_translated(path: Path) -> None:
    source = TRANSLATED.sub(" ", COMMENT.sub(" ", path.read_text(encoding="utf-8")))
    bare = UNSPOKEN.sub(" ", CODE.sub("", source))
    spoken = " ".join(SPOKEN.findall(bare))
    shown = ATTRIBUTE.sub(" ", TAG.sub(" ", bare))
    words = set(WORD.findall(ENTITY.sub(" ", f"{shown} {spoken}")))
    assert words - SAME_IN_EVERY_LANGUAGE == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=_identity)
def test_nothing_stored_is_called_safe(path: Path) -> None:
    source = COMMENT.sub(" ", path.read_text(encoding="utf-8"))
    assert not SAFE.search(source) or _identity(path) in SAFE_HERE


@pytest.mark.parametrize("path", TEMPLATES, ids=_identity)
def test_nothing_is_inline(path: Path) -> None:
    source = CODE.sub("", COMMENT.sub(" ", path.read_text(encoding="utf-8")))
    if path.parent.name == "email":
        return
    assert "<style" not in source
    assert not re.search(r"\sstyle=|\son[a-z]+=\"|<script(?![^>]*\bsrc=)", source)


def test_nothing_in_python_is_called_safe_but_pictures_we_draw() -> None:
    marked = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "engage").rglob("*.py")
        if "Markup(" in path.read_text(encoding="utf-8")
    }
    assert marked - MARKUP_HERE.keys() == set()


# Modules that may make markup themselves, each with why what it marks is ours.
MARKUP_HERE: dict[str, str] = {}
