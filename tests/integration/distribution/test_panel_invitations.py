"""An invitation is good for one response, and nothing leads from one to the other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, inspect, select, text
from sqlalchemy.orm import Session

from engage.distribution.models import PanelInvitation
from engage.distribution.panels.secrets import hash_of
from engage.distribution.panels.shuffling import shuffle, shuffle_when_due
from engage.foundations import clock
from engage.foundations.database import db, is_sqlite, transaction
from engage.foundations.refusals import Refused
from engage.foundations.tokens import tidy_code
from engage.responses import queries, service
from engage.responses.drafts import keep_draft, keep_for_return
from engage.responses.models import Draft, Response
from engage.responses.tickets import Ticket, open_ticket
from tests.factories.panels import make_round, secrets_of
from tests.factories.responses import AFTER, DURING, Exercise, make_exercise
from tests.fixtures.client import PageClient
from tests.fixtures.page import Page
from tests.fixtures.people import page_client

ANSWERS = {"priorities": ["asb"], "area": "E09000007"}


@pytest.fixture
def exercise(session: Session) -> Exercise:
    return make_exercise(session)


@pytest.fixture
def secrets(session: Session, exercise: Exercise) -> list[str]:
    return secrets_of(session, make_round(session, exercise))


def invited_ticket(exercise: Exercise, secret: str, instrument: str = "postcard") -> Ticket:
    plain = exercise.ticket(instrument)
    return Ticket(*[getattr(plain, name) for name in Ticket.__slots__[:-1]], hash_of(secret).hex())


def submit(session: Session, exercise: Exercise, ticket: Ticket) -> service.Receipt:
    with transaction(session):
        return service.submit(session, submission=exercise.submission(ticket), now=DURING)


def responses(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Response)) or 0


def used(session: Session) -> int:
    answered = select(func.count()).select_from(PanelInvitation).where(PanelInvitation.answered)
    return session.scalar(answered) or 0


def form_of(client: PageClient, exercise: Exercise, secret: str) -> Page:
    """Open the mailed link and press Start; return the form."""
    page = client.get_page(f"/panel/invitation?token={secret}")
    assert secret not in page.url
    return client.get_page(f"{exercise.path}/postcard")


def send(client: PageClient, exercise: Exercise, form: Page, status: int = 200) -> Page:
    data = {"ticket": form.form_values()["ticket"]} | ANSWERS
    return client.post_page(f"{exercise.path}/postcard/send", data, status=status)


def test_an_invitation_stores_one_response_marked_as_a_panels_and_no_second_form_can_use_it(
    session: Session, exercise: Exercise, secrets: list[str]
) -> None:
    submit(session, exercise, invited_ticket(exercise, secrets[0]))
    submit(session, exercise, exercise.ticket())
    with pytest.raises(Refused, match="used already"):
        submit(session, exercise, invited_ticket(exercise, secrets[0]))
    channels = session.scalars(select(Response.channel).order_by(Response.id))
    assert [channel.value for channel in channels] == ["panel", "web"]
    assert used(session) == 1


def test_the_same_form_sent_twice_is_one_response_and_shows_its_receipt_again(
    session: Session, exercise: Exercise, secrets: list[str]
) -> None:
    ticket = invited_ticket(exercise, secrets[0])
    first, again = (submit(session, exercise, ticket) for _ in range(2))
    assert (first.code, again.fresh, responses(session)) == (again.code, False, 1)


def test_the_receipt_does_not_follow_from_the_invitation(exercise: Exercise, secrets: list[str]) -> None:
    codes = {service.receipt_code(invited_ticket(exercise, secrets[0])) for _ in range(3)}
    assert len(codes) == 3


def test_a_form_without_an_invitation_asks_the_database_nothing_more(
    session: Session, exercise: Exercise, secrets: list[str], query_count
) -> None:
    with query_count() as plain:
        submit(session, exercise, exercise.ticket())
    with query_count() as invited:
        submit(session, exercise, invited_ticket(exercise, secrets[0]))
    assert not [statement for statement in plain if "panel" in statement]
    assert len([statement for statement in invited if "panel" in statement]) == 1


def test_two_browsers_that_accept_one_invitation_at_once_store_one_response(app: Flask) -> None:
    with app.app_context():
        exercise = make_exercise(db.session())
        secret = secrets_of(db.session(), make_round(db.session(), exercise))[0]
        db.session.remove()
    clients = [page_client(app) for _ in range(2)]
    with clock.stopped_at(DURING):
        forms = [form_of(client, exercise, secret) for client in clients]
    together = Barrier(2)

    def press(number: int) -> tuple[int, str]:
        # A thread begins without the clock of the test.
        with clock.stopped_at(DURING):
            together.wait(timeout=30)
            data = {"ticket": forms[number].form_values()["ticket"]} | ANSWERS
            answer = clients[number].post(f"{exercise.path}/postcard/send", data=data)
            return answer.status_code, answer.get_data(as_text=True)

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(press, range(2)))
    assert [status for status, _ in answers] == [303, 422]
    assert "This invitation has been used already" in answers[1][1]
    with app.app_context():
        assert (responses(db.session()), used(db.session())) == (1, 1)


def test_the_mailed_link_leads_to_the_form_and_the_receipt_reads_changes_and_withdraws_the_answers(
    session: Session, exercise: Exercise, secrets: list[str], client: PageClient
) -> None:
    with clock.stopped_at(DURING):
        assert "You are invited" in client.get_page(f"/panel/invitation?token={secrets[0]}").h1
        form = form_of(client, exercise, secrets[0])
        assert open_ticket(form.form_values()["ticket"]).invitation
        page = send(client, exercise, form)
        assert page.h1 == "Your answers are stored"
        code = next(iter(client_session(client)["receipts"].values()))
        again = client.get_page(f"/panel/invitation?token={secrets[0]}")
        assert "This invitation has been used." in again.text
        assert code not in again.text
        assert "used already" in send(client, exercise, again_form(exercise, secrets[0], form), 422).text
        shown = client.post_page("/take-part/receipt", {"code": code})
        assert "Camden" in shown.text
        client.post_page("/take-part/receipt/withdraw", {"code": code, "sure": "yes"})
    stored = queries.find_by_receipt(session, service.receipt_hash(tidy_code(code)))
    assert stored
    assert stored.withdrawn
    assert used(session) == 1


def client_session(client: PageClient) -> dict:
    with client.session_transaction() as held:
        return dict(held)


def again_form(exercise: Exercise, secret: str, form: Page) -> Page:
    """Return a second copy of the form, given out for the same invitation."""
    sealed = invited_ticket(exercise, secret).seal()
    return Page(form.html.replace(str(form.form_values()["ticket"]), sealed), 200, form.url)


def test_opening_the_link_changes_nothing_however_often_a_scanner_does(
    session: Session, exercise: Exercise, secrets: list[str], client: PageClient
) -> None:
    with clock.stopped_at(DURING):
        for _ in range(3):
            assert client.get(f"/panel/invitation?token={secrets[0]}").status_code == 303
    assert (used(session), responses(session)) == (0, 0)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whoever_was_invited_may_take_part_without_it(
    session: Session, exercise: Exercise, secrets: list[str], client: PageClient
) -> None:
    with clock.stopped_at(DURING):
        form = form_of(client, exercise, secrets[0])
        client.post_page(f"/panel/invitation/{exercise.instruments['postcard'].id}/without")
        form = client.get_page(f"{exercise.path}/postcard")
        send(client, exercise, form)
    assert (used(session), session.scalars(select(Response.channel)).one().value) == (0, "web")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_invitation_to_one_form_is_none_to_another_and_a_wrong_one_says_so(
    session: Session, exercise: Exercise, secrets: list[str], client: PageClient
) -> None:
    with clock.stopped_at(DURING):
        client.get_page(f"/panel/invitation?token={secrets[0]}")
        other = client.get_page(f"{exercise.path}/business/{first_page(client, exercise)}")
        assert open_ticket(other.form_values()["ticket"]).invitation == ""
        for wrong in ("nothing", secrets[0][:-1], ""):
            client.get_page(f"/panel/invitation?token={wrong}", 404)
        client.get_page("/panel/invitation/999", 404)


def first_page(client: PageClient, exercise: Exercise) -> str:
    return client.get_page(f"{exercise.path}/business").url.rpartition("/")[2]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_once_the_form_is_closed_the_invitation_says_so(
    session: Session, exercise: Exercise, secrets: list[str], client: PageClient
) -> None:
    with clock.stopped_at(AFTER):
        page = client.get_page(f"/panel/invitation?token={secrets[0]}")
    assert "This consultation is closed" in page.text


def test_a_saved_form_comes_back_with_its_invitation_and_the_draft_does_not_say_whose_it_is(
    session: Session, exercise: Exercise
) -> None:
    [secret, *_] = secrets_of(session, make_round(session, exercise, instrument="full"))
    ticket = invited_ticket(exercise, secret, "full")
    with transaction(session):
        keep_draft(session, ticket=ticket, held=None, page="a", fields={"b": ["c"]}, now=DURING)
        code = keep_for_return(session, ticket=ticket)
    draft = session.scalars(select(Draft)).one()
    assert draft.invitation_hash not in (None, hash_of(secret))
    saved = queries.find_saved(session, service.keyed_hash(code, "return-hash"))
    assert saved
    assert saved.ticket.invitation == ticket.invitation
    assert service.receipt_code(saved.ticket) == service.receipt_code(ticket)


def test_nothing_in_the_whole_database_joins_an_invitation_to_its_response(
    session: Session, exercise: Exercise
) -> None:
    secrets = secrets_of(session, make_round(session, exercise, people=30, size=30))
    order = [secrets[place] for place in (17, 3, 25, 8, 11, 29, 0)]
    for secret in order:
        submit(session, exercise, invited_ticket(exercise, secret))
    with transaction(session):
        shuffle(session)
    rows = {table: dump(session, table) for table in inspect(session.connection()).get_table_names()}
    invitations = [row for row in rows["panel_invitation"] if row["answered"]]
    assert len(invitations) == len(order)
    # The order in which they lie is that of their random keys, not that in which they were answered.
    assert [row["id"] for row in rows["panel_invitation"]] == sorted(
        row["id"] for row in rows["panel_invitation"]
    )
    # No value that is one invitation's own stands in anything that was stored with a response.
    written = {
        str(value)
        for table in ("response", "response_revision", "draft", "contact", "link", "job", "outbox_message")
        for row in rows[table]
        for name, value in row.items()
    }
    own = {str(row[name]) for row in invitations for name in ("id", "token_hash", "panellist_id")}
    assert not own & written
    # What all used invitations say is the same, down to the transaction that wrote them.
    others = {"id", "token_hash", "panellist_id", "place"}
    assert len({tuple(v for k, v in row.items() if k not in others) for row in invitations}) == 1
    assert not {row.get("written_by") for row in invitations} & {
        row.get("written_by", "") for row in rows["response"]
    }


def dump(session: Session, table: str) -> list[dict]:
    """Return a table's rows as they lie, with what the database itself says of each."""
    if is_sqlite(session):
        found = session.execute(text(f'SELECT * FROM "{table}"'))
    else:
        own = "ctid::text AS place, xmin::text AS written_by"
        found = session.execute(text(f'SELECT *, {own} FROM "{table}" ORDER BY ctid'))
    return [dict(row) for row in found.mappings()]


def test_the_invitations_are_laid_out_anew_once_an_hour_and_only_when_something_changed(
    session: Session, exercise: Exercise, secrets: list[str], query_count
) -> None:
    submit(session, exercise, invited_ticket(exercise, secrets[5]))
    for minute, wanted in ((30, False), (1, not is_sqlite(session)), (2, False)):
        with query_count() as statements, transaction(session):
            shuffle_when_due(session, DURING.replace(minute=minute))
        assert any("TRUNCATE" in statement for statement in statements) is wanted
    assert used(session) == 1
    assert session.scalar(select(func.count()).select_from(PanelInvitation)) == 10
