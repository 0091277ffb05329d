"""Each kind of field becomes a control with its label, its hint and its errors."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    FileField,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice

from tests.fixtures.page import Page, text_of
from tests.integration.desks.conftest import Draw

CHOICES = [SelectChoice("a", "Apples"), SelectChoice("b", "Bread")]
FORM = (
    '{% from "components/form.html" import field, error_summary, submit, csrf %}'
    "{{ error_summary(form) }}<form method='post' novalidate>{{ csrf(form) }}"
    "{% for f in form %}{{ field(f, **options) }}{% endfor %}{{ submit('Save') }}</form>"
)
# The control, its tag and its type.
CONTROLS: list[tuple[str, type[Any], dict[str, Any], str, str | None]] = [
    ("text", StringField, {}, "input", "text"),
    ("email", EmailField, {}, "input", "email"),
    ("number", IntegerField, {}, "input", "text"),
    ("password", PasswordField, {}, "input", "password"),
    ("file", FileField, {}, "input", "file"),
    ("day", DateField, {}, "input", "date"),
    ("long", TextAreaField, {}, "textarea", None),
    ("list", SelectField, {"choices": CHOICES}, "select", None),
    ("yes", BooleanField, {}, "input", "checkbox"),
]
GROUPS: list[tuple[str, type[Any], dict[str, Any], str]] = [
    ("one", RadioField, {"choices": CHOICES}, "radio"),
    ("several", SelectMultipleField, {"choices": CHOICES}, "checkbox"),
    ("parts", DateField, {"format": ["%d %m %Y"]}, "text"),
]


def form_of(kind: type[Any], data: dict[str, Any] | None = None, **options: Any) -> type[FlaskForm]:
    """Return a form with one field, `thing`, that has a label and a hint."""

    class Form(FlaskForm):
        class Meta:
            csrf = False

        thing = kind("The thing", description="What it is for", **options)

    return Form


def drawn(draw: Draw, kind: type[Any], errors: tuple[str, ...] = (), **given: Any) -> Page:
    options = given.pop("options", {})
    values = given.pop("values", None)
    form_class = form_of(kind, **given)

    class Late:
        """A form made inside the request that draws it."""

        def __init__(self) -> None:
            self.form = form_class(MultiDict(values) if values else None)
            self.form.thing.errors = list(errors)

    return draw(
        "{% set form = late().form %}{% set options = options %}" + FORM,
        late=Late,
        options=options,
    )


@pytest.mark.parametrize(("name", "kind", "options", "tag", "type_"), CONTROLS, ids=[c[0] for c in CONTROLS])
def test_a_control_has_its_label_hint_and_error(
    draw: Draw, name: str, kind: type[Any], options: dict[str, Any], tag: str, type_: str | None
) -> None:
    page = drawn(draw, kind, ("Say what it is.",), **options)
    control = page.field("thing")
    assert control.tag == tag
    assert control.get("type") == type_
    assert text_of(page.find("label", for_="thing")) == "The thing"
    assert control.get("aria-describedby") == "thing-hint thing-error"
    assert text_of(page.find("div", id="thing-hint")) == "What it is for"
    assert text_of(page.find("p", id="thing-error")) == "Error: Say what it is."
    assert ("Say what it is.", "#thing") in [(link.text, link.href) for link in page.links]


@pytest.mark.parametrize(("name", "kind", "options", "type_"), GROUPS, ids=[g[0] for g in GROUPS])
def test_a_group_of_controls_has_its_legend_hint_and_error(
    draw: Draw, name: str, kind: type[Any], options: dict[str, Any], type_: str
) -> None:
    page = drawn(draw, kind, ("Choose.",), **options)
    group = page.find("fieldset")
    assert text_of(page.find("legend")) == "The thing"
    assert group.get("aria-describedby") == "thing-hint thing-error"
    boxes = page.all("input", name="thing")
    assert [box.get("type") for box in boxes] == [type_] * len(boxes)
    assert boxes[0].get("id") == "thing"
    assert ("Choose.", "#thing") in [(link.text, link.href) for link in page.links]


def test_a_field_without_errors_has_no_error_and_the_page_no_summary(draw: Draw) -> None:
    page = drawn(draw, StringField)
    assert page.field("thing").get("aria-describedby") == "thing-hint"
    assert page.all("p", class_="govuk-error-message") == []
    assert page.all("div", class_="govuk-error-summary") == []
    assert not page.title.startswith("Error")


def test_what_was_typed_comes_back_as_text(draw: Draw) -> None:
    page = drawn(draw, TextAreaField, values={"thing": "<b>Knives</b>\n& dogs"})
    assert text_of(page.field("thing")) == "<b>Knives</b> & dogs"


def test_what_was_chosen_stays_chosen(draw: Draw) -> None:
    page = drawn(draw, SelectMultipleField, choices=CHOICES, values={"thing": "b"})
    assert [box.get("value") for box in page.all("input", name="thing") if "checked" in box.attrib] == ["b"]


def test_a_password_never_comes_back(draw: Draw) -> None:
    page = drawn(draw, PasswordField, values={"thing": "correct horse"})
    assert "correct horse" not in page.html


def test_a_date_in_three_boxes_gives_back_what_was_typed_in_each(draw: Draw) -> None:
    typed = MultiDict([("thing", "31"), ("thing", "2"), ("thing", "2027")])
    page = drawn(draw, DateField, format=["%d %m %Y"], values=typed)
    assert [box.get("value") for box in page.all("input", name="thing")] == ["31", "2", "2027"]


def test_a_date_in_three_boxes_shows_the_day_it_holds(draw: Draw) -> None:
    page = drawn(draw, DateField, format=["%d %m %Y"], default=date(2027, 3, 9))
    assert [box.get("value") for box in page.all("input", name="thing")] == ["9", "3", "2027"]


def test_a_counter_says_how_much_is_allowed(draw: Draw) -> None:
    page = drawn(draw, TextAreaField, options={"count": 2000})
    assert page.field("thing").get("aria-describedby") == "thing-hint thing-info"
    assert "up to 2,000 characters" in text_of(page.find("div", id="thing-info"))


def test_a_hint_of_an_option_belongs_to_that_option(draw: Draw) -> None:
    page = drawn(draw, RadioField, choices=CHOICES, options={"hints": {"b": "Brown or white"}})
    described = [box.get("aria-describedby") for box in page.all("input", name="thing")]
    assert described == [None, "thing-2-option-hint"]


def test_hidden_fields_are_drawn_once_by_csrf(draw: Draw) -> None:
    page = drawn(draw, HiddenField)
    assert len(page.all("input", name="thing", type="hidden")) == 1
