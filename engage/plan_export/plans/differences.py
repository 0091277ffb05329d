"""What changed from one version of a plan to another, in words. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from engage.foundations.language import Text, lazy
from engage.plan_export.rules import OUTCOMES, Outcome

Content: TypeAlias = Mapping[str, Any]
Lines: TypeAlias = Mapping[tuple[int, str, str], tuple[Content, Content]]

_OF_PLAN: Mapping[str, Text] = {
    "title": lazy("The plan has another title."),
    "first_year": lazy("The plan begins in another year."),
    "years": lazy("The plan is for another number of years."),
    "foreword": lazy("The foreword is worded anew."),
}


def differences(before: Content | None, after: Content) -> tuple[Text, ...]:
    """Return a sentence for each thing that is not as it was; none where all is. None before: all is new."""
    if before is None:
        return (lazy("This is the first version."),)
    return tuple(_all(before, after))


def _all(before: Content, after: Content) -> Iterator[Text]:
    for name, said in _OF_PLAN.items():
        if before["plan"][name] != after["plan"][name]:
            yield said
    old, new = _by_key(before["objectives"]), _by_key(after["objectives"])
    for key, objective in old.items():
        if key not in new:
            yield lazy("Taken out: the objective “%(title)s”.", title=objective["title"])
    for key, objective in new.items():
        if key not in old:
            yield lazy("New: the objective “%(title)s”.", title=objective["title"])
    for key in (key for key in new if key in old):
        yield from _of_objective(old[key], new[key])
    if [key for key in old if key in new] != [key for key in new if key in old]:
        yield lazy("The objectives stand in another order.")
    yield from _of_lines(_lines(before), _lines(after))


def _of_objective(old: Content, new: Content) -> Iterator[Text]:
    title = new["title"]
    if old["title"] != title:
        yield lazy("“%(before)s” is now called “%(title)s”.", before=old["title"], title=title)
    if old["text"] != new["text"]:
        yield lazy("“%(title)s”: its text is worded anew.", title=title)
    if old["owner"] != new["owner"]:
        owner = new["owner"] or lazy("nobody")
        yield lazy("“%(title)s”: its owner is now %(owner)s.", title=title, owner=owner)
    yield from _of_measures(title, _by_key(old["measures"]), _by_key(new["measures"]))


def _of_measures(title: str, kept: dict[int, Content], measures: dict[int, Content]) -> Iterator[Text]:
    for key, measure in kept.items():
        if key not in measures:
            yield lazy("“%(title)s”: the measure “%(text)s” is taken out.", title=title, text=measure["text"])
    for key, measure in measures.items():
        before = kept.get(key)
        if before is None:
            yield lazy("“%(title)s”: a measure is added: “%(text)s”.", title=title, text=measure["text"])
            continue
        if before["text"] != measure["text"]:
            yield lazy("“%(title)s”: a measure now says “%(text)s”.", title=title, text=measure["text"])
        if before["target"] != measure["target"]:
            yield lazy(
                "“%(title)s”: the target of “%(text)s” is now “%(target)s”, and was “%(before)s”.",
                title=title,
                text=measure["text"],
                target=measure["target"],
                before=before["target"],
            )
    if [key for key in kept if key in measures] != [key for key in measures if key in kept]:
        yield lazy("“%(title)s”: its measures stand in another order.", title=title)


def _of_lines(old: Lines, new: Lines) -> Iterator[Text]:
    for key, (objective, line) in old.items():
        if key not in new:
            yield lazy(
                "“%(title)s”: the priority “%(priority)s” is taken out.",
                title=objective["title"],
                priority=line["priority"],
            )
    for key, (objective, line) in new.items():
        title = objective["title"]
        if key not in old:
            yield lazy(
                "“%(title)s”: takes up the priority “%(priority)s”.", title=title, priority=line["priority"]
            )
            continue
        before = old[key][1]
        if before["wording"] != line["wording"]:
            yield lazy(
                "“%(title)s”: “%(priority)s” is worded anew: “%(wording)s”.",
                title=title,
                priority=line["priority"],
                wording=line["wording"],
            )
        yield from _of_decision(before, line)


def _of_decision(before: Content, after: Content) -> Iterator[Text]:
    priority = after["priority"]
    if before["outcome"] != after["outcome"]:
        outcome = OUTCOMES[Outcome(after["outcome"])]
        yield lazy("What was decided on “%(priority)s” is now: %(now)s.", priority=priority, now=outcome)
    if before["reason"] != after["reason"]:
        yield lazy("The reason for the decision on “%(priority)s” is another.", priority=priority)
    figures = ("mentions", "base", "snapshot")
    if any(before[name] != after[name] for name in figures):
        yield lazy("The figures of “%(priority)s” are of another count.", priority=priority)


def _by_key(rows: list[Content]) -> dict[int, Content]:
    return {row["key"]: row for row in rows}


def _lines(content: Content) -> Lines:
    return {
        (objective["key"], line["consultation"]["slug"], line["code"]): (objective, line)
        for objective in content["objectives"]
        for line in objective["priorities"]
    }
