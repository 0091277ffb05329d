"""SurveyJS JSON into our questionnaire. Nothing in it is evaluated, fetched or shown as markup."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from engage.foundations.language import lazy
from engage.foundations.tables.broken import Broken
from engage.questionnaires.exchange.asking import Asked, inform
from engage.questionnaires.exchange.building import Building, NoPlace, Shown
from engage.questionnaires.exchange.expressions import SURVEYJS
from engage.questionnaires.exchange.reading import read_json
from engage.questionnaires.exchange.report import Imported, Source
from engage.questionnaires.exchange.surveyjs_elements import KINDS, Element, read_element, words

_INSERTS = re.compile(r"\{[A-Za-z_][^{}\s]*\}")
_PANEL_KNOWN = frozenset(
    {"type", "name", "title", "description", "elements", "questions", "visibleIf", "state", "innerIndent"}
)
_PAGE_KNOWN = _PANEL_KNOWN | {"navigationTitle", "navigationDescription"}
_SURVEY_KNOWN = frozenset(
    {"title", "description", "pages", "elements", "questions", "locale", "headerView", "width", "widthMode"}
)
_SURVEY_PREFIXES = (
    "show",
    "question",
    "logo",
    "complete",
    "pageNext",
    "pagePrev",
    "progress",
    "require",
    "fit",
)
DEEPEST_PANEL = 10


def read_survey(content: bytes) -> Imported:
    """Return the questionnaire in a file of SurveyJS; raises `Broken` naming the element that is wrong."""
    data = read_json(content)
    if not isinstance(data, dict):
        raise Broken(lazy("This is no SurveyJS survey: the file holds no object."))
    pages = list(_pages(data))
    building = Building(Source.SURVEYJS, SURVEYJS, _INSERTS)
    _leave_settings(building, data, "survey")
    for path, page in pages:
        _page(building, path, page)
    title = building.text(words(data.get("title"), "title"), "title")
    intro = building.text(words(data.get("description"), "description"), "description")
    return building.finish(code="", title=title, intro=intro)


def looks_like(data: Any) -> bool:
    """Tell whether JSON may be a survey of SurveyJS."""
    return isinstance(data, dict) and bool(data.keys() & {"pages", "elements", "questions"})


def _pages(data: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if "pages" in data:
        yield from _objects(data["pages"], "pages")
    elif data.keys() & {"elements", "questions"}:
        # The older way: a survey of one page lists its questions itself.
        yield "", {name: data[name] for name in ("elements", "questions") if name in data}
    else:
        raise Broken(lazy("This is no SurveyJS survey: it has neither pages nor elements."))


def _page(building: Building, path: str, page: Mapping[str, Any]) -> None:
    where = path or "survey"
    _leave_unknown(building, page, where, _PAGE_KNOWN)
    shown = _shown(building, page, where)
    title = building.text(words(page.get("title"), f"{where}.title"), where)
    intro = building.text(words(page.get("description"), f"{where}.description"), where)
    building.page(where, title, intro, shown)
    _elements(building, path, page, (), 1)


def _elements(
    building: Building, path: str, holder: Mapping[str, Any], shown: tuple[Shown, ...], depth: int
) -> None:
    name = "elements" if "elements" in holder else "questions"
    inside = f"{path}.{name}" if path else name
    for where, data in _objects(holder.get(name, []), inside):
        kind = data.get("type", "text")
        if not isinstance(kind, str):
            raise Broken(lazy("%(where)s.type is not a text.", where=where))
        if kind == "panel":
            _panel(building, where, data, shown, depth)
        else:
            _element(building, where, data, kind, shown)


def _panel(
    building: Building, where: str, data: Mapping[str, Any], shown: tuple[Shown, ...], depth: int
) -> None:
    if depth >= DEEPEST_PANEL:
        raise Broken(lazy("%(where)s: panels are nested too deeply.", where=where))
    _leave_unknown(building, data, where, _PANEL_KNOWN)
    shown = (*shown, *_shown(building, data, where))
    title = building.text(words(data.get("title"), f"{where}.title"), where)
    text = building.text(words(data.get("description"), f"{where}.description"), where)
    if title or text:
        heading = Asked(where, str(data.get("name", "panel")), f"{title}\n{text}".strip(), shown=shown)
        inform(building, heading)
    _elements(building, where, data, shown, depth + 1)


def _element(
    building: Building, where: str, data: Mapping[str, Any], kind: str, shown: tuple[Shown, ...]
) -> None:
    name = data.get("name")
    if not isinstance(name, str) or not name.strip():
        raise Broken(lazy("%(where)s has no name.", where=where))
    label = f"{where} ({name[:60]})"
    if data.get("visible") is False:
        building.leave(label, lazy("A hidden element."))
        return
    read = KINDS.get(kind)
    if read is None:
        building.leave(label, lazy("An element of the type “%(type)s”.", type=kind[:60]))
        return
    element = Element(label, name, data, (*shown, *_shown(building, data, label)))
    try:
        read_element(building, element, read)
    except NoPlace as error:
        building.leave(label, error.what)


def _shown(building: Building, data: Mapping[str, Any], where: str) -> tuple[Shown, ...]:
    written = data.get("visibleIf", "")
    if not isinstance(written, str):
        raise Broken(lazy("%(where)s.visibleIf is not a text.", where=where))
    return building.condition(written, where)


def _objects(data: Any, path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if not isinstance(data, list):
        raise Broken(lazy("%(where)s is not a list.", where=path))
    for place, entry in enumerate(data):
        if not isinstance(entry, dict):
            raise Broken(lazy("%(where)s is not an object.", where=f"{path}[{place}]"))
        yield f"{path}[{place}]", entry


def _leave_settings(building: Building, data: Mapping[str, Any], where: str) -> None:
    for name in sorted(data.keys() - _SURVEY_KNOWN):
        if not name.startswith(_SURVEY_PREFIXES):
            building.leave(where, lazy("The setting “%(name)s”.", name=name[:60]))


def _leave_unknown(building: Building, data: Mapping[str, Any], where: str, known: frozenset[str]) -> None:
    for name in sorted(data.keys() - known):
        building.leave(where, lazy("The setting “%(name)s”.", name=name[:60]))
