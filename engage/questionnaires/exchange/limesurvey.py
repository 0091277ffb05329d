"""LimeSurvey .lss files into our questionnaire. Nothing in one is evaluated, fetched or shown as markup."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element

from engage.foundations.language import lazy
from engage.foundations.tables.broken import Broken
from engage.questionnaires.exchange.building import Building, NoPlace
from engage.questionnaires.exchange.expressions import LIMESURVEY
from engage.questionnaires.exchange.limesurvey_questions import KINDS, Item, ask_item
from engage.questionnaires.exchange.limesurvey_tables import Record, Survey, read_tables
from engage.questionnaires.exchange.reading import read_xml
from engage.questionnaires.exchange.report import Imported, Source

_INSERTS = re.compile(r"\{[A-Za-z_(!][^{}\n]*\}")
_TOLD: Mapping[str, str] = {
    "quota": "Quotas.",
    "assessments": "Assessments.",
    "defaultvalues": "Answers filled in beforehand.",
    "conditions": "Conditions in the older way, beside those of each question.",
}


def read_survey(content: bytes) -> Imported:
    """Return the questionnaire in a .lss file; raises `Broken` naming the element that is wrong."""
    root = read_xml(content)
    _refuse_others(root)
    survey = read_tables(root)
    building = Building(Source.LIMESURVEY, LIMESURVEY, _INSERTS)
    _leave_tables(building, survey)
    asked = 0
    for group in survey.groups:
        asked += _group(building, survey, group)
    if asked < len(survey.questions):
        raise Broken(lazy("A question names a group that is not in the file."))
    settings = survey.settings
    title = building.text(settings["surveyls_title"], "surveyls_title")
    texts = [building.text(settings[name], name) for name in ("surveyls_description", "surveyls_welcometext")]
    notice = building.text(settings["surveyls_policy_notice"], "surveyls_policy_notice")
    intro = "\n\n".join(text for text in texts if text)
    return building.finish(code="", title=title, intro=intro, privacy_notice=notice)


def _refuse_others(root: Element) -> None:
    kind = (root.findtext("LimeSurveyDocType") or "").strip()
    if root.tag != "document" or kind != "Survey":
        raise Broken(lazy("This is no LimeSurvey survey: it is not a <document> of the type “Survey”."))


def _leave_tables(building: Building, survey: Survey) -> None:
    for table, what in _TOLD.items():
        if survey.others.get(table):
            building.leave(table, lazy(what))
    if others := sorted(survey.languages - {survey.language}):
        building.leave(
            "languages", lazy("Texts in other languages: %(names)s.", names=", ".join(others)[:200])
        )


def _group(building: Building, survey: Survey, group: Record) -> int:
    """Make a page of a group; return how many questions it has."""
    where = f"group {group['gid']}"
    title = building.text(group["group_name"], where)
    intro = building.text(group["description"], where)
    building.page(where, title, intro, building.condition(group["grelevance"], where))
    if group["randomization_group"]:
        building.leave(where, lazy("Pages in a random order."), lazy("They come in the order of the file."))
    found = [question for question in survey.questions if question["gid"] == group["gid"]]
    for question in found:
        _question(building, survey, question)
    return len(found)


def _question(building: Building, survey: Survey, question: Record) -> None:
    name = question["title"]
    if not name:
        raise Broken(lazy("The question %(qid)s has no code (<title>).", qid=question["qid"] or "?"))
    where = f"question {name[:60]}"
    attributes = survey.attributes.get(question["qid"], {})
    if attributes.get("hidden") == "1":
        building.leave(where, lazy("A hidden question."))
        return
    read = KINDS.get(question["type"])
    if read is None:
        building.leave(where, lazy("A question of the type “%(type)s”.", type=question["type"][:10]))
        return
    item = Item(where, name, question, survey, attributes)
    try:
        ask_item(building, item, read)
    except NoPlace as error:
        building.leave(where, error.what)
