from __future__ import annotations

import pytest

from engage.boroughs.shipped import shipped_areas
from engage.questionnaires import shipped
from engage.questionnaires.definitions import parse
from engage.questionnaires.routes import routes
from engage.questionnaires.structure import problems
from engage.questionnaires.templates_shipped import Template, shipped_templates

TEMPLATES = {template.code: template for template in shipped_templates()}


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=lambda template: str(template.code))
def test_every_template_can_be_published_as_it_is(template: Template) -> None:
    definition = parse(template.definition)
    assert problems(definition) == ()
    assert routes(definition).complete
    assert str(template.what)
    assert template.title


def test_the_instruments_come_first_and_no_code_stands_twice() -> None:
    codes = [template.code for template in shipped_templates()]
    assert codes[:3] == ["priorities-full", "priorities-postcard", "priorities-business"]
    assert set(codes[3:]) == {"interview-schedule", "emerging-issue", "borough-survey"}
    assert len(set(codes)) == len(codes)


def test_every_question_about_a_place_offers_every_area() -> None:
    for template in shipped_templates():
        for question in parse(template.definition).questions:
            if question.kind == "area":
                assert tuple(question.marks.items()) == shipped_areas()
    assert [code for code, _name in shipped_areas()][-2:] == ["outside", "undisclosed"]


def test_the_interview_schedule_asks_its_ten_questions_in_order() -> None:
    codes = [one.code for one in parse(TEMPLATES["interview-schedule"].definition).questions]
    asked = ["q1", "q1_why", "q2", "q2a", "q3", "q4", "q5", "q5a", "q6", "q6b", "q6a", "q6c", "q6d"]
    assert codes == ["d_engagement", "d_consultation", "d_communication", *asked, "q7", "q8", "q9", "q10"]


def test_the_equality_block_asks_what_the_standards_ask() -> None:
    block = {question.code: question for question in shipped.equality_block().questions}
    assert list(block) == [
        "age_band",
        "sex",
        "gender_same",
        "sexual_orientation",
        "ethnic_group",
        "ethnic_background",
        "religion",
        "disability",
        "daily_activities",
    ]
    # The five sections, then the nineteen backgrounds of the census.
    assert list(block["ethnic_group"].marks) == ["white", "mixed", "asian", "black", "other", "undisclosed"]
    backgrounds = [code.partition("_")[0] for code in block["ethnic_background"].marks]
    counts = {code: backgrounds.count(code) for code in block["ethnic_group"].marks}
    assert counts == {"white": 5, "mixed": 4, "asian": 5, "black": 3, "other": 2, "undisclosed": 1}
    assert len(block["religion"].marks) == 9
    assert all("undisclosed" in question.marks and not question.required for question in block.values())
