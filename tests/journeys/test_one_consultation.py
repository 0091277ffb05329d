"""One consultation from timetable to feedback, as its people live it, with and without scripts."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import load_workbook

from engage.consultations.queries import get_consultation
from engage.foundations import clock
from engage.foundations.database import db, transaction
from engage.foundations.settings import ROOT
from engage.foundations.spreadsheets import read_csv
from tests.factories.outbox import Sink
from tests.journeys import the_coordinator, the_londoner, the_officer
from tests.journeys.conftest import COORDINATOR
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NEIGHBOURS = 8
KNIVES, BURGLARY = "Knife crime", "Burglary"
WORDS = "Stop the knife crime"
REASON = "=1+1 is what a spreadsheet would make of this: it becomes an objective of the plan."
WHY_NOT = "Burglaries have fallen for years, and officers will visit after each one anyway."


# Each database and each kind of browser once: what one does not see of the pages, the other does.
@pytest.mark.parametrize(
    ("database_url", "scripts"),
    [("sqlite", True), ("postgresql", False)],
    indirect=True,
    ids=["sqlite-with", "postgresql-without"],
)
@pytest.mark.usefixtures("town")
def test_one_consultation_goes_from_timetable_to_feedback(
    app: Flask,
    visitor: Callable[[], Visitor],
    mailbox: Sink,
    environment: dict[str, str],
    tmp_path: Path,
) -> None:
    officer, coordinator, londoner = visitor(), visitor(), visitor()
    the_officer.adds_an_entry(officer)
    the_officer.plans_and_opens_it(officer)
    link = the_coordinator.finds_the_link(coordinator)
    receipt = answered_by_link(londoner, link)
    answered_in_own_words(visitor())
    the_coordinator.sees_how_many_came(coordinator, "fewer than 5")
    the_londoner.neighbours_answer(app, NEIGHBOURS, "knife_crime", "burglary")

    the_officer.closes_it(officer)
    the_grace_passes(app)
    the_officer.codes_and_counts(officer, WORDS, KNIVES)
    the_officer.makes_the_report(officer)
    the_officer.decides(officer, KNIVES, "Adopted", REASON)
    the_officer.decides(officer, BURGLARY, "Not adopted", WHY_NOT)
    the_officer.signs_for_the_short_time(officer)
    exported_for_the_plan(*the_officer.exports(officer, tmp_path))
    the_officer.feeds_back(officer, visitor())

    the_worker_runs(environment)
    everybody_is_told(mailbox, londoner)
    the_officer.reads_the_ledger(officer, "amira@example.org", "bertie@example.org")
    the_officer.reads_the_audit_log(officer)
    the_public_reads_it(visitor())
    the_londoner.reads_what_became_of_it(londoner, receipt, KNIVES, REASON)


def answered_by_link(londoner: Visitor, link: str) -> str:
    """Find the consultation, answer, change the answers, and return the receipt code."""
    londoner.go("/")
    londoner.sees("Have your say", "front page")
    londoner.go("/timetable/")
    londoner.sees("Timetable")
    londoner.follows(the_officer.TITLE)
    londoner.sees(the_officer.TITLE, "entry")
    londoner.go(link)
    londoner.sees(the_officer.TITLE, "start")
    londoner.reads("You came by the link of Waltham Forest")
    londoner.follows("Postcard")
    the_londoner.asks_for_too_much_first(londoner)
    londoner.presses("Send my answers")
    receipt = the_londoner.keeps_the_receipt(londoner)
    the_londoner.tells_about_themself(londoner)
    the_londoner.leaves_an_address(londoner, "amira@example.org")
    the_londoner.reads_the_answers_back(londoner, receipt, "Waltham Forest")
    the_londoner.changes_the_postcard(londoner, "Hackney", KNIVES)
    the_londoner.reads_the_answers_back(londoner, receipt, "Hackney", KNIVES)
    return receipt


def answered_in_own_words(londoner: Visitor) -> None:
    the_londoner.answers_in_own_words(londoner)
    the_londoner.changes_the_borough(londoner, "Camden")
    londoner.page.get_by_role("button", name="Send my answers").dblclick()
    receipt = the_londoner.keeps_the_receipt(londoner)
    londoner.goes_back()
    londoner.go(f"/take-part/{the_officer.SLUG}/received")
    assert the_londoner.keeps_the_receipt(londoner) == receipt
    the_londoner.leaves_an_address(londoner, "bertie@example.org")


def the_grace_passes(app: Flask) -> None:
    """Let the half hour be over that is left to those who had begun: nothing else can wait for it."""
    with app.app_context(), transaction(db.session()) as session:
        consultation = get_consultation(session, the_officer.SLUG)
        assert consultation.grace_ends_at > clock.now()
        consultation.grace_ends_at = clock.now()


def exported_for_the_plan(csv: Path, xlsx: Path) -> None:
    """Both files say the same; the CSV gives the texts back as written, and the XLSX holds no formula."""
    heading, *rows = read_csv(csv.read_bytes())
    lines = {row[heading.index("priority")]: dict(zip(heading, row, strict=True)) for row in rows}
    assert lines[KNIVES]["outcome"] == "Adopted"
    assert lines[KNIVES]["reason"] == REASON
    assert int(lines[KNIVES]["mentions"]) >= NEIGHBOURS + 1
    assert lines[KNIVES]["base"] == str(NEIGHBOURS + 2)
    assert lines[BURGLARY]["reason"] == WHY_NOT
    assert re.fullmatch(r"[0-9a-f]{64}", lines[KNIVES]["snapshot"])
    assert "version 1" in lines[KNIVES]["questions"]
    sheet = load_workbook(xlsx).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert [cell.value for cell in sheet[1]] == heading
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert REASON in {cell.value for cell in cells}


def the_worker_runs(environment: dict[str, str]) -> None:
    """Run the real worker until nothing is due, and once more: it says what is true when it next looks."""
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-m", "engage.cli", "worker", "--once"],
            env=os.environ | environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr


def everybody_is_told(mailbox: Sink, londoner: Visitor) -> None:
    """Each address has one message; its link unsubscribes by a page, and by the one click of a program.

    The group that gave its link away has one too, which asks it to tell its own people.
    """
    copies = mailbox.copies()
    assert set(copies.values()) == {1}
    messages = dict(mailbox.accepted)
    assert messages.pop(COORDINATOR)["Subject"] == f"Pass on what came of “{the_officer.TITLE}”"
    assert len(messages) == NEIGHBOURS + 2
    body = messages["amira@example.org"].get_body(preferencelist=("plain",))
    assert body is not None
    text = body.get_content()
    assert KNIVES in text
    assert WHY_NOT in " ".join(text.split())
    assert f"/consultations/{the_officer.SLUG}/feedback" in text
    londoner.go(way_out(messages["amira@example.org"]["List-Unsubscribe"]))
    londoner.sees("Stop these emails")
    londoner.presses("Stop writing to me")
    londoner.sees("We will not write to you again")
    bertie = messages["bertie@example.org"]
    assert bertie["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    with urllib.request.urlopen(way_out(bertie["List-Unsubscribe"]), b"List-Unsubscribe=One-Click") as page:
        assert page.status == 200


def way_out(header: str) -> str:
    """Return the address in a List-Unsubscribe header."""
    found = re.search(r"<(https?://[^>]+)>", header)
    assert found, header
    return found.group(1)


def the_public_reads_it(reader: Visitor) -> None:
    reader.go("/what-happened")
    reader.sees("What happened")
    reader.follows(the_officer.TITLE)
    reader.sees("What came of", "feedback for everybody")
    # Ten people left an address, and one group gave its link away.
    reader.reads("of you answered, most naming knives.", WHY_NOT, "Have been reached", "11 (100%)")
