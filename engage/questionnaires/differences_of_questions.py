"""What is different about one question, between two versions of a questionnaire."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from typing import Any

from engage.foundations.language import Text, lazy
from engage.questionnaires.changes import LISTS, Change, moved, offered
from engage.questionnaires.faults import question_name
from engage.questionnaires.kinds.base import Option, Question
from engage.questionnaires.rewording import Rewording, rewording
from engage.questionnaires.wording import quoted

# Compared in sentences of their own.
APART = frozenset({"code", "label", "hint", "required", "shown_if", *LISTS})
# The words and the measure of an answer that is only a number: with others it says another thing.
MEASURES = frozenset({"low", "high", "low_label", "high_label", "unit"})


def question_differences(before: Question, after: Question) -> Iterator[Change]:
    """Yield what changed about a question, but for its place and its condition."""
    yield from _words(before, after)
    if before.kind != after.kind:
        sentence = lazy(
            "%(question)s was of the kind “%(before)s” and is now “%(after)s”, under the same code.",
            question=question_name(after),
            before=before.name,
            after=after.name,
        )
        yield Change("question_kind", after.code, sentence, before.name, after.name, alters=True)
        return
    for name in LISTS:
        yield from _offered(before, after, name)
    yield from _settings(before, after)


def broken(before: Question, after: Question) -> Iterator[tuple[str, Text]]:
    """Yield, each with a code, what a question may not become under its code."""
    if before.kind != after.kind:
        sentence = lazy(
            "%(question)s was of the kind “%(before)s” and is now “%(after)s”: ask it as a new question, with"
            " a code of its own.",
            question=question_name(after),
            before=before.name,
            after=after.name,
        )
        yield "kind_changed", sentence
        return
    for name in LISTS:
        now = {option.code: option.label for option in offered(after, name)}
        for option in offered(before, name):
            label = now.get(option.code, option.label)
            if rewording(str(option.label), str(label)) is Rewording.COMPLETE:
                sentence = lazy(
                    "“%(before)s” of %(question)s became “%(after)s” under the same code: add it as a new"
                    " option, with a code of its own.",
                    question=question_name(after),
                    before=option.label,
                    after=label,
                )
                yield "option_changed", sentence


def _words(before: Question, after: Question) -> Iterator[Change]:
    name = question_name(after)
    if before.label != after.label:
        sentence = lazy("%(before)s is now worded %(after)s.", before=question_name(before), after=name)
        alters = rewording(before.label, after.label) > Rewording.LIGHT
        yield Change("question_reworded", after.code, sentence, before.label, after.label, alters)
    if before.hint != after.hint:
        sentence = lazy("The hint of %(question)s has other words.", question=name)
        if not before.hint:
            sentence = lazy("%(question)s now has a hint.", question=name)
        elif not after.hint:
            sentence = lazy("%(question)s no longer has a hint.", question=name)
        yield Change("question_hint", after.code, sentence, before.hint, after.hint)
    if before.required != after.required:
        sentence = lazy("%(question)s may now be left blank.", question=name)
        if after.required:
            sentence = lazy("%(question)s must now be answered.", question=name)
        yield Change("question_required", after.code, sentence)


def _offered(before: Question, after: Question, name: str) -> Iterator[Change]:
    was = {option.code: option for option in offered(before, name)}
    now = {option.code: option for option in offered(after, name)}
    question, where = question_name(after), after.code
    for code, option in was.items():
        if code not in now:
            label = quoted(option.label)
            sentence = lazy("%(question)s no longer offers %(option)s.", question=question, option=label)
            yield Change("option_removed", where, sentence, before=option.label)
    for code, option in now.items():
        if code in was:
            yield from _option(question, where, was[code], option)
        else:
            label = quoted(option.label)
            sentence = lazy("%(question)s now offers %(option)s.", question=question, option=label)
            yield Change("option_added", where, sentence, after=option.label)
    if moved(list(was), list(now)):
        sentence = lazy("%(question)s lists its answers in another order.", question=question)
        yield Change("options_reordered", where, sentence)


def _option(question: Text, where: str, was: Option, now: Option) -> Iterator[Change]:
    if was.label != now.label:
        sentence = lazy(
            "“%(before)s” of %(question)s is now worded “%(after)s”.",
            question=question,
            before=was.label,
            after=now.label,
        )
        alters = rewording(was.label, now.label) > Rewording.LIGHT
        yield Change("option_reworded", where, sentence, was.label, now.label, alters)
    if was.hint != now.hint:
        sentence = lazy(
            "The facts beside “%(option)s” of %(question)s changed.",
            question=question,
            option=now.label,
        )
        yield Change("option_hint", where, sentence, was.hint, now.hint)


def _settings(before: Question, after: Question) -> Iterator[Change]:
    labels = {setting.name: setting.label for setting in after.settings}
    for field in fields(after):
        was, now = getattr(before, field.name), getattr(after, field.name)
        if field.name in APART or was == now:
            continue
        sentence = lazy(
            "%(question)s: %(setting)s was %(before)s and is now %(after)s.",
            question=question_name(after),
            setting=quoted(labels.get(field.name, field.name.replace("_", " "))),
            before=_value(was),
            after=_value(now),
        )
        alters = field.name in MEASURES
        yield Change(f"setting_{field.name}", after.code, sentence, _value(was), _value(now), alters)


def _value(value: Any) -> Text:
    if isinstance(value, bool):
        return lazy("yes") if value else lazy("no")
    if value is None or value == "":
        return lazy("blank")
    if isinstance(value, date):
        return value.isoformat()
    return quoted(value) if isinstance(value, str) else str(value)
