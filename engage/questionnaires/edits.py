"""Every edit of a draft: a definition (JSON) in, a new one out; what came in is not changed.

Whatever is edited, `definitions.parse` accepts the outcome if it accepted the start. What else would keep a
questionnaire from being published is for `structure` to say, so that a draft may be wrong for a while.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from copy import deepcopy
from typing import Any, TypeAlias

from engage.foundations.language import lazy
from engage.foundations.refusals import Refused
from engage.questionnaires.definitions import RESERVED_PAGES

Json: TypeAlias = dict[str, Any]

# Room for a number behind a code that is taken.
LONGEST_STEM = 32
MOST_PAGES = 100
MOST_QUESTIONS = 200
# Names of fields that the forms of taking part have themselves.
RESERVED_QUESTIONS = frozenset({"ticket", "csrf_token", "rotation", "return_code"})


def blank(title: str) -> Json:
    """Return a questionnaire that asks nothing yet, on one page."""
    return {"title": title, "intro": "", "minutes": 5, "pages": [_page("start", title, "")]}


def code_from(words: str, taken: Collection[str], fallback: str) -> str:
    """Return a stable code made from `words` that is not among `taken`."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "_", plain.replace("'", "")).strip("_")
    stem = stem.lstrip("0123456789_") or fallback
    if len(stem) > LONGEST_STEM:
        stem = stem[:LONGEST_STEM].rpartition("_")[0] or stem[:LONGEST_STEM]
    code, number = stem, 2
    while code in taken:
        code, number = f"{stem}_{number}", number + 1
    return code


def find_page(definition: Mapping[str, Any], code: str) -> Json | None:
    """Return the page with this code as it stands in the definition, or None."""
    return next((page for page in definition["pages"] if page["code"] == code), None)


def find_question(definition: Mapping[str, Any], code: str) -> tuple[Json, Json] | None:
    """Return the page and the question with this code as they stand in the definition, or None."""
    for page in definition["pages"]:
        for question in page.get("questions", ()):
            if question["code"] == code:
                return page, question
    return None


def question_codes(definition: Mapping[str, Any]) -> set[str]:
    """Return the codes of all questions."""
    return {question["code"] for page in definition["pages"] for question in page.get("questions", ())}


def describe(definition: Json, *, title: str, intro: str, minutes: int) -> Json:
    """Change what is said before the first page."""
    return deepcopy(definition) | {"title": title, "intro": intro, "minutes": minutes}


def add_page(definition: Json, *, title: str, intro: str, is_exit: bool = False) -> tuple[Json, str]:
    """Add a page at the end; return also its code. Raises `Refused` where there may be no more."""
    if len(definition["pages"]) >= MOST_PAGES:
        raise Refused(lazy("A questionnaire has %(most)s pages at most.", most=MOST_PAGES))
    after = deepcopy(definition)
    page = _page(_page_code(after, title), title, intro)
    if is_exit:
        page["exit"] = True
    after["pages"].append(page)
    return after, page["code"]


def change_page(definition: Json, code: str, *, title: str, intro: str) -> Json:
    """Change the words of a page."""
    after = deepcopy(definition)
    _get_page(after, code).update(title=title, intro=intro)
    return after


def move_page(definition: Json, code: str, places: int) -> Json:
    """Move a page by so many places, backwards where negative, as far as there are places."""
    after = deepcopy(definition)
    _shift(after["pages"], _get_page(after, code), places)
    return after


def remove_page(definition: Json, code: str) -> Json:
    """Remove a page with all its questions. Raises `Refused` for the only page."""
    after = deepcopy(definition)
    page = _get_page(after, code)
    if len(after["pages"]) == 1:
        raise Refused(lazy("A questionnaire keeps at least one page. Add another page first."))
    after["pages"].remove(page)
    return after


def add_question(definition: Json, page: str, question: Mapping[str, Any]) -> Json:
    """Add a question at the end of a page. Raises `Refused` where it has no place."""
    after = deepcopy(definition)
    if len(question_codes(after)) >= MOST_QUESTIONS:
        raise Refused(lazy("A questionnaire has %(most)s questions at most.", most=MOST_QUESTIONS))
    _questions(_get_page(after, page)).append(deepcopy(dict(question)))
    return after


def change_question(definition: Json, code: str, question: Mapping[str, Any]) -> Json:
    """Put `question` in the place of the one with this code.

    It keeps when it is shown; where its own code is another, what is shown after its answer follows it.
    """
    after = deepcopy(definition)
    before = _get_question(after, code)[1]
    shown_if = {"shown_if": before["shown_if"]} if before.get("shown_if") is not None else {}
    new = {name: value for name, value in deepcopy(dict(question)).items() if name != "shown_if"}
    before.clear()
    before.update(new | shown_if)
    if new["code"] != code:
        _rename_in_conditions(after, code, new["code"])
    return after


def move_question(definition: Json, code: str, step: int) -> Json:
    """Move a question one place down (1) or up (-1): past the end of its page, to the next page that asks."""
    after = deepcopy(definition)
    page, question = _get_question(after, code)
    questions = page["questions"]
    if 0 <= questions.index(question) + step < len(questions):
        _shift(questions, question, step)
        return after
    asking = [one for one in after["pages"] if not one.get("exit")]
    place = asking.index(page) + step
    if 0 <= place < len(asking):
        questions.remove(question)
        found = _questions(asking[place])
        found.insert(0 if step > 0 else len(found), question)
    return after


def place_question(definition: Json, code: str, page: str) -> Json:
    """Put a question at the end of another page; on the page where it is already, it stays."""
    after = deepcopy(definition)
    before, question = _get_question(after, code)
    target = _get_page(after, page)
    if before is not target:
        before["questions"].remove(question)
        _questions(target).append(question)
    return after


def remove_question(definition: Json, code: str) -> Json:
    """Remove a question."""
    after = deepcopy(definition)
    page, question = _get_question(after, code)
    page["questions"].remove(question)
    return after


def show_page_if(definition: Json, code: str, condition: Mapping[str, Any] | None) -> Json:
    """Show a page only where `condition` (JSON) holds; None: always."""
    after = deepcopy(definition)
    _show_if(_get_page(after, code), condition)
    return after


def show_question_if(definition: Json, code: str, condition: Mapping[str, Any] | None) -> Json:
    """Show a question only where `condition` (JSON) holds; None: always."""
    after = deepcopy(definition)
    _show_if(_get_question(after, code)[1], condition)
    return after


def ends_with(definition: Mapping[str, Any], page: str, question: Mapping[str, Any]) -> bool:
    """Tell whether the last question of a page is this one, whatever its code."""
    found = find_page(definition, page)
    if found is None or not found.get("questions"):
        return False
    return dict(found["questions"][-1]) | {"code": ""} == dict(question) | {"code": ""}


def depending_on(definition: Mapping[str, Any], codes: Collection[str]) -> list[Json]:
    """Return the pages and questions that are shown or not by the answers to these questions."""
    places = [
        *definition["pages"],
        *(one for page in definition["pages"] for one in page.get("questions", ())),
    ]
    return [one for one in places if any(leaf["question"] in codes for leaf in _leaves(one.get("shown_if")))]


def _page(code: str, title: str, intro: str) -> Json:
    return {"code": code, "title": title, "intro": intro, "questions": []}


def _page_code(definition: Json, title: str) -> str:
    taken = {page["code"] for page in definition["pages"]} | RESERVED_PAGES
    return code_from(title, taken, "page")


def _get_page(definition: Json, code: str) -> Json:
    page = find_page(definition, code)
    if page is None:
        raise LookupError(f"there is no page {code}")
    return page


def _get_question(definition: Json, code: str) -> tuple[Json, Json]:
    found = find_question(definition, code)
    if found is None:
        raise LookupError(f"there is no question {code}")
    return found


def _questions(page: Json) -> list[Json]:
    if page.get("exit"):
        raise Refused(lazy("An exit page asks nothing. Choose another page."), "page")
    questions: list[Json] = page.setdefault("questions", [])
    return questions


def _shift(line: list[Json], one: Json, places: int) -> None:
    place = line.index(one)
    line.insert(max(0, place + places), line.pop(place))


def _show_if(one: Json, condition: Mapping[str, Any] | None) -> None:
    one.pop("shown_if", None)
    if condition is not None:
        one["shown_if"] = deepcopy(dict(condition))


def _rename_in_conditions(definition: Json, old: str, new: str) -> None:
    for one in depending_on(definition, {old}):
        for leaf in _leaves(one["shown_if"]):
            if leaf["question"] == old:
                leaf["question"] = new


def _leaves(condition: Json | None) -> Iterable[Json]:
    """Yield the parts of a condition that name a question, to be read or changed in place."""
    if condition is None:
        return
    if "question" in condition:
        yield condition
    for part in (*condition.get("all", ()), *condition.get("any", ())):
        yield from _leaves(part)
    if "not" in condition:
        yield from _leaves(condition["not"])
