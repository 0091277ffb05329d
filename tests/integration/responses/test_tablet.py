"""A shared device at an event, as the server sees it."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.audit.models import AuditEvent
from engage.consultations.rules import GRACE, State
from engage.distribution.models import Link
from engage.foundations import clock
from engage.foundations.settings import ROOT
from engage.groups.models import Group
from engage.responses.models import Response, ResponseRevision
from engage.responses.tickets import open_ticket
from tests.factories.distribution import make_link
from tests.factories.forms import add_form
from tests.factories.responses import CLOSES, DURING, Exercise, make_exercise
from tests.fixtures.client import PageClient
from tests.fixtures.page import Page

JSON = {"Accept": "application/json"}
ANSWERS = {"priorities": ["asb", "burglary"], "area": "E09000007"}


@pytest.fixture
def exercise(session: Session) -> Exercise:
    return make_exercise(session)


@pytest.fixture(autouse=True)
def _during() -> Any:
    with clock.stopped_at(DURING):
        yield


def start(client: PageClient, exercise: Exercise, *, link: str = "", instrument: str = "postcard") -> Page:
    """Start the device as an officer, and return the first person's page."""
    return client.post_page(
        f"/officer/consultations/{exercise.consultation.slug}/device",
        {"instrument": instrument, "link": link},
    )


def base(exercise: Exercise, instrument: str = "postcard") -> str:
    return f"{exercise.path}/{instrument}/at-event/"


def supply(client: PageClient, exercise: Exercise) -> dict[str, Any]:
    answer = client.get(f"{base(exercise)}supply")
    assert answer.status_code == 200
    return dict(answer.json)


def send(client: PageClient, exercise: Exercise, ticket: str, **answers: Any) -> Any:
    """Send a form as the script does."""
    return client.post(f"{base(exercise)}send", data={"ticket": ticket} | ANSWERS | answers, headers=JSON)


def stored(session: Session) -> list[Response]:
    return list(session.scalars(select(Response).order_by(Response.id)))


def test_starting_signs_the_officer_out_and_is_written_down(
    officer_client: PageClient, exercise: Exercise, session: Session
) -> None:
    page = start(officer_client, exercise, link=exercise.link.code)
    assert page.h1 == "Choose your priorities"
    assert officer_client.get("/officer/consultations/").headers["Location"].startswith("/sign-in")
    with officer_client.session_transaction() as held:
        assert set(held) <= {"event", "_permanent", "csrf_token"}
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "tablet.started")).one()
    assert event.subject == "consultation:priorities"
    assert event.details == {"instrument": "postcard", "link": exercise.link.code}


def test_the_browser_forgets_the_officers_pages(officer_client: PageClient, exercise: Exercise) -> None:
    answer = officer_client.post(
        "/officer/consultations/priorities/device", data={"instrument": "postcard", "link": ""}
    )
    assert answer.headers["Clear-Site-Data"] == '"cache"'


def test_a_coordinator_starts_it_for_their_own_group_only(
    coordinator_client: PageClient, exercise: Exercise, session: Session
) -> None:
    person = coordinator_client.person
    assert person is not None
    own = make_link(session, consultation_id=exercise.consultation.id, group_id=person.group_id)
    session.commit()
    coordinator_client.get_page(f"/coordinator/links/{exercise.link.id}/device", 404)
    links = coordinator_client.get_page("/coordinator/links/")
    assert f"/coordinator/links/{own.id}/device" in [link.href for link in links.links]
    page = coordinator_client.post_page(f"/coordinator/links/{own.id}/device", {"instrument": "postcard"})
    ticket = open_ticket(page.field("ticket").get("value", ""))
    assert ticket is not None
    assert (ticket.link_id, ticket.group_id) == (own.id, person.group_id)
    assert coordinator_client.get("/coordinator/links/").status_code == 303


def test_forms_of_several_pages_are_not_offered(
    officer_client: PageClient, exercise: Exercise, session: Session
) -> None:
    add_form(session, exercise)
    page = officer_client.get_page("/officer/consultations/priorities/device")
    offered = {field.get("value") for field in page.all("input", name="instrument")}
    assert "postcard" in offered
    assert "routed" not in offered
    assert "works without a connection" in page.text
    refused = officer_client.post_page(
        "/officer/consultations/priorities/device", {"instrument": "routed", "link": ""}, status=422
    )
    assert refused.h1 == "Use this device at an event"


def test_nothing_is_started_for_a_consultation_that_is_not_open(
    officer_client: PageClient, session: Session
) -> None:
    exercise = make_exercise(session, "planned", State.PLANNED)
    page = officer_client.get_page("/officer/consultations/planned/device")
    assert "not open for answers" in page.text
    officer_client.post_page(
        "/officer/consultations/planned/device", {"instrument": "postcard", "link": ""}, status=422
    )
    officer_client.get_page(base(exercise), 403)


def test_a_browser_that_is_at_no_event_gets_no_form_no_supply_and_no_key(
    client: PageClient, officer_client: PageClient, exercise: Exercise
) -> None:
    assert client.get_page(base(exercise), 403).h1 == "No event on this device"
    assert client.get(f"{base(exercise)}supply").status_code == 403
    start(officer_client, exercise)
    lock = supply(officer_client, exercise)["lock"]
    assert client.post(f"{base(exercise)}key", data={"lock": lock}, headers=JSON).status_code == 403
    # Nor does an event of another form.
    assert officer_client.get(f"{base(exercise, 'business')}supply").status_code == 403


def test_an_event_is_over_after_twelve_hours(officer_client: PageClient, exercise: Exercise) -> None:
    start(officer_client, exercise)
    with clock.stopped_at(DURING + timedelta(hours=12)):
        officer_client.get_page(base(exercise), 403)
        assert officer_client.get(f"{base(exercise)}supply").status_code == 403


def test_two_people_answer_one_after_the_other_without_scripts(
    officer_client: PageClient, exercise: Exercise, session: Session
) -> None:
    first = start(officer_client, exercise)
    thanks = officer_client.post_page(f"{base(exercise)}send", first.form_values() | ANSWERS)
    receipt = re.search(r"[2-9A-Z]{4}(-[2-9A-Z]{4}){2}", thanks.text)
    assert thanks.h1 == "Thank you"
    assert receipt
    again = officer_client.get_page(f"{base(exercise)}thanks")
    assert again.h1 == "Choose your priorities"
    assert receipt.group() not in again.html
    assert [field for field in again.all("input") if "checked" in field.attrib] == []
    assert again.field("ticket").get("value") != first.field("ticket").get("value")
    officer_client.post_page(f"{base(exercise)}send", again.form_values() | ANSWERS)
    assert len(stored(session)) == 2
    with officer_client.session_transaction() as held:
        assert not {"receipts", "drafts", "via"} & held.keys()


def test_no_page_of_an_event_is_kept_and_only_these_may_use_a_worker(
    officer_client: PageClient, exercise: Exercise
) -> None:
    start(officer_client, exercise)
    for name in ("", "without-connection", "organiser"):
        answer = officer_client.get(f"{base(exercise)}{name}")
        assert answer.headers["Cache-Control"] == "no-store"
        policy = answer.headers["Content-Security-Policy"]
        assert policy.endswith("worker-src 'self'; connect-src 'self'")
        assert "default-src 'none'" in policy
    assert "connect-src" not in officer_client.get(exercise.path).headers["Content-Security-Policy"]


def test_a_mistake_is_shown_with_what_was_typed_but_never_once_somebody_has_gone(
    officer_client: PageClient, exercise: Exercise
) -> None:
    first = start(officer_client, exercise).form_values()
    many = {"priorities": ["asb", "burglary", "knife_crime", "hate_crime"], "area": "E09000007"}
    wrong = officer_client.post_page(f"{base(exercise)}send", first | many, status=422)
    assert len([field for field in wrong.all("input") if "checked" in field.attrib]) == 4
    officer_client.get_page(base(exercise))
    later = officer_client.post_page(f"{base(exercise)}send", first | many)
    assert [field for field in later.all("input") if "checked" in field.attrib] == []


def test_a_supply_stores_each_form_once_however_often_it_is_sent(
    officer_client: PageClient, exercise: Exercise, session: Session
) -> None:
    start(officer_client, exercise, link=exercise.link.code)
    given = supply(officer_client, exercise)
    assert len(given["tickets"]) == 50
    assert len({each["ticket"] for each in given["tickets"]}) == 50
    one, two = given["tickets"][:2]
    for _again in range(3):
        assert send(officer_client, exercise, one["ticket"]).json == {
            "stored": True,
            "receipt": one["receipt"],
        }
    send(officer_client, exercise, two["ticket"])
    assert len(stored(session)) == 2
    assert {response.group_id for response in stored(session)} == {exercise.group.id}
    assert session.scalar(select(func.count()).select_from(ResponseRevision)) == 2
    assert session.scalar(select(Link.submitted)) == 2


def test_a_form_of_the_supply_shows_its_list_in_the_order_that_is_recorded(
    officer_client: PageClient, exercise: Exercise
) -> None:
    start(officer_client, exercise)
    given = supply(officer_client, exercise)
    orders: dict[int, set[str]] = {}
    for each in given["tickets"]:
        ticket = open_ticket(each["ticket"])
        assert ticket is not None
        html = given["forms"][each["form"]]["html"]
        first = re.search(r'type="checkbox"[^>]*value="([a-z_]+)"', html)
        assert first
        orders.setdefault(ticket.rotation, set()).add(first.group(1))
    assert len(orders) > 1
    assert all(len(firsts) == 1 for firsts in orders.values())
    assert len(set().union(*orders.values())) == len(orders)


def test_what_is_wrong_is_told_to_the_script(officer_client: PageClient, exercise: Exercise) -> None:
    start(officer_client, exercise)
    ticket = supply(officer_client, exercise)["tickets"][0]["ticket"]
    answer = send(
        officer_client, exercise, ticket, priorities=["asb", "burglary", "knife_crime", "hate_crime"]
    )
    assert answer.status_code == 422
    assert answer.json["problems"][0]["field"] == "priorities"
    stale = send(officer_client, exercise, "not a ticket of ours")
    assert stale.json["stored"] is False
    assert stale.json["reason"]


def test_after_the_closing_what_waits_is_taken_within_the_grace_and_marked_late(
    officer_client: PageClient, exercise: Exercise, session: Session
) -> None:
    with clock.stopped_at(CLOSES - timedelta(hours=2)):
        start(officer_client, exercise)
        in_time, too_late = supply(officer_client, exercise)["tickets"][:2]
    with clock.stopped_at(CLOSES + GRACE / 2):
        assert send(officer_client, exercise, in_time["ticket"]).json["stored"]
        assert supply(officer_client, exercise)["tickets"] == []
        assert officer_client.get_page(base(exercise)).h1 == "This consultation is closed"
    with clock.stopped_at(CLOSES + GRACE):
        refused = send(officer_client, exercise, too_late["ticket"])
        # What was taken before is taken still, so that the device may forget it.
        assert send(officer_client, exercise, in_time["ticket"]).json["stored"]
    assert refused.status_code == 422
    assert "closed" in refused.json["reason"]
    assert [response.late for response in stored(session)] == [True]


def test_the_key_to_what_a_device_keeps_is_the_same_until_the_event_is_over(
    officer_client: PageClient, exercise: Exercise
) -> None:
    start(officer_client, exercise)
    lock = supply(officer_client, exercise)["lock"]
    keys = {
        officer_client.post(f"{base(exercise)}key", data={"lock": lock}, headers=JSON).json["key"]
        for _again in range(2)
    }
    assert len(keys) == 1
    forged = officer_client.post(f"{base(exercise)}key", data={"lock": "forged"}, headers=JSON)
    assert forged.status_code == 404


def test_the_worker_names_the_files_it_keeps_and_rules_no_other_page(
    client: PageClient, exercise: Exercise
) -> None:
    answer = client.get(f"{base(exercise)}worker.js")
    assert answer.mimetype == "text/javascript"
    assert "Service-Worker-Allowed" not in answer.headers
    told = json.loads(re.findall(r"const TOLD = (.*);", answer.text)[0])
    assert told["shell"] == f"{base(exercise)}without-connection"
    for file in told["files"]:
        with client.get(file) as kept:
            assert kept.status_code == 200
    for script in (ROOT / "static" / "js" / "tablet").glob("*.js"):
        is_elsewhere = script.stem in ("worker", "started")
        assert is_elsewhere or any(script.name in file for file in told["files"]), script
    shell = client.get_page(told["shell"])
    assert shell.all("input") == []


def test_the_group_is_not_noted_once_its_link_is_withdrawn(
    officer_client: PageClient, exercise: Exercise, session: Session
) -> None:
    start(officer_client, exercise, link=exercise.link.code)
    session.get_one(Link, exercise.link.id).revoked_at = DURING
    session.commit()
    ticket = open_ticket(supply(officer_client, exercise)["tickets"][0]["ticket"])
    assert ticket is not None
    assert (ticket.link_id, ticket.group_id) == (0, 0)
    assert session.scalar(select(func.count()).select_from(Group))
