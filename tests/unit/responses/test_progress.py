"""How far somebody has come, and where they go on."""

from __future__ import annotations

from engage.questionnaires.definitions import parse
from engage.responses.progress import Pages, Place, is_reached, left_open, place_of, unfinished, way
from tests.factories.forms import ROUTED

DEFINITION = parse(ROUTED)
LIVES = {"living": {"lives": ["yes"]}}
SEEN = {"seeing": {"seen": ["yes"]}}
NOT_SEEN = {"seeing": {"seen": ["no"]}}
HAPPENED = {"meeting": {"happened": ["They said hello."]}}
WISH = {"wishes": {"wish": ["More of it."]}}


def codes(draft: Pages) -> list[str]:
    return [step.page.code for step in way(DEFINITION, draft, 0).steps]


def first_unfinished(draft: Pages) -> str | None:
    step = unfinished(way(DEFINITION, draft, 0), draft)
    return step.page.code if step else None


def place(code: str, draft: Pages) -> Place:
    route = way(DEFINITION, draft, 0)
    step = route.step(code)
    assert step
    return place_of(DEFINITION, route, step)


def test_pages_follow_from_what_was_answered_before_them() -> None:
    assert codes(LIVES | SEEN) == ["living", "seeing", "meeting", "wishes"]
    assert codes(LIVES | NOT_SEEN) == ["living", "seeing", "wishes"]
    assert codes({"living": {"lives": ["no"]}}) == ["living", "thanks"]


def test_a_form_goes_on_at_the_first_page_that_is_not_finished() -> None:
    assert first_unfinished({}) == "living"
    assert first_unfinished(LIVES) == "seeing"
    assert first_unfinished(LIVES | SEEN | WISH) == "meeting"
    assert first_unfinished(LIVES | SEEN | HAPPENED | WISH) is None


def test_a_page_that_was_left_is_not_finished_even_if_nothing_is_wrong_with_it() -> None:
    left = {"wishes": left_open(WISH["wishes"])}
    assert first_unfinished(LIVES | NOT_SEEN | left) == "wishes"


def test_what_is_written_on_a_page_off_the_way_holds_nobody_up() -> None:
    assert first_unfinished(LIVES | NOT_SEEN | {"meeting": {}} | WISH) is None


def test_an_exit_page_is_never_finished() -> None:
    assert first_unfinished({"living": {"lives": ["no"]}, "thanks": {}}) == "thanks"


def test_nobody_jumps_over_a_page_that_is_not_finished() -> None:
    draft = LIVES | SEEN
    route = way(DEFINITION, draft, 0)
    reached = [step.page.code for step in route.steps if is_reached(route, step, draft)]
    assert reached == ["living", "seeing", "meeting"]


def test_the_number_of_steps_is_about_right_while_answers_may_still_change_it() -> None:
    assert place("living", {}) == Place(1, 4, about=True)
    assert place("seeing", LIVES | SEEN) == Place(2, 5, about=True)
    assert place("meeting", LIVES | SEEN) == Place(3, 5, about=False)
    assert place("wishes", LIVES | NOT_SEEN) == Place(3, 4, about=False)
