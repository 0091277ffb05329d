"""What a bundle says of feedback, its ledger, plans and progress is what the public pages say."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from engage.analysis.queries import evidence_folder
from engage.consultations.rules import State
from engage.evidence_file.verifying import verify
from engage.feedback.ledger.rules import UNSUBSCRIBED
from engage.feedback.models import Delivery, Feedback
from engage.feedback.rules import DeliveryState, Route
from engage.foundations import clock
from engage.foundations.settings import Settings
from engage.plan_export.deciding import progress
from engage.plan_export.models import Decision
from engage.plan_export.plans import publishing, queries
from engage.plan_export.plans.publishing import Evidence
from engage.plan_export.rules import Standing
from tests.factories import plans
from tests.factories.evidence_file import LATER, files_of, make_bundle, make_whole
from tests.factories.feedback import make_decided as make_another
from tests.factories.responses import Exercise
from tests.fixtures.client import PageClient
from tests.fixtures.page import Page, text_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

HERE = "/consultations/priorities"
SAID = {
    "said": "{responses} of you answered.\n<b>Burglary</b> came first: {count:burglary} named it.",
    "decided": "Burglary: {outcome:burglary}.",
    "reconciled": "Why: {reason:burglary}",
    "easy_read": "We asked. You said: {share:burglary} say burglary.",
}


@pytest.fixture
def whole(session: Session, settings: Settings) -> Exercise:
    """A consultation that is decided."""
    exercise = make_whole(session, settings)
    exercise.consultation.state, exercise.consultation.decided_at = State.DECIDED, LATER
    session.commit()
    return exercise


def bundled(session: Session, settings: Settings, exercise: Exercise) -> dict[str, Any]:
    """Make a bundle that is sound, and return its documents by path."""
    _, file = make_bundle(session, settings, exercise)
    assert verify(file).faults == ()
    files = files_of(file)
    return {path: json.loads(content) for path, content in files.items() if path.endswith(".json")}


def feed_back(session: Session, exercise: Exercise, **changed: Any) -> Feedback:
    values = {"published_at": LATER, "mailed_at": LATER} | SAID | changed
    feedback = Feedback(consultation_id=exercise.consultation.id, **values)
    session.add(feedback)
    session.commit()
    return feedback


def owe(session: Session, feedback: Feedback, counts: Mapping[tuple[Route, DeliveryState], int]) -> None:
    """Put so many rows into the ledger for each route and state, and some that are owed no more."""
    gone = {"route": Route.EMAIL, "state": DeliveryState.UNDELIVERABLE, "reason": UNSUBSCRIBED}
    rows = [gone | {"settled_at": LATER}] * 7
    for (route, state), number in counts.items():
        reason = "550 quentin.respondent@example.test" if state is DeliveryState.UNDELIVERABLE else ""
        rows += [{"route": route, "state": state, "reason": reason, "settled_at": LATER}] * number
    session.execute(insert(Delivery), [row | {"feedback_id": feedback.id} for row in rows])
    session.commit()


def facts_on(page: Page) -> dict[str, str]:
    """Return what the page says of who has the result, by what it is called."""
    lists = [one for one in page.all("dl") if "app-facts" in (one.get("class") or "")]
    return {
        text_of(row[0]): " ".join(text_of(row[1]).split())
        for one in lists
        for row in one
        if len(row) == 2 and row[0].tag.endswith("dt")
    }


def test_published_feedback_is_in_it_word_for_word_as_its_page_says_it(
    session: Session, settings: Settings, whole: Exercise, client: PageClient
) -> None:
    feedback = feed_back(session, whole, published_at=None, mailed_at=None)
    assert bundled(session, settings, whole)["feedback.json"] is None
    feedback.published_at = LATER
    session.commit()
    told = bundled(session, settings, whole)["feedback.json"]
    assert told["said"] == "25 of you answered.\n<b>Burglary</b> came first: 12 named it."
    page = client.get_page(f"{HERE}/feedback").text
    for part in ("said", "decided", "reconciled"):
        assert "{" not in told[part]
        assert " ".join(told[part].split()) in " ".join(page.split()), part
    easy = client.get_page(f"{HERE}/feedback", query_string={"version": "easy-read"}).text
    assert told["easy_read"] == "We asked. You said: 48% say burglary."
    assert "You said: 48% say burglary." in " ".join(easy.split())


def test_the_ledger_has_the_totals_that_the_page_has(
    session: Session, settings: Settings, whole: Exercise, client: PageClient
) -> None:
    feedback = feed_back(session, whole)
    owe(
        session,
        feedback,
        {
            (Route.EMAIL, DeliveryState.SENT): 90,
            (Route.EMAIL, DeliveryState.BOUNCED): 6,
            (Route.EMAIL, DeliveryState.QUEUED): 8,
            (Route.POST, DeliveryState.SENT): 20,
            (Route.POST, DeliveryState.UNDELIVERABLE): 6,
        },
    )
    ledger = bundled(session, settings, whole)["feedback.json"]["ledger"]
    assert (ledger["owed"], ledger["reached"], ledger["waiting"], ledger["failed"]) == (130, 110, 8, 12)
    page = client.get_page(f"{HERE}/feedback")
    seen = facts_on(page)
    assert seen["Are owed the result"] == str(ledger["owed"])
    assert seen["Have been reached"] == f"{ledger['reached']} ({ledger['reached_percent']})"
    assert seen["On their way"] == str(ledger["waiting"])
    assert seen["Could not be reached"] == str(ledger["failed"])
    table = {text_of(row[0]): [text_of(cell) for cell in row[1:]] for row in page.all("tr")}
    for line in ledger["routes"]:
        assert table[line["route"]] == [str(line["owed"]), line["reached_percent"]]
    assert [line["owed"] for line in ledger["routes"]] == [104, 26]


def test_the_ledger_withholds_what_the_page_withholds(
    session: Session, settings: Settings, whole: Exercise, client: PageClient
) -> None:
    feedback = feed_back(session, whole)
    owe(
        session,
        feedback,
        {
            (Route.EMAIL, DeliveryState.SENT): 40,
            (Route.EMAIL, DeliveryState.BOUNCED): 2,
            (Route.POST, DeliveryState.SENT): 3,
        },
    )
    ledger = bundled(session, settings, whole)["feedback.json"]["ledger"]
    assert (ledger["owed"], ledger["reached"], ledger["failed"]) == (45, "withheld", "withheld")
    assert {(line["owed"], line["reached_percent"]) for line in ledger["routes"]} == {
        ("withheld", "withheld")
    }
    seen = facts_on(client.get_page(f"{HERE}/feedback"))
    assert seen["Have been reached"] == ledger["reached_percent"]
    assert seen["Could not be reached"] == "fewer than 5"


def test_where_hardly_anybody_is_owed_the_result_nothing_is_told_of_it(
    session: Session, settings: Settings, whole: Exercise, client: PageClient
) -> None:
    feedback = feed_back(session, whole)
    owe(session, feedback, {(Route.EMAIL, DeliveryState.SENT): 3})
    ledger = bundled(session, settings, whole)["feedback.json"]["ledger"]
    assert ledger.pop("routes") == []
    assert set(ledger.values()) == {"withheld"}
    page = client.get_page(f"{HERE}/feedback")
    assert "Fewer than 5 people left an address" in page.text
    assert "Have been reached" not in page.text


def test_plan_versions_are_those_that_everybody_can_read_with_their_digests(
    session: Session, settings: Settings, whole: Exercise, client: PageClient
) -> None:
    plans.add_planners(session)
    folder = evidence_folder(settings)
    plan = plans.make_plan(session)
    version = plans.make_published(session, plan, folder)
    plan.foreword = "A second version, which nobody has published."
    publishing.make_version(session, by=plans.MAKER, plan=plan, note="", evidence=Evidence(folder, 5))
    other = plans.make_plan(session, title="Another plan", first_year=2031)
    session.commit()
    assert queries.rows_of(session, other).objectives == ()
    documents = bundled(session, settings, whole)
    [carried] = documents["plans.json"]
    assert (carried["plan"], carried["number"], carried["digest"]) == ("2028-29", 1, version.digest)
    assert documents[carried["file"]] == version.content
    assert "nobody has published" not in json.dumps(documents)
    with clock.stopped_at(LATER):
        given_out = client.get("/plan/2028-29/versions/1/plan.json").get_json()
    assert documents[carried["file"]] == given_out["content"]
    assert carried["digest"] == given_out["digest"]
    assert carried["digest"] in client.get_page(f"/plan/check?digest={carried['digest']}").text


def test_progress_is_in_it_as_the_page_of_decisions_tells_it(
    session: Session, settings: Settings, whole: Exercise, client: PageClient
) -> None:
    told = (
        (Standing.UNDER_WAY, "Forty officers have been moved to the worst wards."),
        (Standing.DONE, "Burglaries there fell by a third within a year."),
    )
    chosen = select(Decision.id).where(Decision.priority_code == "burglary")
    for days, (standing, said) in enumerate(told):
        now = LATER + timedelta(days=days)
        progress.record(
            session,
            actor="A <a@b.c>",
            now=now,
            decision_id=session.scalars(chosen).one(),
            standing=standing,
            said=said,
        )
    another = make_another(session, State.DECIDED, slug="another")
    [of_another] = session.scalars(
        select(Decision.id).where(Decision.consultation_id == another.id, Decision.priority_code == "parking")
    )
    progress.record(
        session,
        actor="A <a@b.c>",
        now=LATER,
        decision_id=of_another,
        standing=Standing.DONE,
        said="The boroughs have more wardens than they had.",
    )
    session.commit()
    lines = bundled(session, settings, whole)["progress.json"]
    assert [(one["code"], one["standing"], one["said"]) for one in lines] == [
        ("burglary", "done", told[1][1]),
        ("burglary", "under_way", told[0][1]),
    ]
    page = client.get_page(f"{HERE}/decisions").text
    assert [one["said"] in page for one in lines] == [True, True]
    assert page.index(lines[0]["said"]) < page.index(lines[1]["said"])
