"""Whether words ask two things at once, so that one answer does for neither.

Told by patterns, which find what is common and leave alone what is only a list of nouns: "live or work in
London" and "theft of and from cars" are one thing.
"""

from __future__ import annotations

import re

from engage.questionnaires.plain_english import lists

# "… and how satisfied are you", "… or do you", "… and why".
_ASKS_AGAIN = re.compile(
    r"\b(?:and|or)\s+(?:if so,?\s+|if not,?\s+|also\s+)?"
    r"(?:(?:how|why|where|when|what|which|who)\b(?!\s+(?:ever|not)\b)"
    r"|(?:do|does|did|is|are|was|were|have|has|had|should|would|could|can|will)"
    r"\s+(?:you|we|they|it|the|your|there)\b)",
    re.IGNORECASE,
)
# "… are polite and helpful": two things said of one.
_HOW_MUCH = r"(?:\w+ly\s+|very\s+|well\s+|not\s+)?"
_SAYS_TWICE = re.compile(
    r"\b(?:is|are|was|were|be|been|feel|feels|felt|seem|seems|am|how|very|too)\s+"
    rf"{_HOW_MUCH}[\w-]+\s+(?:and|or)\s+{_HOW_MUCH}[\w-]+"
    r"(?=\s*(?:[.?!,;]|$|\b(?:with|to|in|at|for|by|about|when|where|on|during|are|is|you|do|does|did)\b))",
    re.IGNORECASE,
)
# "… listen to people and act on …": two things done.
_DOES_TWICE = re.compile(
    r"\band\s+(?:\w+ly\s+)?(?:act|answer|arrest|ask|attend|care|catch|come|deal|do|explain|follow|get|give|help"
    r"|keep|know|listen|make|patrol|prevent|protect|provide|reduce|report|respond|see|share|should|show|solve"
    r"|speak|stop|support|tackle|take|talk|tell|treat|trust|understand|use|visit|work)s?\b(?!\s+of\b)",
    re.IGNORECASE,
)
# "The police and the council …": two who do it.
_BODY = (
    r"(?:the\s+|your\s+|our\s+)?(?:local\s+|borough\s+)?"
    r"(?:police|councils?|mayor|courts?|government|schools?|nhs)"
)
_TWO_DO_IT = re.compile(rf"\b{_BODY}\s+(?:and|or)\s+{_BODY}\b", re.IGNORECASE)


def asks_twice(label: str) -> bool:
    """Tell whether a question asks two: a second question mark, or a second question after "and" or "or"."""
    return label.count("?") > 1 or bool(_ASKS_AGAIN.search(_plain(label)))


def judges_twice(label: str) -> bool:
    """Tell whether something to agree with or to rate says two things that may be judged differently."""
    plain = _plain(label)
    return any(pattern.search(plain) for pattern in (_SAYS_TWICE, _DOES_TWICE, _TWO_DO_IT))


def _plain(label: str) -> str:
    """Return words with those pairs as one that say one thing, and without an example in brackets."""
    plain = re.sub(r"\([^()]*\)", " ", label)
    for pair in lists()["pairs"]:
        plain = re.sub(rf"\b{pair}\b", pair.replace(" ", "_"), plain, flags=re.IGNORECASE)
    return plain
