"""Figures typed by hand that are not what was counted. Pure; advice, never a bar."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engage.feedback.placeholders import Facts, without
from engage.foundations.language import lazy, number, percent
from engage.questionnaires.advice import Advice
from engage.questionnaires.plain_english import sentences

_SHARE = re.compile(r"(\d+(?:\.\d+)?)\s*(?:%|per\s?cent\b)", re.IGNORECASE)
_COUNT = re.compile(
    r"(?<![\d,.£])(\d{1,3}(?:,\d{3})+|\d+)\s+"
    r"(?:of you|(?:\w+\s+)?(?:responses?|people|answers?|londoners?|replies))\b",
    re.IGNORECASE,
)


def contradictions(part: str, text: str, facts: Facts) -> tuple[Advice, ...]:
    """Return advice on every figure in a part that does not say what was counted, each once."""
    found = [advice for sentence in sentences(without(text)) for advice in _in(part, sentence, facts)]
    return tuple({str(advice.sentence): advice for advice in found}.values())


def _in(part: str, sentence: str, facts: Facts) -> Iterator[Advice]:
    """Yield what is wrong in a sentence: a figure of the priority it names, or of none that may be told."""
    named = [figure for figure in facts.figures if figure.priority.casefold() in sentence.casefold()]
    for match in _SHARE.finditer(sentence):
        among = [figure for figure in named or facts.figures if figure.share is not None]
        told = {shown for figure in among for shown in (percent(figure.share), percent(figure.share, 1))}
        if f"{match[1]}%" not in told:
            yield _advice(part, match[0], [f"{{share:{figure.code}}}" for figure in named])
    for match in _COUNT.finditer(sentence):
        counts = {figure.mentions for figure in named or facts.figures} | {facts.responses, facts.boroughs}
        if int(match[1].replace(",", "")) not in counts:
            written = number(int(match[1].replace(",", "")))
            yield _advice(part, written, [f"{{count:{figure.code}}}" for figure in named] or ["{responses}"])


def _advice(part: str, typed: str, instead: list[str]) -> Advice:
    sentence = lazy("“%(typed)s” is not what was counted.", typed=typed)
    fix = lazy(
        "Take it from the figures: write %(placeholder)s.", placeholder=instead[0] if instead else "{share:…}"
    )
    return Advice("contradicted", part, None, sentence, fix)
