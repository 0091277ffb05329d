"""Putting a questionnaire together from a foreign file: codes, texts, options, pages, and the report."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import ceil
from typing import Any

from engage.foundations.language import Text, lazy
from engage.foundations.tables.broken import Broken
from engage.questionnaires.conditions import leaves, read_condition
from engage.questionnaires.definitions import RESERVED_PAGES, RESERVED_QUESTIONS, parse
from engage.questionnaires.exchange.expressions import Dialect, Node, Unclear, read_expression
from engage.questionnaires.exchange.plain import plain
from engage.questionnaires.exchange.report import Imported, LeftOut, Source, Taken
from engage.questionnaires.exchange.showing import Condition, Target, to_condition
from engage.questionnaires.kinds import KINDS
from engage.questionnaires.kinds.base import DefinitionError
from engage.questionnaires.kinds.written import LONGEST_LABEL, MOST_OPTIONS

MOST_QUESTIONS = 500
MOST_LEFT_OUT = 2_000
# Characters of all conditions together.
MOST_CONDITIONS = 200_000
LONGEST_CODE = 40
LONGEST_TITLE = 200
QUESTIONS_A_MINUTE = 3

SHOWN_TO_ALL = lazy("It is shown to everybody.")
LEFT = lazy("Left out.")


class NoPlace(ValueError):
    """An item of the file cannot be represented; `what` says it for the report."""

    def __init__(self, what: Text) -> None:
        super().__init__(str(what))
        self.what = what


@dataclass(frozen=True, slots=True)
class Choices:
    """Options as JSON, and the code of each value of the file."""

    options: list[dict[str, str]]
    codes: dict[str, str]

    def add(self, value: str, label: str, like: str = "") -> str:
        """Add an option, and return its code, which is like `like` or the value."""
        code = free_code(like or value, set(self.codes.values()), "option")
        self.codes[value] = code
        self.options.append({"code": code, "label": label})
        return code


@dataclass(frozen=True, slots=True)
class Shown:
    """A condition as the file has it, read and as written."""

    node: Node
    written: str


@dataclass(frozen=True, slots=True)
class _Item:
    """A question with the conditions of the file it is under, all of which must hold."""

    where: str
    question: dict[str, Any]
    shown: tuple[Shown, ...]


@dataclass(slots=True)
class _Page:
    where: str
    title: str
    intro: str
    shown: tuple[Shown, ...]
    items: list[_Item] = field(default_factory=list)


class Building:
    """Collects pages and questions in their order; `finish` turns them into a definition.

    Conditions may name questions on earlier pages only, so a page of the file is divided where a question on
    it depends on another one above.
    """

    def __init__(self, source: Source, dialect: Dialect, inserts: re.Pattern[str]) -> None:
        self._source = source
        self._dialect = dialect
        self._inserts = inserts
        self._pages: list[_Page] = []
        self._codes: set[str] = set(RESERVED_QUESTIONS)
        self._targets: dict[str, Target] = {}
        self._taken: list[Taken] = []
        self._left: list[LeftOut] = []
        self._conditions = 0

    @property
    def started(self) -> bool:
        """Whether a page has been begun."""
        return bool(self._pages)

    def leave(self, where: str, what: Text, instead: Text = LEFT) -> None:
        """Put something into the report that has no place here."""
        if len(self._left) >= MOST_LEFT_OUT:
            raise Broken(
                lazy("More than %(most)s things in this file have no place here.", most=f"{MOST_LEFT_OUT:,}")
            )
        self._left.append(LeftOut(where, what, instead))

    def text(self, written: str, where: str) -> str:
        """Return the words of a text that may be HTML, reporting what else it held."""
        found = plain(written)
        if found.lost:
            what = lazy("Elements in a text: %(names)s.", names=", ".join(found.lost))
            self.leave(where, what, lazy("Only the words were kept."))
        if self._inserts.search(found.text):
            what = lazy("An answer or value put into a text: “%(words)s”.", words=_short(found.text))
            self.leave(where, what, lazy("The text stays as it is written in the file."))
        return found.text

    def condition(self, written: str, where: str) -> tuple[Shown, ...]:
        """Return the condition written, as what to ask a page or question under; none where it is unclear."""
        if not written.strip():
            return ()
        self._conditions += len(written)
        if self._conditions > MOST_CONDITIONS:
            raise Broken(lazy("The conditions in this file are longer than a questionnaire needs."))
        try:
            return (Shown(read_expression(written, self._dialect), written),)
        except Unclear as error:
            self._unclear(where, written, error)
            return ()

    def page(self, where: str, title: str, intro: str = "", shown: tuple[Shown, ...] = ()) -> None:
        """Begin a page."""
        self._pages.append(_Page(where, _one_line(title), intro, shown))

    def ask(
        self,
        where: str,
        name: str,
        question: Mapping[str, Any],
        shown: tuple[Shown, ...] = (),
        *,
        target: Target | None = None,
    ) -> str:
        """Add a question under a code made from `name`, and return the code; `question` says all but that.

        Only the first line of its label stays one, the rest becomes its hint (or the facts of an information
        block). `target`: what its name means in conditions, its question's code filled in here. Raises
        `NoPlace` where its kind cannot be so.
        """
        if len(self._taken) >= MOST_QUESTIONS:
            raise Broken(lazy("The file has more than %(most)s questions.", most=MOST_QUESTIONS))
        code = free_code(name, self._codes, "question")
        whole = {"code": code} | self._worded(where, name, question)
        kind = KINDS[whole["kind"]]
        try:
            kind.from_json(whole)
        except DefinitionError as error:
            raise NoPlace(
                lazy("A question that does not fit its kind here: %(why)s.", why=str(error))
            ) from error
        self._codes.add(code)
        self._pages[-1].items.append(_Item(where, whole, shown))
        self._taken.append(Taken(where, _short(whole["label"]), kind.name))
        if target is not None:
            self.know(name, replace(target, question=code))
        return code

    def _worded(self, where: str, name: str, question: Mapping[str, Any]) -> dict[str, Any]:
        first, _, rest = str(question["label"]).partition("\n")
        label = _one_line(first) or name
        if len(label) > LONGEST_LABEL:
            first, rest = label[: LONGEST_LABEL - 1] + "…", f"{label}\n{rest}"
            self.leave(where, lazy("A very long label."), lazy("It was cut, and stands whole below it."))
            label = first
        below = "text" if question["kind"] == "information" else "hint"
        rest = "\n".join(part for part in (rest.strip(), str(question.get(below, ""))) if part)
        return dict(question) | {"label": label} | ({below: rest} if rest else {})

    def know(self, name: str, target: Target) -> None:
        """Let conditions name a question, or a part of one, as the file does."""
        self._targets.setdefault(name, target)

    def alias(self, other: str, name: str) -> None:
        """Let conditions name by `other` what they may name by `name`, if that is known."""
        if name in self._targets:
            self.know(other, self._targets[name])

    def options(self, pairs: Iterable[tuple[str, str]], where: str) -> Choices:
        """Return the options for (value, label) of the file.

        Raises `Broken` where a value stands twice, `NoPlace` where there are none or too many.
        """
        choices = Choices([], {})
        for value, label in pairs:
            if value in choices.codes:
                twice = lazy(
                    "%(where)s: the answer “%(value)s” stands twice.", where=where, value=_short(value)
                )
                raise Broken(twice)
            choices.add(value, _one_line(label)[:LONGEST_LABEL] or value)
        if not choices.options:
            raise NoPlace(lazy("A question without a list of answers in the file."))
        if len(choices.options) > MOST_OPTIONS:
            raise NoPlace(lazy("A question with more than %(most)s answers.", most=MOST_OPTIONS))
        return choices

    def finish(self, *, code: str, title: str, intro: str, privacy_notice: str = "") -> Imported:
        """Return the questionnaire; raises `Broken` where nothing is asked."""
        title = _one_line(title)[:LONGEST_TITLE] or str(lazy("Imported questionnaire"))
        if not any(KINDS[item.question["kind"]].asks for page in self._pages for item in page.items):
            raise Broken(lazy("Nothing in this file can be asked here."))
        pages = list(self._finished_pages(title))
        definition = {
            "title": title,
            "intro": intro,
            "minutes": max(1, ceil(len(self._taken) / QUESTIONS_A_MINUTE)),
            "pages": pages,
        }
        try:
            parse(definition)
        except DefinitionError as error:
            raise Broken(lazy("The file does not make a questionnaire: %(why)s.", why=str(error))) from error
        return Imported(
            self._source,
            free_code(code, (), "questionnaire").replace("_", "-") if code else "",
            title,
            privacy_notice,
            definition,
            tuple(self._taken),
            tuple(self._left),
        )

    def _finished_pages(self, title: str) -> Iterator[dict[str, Any]]:
        used = set(RESERVED_PAGES)
        before: set[str] = set()
        for page in self._pages:
            if not page.items:
                self.leave(page.where, lazy("A page on which nothing is left."))
                continue
            name = page.title or title
            shown = self._resolved(page.where, page.shown, before)
            chunks = list(self._divided(page, before))
            if len(chunks) > 1:
                what = lazy("Questions that depend on others of the same page.")
                self.leave(page.where, what, lazy("The page was divided into %(n)s.", n=len(chunks)))
            for place, questions in enumerate(chunks):
                code = free_code(name, used, "page")
                used.add(code)
                intro = page.intro if place == 0 else ""
                yield {
                    "code": code,
                    "title": name[:LONGEST_TITLE],
                    "intro": intro,
                    "questions": questions,
                } | shown

    def _divided(self, page: _Page, before: set[str]) -> Iterator[list[dict[str, Any]]]:
        """Yield the questions of each page that `page` becomes; adds them all to `before`."""
        chunk: list[dict[str, Any]] = []
        here: set[str] = set()
        for item in page.items:
            shown = self._resolved(item.where, item.shown, before)
            if chunk and here & _named(shown.get("shown_if")):
                yield chunk
                chunk, here = [], set()
            chunk.append(item.question | shown)
            here.add(item.question["code"])
            before.add(item.question["code"])
        yield chunk

    def _resolved(self, where: str, shown: tuple[Shown, ...], before: set[str]) -> dict[str, Condition]:
        """Return {"shown_if": ...}, or nothing where it is always shown or the conditions cannot be kept."""
        found = []
        for one in shown:
            try:
                condition = to_condition(one.node, self._targets.get)
                if condition is not None and (later := sorted(_named(condition) - before)):
                    raise Unclear(lazy("“%(code)s” is not asked on an earlier page.", code=later[0]))
            except Unclear as error:
                self._unclear(where, one.written, error)
                continue
            found += [condition] if condition is not None else []
        if not found:
            return {}
        return {"shown_if": found[0] if len(found) == 1 else {"all": found}}

    def _unclear(self, where: str, written: str, error: Unclear) -> None:
        what = lazy("The condition “%(written)s”. %(reason)s", written=_short(written), reason=error.reason)
        self.leave(where, what, SHOWN_TO_ALL)


def free_code(name: str, used: Collection[str], instead: str) -> str:
    """Return a code like `name` that is not in `used`; where it begins with no letter, like `instead`."""
    plainly = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    code = re.sub(r"[^a-z0-9]+", "_", plainly).strip("_")
    if not code or (instead != "option" and not code[0].isalpha()):
        code = f"{instead[0]}_{code}" if code else instead
    return _not_in(used, code[:LONGEST_CODE].strip("_"))


def _not_in(used: Collection[str], code: str) -> str:
    found, number = code, 2
    while found in used:
        ending = f"_{number}"
        found, number = code[: LONGEST_CODE - len(ending)] + ending, number + 1
    return found


def _named(condition: Condition | None) -> set[str]:
    return {leaf.question for leaf in leaves(read_condition(condition))} if condition else set()


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _short(text: str) -> str:
    text = _one_line(text)
    return text if len(text) <= 100 else f"{text[:99]}…"
