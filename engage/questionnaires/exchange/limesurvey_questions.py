"""The types of question of LimeSurvey, and what each becomes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from engage.foundations.language import lazy
from engage.foundations.tables.broken import Broken
from engage.questionnaires.exchange import asking
from engage.questionnaires.exchange.asking import Asked
from engage.questionnaires.exchange.building import Building, Choices, NoPlace
from engage.questionnaires.exchange.limesurvey_tables import Record, Survey
from engage.questionnaires.exchange.showing import Target

_NUMBER = re.compile(r"-?\d{1,12}(?:\.\d{1,6})?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# Attributes that change what is asked or of whom, and have no counterpart.
_TOLD: Mapping[str, str] = {
    "random_order": "Answers in a random order.",
    "subquestion_order": "Parts in a random order.",
    "random_group": "Questions in a random order.",
    "array_filter": "Parts shown by the answers to another question.",
    "array_filter_exclude": "Parts hidden by the answers to another question.",
    "em_validation_q": "A rule that an answer must meet.",
    "em_validation_sq": "A rule that a part of an answer must meet.",
    "equals_num_value": "A sum that the numbers must make.",
    "min_num_value": "The least that the numbers must add up to.",
    "max_num_value": "The most that the numbers may add up to.",
    "time_limit": "A time limit.",
    "other_comment_mandatory": "A comment that must be written with an answer.",
}


@dataclass(frozen=True, slots=True)
class Item:
    """A question of the file, with everything that belongs to it."""

    where: str
    name: str
    record: Record
    survey: Survey
    attributes: Mapping[str, str]

    @property
    def parts(self) -> tuple[Record, ...]:
        """Its subquestions, in order."""
        return self.survey.parts.get(self.record["qid"], ())

    @property
    def answers(self) -> tuple[Record, ...]:
        """Its answers, in order."""
        return self.survey.answers.get(self.record["qid"], ())

    def number(self, attribute: str) -> int | float | None:
        """Return an attribute that is a plain number; None for a formula or a blank."""
        written = self.attributes.get(attribute, "").strip()
        if not _NUMBER.fullmatch(written):
            return None
        number = float(written)
        return int(number) if number.is_integer() else number

    def count(self, attribute: str) -> int | None:
        """Return an attribute that is a whole number."""
        number = self.number(attribute)
        return number if isinstance(number, int) else None


Read: TypeAlias = Callable[[Building, Item, Asked], None]


def ask_item(building: Building, item: Item, read: Read) -> None:
    """Ask what the question asks; raises `NoPlace` where that cannot be, `Broken` where it is wrong."""
    record = item.record
    asked = Asked(
        item.where,
        item.name,
        building.text(record["question"], item.where) or item.name,
        building.text(record["help"], item.where),
        record["mandatory"] in ("Y", "S"),
        building.condition(record["relevance"], item.where),
    )
    if record["mandatory"] == "S":
        building.leave(
            item.where, lazy("An answer that is asked for softly."), lazy("An answer is required.")
        )
    if record["preg"]:
        building.leave(item.where, lazy("A pattern that an answer must match."))
    for attribute, what in _TOLD.items():
        if item.attributes.get(attribute, "0") not in ("0", "normal", "N"):
            building.leave(item.where, lazy(what))
    read(building, item, asked)
    # Older surveys name a question by the numbers of its survey, group and itself.
    building.alias("X".join(record[name] for name in ("sid", "gid", "qid")), item.name)


def _one(building: Building, item: Item, asked: Asked) -> None:
    choices = _choices(building, item, item.answers, "code", "answer")
    asking.ask_one(building, asked, choices, other=_other(building, item, choices))


def _one_with_comment(building: Building, item: Item, asked: Asked) -> None:
    _one(building, item, asked)
    what = lazy("A box for a comment.")
    building.leave(item.where, what, lazy("It became a question of its own, after it."))
    label = str(lazy("%(label)s: your comment", label=asked.label.partition("\n")[0]))
    asking.ask(
        building,
        replace(asked, name=f"{item.name}_comment", label=label, hint="", required=False),
        "long_text",
    )


def _fixed(*pairs: tuple[str, str]) -> Read:
    def read(building: Building, item: Item, asked: Asked) -> None:
        labels = [(value, str(lazy(label))) for value, label in pairs]
        asking.ask_one(building, asked, building.options(labels, item.where))

    return read


def _several(building: Building, item: Item, asked: Asked) -> None:
    choices = _choices(building, item, item.parts, "title", "question")
    other = _other(building, item, choices)
    alone = [
        code.strip() for code in item.attributes.get("exclude_all_others", "").split(";") if code.strip()
    ]
    if len(alone) > 1:
        what = lazy("More than one answer that excludes the others.")
        building.leave(item.where, what, lazy("Only the first of them does."))
    code = asking.ask_several(
        building,
        asked,
        choices,
        other=other,
        none_of=choices.codes.get(alone[0], "") if alone else "",
        at_least=item.count("min_answers"),
        at_most=item.count("max_answers"),
    )
    for value, mark in choices.codes.items():
        building.know(f"{item.name}_{value}", Target(code, only=mark))


def _several_with_comments(building: Building, item: Item, asked: Asked) -> None:
    building.leave(item.where, lazy("A box for a comment beside each answer."))
    _several(building, item, asked)


def _short(building: Building, item: Item, asked: Asked) -> None:
    asking.ask(building, asked, "short_text", limit=_limit(item, 200))


def _long(building: Building, item: Item, asked: Asked) -> None:
    asking.ask(building, asked, "long_text", limit=_limit(item, 10_000))


def _number(building: Building, item: Item, asked: Asked) -> None:
    least, most = item.number("min_num_value_n"), item.number("max_num_value_n")
    whole = item.attributes.get("num_value_int_only") == "1"
    if whole and any(isinstance(limit, float) for limit in (least, most)):
        raise NoPlace(lazy("A whole number whose limits are not whole."))
    unit = building.text(item.attributes.get("suffix") or item.attributes.get("prefix") or "", item.where)
    asking.ask(
        building, asked, "number", counts=True, least=least, most=most, whole=whole, unit=unit[:20] or None
    )


def _numbers(building: Building, item: Item, asked: Asked) -> None:
    _each(
        building, item, asked, "number", counts=True, whole=item.attributes.get("num_value_int_only") == "1"
    )


def _texts(building: Building, item: Item, asked: Asked) -> None:
    _each(building, item, asked, "short_text")


def _each(building: Building, item: Item, asked: Asked, kind: str, **settings: bool) -> None:
    if not item.parts:
        raise NoPlace(lazy("A question without parts in the file."))
    what = lazy("A question with %(n)s boxes.", n=len(item.parts))
    building.leave(item.where, what, lazy("Each became a question of its own."))
    for part in item.parts:
        label = building.text(part["question"], item.where) or part["title"]
        name = f"{item.name}_{part['title']}"
        whole = replace(asked, name=name, label=f"{asked.label.partition(chr(10))[0]}: {label}")
        asking.ask(building, whole, kind, **settings)


def _date(building: Building, item: Item, asked: Asked) -> None:
    earliest, latest = (item.attributes.get(name, "") for name in ("date_min", "date_max"))
    if item.attributes.get("date_format"):
        building.leave(item.where, lazy("A format of the date."), lazy("A whole day is asked for."))
    asking.ask(
        building,
        asked,
        "date",
        earliest=earliest if _DAY.fullmatch(earliest) else None,
        latest=latest if _DAY.fullmatch(latest) else None,
    )


def _five(building: Building, item: Item, asked: Asked) -> None:
    asking.ask_scale(building, asked, 1, 5)


def _grid(building: Building, item: Item, asked: Asked) -> None:
    columns = _choices(building, item, item.answers, "code", "answer")
    _ask_grid(building, item, asked, columns)


def _fixed_grid(*pairs: tuple[str, str]) -> Read:
    def read(building: Building, item: Item, asked: Asked) -> None:
        labels = [(value, str(lazy(label))) for value, label in pairs]
        _ask_grid(building, item, asked, building.options(labels, item.where))

    return read


def _ask_grid(building: Building, item: Item, asked: Asked, columns: Choices) -> None:
    rows = _choices(building, item, item.parts, "title", "question")
    if any("|" in row["label"] for row in rows.options):
        building.leave(item.where, lazy("Words at the other end of a row."), lazy("They stand after a “|”."))
    asking.ask_grid(building, asked, rows, columns, lambda row: f"{item.name}_{row}")


def _ranking(building: Building, item: Item, asked: Asked) -> None:
    records, code, label = (
        (item.answers, "code", "answer") if item.answers else (item.parts, "title", "question")
    )
    choices = _choices(building, item, records, code, label)
    most = item.count("max_subquestions") or item.count("max_answers")
    asking.ask_ranking(building, asked, choices, at_most=most)


def _told(building: Building, item: Item, asked: Asked) -> None:
    asking.inform(building, asked)


KINDS: Mapping[str, Read] = {
    "L": _one,
    "!": _one,
    "O": _one_with_comment,
    "Y": _fixed(("Y", "Yes"), ("N", "No")),
    "G": _fixed(("F", "Female"), ("M", "Male")),
    "M": _several,
    "P": _several_with_comments,
    "S": _short,
    "T": _long,
    "U": _long,
    "N": _number,
    "K": _numbers,
    "Q": _texts,
    "D": _date,
    "5": _five,
    "F": _grid,
    "H": _grid,
    "A": _fixed_grid(*((str(point), str(point)) for point in range(1, 6))),
    "B": _fixed_grid(*((str(point), str(point)) for point in range(1, 11))),
    "C": _fixed_grid(("Y", "Yes"), ("U", "Uncertain"), ("N", "No")),
    "E": _fixed_grid(("I", "Increase"), ("S", "Same"), ("D", "Decrease")),
    "R": _ranking,
    "X": _told,
}


def _choices(building: Building, item: Item, records: Iterable[Record], code: str, label: str) -> Choices:
    pairs = []
    for record in records:
        if not record[code]:
            raise Broken(lazy("%(where)s: an answer or part has no code.", where=item.where))
        if record["scale_id"] in ("", "0"):
            pairs.append((record[code], building.text(record[label], item.where) or record[code]))
    return building.options(pairs, item.where)


def _other(building: Building, item: Item, choices: Choices) -> str:
    if item.record["other"] != "Y":
        return ""
    label = building.text(item.attributes.get("other_replace_text", ""), item.where) or str(lazy("Other"))
    choices.add("-oth-", label, like="other")
    return label


def _limit(item: Item, most: int) -> int | None:
    limit = item.count("maximum_chars")
    return min(limit, most) if limit and limit > 0 else None
