"""XLSForm workbooks into our questionnaire. Nothing in a cell is computed, fetched or shown as markup."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engage.foundations.language import lazy
from engage.foundations.tables.broken import Broken
from engage.questionnaires.exchange.asking import Asked, inform
from engage.questionnaires.exchange.building import Building, NoPlace, Shown
from engage.questionnaires.exchange.expressions import XLSFORM
from engage.questionnaires.exchange.report import Imported, Source
from engage.questionnaires.exchange.workbook import Row, read_sheets
from engage.questionnaires.exchange.xlsform_rows import KINDS, Item, Lists, ask_item, words

SHEETS = ("survey", "choices", "settings")
DEEPEST_GROUP = 10
_INSERTS = re.compile(r"\$\{[^{}]+\}")
_LANGUAGE = re.compile(r"^(?:label|hint)\s*:{1,2}\s*(.+)$")
_METADATA = frozenset(
    re.findall(
        r"[a-z-]+",
        """
        start end today deviceid subscriberid simserial phonenumber username email audit calculate hidden
        start-geopoint background-audio
        """,
    )
)


@dataclass(slots=True)
class _Groups:
    """The groups that are open, outermost first, each with the row where it began."""

    rows: list[Row] = field(default_factory=list)
    shown: list[tuple[Shown, ...]] = field(default_factory=list)
    # How many repeats are open: what is inside one has no place here.
    repeats: int = 0


def read_form(content: bytes) -> Imported:
    """Return the questionnaire in an XLSForm; raises `Broken` naming the row that is wrong."""
    sheets = read_sheets(content, SHEETS)
    survey = sheets.get("survey")
    if survey is None:
        raise Broken(lazy("This is no XLSForm: it has no sheet called “survey”."))
    settings = sheets.get("settings") or [Row(2, {})]
    building = Building(Source.XLSFORM, XLSFORM, _INSERTS)
    language = _language(building, survey, settings[0])
    lists = _lists(building, sheets.get("choices") or [], language)
    _survey(building, survey, lists, language)
    title = words(settings[0], "form_title", "") or words(settings[0], "title", "")
    return building.finish(code=settings[0]["form_id"], title=building.text(title, "settings"), intro="")


def _survey(building: Building, rows: Sequence[Row], lists: Lists, language: str) -> None:
    groups = _Groups()
    names: set[str] = set()
    # Whether the next question stands outside every group, after one that stood in a group.
    loose = True
    for row in rows:
        kind, where = " ".join(row["type"].lower().split()), f"survey, row {row.number}"
        for heading in row.formulas:
            what = lazy("A formula in the column “%(heading)s”.", heading=heading)
            building.leave(where, what, lazy("It is taken as the text it is."))
        opened = re.fullmatch(r"begin[ _](group|repeat)", kind)
        closed = re.fullmatch(r"end[ _](group|repeat)", kind)
        if opened:
            _begin(building, groups, row, where, language, opened[1])
        elif closed:
            _end(groups, row, closed[1])
            loose = loose or not groups.rows
        elif kind and not groups.repeats:
            if loose and not groups.rows:
                building.page(where, "")
            loose = False
            _row(building, row, where, lists, language, sum(groups.shown, ()), names)
    if groups.rows:
        message = lazy(
            "Row %(row)s of the sheet “survey” begins a group that never ends.", row=groups.rows[-1].number
        )
        raise Broken(message)


def _begin(building: Building, groups: _Groups, row: Row, where: str, language: str, kind: str) -> None:
    """Open a group: the outermost is a page, one inside it a heading."""
    if len(groups.rows) >= DEEPEST_GROUP:
        raise Broken(lazy("Row %(row)s of the sheet “survey”: groups are nested too deeply.", row=row.number))
    if kind == "repeat" and not groups.repeats:
        building.leave(where, lazy("A group that is repeated."), lazy("Left out with everything in it."))
    groups.repeats += kind == "repeat" or bool(groups.repeats)
    title = building.text(words(row, "label", language), where)
    shown = building.condition(row["relevant"], where)
    outermost = not groups.rows
    groups.rows.append(row)
    groups.shown.append(() if outermost else shown)
    if outermost and not groups.repeats:
        building.page(where, title, building.text(words(row, "hint", language), where), shown)
    elif title and not groups.repeats:
        inform(building, Asked(where, row["name"] or "group", title, shown=sum(groups.shown, ())))


def _end(groups: _Groups, row: Row, kind: str) -> None:
    if not groups.rows or not groups.rows[-1]["type"].strip().lower().endswith(kind):
        message = lazy(
            "Row %(row)s of the sheet “survey” ends a %(kind)s that does not begin.",
            row=row.number,
            kind=kind,
        )
        raise Broken(message)
    groups.rows.pop()
    groups.shown.pop()
    groups.repeats = max(0, groups.repeats - 1)


def _row(
    building: Building,
    row: Row,
    where: str,
    lists: Lists,
    language: str,
    shown: tuple[Shown, ...],
    names: set[str],
) -> None:
    kind, _, rest = row["type"].strip().partition(" ")
    kind = kind.lower()
    if kind in _METADATA:
        building.leave(where, lazy("“%(type)s”, which asks nobody anything.", type=row["type"][:60]))
        return
    name = row["name"]
    if not name:
        raise Broken(lazy("Row %(row)s of the sheet “survey” has no name.", row=row.number))
    if name in names:
        message = lazy(
            "Row %(row)s of the sheet “survey”: the name “%(name)s” stands twice.", row=row.number, name=name
        )
        raise Broken(message)
    names.add(name)
    place = f"{where} ({name[:60]})"
    read = KINDS.get(kind)
    if read is None:
        building.leave(place, lazy("A question of the type “%(type)s”.", type=row["type"][:60]))
        return
    item = Item(place, row, rest.strip(), language, (*shown, *building.condition(row["relevant"], place)))
    try:
        ask_item(building, item, lists, read)
    except NoPlace as error:
        building.leave(place, error.what)


def _lists(building: Building, rows: Sequence[Row], language: str) -> Lists:
    lists: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        name = row["list_name"] or row["list name"]
        value = row["name"] or row["value"]
        if not name or not value:
            raise Broken(lazy("Row %(row)s of the sheet “choices” has no list_name or name.", row=row.number))
        where = f"choices, row {row.number}"
        lists.setdefault(name, []).append(
            (value, building.text(words(row, "label", language), where) or value)
        )
    return lists


def _language(building: Building, survey: Sequence[Row], settings: Mapping[str, str] | Row) -> str:
    """Return the language to read: English, else the default, else the first; "": the plain column."""
    found: dict[str, None] = {}
    for row in survey:
        found |= {match[1]: None for heading in row.cells if (match := _LANGUAGE.match(heading))}
    if not found:
        return ""
    default = settings["default_language"].strip().lower()
    english = [one for one in found if re.match(r"english\b|en\b|.*\(en(-gb)?\)", one)]
    plainly = any(row["label"] for row in survey)
    chosen = english[0] if english else default if default in found else "" if plainly else next(iter(found))
    if others := sorted(found.keys() - {chosen}):
        what = lazy("Texts in other languages: %(names)s.", names=", ".join(others)[:200])
        building.leave("survey", what)
    return chosen
