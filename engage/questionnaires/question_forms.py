"""The form of a question, made from what its kind lets an officer decide."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import MISSING, Field, fields
from datetime import date
from functools import cache
from typing import Any, ClassVar

import wtforms
from wtforms import BooleanField, DateField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, Optional

from engage.foundations.language import Text, lazy
from engage.questionnaires.definitions import CODE
from engage.questionnaires.edits import RESERVED_QUESTIONS, Json
from engage.questionnaires.forms import WORDS, DraftForm, line, text
from engage.questionnaires.kinds.base import DefinitionError, Question, Setting, Shape
from engage.questionnaires.option_rows import OptionsField, paste_field, rows_for, written_options

LABEL, HINT, TEXT = 500, 1_000, 500
NUMBER = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,6})?")
# Said by its words on the form, kept by its code.
BY_LABEL = "none_of"
# Codes of marks that a kind adds to its options itself.
RESERVED_OPTIONS = frozenset({"other"})


class QuestionForm(DraftForm):
    """What is said of every kind of question; `form_for` adds what is decided about one kind."""

    asked: ClassVar[type[Question]]

    label = line(lazy("Question"), "", DataRequired(lazy("Write the question.")), limit=LABEL)
    hint = text(lazy("Hint"), lazy("Help beneath the question. You can leave this empty."), limit=HINT)
    required = BooleanField(lazy("People must answer it"))
    code = line(
        lazy("Code in exports"),
        lazy("Results of different versions are joined by it. It stays once a version has been published."),
        limit=40,
    )
    page = SelectField(lazy("On page"), validate_choice=True)

    @property
    def settings(self) -> list[tuple[Setting, wtforms.Field]]:
        """What is decided about this kind, with the field of each."""
        return [(setting, self[setting.name]) for setting in self.asked.settings]

    def paste(self, setting: Setting) -> wtforms.TextAreaField:
        """Return the field in which many options are written at once."""
        field = self[_paste(setting.name)]
        assert isinstance(field, wtforms.TextAreaField)
        return field

    def keep(self, *names: str) -> None:
        """Leave out those of the fields `code`, `page` and `required` that are not among `names`."""
        for name in {"code", "page", "required"} - set(names):
            del self[name]

    def question(self, code: str, was: Mapping[str, Any], taken: Collection[str]) -> Json | None:
        """Return the question as written, or None with an error beside what cannot be.

        `was` is what it was before; a new option's code is none of `taken`.
        """
        said: Json = {name: value for name, value in was.items() if name != "shown_if"}
        said |= {"code": code, "kind": self.asked.kind, "label": self.label.data, "hint": self.hint.data}
        if "required" in self:
            said["required"] = self.required.data
        for setting, field in self.settings:
            said.pop(setting.name, None)
            if setting.name == BY_LABEL:
                value = _option_said(field, said.get("options"))
            else:
                value = self._setting(setting, field, {*taken, *RESERVED_OPTIONS})
            if value is not None:
                said[setting.name] = value
        if self.errors:
            return None
        return self._sound(said)

    def _setting(self, setting: Setting, field: wtforms.Field, taken: set[str]) -> Any:
        if isinstance(field, OptionsField):
            return written_options(field, self.paste(setting), taken)
        if setting.shape is Shape.NUMBER:
            return _number(field, _attribute(self.asked, setting.name))
        if isinstance(field.data, date):
            return field.data.isoformat()
        if field.data in (None, "") and _attribute(self.asked, setting.name).default is not MISSING:
            return None
        return field.data

    def _sound(self, said: Json) -> Json | None:
        """Return the question in its shortest form, or None with an error where it contradicts itself."""
        try:
            return self.asked.from_json(said).to_json()
        except DefinitionError as error:
            name, _, rest = str(error).partition(": ")[2].partition(" ")
            labels = {setting.name: setting.label for setting in self.asked.settings}
            if name in labels:
                sentence = lazy("“%(setting)s” %(what)s.", setting=labels[name], what=rest)
                self[name].errors = [sentence]
            else:
                self.form_errors.append(lazy("This cannot be asked: %(what)s.", what=str(error)))
            return None


def new_code_problem(code: str, taken: Collection[str]) -> Text | None:
    """Return what is wrong with a code that an officer wrote for a question, None where nothing is."""
    if not CODE.fullmatch(code):
        return lazy("Use lower-case letters, figures and underscores, beginning with a letter.")
    if code in taken or code in RESERVED_QUESTIONS:
        return lazy("This code is in use already. Choose another.")
    return None


@cache
def form_for(kind: type[Question]) -> type[QuestionForm]:
    """Return the form of a kind of question."""
    parts: dict[str, Any] = {"asked": kind}
    for setting in kind.settings:
        parts[setting.name] = _field(setting)
        if setting.shape is Shape.OPTIONS:
            parts[_paste(setting.name)] = paste_field()
    return type(f"{kind.__name__}Form", (QuestionForm,), parts)


def values_of(kind: type[Question], question: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the form of a kind shows of a question; of a new one, what is usual."""
    values: dict[str, Any] = {name: question.get(name, "") for name in ("code", "label", "hint")}
    values["required"] = question.get("required", True)
    for setting in kind.settings:
        default = _attribute(kind, setting.name).default
        usual = None if default is MISSING else default
        value = question.get(setting.name, usual)
        if setting.shape is Shape.OPTIONS:
            value = rows_for(value or ())
        elif setting.shape is Shape.DATE and isinstance(value, str):
            value = date.fromisoformat(value)
        elif setting.shape is Shape.NUMBER:
            value = "" if value is None else str(value)
        elif setting.name == BY_LABEL:
            labels = {option["code"]: option["label"] for option in question.get("options", ())}
            value = labels.get(value, "")
        values[setting.name] = value
    return values


def _paste(name: str) -> str:
    return f"{name}_paste"


def _field(setting: Setting) -> Any:
    """Return the field in which a setting is written."""
    if setting.name == BY_LABEL:
        return line(
            lazy("The answer that excludes all others"),
            lazy("In the same words as above, such as “None of these”. Leave it empty where there is none."),
        )
    match setting.shape:
        case Shape.OPTIONS:
            return OptionsField(setting.label, setting.hint)
        case Shape.YES_NO:
            return BooleanField(setting.label, description=setting.hint)
        case Shape.LONG_TEXT:
            return text(setting.label, setting.hint, limit=WORDS)
        case Shape.DATE:
            return DateField(setting.label, [Optional()], description=setting.hint)
        case Shape.CHOICE:
            choices = [SelectChoice(value, label) for value, label in setting.choices]
            return RadioField(setting.label, choices=choices, description=setting.hint)
        case _:
            return line(setting.label, setting.hint, limit=TEXT)


def _option_said(field: wtforms.Field, options: Sequence[Mapping[str, str]] | None) -> str | None:
    """Return the code of the option that the field names by its label; no `options`: they are wrong."""
    if not field.data or options is None:
        return None
    for option in options:
        if option["label"].casefold() == field.data.casefold():
            return option["code"]
    field.errors = [lazy("No answer above says this. Write it in the same words.")]
    return None


def _attribute(kind: type[Question], name: str) -> Field[Any]:
    return next(field for field in fields(kind) if field.name == name)


def _number(field: wtforms.Field, attribute: Field[Any]) -> int | float | None:
    """Return the number written; blank where one is usual is refused, unless it is usual to say none."""
    typed = (field.data or "").replace(",", "").replace(" ", "")
    whole = str(attribute.type).startswith("int")
    if not typed and attribute.default is None:
        return None
    if field.errors:
        return None
    if not NUMBER.fullmatch(typed) or (whole and "." in typed):
        field.errors = [
            lazy("Enter a whole number, such as 3.") if whole else lazy("Enter a number, such as 3.")
        ]
        return None
    return int(typed) if "." not in typed else float(typed)
