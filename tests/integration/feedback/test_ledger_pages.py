"""The ledger as officers, coordinators and everybody see it."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engage.consultations.models import Consultation
from engage.feedback.ledger import others
from engage.feedback.models import Delivery, Feedback
from engage.feedback.rules import DeliveryState
from engage.feedback.tasks import mail_out, pass_on
from engage.foundations import clock
from engage.foundations.database import transaction
from tests.factories.consultations import OFFICER
from tests.factories.feedback import NOW, make_published
from tests.factories.groups import make_group
from tests.fixtures.client import PageClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HOSTILE = '<b>#let x = 1</b> *$[evil]#"'


def base(slug: str, page: str = "") -> str:
    return f"/officer/consultations/{slug}/feedback{page}"


def published(session: Session, *group_ids: int) -> tuple[Consultation, Feedback]:
    """Return feedback that is in the ledger, owed to two addresses and these groups."""
    with transaction(session):
        made, feedback = make_published(session, "ada@example.org", "bob@example.org")
        if group_ids:
            others.choose_groups(
                session, actor=OFFICER, now=NOW, feedback_id=feedback.id, group_ids=group_ids
            )
    with clock.stopped_at(NOW), transaction(session):
        pass_on(session, NOW, {"feedback_id": feedback.id})
        mail_out(session, NOW, {"feedback_id": feedback.id, "after": None, "reason": "published"})
    return made, feedback


def test_the_ledger_is_narrowed_by_route_state_and_exact_address(
    session: Session, officer_client: PageClient
) -> None:
    made, _ = published(session, make_group_kept(session))
    assert "ada@example.org" in officer_client.get_page(base(made.slug, "/ledger")).text
    found = officer_client.get_page(base(made.slug, "/ledger?who=Ada@example.org&state=queued")).text
    assert "ada@example.org" in found
    assert "bob@example.org" not in found
    for asked in ("?who=example.org", "?state=sent", "?route=post"):
        assert "No row is like that" in officer_client.get_page(base(made.slug, "/ledger" + asked)).text
    by_group = officer_client.get_page(base(made.slug, "/ledger?route=cascade")).text
    assert "no email address" in by_group
    exported = officer_client.get(base(made.slug, "/ledger.csv"))
    assert exported.data.count(b"\r\n") == 4


def make_group_kept(session: Session) -> int:
    with transaction(session):
        return make_group(session).id


def test_an_officer_signs_why_not_everybody_is_reached_and_everybody_reads_it(
    session: Session, officer_client: PageClient, client: PageClient
) -> None:
    made, _ = published(session)
    page = officer_client.get_page(base(made.slug, "/sign-off"))
    officer_client.submit(page, {"reason": " "}, status=422)
    officer_client.submit(page, {"reason": "Two addresses were <mistyped>."})
    text = client.get_page(f"/consultations/{made.slug}/feedback").text
    assert "Two addresses were <mistyped>." in text
    assert officer_client.person.name in text
    again = officer_client.get_page(base(made.slug, "/sign-off"))
    assert "Two addresses were <mistyped>." in again.text
    assert "Sign and publish" not in again.text


def test_where_the_target_is_met_there_is_nothing_to_sign(
    session: Session, officer_client: PageClient
) -> None:
    made, _ = published(session)
    with transaction(session):
        session.execute(update(Delivery).values(state=DeliveryState.SENT, settled_at=NOW))
    page = officer_client.get_page(base(made.slug, "/sign-off"))
    assert "there is nothing to sign" in page.text
    assert "Sign and publish" not in page.text


def test_a_coordinator_passes_on_the_result_of_their_own_group_alone(
    session: Session, coordinator_client: PageClient, officer_client: PageClient
) -> None:
    own = coordinator_client.person.group_id
    assert own is not None
    published(session, own, make_group_kept(session))
    mine, other = (
        session.scalars(select(Delivery.id).where(which)).one()
        for which in (
            Delivery.group_id == own,
            Delivery.group_id.is_not(None) & (Delivery.group_id != own),
        )
    )
    session.rollback()
    listed = coordinator_client.get_page("/coordinator/feedback")
    assert f"/coordinator/feedback/{mine}" in listed.html
    assert f"/coordinator/feedback/{other}" not in listed.html
    for path in ("", "/poster.pdf"):
        coordinator_client.get_page(f"/coordinator/feedback/{other}{path}", status=404)
    page = coordinator_client.get_page(f"/coordinator/feedback/{mine}")
    for expected in ("Knife crime", "38%", "It is the first objective of the plan."):
        assert expected in page.text
    coordinator_client.submit(page, {"how": ""}, status=422)
    coordinator_client.submit(page, {"how": "At the meeting on 4 June"})
    coordinator_client.post_page(f"/coordinator/feedback/{mine}", data={"how": "Again"}, status=422)
    row = session.get_one(Delivery, mine, populate_existing=True)
    assert row.state is DeliveryState.CONFIRMED
    assert row.reason == f"{coordinator_client.person.name}: At the meeting on 4 June"
    session.rollback()


@pytest.mark.parametrize("name", ["poster.pdf", "slide.pdf"])
def test_the_pack_has_sheets_as_pdf(session: Session, coordinator_client: PageClient, name: str) -> None:
    published(session, coordinator_client.person.group_id or 0)
    mine = session.scalars(select(Delivery.id).where(Delivery.group_id.is_not(None))).one()
    session.rollback()
    made = coordinator_client.get(f"/coordinator/feedback/{mine}/{name}")
    assert made.data.startswith(b"%PDF")
    coordinator_client.get_page(f"/coordinator/feedback/{mine}/other.pdf", status=404)


def test_letters_and_labels_are_printed_whatever_people_are_called(
    session: Session, officer_client: PageClient
) -> None:
    made, _ = published(session)
    page = officer_client.get_page(base(made.slug, "/post"))
    assert "No postal address is kept" in page.text
    slip = {"name": HOSTILE, "lines": f"{HOSTILE}\nLeyton", "postcode": "E10 5JA"}
    officer_client.post(base(made.slug, "/post"), data=slip)
    rows = b'name,address,postcode\nBob,"2 High Road, Leyton",E10 5JA\nEve,,E10\n'
    path = base(made.slug, "/post/file")
    refused = officer_client.post_page(path, data={"file": (io.BytesIO(rows), "a.csv")}, status=422)
    assert "Row 3" in refused.text
    officer_client.post(base(made.slug, "/post/batches"))
    batch = session.scalars(select(Delivery.batch_id).where(Delivery.batch_id.is_not(None))).one()
    session.rollback()
    for name in ("letters.pdf", "labels.pdf"):
        printed = officer_client.get(base(made.slug, f"/post/batches/{batch}/{name}"))
        assert printed.data.startswith(b"%PDF"), name
    officer_client.get_page(base(made.slug, f"/post/batches/{batch}/other.pdf"), status=404)
    officer_client.get_page(base(made.slug, f"/post/batches/{batch + 1}/labels.pdf"), status=404)
    assert "is posted" not in officer_client.get_page(base(made.slug, f"/post/batches/{batch}/posted")).text


def test_groups_are_chosen_before_and_after_publication(session: Session, officer_client: PageClient) -> None:
    group_id = make_group_kept(session)
    made, _ = published(session)
    path = base(made.slug, "/groups")
    officer_client.get_page(path + "?words=nobody&kind=cpeg&borough=E1")
    officer_client.post_page(path, data={}, status=422)
    officer_client.post(path, data={"groups": [str(group_id), "999999"]})
    assert "In the ledger" in officer_client.get_page(path).text
