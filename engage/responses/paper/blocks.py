"""Each kind of question on paper: boxes to tick, lines to write on. What is returned is JSON for the printer.

A block says what it `is`; `form.typ` knows how each looks. Every text in it is a string that is printed as it
stands. The functions take any question of their kind: what they read are the kind's own settings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from engage.foundations.language import Text, _, number, plural
from engage.questionnaires.kinds.base import Option, Question

Block: TypeAlias = dict[str, Any]
# About so many characters fit on a line written by hand.
ON_A_LINE = 60
MOST_LINES = 8


def blocks(question: Question) -> list[Block]:
    """Return what stands below the words of a question; a kind not known here has its marks or lines."""
    made = KINDS_ON_PAPER.get(question.kind)
    if made is not None:
        return made(question)
    options = [Option(code, str(label)) for code, label in question.marks.items()]
    return [_ticks(options)] if options else [_write(3)]


def _say(text: Text) -> Block:
    return {"is": "say", "text": str(text)}


def _ticks(options: Iterable[Option], *, rotates: bool = False, numbered: bool = False) -> Block:
    shown = [{"label": str(option.label), "hint": str(option.hint)} for option in options]
    return {"is": "ticks", "options": shown, "rotates": rotates, "numbered": numbered}


def _write(lines: int, label: Text = "") -> Block:
    return {"is": "write", "lines": lines, "label": str(label)}


def _short(label: Text, unit: Text = "") -> Block:
    return {"is": "short", "label": str(label), "unit": str(unit)}


def _lines_for(limit: int) -> int:
    return max(1, min(MOST_LINES, -(-limit // (ON_A_LINE * 4))))


def _at_most(most: int) -> str:
    return str(plural("Tick one box.", "Tick no more than %(n)s boxes.", most, n=most))


def _exactly(most: int) -> str:
    return str(plural("Tick one box.", "Tick exactly %(n)s boxes.", most, n=most))


def _priorities_list(question: Any) -> list[Block]:
    most = question.at_most
    ordered, exactly = question.ordered, question.exactly
    if ordered:
        which = ", ".join(str(place) for place in range(1, most + 1))
        say = _("Write %(numbers)s in the boxes of your choices: 1 is the first of all.", numbers=which)
        if not exactly:
            say = f"{say} {_('You may choose fewer.')}"
    else:
        say = _exactly(most) if exactly else _at_most(most)
    made = [_say(say), _ticks(question.options, rotates=True, numbered=ordered)]
    if question.other:
        made.append({"is": "other", "label": str(_("Something else. Write what:"))})
    return made


def _own_words(question: Any) -> list[Block]:
    made: list[Block] = []
    for slot in question.slots:
        optional = "" if slot == 1 and question.required else f" {_('(optional)')}"
        made += [
            {"is": "subheading", "text": _("Priority %(n)s", n=slot) + optional},
            _write(2, _("What should the police put first?")),
            _write(3, _("Why does it matter to you? (optional)")),
            _write(3, _("What should the police do about it? (optional)")),
        ]
    return made


def _one_choice(question: Any) -> list[Block]:
    return [_say(_("Tick one box.")), _ticks(question.options)]


def _several_choices(question: Any) -> list[Block]:
    least, most = question.at_least, question.at_most
    if most is None:
        say = _("Tick all that apply.") if least < 2 else _("Tick at least %(n)s boxes.", n=least)
    elif least == most:
        say = _exactly(most)
    else:
        say = _at_most(most) if least < 2 else _("Tick %(least)s to %(most)s boxes.", least=least, most=most)
    if question.alone:
        say = f"{say} {_('If you tick “%(none)s”, tick nothing else.', none=question.alone.label)}"
    return [_say(say), _ticks(question.options)]


def _scale(question: Any) -> list[Block]:
    points = [str(point) for point in range(question.low, question.high + 1)]
    ends = [str(question.low_label), str(question.high_label)]
    return [_say(_("Tick one box.")), {"is": "scale", "points": points, "ends": ends}]


def _grid(question: Any) -> list[Block]:
    rows = [str(row.label) for row in question.rows]
    columns = [str(option.label) for option in question.options]
    return [_say(_("Tick one box on each line.")), {"is": "grid", "rows": rows, "columns": columns}]


def _text(question: Any) -> list[Block]:
    return [_write(_lines_for(question.limit))]


def _number(question: Any) -> list[Block]:
    least, most = question.least, question.most
    made = [_short("", question.unit)]
    if least is not None and most is not None:
        made.insert(
            0, _say(_("A number from %(least)s to %(most)s.", least=number(least), most=number(most)))
        )
    elif least is not None:
        made.insert(0, _say(_("A number of at least %(least)s.", least=number(least))))
    elif most is not None:
        made.insert(0, _say(_("A number of at most %(most)s.", most=number(most))))
    return made


def _date(question: Any) -> list[Block]:
    return [{"is": "boxes", "labels": [str(_("Day")), str(_("Month")), str(_("Year"))], "widths": [2, 2, 4]}]


def _area(question: Any) -> list[Block]:
    return [
        _short(_("Your postcode (we keep the borough and forget the postcode)")),
        _short(_("or your borough (or “outside London”, or “prefer not to say”)")),
    ]


def _organisation(question: Any) -> list[Block]:
    return [
        _write(1, question.name_label),
        _short(question.speaks_for_label),
        _write(3, question.agreed_label),
    ]


def _information(question: Any) -> list[Block]:
    return [{"is": "fact", "text": line} for line in str(question.text).splitlines() if line.strip()]


KINDS_ON_PAPER: dict[str, Callable[[Any], list[Block]]] = {
    "age_band": _one_choice,
    "area": _area,
    "date": _date,
    "information": _information,
    "long_text": _text,
    "matrix": _grid,
    "number": _number,
    "one_choice": _one_choice,
    "organisation": _organisation,
    "priorities_list": _priorities_list,
    "priorities_own_words": _own_words,
    "scale": _scale,
    "several_choices": _several_choices,
    "short_text": _text,
    "statements": _grid,
}
