"""Importing responses from a file, as an officer goes through it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.audit.models import AuditEvent
from engage.consultations.models import Consultation
from engage.consultations.rules import State
from engage.foundations import clock
from engage.foundations.database import db, transaction
from engage.foundations.spreadsheets import write_xlsx
from engage.foundations.tables.shelf import FOLDER
from engage.people.rules import Role
from engage.responses.models import Channel, ImportedFile, Response, ResponseRevision
from engage.responses.tasks import forget_uploads
from tests.factories.intake import csv_of, our_csv, our_rows, upload
from tests.factories.paper import every_kind, make_paper_version
from tests.factories.responses import CLOSES, DURING, Exercise, make_exercise
from tests.fixtures.client import PageClient
from tests.fixtures.page import Page
from tests.fixtures.people import add_person, page_client

ROOM = "/officer/consultations/priorities/import"
HEADINGS = (
    "how",
    "What comes first? (1)",
    "What comes first? (2)",
    "How long do you wait?",
    "Postcode",
    "Which line?",
    "Group",
)
ANN = ("By bus", "Priority asb", "Priority roads", "4", "NW1 0DB", "=24", "camden-panel")
BOB = ("tube", "PRIORITY  KNIVES", "", "", "Barnet", "", "")


@pytest.fixture(autouse=True)
def during() -> Iterator[None]:
    with clock.stopped_at(DURING):
        yield


@pytest.fixture
def exercise(session: Session) -> Exercise:
    made = make_exercise(session)
    made.instruments["full"].version_id = make_paper_version(session).id
    made.group.code = "camden-panel"
    session.commit()
    return made


def send(client: PageClient, exercise: Exercise, content: bytes, *, status: int = 200, **what: Any) -> Page:
    fields = {"instrument_id": exercise.instruments["full"].id} | what
    return client.post_page(f"{ROOM}/", upload(content, **fields), status=status)


def to_the_trial(client: PageClient, columns: Mapping[str, str] | None = None) -> Page:
    """Go on with the columns as they were guessed, but for `columns`."""
    page = client.submit(client.get_page(f"{ROOM}/written"))
    return client.submit(page, dict(columns or {}))


def take_in(client: PageClient, exercise: Exercise, content: bytes, **what: Any) -> Page:
    send(client, exercise, content, **what)
    assert to_the_trial(client).h1 == "What would be imported"
    return client.post_page(f"{ROOM}/check")


def stored(session: Session) -> list[tuple[Response, dict[str, Any]]]:
    session.rollback()
    rows = session.execute(
        select(Response, ResponseRevision.answers)
        .join(ResponseRevision, ResponseRevision.response_id == Response.id)
        .order_by(Response.id)
    )
    return [(response, dict(answers or {})) for response, answers in rows]


def count(session: Session, what: Any) -> int:
    session.rollback()
    return session.execute(select(func.count()).select_from(what)).scalar_one()


def kept_files(app: Flask) -> list[Path]:
    folder = Path(app.instance_path) / FOLDER
    return sorted(folder.iterdir()) if folder.is_dir() else []


def test_a_file_of_another_tool_is_looked_at_mapped_tried_and_taken_in(
    app: Flask, session: Session, officer_client: PageClient, exercise: Exercise
) -> None:
    page = send(officer_client, exercise, csv_of(HEADINGS, ANN, BOB, delimiter=";", encoding="cp1252"))
    assert page.h1 == "How the file was read"
    assert page.form_values()["delimiter"] == "semicolon"
    page = officer_client.submit(page)
    assert page.h1 == "What the columns are"
    guessed = {name: value for name, value in page.form_values().items() if name.startswith("column-")}
    assert list(guessed.values()) == ["how", "first-1", "first-2", "wait", "area", "line", "_group"]
    page = officer_client.submit(page)
    assert page.h1 == "What would be imported"
    assert "2 rows would become responses. Nothing is stored yet." in page.main
    assert count(session, Response) == count(session, ImportedFile) == 0
    page = officer_client.post_page(f"{ROOM}/check")
    assert "2 responses have been imported." in page.text
    (ann, ann_said), (bob, bob_said) = stored(session)
    assert ann_said == {
        "how": {"chosen": "bus"},
        "first": {"chosen": ["asb", "roads"], "rotation": 0},
        "wait": {"point": 4},
        "line": {"text": "=24"},
        "area": {"area": "E09000007"},
    }
    assert (ann.channel, ann.area_code, ann.group_id) == (Channel.PAPER, "E09000007", exercise.group.id)
    assert (ann.late, ann.synthetic, ann.received_at) == (False, False, DURING.replace(minute=0, second=0))
    assert (bob.area_code, bob.group_id) == ("E09000003", None)
    assert bob_said["first"] == {"chosen": ["knives"], "rotation": 0}
    file = session.scalars(select(ImportedFile)).one()
    assert (file.name, file.responses, file.version_id) == ("answers.csv", 2, ann.version_id)
    assert file.imported_by == officer_client.person.label if officer_client.person else False
    assert "responses.imported" in session.scalars(select(AuditEvent.action)).all()
    # No postcode is kept anywhere, and the file is gone.
    assert "0DB" not in str(file.mapping)
    assert kept_files(app) == []


def test_the_same_file_again_changes_nothing_and_says_when_it_was_imported(
    session: Session, officer_client: PageClient, exercise: Exercise
) -> None:
    take_in(officer_client, exercise, csv_of(HEADINGS, ANN, BOB))
    with clock.stopped_at(DURING + timedelta(days=3)):
        # Also saved otherwise, and under another name: it says the same.
        page = send(
            officer_client,
            exercise,
            csv_of(HEADINGS, ANN, BOB, delimiter="\t", encoding="utf-16"),
            name="b.txt",
            status=422,
        )
    assert "This file was imported on 1 October 2027" in page.main
    assert "(2 responses). Nothing was changed." in page.main
    assert count(session, Response) == 2
    # For another questionnaire it is another matter.
    page = send(
        officer_client,
        exercise,
        csv_of(HEADINGS, ANN, BOB),
        instrument_id=exercise.instruments["postcard"].id,
    )
    assert page.h1 == "How the file was read"


def test_one_wrong_row_keeps_the_whole_file_out_and_every_wrong_row_is_named(
    session: Session, officer_client: PageClient, exercise: Exercise
) -> None:
    too_slow = (*BOB[:3], "9", *BOB[4:])
    lost = ("By bus", "Priority asb", "", "2", "", "", "")
    send(officer_client, exercise, csv_of(HEADINGS, ANN, (), too_slow, lost))
    page = to_the_trial(officer_client)
    assert page.h1 == "What the values stand for"
    page = officer_client.submit(page)
    assert "2 rows cannot be taken as they are." in page.main
    rows = [" ".join(row.itertext()).split() for row in page.all("tr")]
    assert any(row[:2] == ["4", "D"] and "“9”" in row for row in rows)
    assert any(row[:2] == ["5", "E"] for row in rows)
    page = officer_client.post_page(f"{ROOM}/check", status=422)
    assert "Nothing was imported: not every row of the file can be taken." in page.main
    assert count(session, Response) == count(session, ImportedFile) == 0


def test_values_that_are_no_answer_are_sorted_by_hand(
    session: Session, officer_client: PageClient, exercise: Exercise
) -> None:
    rows = [("Omnibus", *ANN[1:]), ("Omnibus", *ANN[1:]), ("Zeppelin", *BOB[1:4], "SW1A", "", "")]
    send(officer_client, exercise, csv_of(HEADINGS, *rows))
    page = to_the_trial(officer_client)
    assert page.h1 == "What the values stand for"
    assert "Omnibus" in page.main
    assert "Half a postcode" in page.main
    page = officer_client.submit(page, {"value-0-0": "bus", "value-0-1": "tube", "value-4-0": "undisclosed"})
    assert "3 rows would become responses." in page.main
    officer_client.post_page(f"{ROOM}/check")
    said = [answers["how"]["chosen"] for _response, answers in stored(session)]
    assert said == ["bus", "bus", "tube"]
    mapping = session.scalars(select(ImportedFile.mapping)).one()
    assert mapping["values"] == {"A": {"Omnibus": "bus", "Zeppelin": "tube"}}
    assert mapping["columns"]["E"] == {"heading": "Postcode", "part": "area"}


def test_an_answer_that_is_led_past_is_left_out_only_where_the_officer_agrees(
    session: Session, officer_client: PageClient, exercise: Exercise
) -> None:
    led_past = ("tube", *ANN[1:])
    send(officer_client, exercise, csv_of(HEADINGS, ANN, led_past))
    page = to_the_trial(officer_client)
    assert "the answers before lead past this question, but it has an answer" in page.main
    officer_client.post_page(f"{ROOM}/check", status=422)
    assert count(session, Response) == 0
    officer_client.post_page(f"{ROOM}/check", {"past": "y"})
    (_ann, ann_said), (_other, said) = stored(session)
    assert "wait" in ann_said
    assert "wait" not in said


def test_blank_required_answers_are_taken_only_where_the_officer_agrees(
    session: Session, officer_client: PageClient, exercise: Exercise
) -> None:
    send(officer_client, exercise, csv_of(HEADINGS, ("", *BOB[1:])))
    page = to_the_trial(officer_client)
    assert "How do you mostly travel?: Choose one answer." in page.main
    officer_client.post_page(f"{ROOM}/check", status=422)
    officer_client.post_page(f"{ROOM}/check", {"blank": "y"})
    ((_response, said),) = stored(session)
    assert "how" not in said


def test_answers_that_lead_to_an_end_where_nothing_is_sent_are_wrong(
    officer_client: PageClient, exercise: Exercise
) -> None:
    send(officer_client, exercise, csv_of(("how",), ("none",)))
    page = to_the_trial(officer_client)
    assert "These answers end at “Thank you”, where nothing is sent." in page.main


def test_what_we_exported_comes_back_in_without_a_hand_raised(
    session: Session, officer_client: PageClient, exercise: Exercise
) -> None:
    said = {
        "how": {"chosen": "bus"},
        "also": {"chosen": ["bus", "tube"]},
        "first": {"chosen": ["asb", "knives"], "rotation": 2, "other": "=HYPERLINK()"},
        "wait": {"point": 4},
        "stops": {"rows": {"safe": "yes"}},
        "more": {"text": "One line\n'and another; -2"},
        "since": {"date": "2026-02-03"},
        "area": {"area": "E09000007"},
        "club": {"name": "Friends", "speaks_for": 12, "agreed": "By vote"},
    }
    rows = our_rows(every_kind(), [said])
    # A row of another questionnaire of the same consultation stands in the same export.
    rows.append(["postcard", 1, "web", "Camden", "", *([None] * (len(rows[0]) - 5))])
    take_in(officer_client, exercise, write_xlsx(rows), name="answers.xlsx", channel="web")
    ((response, back),) = stored(session)
    assert back == said
    assert response.channel is Channel.WEB
    send(officer_client, exercise, our_csv(every_kind(), [said, said]))
    assert "2 rows would become responses." in to_the_trial(officer_client).main


def test_two_columns_that_are_the_same_are_refused_beside_the_second(
    officer_client: PageClient, exercise: Exercise
) -> None:
    send(officer_client, exercise, csv_of(HEADINGS, ANN))
    officer_client.submit(officer_client.get_page(f"{ROOM}/written"))
    page = officer_client.get_page(f"{ROOM}/columns")
    page = officer_client.submit(page, {"column-5": "how"}, status=422)
    assert "Columns A and F are both said to be the same." in page.main


def test_the_officer_may_say_otherwise_how_the_file_is_written(
    officer_client: PageClient, exercise: Exercise
) -> None:
    first = ("At your stop", "", "Your trips")
    second = ("I feel safe", "It is well lit", "Open-Ended Response")
    page = send(officer_client, exercise, csv_of(first, second, ("Yes", "No", "3")))
    assert page.form_values()["lines"] == "2"
    assert "At your stop (It is well lit)" in page.main
    page = officer_client.submit(page, {"lines": "1", "again": "yes"})
    assert page.h1 == "How the file was read"
    assert page.form_values()["lines"] == "1"
    assert "At your stop (It is well lit)" not in page.main


def test_a_sheet_of_a_workbook_is_chosen(officer_client: PageClient, exercise: Exercise) -> None:
    page = send(officer_client, exercise, write_xlsx([HEADINGS, ANN], title="Answers 2027"), name="a.xlsx")
    assert page.form_values()["sheet"] == "Answers 2027"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, "This is an old Excel workbook (.xls)."),
        (b"PK\x03\x04 no zip", "This is not an Excel workbook (.xlsx) that we can open."),
        (
            b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x1f\x8b" * 20,
            "This file is neither text nor an Excel workbook",
        ),
        (b"how\r\n", "There is no row below the headings."),
        (b'how,line\r\nbus,"never closed\r\n', "Row 2 has a quotation mark out of place"),
        (b"how\r\n\x81\x8d\r\n", "This text is neither in UTF-8 nor in UTF-16 nor in Windows-1252"),
    ],
)
def test_what_cannot_be_read_is_refused_and_not_kept(
    app: Flask, officer_client: PageClient, exercise: Exercise, content: bytes, sentence: str
) -> None:
    page = send(officer_client, exercise, content, status=422)
    assert sentence in page.main
    assert kept_files(app) == []


def test_the_file_is_one_officers_and_is_deleted_on_leaving_or_after_an_hour(
    app: Flask, session: Session, officer_client: PageClient, exercise: Exercise
) -> None:
    send(officer_client, exercise, csv_of(HEADINGS, ANN))
    with officer_client.session_transaction() as held:
        token = held["intake"]
    with app.app_context(), transaction(db.session()) as writing:
        other = add_person(writing, Role.ADMINISTRATOR)
    stranger = page_client(app)
    stranger.sign_in_as(other)
    with stranger.session_transaction() as held:
        held["intake"] = token
    assert "The file is no longer here" in stranger.get_page(f"{ROOM}/check").text
    (kept,) = kept_files(app)
    assert kept.stat().st_mode & 0o077 == 0
    page = officer_client.get_page(f"{ROOM}/")
    assert "You have begun to import a file." in page.main
    officer_client.post_page(f"{ROOM}/cancel")
    assert kept_files(app) == []
    send(officer_client, exercise, csv_of(HEADINGS, ANN))
    (kept,) = kept_files(app)
    touched = datetime.fromtimestamp(kept.stat().st_mtime, UTC)
    forget_uploads(session, touched + timedelta(minutes=50))
    assert kept_files(app) == [kept]
    forget_uploads(session, touched + timedelta(minutes=61))
    assert kept_files(app) == []


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (State.ANNOUNCED, "The consultation is not open yet"),
        (State.ANALYSED, "The responses have been analysed"),
    ],
)
def test_nothing_is_imported_before_the_opening_or_once_it_is_analysed(
    session: Session, officer_client: PageClient, exercise: Exercise, state: State, sentence: str
) -> None:
    send(officer_client, exercise, csv_of(HEADINGS, ANN))
    to_the_trial(officer_client)
    consultation = session.get_one(Consultation, exercise.consultation.id)
    consultation.state = state
    if state is State.ANNOUNCED:
        consultation.opened_at = None
    session.commit()
    page = officer_client.post_page(f"{ROOM}/check", status=422)
    assert sentence in page.main
    assert count(session, Response) == 0
    assert sentence in send(officer_client, exercise, csv_of(HEADINGS, BOB), status=422).main


def test_after_the_closing_responses_are_received_before_it(
    session: Session, officer_client: PageClient, exercise: Exercise
) -> None:
    consultation = session.get_one(Consultation, exercise.consultation.id)
    consultation.state, consultation.closed_at = State.CLOSED, CLOSES
    session.commit()
    with clock.stopped_at(CLOSES + timedelta(days=2)):
        take_in(officer_client, exercise, csv_of(HEADINGS, ANN))
    ((response, _said),) = stored(session)
    assert response.received_at < CLOSES
    assert not response.late
