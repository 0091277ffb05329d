"""What is different between two versions of a questionnaire, in sentences that an officer reads and signs."""

from __future__ import annotations

from collections.abc import Iterator

from engage.foundations.language import Text, lazy
from engage.questionnaires.changes import Change, moved
from engage.questionnaires.conditions import Condition
from engage.questionnaires.definitions import Definition, QuestionPage
from engage.questionnaires.differences_of_questions import broken, question_differences
from engage.questionnaires.faults import Fault, page_name, question_name
from engage.questionnaires.kinds.base import Question
from engage.questionnaires.wording import conditions_in_words

__all__ = ["Change", "conditions_in_words", "differences", "incompatible"]


def differences(before: Definition, after: Definition) -> tuple[Change, ...]:
    """Return everything that changed: of the whole, of the pages, then question by question as now asked.

    There is none only where the two are equal.
    """
    changes = [*_whole(before, after), *_pages(before, after)]
    for page in after.pages:
        for question in page.questions:
            changes.extend(_question(before, after, page, question))
    for question in before.questions:
        if after.question(question.code) is None:
            sentence = lazy("%(question)s is no longer asked.", question=question_name(question))
            changes.append(Change("question_removed", question.code, sentence, before=question.label))
    return tuple(changes)


def incompatible(before: Definition, after: Definition) -> tuple[Fault, ...]:
    """Return what would give earlier answers another meaning, so that it needs a code of its own.

    That is a question of another kind, or an option or row with quite other words, under a code in use.
    """
    return tuple(
        Fault(code, page.code, question.code, sentence)
        for page in after.pages
        for question in page.questions
        if (earlier := before.question(question.code)) is not None
        for code, sentence in broken(earlier, question)
    )


def _whole(before: Definition, after: Definition) -> Iterator[Change]:
    if before.title != after.title:
        sentence = lazy(
            "The title was “%(before)s” and is now “%(after)s”.", before=before.title, after=after.title
        )
        yield Change("title", "", sentence, before.title, after.title)
    if before.intro != after.intro:
        yield Change("intro", "", lazy("The introduction has other words."), before.intro, after.intro)
    if before.minutes != after.minutes:
        sentence = lazy(
            "The minutes it is said to take were %(before)s and are now %(after)s.",
            before=before.minutes,
            after=after.minutes,
        )
        yield Change("minutes", "", sentence, str(before.minutes), str(after.minutes))


def _pages(before: Definition, after: Definition) -> Iterator[Change]:
    replaced = moved([page.code for page in before.pages], [page.code for page in after.pages])
    for page in before.pages:
        if after.page(page.code) is None:
            sentence = lazy("Page %(page)s is gone.", page=page_name(page))
            yield Change("page_removed", page.code, sentence, before=page.title)
    for place, page in enumerate(after.pages):
        earlier = before.page(page.code)
        name = page_name(page)
        if earlier is None:
            yield Change("page_added", page.code, lazy("Page %(page)s is new.", page=name), after=page.title)
            continue
        if page.code in replaced:
            sentence = lazy("Page %(page)s now comes first.", page=name)
            if place:
                previous = page_name(after.pages[place - 1])
                sentence = lazy("Page %(page)s now comes after %(previous)s.", page=name, previous=previous)
            yield Change("page_moved", page.code, sentence)
        yield from _page(before, after, earlier, page)


def _page(
    before: Definition, after: Definition, earlier: QuestionPage, page: QuestionPage
) -> Iterator[Change]:
    name = page_name(page)
    if earlier.title != page.title:
        sentence = lazy("Page %(before)s is now called %(after)s.", before=page_name(earlier), after=name)
        yield Change("page_renamed", page.code, sentence, earlier.title, page.title)
    if earlier.intro != page.intro:
        sentence = lazy("The introduction of page %(page)s has other words.", page=name)
        yield Change("page_intro", page.code, sentence, earlier.intro, page.intro)
    if earlier.exit != page.exit:
        sentence = lazy("Page %(page)s no longer ends the questionnaire.", page=name)
        if page.exit:
            sentence = lazy("Page %(page)s now ends the questionnaire, with nothing to send.", page=name)
        yield Change("page_exit", page.code, sentence)
    yield from _shown(page.code, name, (before, earlier.shown_if), (after, page.shown_if))
    common = moved([one.code for one in earlier.questions], [one.code for one in page.questions])
    for code in common:
        question = next(one for one in page.questions if one.code == code)
        sentence = lazy("%(question)s has another place on its page.", question=question_name(question))
        yield Change("question_moved", code, sentence)


def _question(
    before: Definition, after: Definition, page: QuestionPage, question: Question
) -> Iterator[Change]:
    name, earlier = question_name(question), before.question(question.code)
    if earlier is None:
        sentence = lazy("%(question)s is new, on page %(page)s.", question=name, page=page_name(page))
        yield Change("question_added", question.code, sentence, after=question.label)
        return
    was_on = next(one for one in before.pages if earlier in one.questions)
    if was_on.code != page.code:
        sentence = lazy(
            "%(question)s moved from page %(before)s to page %(after)s.",
            question=name,
            before=page_name(was_on),
            after=page_name(page),
        )
        yield Change("question_moved", question.code, sentence, was_on.title, page.title)
    yield from question_differences(earlier, question)
    yield from _shown(question.code, name, (before, earlier.shown_if), (after, question.shown_if))


def _shown(
    where: str,
    name: Text,
    before: tuple[Definition, Condition | None],
    after: tuple[Definition, Condition | None],
) -> Iterator[Change]:
    if before[1] == after[1]:
        return
    was, now = conditions_in_words(*before), conditions_in_words(*after)
    if after[1] is None:
        sentence = lazy("%(name)s is now always shown. It was shown if %(was)s.", name=name, was=was)
    elif before[1] is None:
        sentence = lazy("%(name)s is now shown only if %(now)s.", name=name, now=now)
    else:
        sentence = lazy(
            "%(name)s is now shown if %(now)s. It was shown if %(was)s.", name=name, now=now, was=was
        )
    yield Change("condition", where, sentence, was, now)
