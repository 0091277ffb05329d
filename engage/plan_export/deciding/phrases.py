"""Finding an empty phrase in a reason, however it is written."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from engage.foundations.language import Text, lazy
from engage.plan_export.deciding.empty_phrases import PHRASES, Phrase


@dataclass(frozen=True, slots=True)
class Found:
    """An empty phrase in a text; `quoted` is how the text puts it."""

    phrase: Phrase
    quoted: str

    @property
    def refusal(self) -> Text:
        """The sentence for whoever wrote it."""
        return lazy(
            "“%(quoted)s” gives no reason. %(why)s %(instead)s",
            quoted=self.quoted,
            why=self.phrase.why,
            instead=self.phrase.instead,
        )


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.replace("~", r"\ "), re.VERBOSE)


_PATTERNS = tuple(
    (phrase, _compiled(phrase.pattern), _compiled(phrase.unless) if phrase.unless else None)
    for phrase in PHRASES
)
# Letters of other alphabets that are drawn like ours.
_LIKE = str.maketrans("асеорхуіјѕԁɡαοιν", "aceopxyijsdgaoiv")
_MARKS = re.compile(r"[’'‘`´]")
_OTHERS = re.compile(r"[^\w£]+|_")
_UNSEEN = {"Mn", "Cf"}


def find_empty(text: str) -> Found | None:
    """Return the first phrase in `text` that says nothing there, None where there is none.

    Case, accents, punctuation, invisible characters, line breaks and letters of another width or alphabet
    that look the same make no difference.
    """
    plain = _plain(text)
    for phrase, pattern, unless in _PATTERNS:
        match = pattern.search(plain)
        if match and not (unless and unless.search(plain)):
            return Found(phrase, match.group().strip())
    return None


def _plain(text: str) -> str:
    """Return `text` in lower case, its words parted by one blank, with no marks but that of money."""
    letters = unicodedata.normalize("NFKD", text).casefold().translate(_LIKE)
    visible = "".join(each for each in letters if unicodedata.category(each) not in _UNSEEN)
    return " ".join(_OTHERS.sub(" ", _MARKS.sub("", visible)).split())
