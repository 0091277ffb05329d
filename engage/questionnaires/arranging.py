"""All questions on a single page, or one question a page: the same questions, in the same order."""

from __future__ import annotations

from copy import deepcopy

from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.questionnaires.definitions import RESERVED_PAGES
from engage.questionnaires.edits import MOST_PAGES, Json, code_from
from engage.questionnaires.kinds import KINDS

LONGEST_TITLE = 200


def on_one_page(definition: Json) -> Json:
    """Put all questions on the first page, and what the pages said before them with it.

    Raises `Refused` where something is shown only after certain answers, since that takes a page after
    another, and where there is an exit page.
    """
    after = deepcopy(definition)
    pages = after["pages"]
    everything = [*pages, *(question for page in pages for question in page.get("questions", ()))]
    if any(one.get("shown_if") is not None for one in everything):
        raise Refused(
            lazy(
                "Some questions are shown only after certain answers, so they need a page of their own. "
                "Take those conditions off first."
            ),
            "arrangement",
        )
    if any(page.get("exit") for page in pages):
        raise Refused(lazy("There is an exit page. Remove it first."), "arrangement")
    first = pages[0]
    first["intro"] = "\n\n".join(page["intro"] for page in pages if page.get("intro"))
    first["questions"] = [question for page in pages for question in page.get("questions", ())]
    after["pages"] = [first]
    return after


def one_question_a_page(definition: Json) -> Json:
    """Give each question a page; facts stay with the question that follows them.

    What a page says before its questions, and when it is shown, stays: the first of the new pages has the
    words, and all of them the condition. Raises `Refused` where that makes more pages than there may be.
    """
    after = deepcopy(definition)
    taken = {page["code"] for page in after["pages"]} | RESERVED_PAGES
    pages: list[Json] = []
    for page in after["pages"]:
        parts = _parts(page.get("questions", []))
        pages.append(page | {"questions": parts[0] if parts else []} if not page.get("exit") else page)
        for part in parts[1:]:
            title = part[-1]["label"][:LONGEST_TITLE]
            code = code_from(part[-1]["code"], taken, "page")
            taken.add(code)
            condition = {"shown_if": deepcopy(page["shown_if"])} if page.get("shown_if") is not None else {}
            pages.append({"code": code, "title": title, "intro": "", "questions": part} | condition)
    if len(pages) > MOST_PAGES:
        raise Refused(
            lazy("That makes more than %(most)s pages. Remove some questions first.", most=MOST_PAGES),
            "arrangement",
        )
    after["pages"] = pages
    return after


def _parts(questions: list[Json]) -> list[list[Json]]:
    """Part questions so that each part ends with one that asks; facts at the end join the last part."""
    parts: list[list[Json]] = []
    waiting: list[Json] = []
    for question in questions:
        waiting.append(question)
        if KINDS[question["kind"]].asks:
            parts.append(waiting)
            waiting = []
    if waiting and parts:
        parts[-1].extend(waiting)
    elif waiting:
        parts.append(waiting)
    return parts
