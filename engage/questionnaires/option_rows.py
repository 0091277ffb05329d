"""Options as an officer writes them: rows whose codes stay while the words change, and lines to paste."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, StringField, TextAreaField

from engage.foundations.language import Text, lazy
from engage.questionnaires.edits import code_from
from engage.questionnaires.forms import tidy
from engage.questionnaires.kinds.written import MOST_OPTIONS

LABEL, HINT = 200, 500
BLANK_ROWS = 3
LAST = 10_000


class OptionRow(Form):
    """One option; `code` is that of an option that was there before."""

    code = HiddenField()
    label = StringField(lazy("Label"), filters=[tidy])
    hint = StringField(lazy("Hint"), filters=[tidy])
    order = StringField(lazy("Place"), filters=[tidy])
    remove = BooleanField(lazy("Remove"))


if TYPE_CHECKING:
    Rows = FieldList[FormField[OptionRow]]
else:
    # The fields know their types only in the stubs.
    Rows = FieldList


class OptionsField(Rows):
    """Rows of options, as `rows_for` lays them out."""

    def __init__(self, label: Text, hint: Text = "", **options: Any) -> None:
        super().__init__(FormField(OptionRow), label=label, description=hint, **options)


def paste_field() -> TextAreaField:
    """Return the field for many options at once."""
    return TextAreaField(
        lazy("Add many at once"),
        filters=[tidy],
        description=lazy("One on each line. They are added after the others."),
    )


def rows_for(options: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows that show `options`, with blank ones after them."""
    rows = [
        {"code": one["code"], "label": one["label"], "hint": one.get("hint", ""), "order": str(place)}
        for place, one in enumerate(options, start=1)
    ]
    return [*rows, *({} for _ in range(BLANK_ROWS))]


def written_options(
    rows: OptionsField, pasted: TextAreaField, taken: Collection[str]
) -> list[dict[str, str]] | None:
    """Return the options as written, in their order, or None with an error beside each that cannot be.

    A new option's code is made from its label and is none of `taken`.
    """
    kept = [row.form for row in rows if _is_kept(row.form)]
    labels = [*(row.label.data or "" for row in kept), *_lines(pasted.data)]
    _check_rows(rows, kept)
    _check_all(rows, labels)
    if any(len(each) > LABEL for each in _lines(pasted.data)):
        pasted.errors = [lazy("Shorten each line to %(limit)s characters or fewer.", limit=LABEL)]
    if rows.errors or pasted.errors:
        return None
    return list(_options(rows, kept, _lines(pasted.data), {*taken, *(row.code.data or "" for row in kept)}))


def _is_kept(row: OptionRow) -> bool:
    return not row.remove.data and bool(row.label.data or row.hint.data or row.code.data)


def _options(
    rows: OptionsField, kept: Sequence[OptionRow], pasted: Sequence[str], taken: set[str]
) -> Iterator[dict[str, str]]:
    places = {id(row.form): place for place, row in enumerate(rows, start=1)}
    for row in sorted(kept, key=lambda row: _place(row, places[id(row)])):
        code = row.code.data or code_from(row.label.data or "", taken, "option")
        taken.add(code)
        hint = {"hint": row.hint.data} if row.hint.data else {}
        yield {"code": code, "label": row.label.data or ""} | hint
    for label in pasted:
        code = code_from(label, taken, "option")
        taken.add(code)
        yield {"code": code, "label": label}


def _place(row: OptionRow, was: int) -> tuple[int, int, int]:
    """Return what sorts a row: at the same place, the one that somebody moved there goes first."""
    typed = row.order.data or ""
    place = int(typed[:5]) if typed.isascii() and typed.isdigit() else LAST
    return (place, place == was, was)


def _check_rows(rows: OptionsField, kept: Sequence[OptionRow]) -> None:
    seen: set[str] = set()
    problems: list[Text] = []
    for number, row in enumerate((row.form for row in rows), start=1):
        if row not in kept:
            continue
        sentence = _problem(row, seen)
        if sentence is not None:
            row.label.errors = [sentence]
            problems.append(lazy("Row %(number)s: %(sentence)s", number=number, sentence=sentence))
        seen.add((row.label.data or "").casefold())
    rows.errors = problems


def _problem(row: OptionRow, seen: set[str]) -> Text | None:
    label, order = row.label.data or "", row.order.data or ""
    if not label:
        return lazy("Write a label, or tick “Remove”.")
    if len(label) > LABEL:
        return lazy("Shorten the label to %(limit)s characters or fewer.", limit=LABEL)
    if len(row.hint.data or "") > HINT:
        return lazy("Shorten the hint to %(limit)s characters or fewer.", limit=HINT)
    if label.casefold() in seen:
        return lazy("“%(label)s” is there already.", label=label)
    if order and not (order.isascii() and order.isdigit() and len(order) < 5):
        return lazy("Write the place as a whole number, such as 3.")
    return None


def _check_all(rows: OptionsField, labels: Sequence[str]) -> None:
    if not labels:
        rows.errors = [*rows.errors, lazy("Write at least one.")]
    if len(labels) > MOST_OPTIONS:
        many = lazy("Keep to %(most)s at most. There are %(count)s.", most=MOST_OPTIONS, count=len(labels))
        rows.errors = [*rows.errors, many]


def _lines(typed: str | None) -> list[str]:
    return [each for each in (part.strip() for part in (typed or "").split("\n")) if each]
