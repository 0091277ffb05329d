"""The trace clicked through, the digest checked, and every page of a plan."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engage.analysis.models import EvidenceSnapshot
from engage.consultations.models import Consultation
from engage.consultations.rules import State
from engage.foundations import clock
from engage.people.rules import Role
from engage.plan_export.models import (
    DecisionProgress,
    DecisionReport,
    PlanMeasure,
    PlanObjective,
    PlanPriority,
    PlanVersion,
    PolicingPlan,
)
from engage.plan_export.rules import Standing
from engage.responses.models import Response, ResponseRevision
from tests.factories.plans import LATER, NAMED, make_plan, make_published, snapshot_of
from tests.factories.responses import Exercise
from tests.factories.tampering import alter_version
from tests.fixtures.client import PageClient
from tests.fixtures.page import Page, text_of
from tests.fixtures.people import signed_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Counting = Callable[[], AbstractContextManager[list[str]]]
HERE = "/consultations/priorities/priorities"


@pytest.fixture
def published(session: Session, decided: Exercise, folder: Path) -> PlanVersion:
    return make_published(session, make_plan(session), folder)


def click(client: PageClient, page: Page, text: str) -> Page:
    [href, *_others] = [link.href for link in page.links if text in link.text]
    return client.get_page(href)


def test_a_plan_line_leads_to_the_very_counts_and_back(
    client: PageClient, session: Session, published: PlanVersion
) -> None:
    front = client.get_page("/")
    plan = click(client, click(client, front, "The policing plan"), "Policing plan 2028/29")
    assert "12 of 43 (28%)" in plan.text
    counts = click(client, plan, "The counts of 1 December 2027")
    shown = {row.get("id"): [text_of(cell) for cell in row.iter("td")][:1] for row in counts.all("tr")}
    named = Counter(
        code
        for answers in session.scalars(
            select(ResponseRevision.answers).join(Response, Response.id == ResponseRevision.response_id)
        )
        for code in answers["priorities"]["chosen"]
    )
    assert named == NAMED
    for code, times in named.items():
        assert shown[code] == [str(times) if times >= 5 else "withheld"]
    total = session.scalar(select(func.count()).select_from(Response))
    assert f"12 of {total} responses named it" in click(client, counts, "Burglary").text
    question = click(client, counts, "What should the police put first?")
    assert "Drug dealing" in question.text
    back = click(client, click(client, counts, "Burglary"), "Objective 1: Burglary")
    assert back.url.split("#")[0] == plan.url


def test_everybody_reads_what_became_of_each_priority_asked(
    client: PageClient, session: Session, published: PlanVersion, decided: Exercise
) -> None:
    decision_id = session.scalar(
        select(PlanPriority.decision_id).join(PlanObjective).where(PlanObjective.title == "Burglary")
    )
    session.add(
        DecisionProgress(
            decision_id=decision_id,
            standing=Standing.UNDER_WAY,
            said="<b>Patrols</b> have begun.",
            said_by="x",
            said_at=LATER,
        )
    )
    session.commit()
    everything = client.get_page(HERE)
    codes = {link.href.rpartition("/")[2] for link in everything.links if f"{HERE}/" in link.href}
    assert codes > {"burglary", "fraud", "robbery", "asb", "hate_crime", "drugs"}
    for code in codes:
        client.get_page(f"{HERE}/{code}")
    won = client.get_page(f"{HERE}/burglary").text
    assert "Under way" in won
    assert "<b>Patrols</b> have begun." in won
    lost = client.get_page(f"{HERE}/fraud").text
    assert "Not adopted" in lost
    assert "Most people who answered named it" in lost
    assert "in no objective" in lost
    assert "Nothing was decided on it" in client.get_page(f"{HERE}/asb").text
    assert "None of 43 responses named it" in client.get_page(f"{HERE}/drugs").text
    small = client.get_page(f"{HERE}/hate_crime")
    assert "is withheld" in small.text
    assert "2 of" not in small.text
    client.get_page(f"{HERE}/unheard_of", 404)


def test_decisions_say_which_objective_takes_them_up(
    client: PageClient, officer_client: PageClient, published: PlanVersion
) -> None:
    for each, path in ((client, ""), (officer_client, "/officer")):
        page = each.get_page(f"{path}/consultations/priorities/decisions")
        assert page.text.count("In the plan: Objective 1: Burglary") == 1
        assert click(each, page, "Objective 1: Burglary").h1 == "Policing plan 2028/29"


def test_nothing_is_told_before_it_is_decided_or_published(
    client: PageClient, session: Session, decided: Exercise
) -> None:
    make_plan(session)
    digest = snapshot_of(session, decided).digest
    client.get_page("/plan/2028-29", 404)
    client.get_page("/plan/2028-29/versions/1", 404)
    consultation = session.get_one(Consultation, decided.consultation.id)
    consultation.state = State.ANALYSED
    session.commit()
    for path in (HERE, f"{HERE}/burglary", f"/consultations/priorities/counts/{digest}"):
        client.get_page(path, 404)
    assert "not public" in client.get_page(f"/plan/check?digest={digest}").text


def test_counts_that_nothing_was_decided_from_are_not_shown(
    client: PageClient, session: Session, decided: Exercise
) -> None:
    used = snapshot_of(session, decided)
    other = EvidenceSnapshot(
        consultation_id=used.consultation_id,
        digest="ab" * 32,
        manifest=used.manifest,
        through=used.through,
        responses=used.responses,
        made_at=used.made_at,
    )
    session.add(other)
    session.commit()
    client.get_page(f"/consultations/priorities/counts/{other.digest}", 404)
    client.get_page(f"/consultations/priorities/counts/{used.digest}")


def test_a_printed_digest_leads_to_what_it_is_of(
    client: PageClient, session: Session, published: PlanVersion, decided: Exercise
) -> None:
    snapshot = snapshot_of(session, decided)
    report = DecisionReport(
        consultation_id=snapshot.consultation_id,
        number=3,
        snapshot_id=snapshot.id,
        content={},
        digest="cd" * 32,
        made_by="x",
        made_at=LATER,
    )
    session.add(report)
    session.commit()
    spaced = " ".join(re.findall("....", published.digest.upper()))
    for typed in (published.digest, published.digest[:16], spaced, f" {published.digest[:20].upper()} "):
        page = client.get_page("/plan/check", query_string={"digest": typed})
        assert "Version 1 of the plan “Policing plan 2028/29”" in page.text
        assert click(client, page, "Read it").text.count("Version 1, published") == 1
    page = client.get_page("/plan/check", query_string={"digest": report.digest[:16]})
    assert "Report 3 on “Policing priorities”" in page.text
    assert report.digest in click(client, page, "See the counts it is of").text
    page = client.get_page("/plan/check", query_string={"digest": snapshot.digest})
    assert "A snapshot of the responses" in page.text
    assert "none of ours" in client.get_page("/plan/check", query_string={"digest": "0" * 16}).text
    for typed in ("abc", "%" * 20, "_" * 64, "<script>alert(1)</script>", "é" * 64):
        page = client.get_page("/plan/check", 422, query_string={"digest": typed})
        assert "not a digest" in page.text


def test_a_changed_version_is_shown_to_nobody_and_its_digest_says_so(
    client: PageClient, session: Session, published: PlanVersion, app: Flask
) -> None:
    alter_version(session, published.id, content={**published.content, "synthetic": True})
    app.config["PROPAGATE_EXCEPTIONS"] = False
    assert client.get("/plan/2028-29").status_code == 500
    assert client.get("/plan/2028-29/versions/1/plan.json").status_code == 404
    assert "do not rely on it" in client.get_page(f"/plan/check?digest={published.digest}").text


def test_two_officers_make_approve_and_publish_a_plan_by_the_pages(
    app: Flask, officer_client: PageClient, client: PageClient, session: Session, decided: Exercise
) -> None:
    with clock.stopped_at(LATER):
        page = officer_client.post_page(
            "/officer/plans/new",
            {"title": "The <plan>", "first_year": "2028", "years": "1", "begin": "decisions"},
        )
        assert "1 priority was adopted and is in no objective yet" in page.text
        [objective, _other] = session.scalars(select(PlanObjective).order_by(PlanObjective.position))
        here = f"/officer/plans/2028-29/objectives/{objective.id}"
        page = officer_client.get_page(f"{here}/decisions")
        [robbery] = [box.get("value") for box in page.all("input") if box.get("name") == "decisions"]
        page = officer_client.post_page(f"{here}/decisions", {"decisions": [robbery]})
        assert "Everything adopted for this plan is in an objective" in page.text
        officer_client.post_page(f"{here}/decisions", {}, status=422)
        page = officer_client.post_page(f"{here}/measures/new", {"text": "Visits", "target": "9 in 10"})
        assert "9 in 10" in page.text
        assert (
            "Shorten" in officer_client.post_page(here, {"title": "T", "text": "x" * 4001}, status=422).text
        )
        page = officer_client.post_page(f"{here}/move", {"move": "down"})
        assert page.text.index("1. Hate crime") < page.text.index("2. Burglary")
        page = officer_client.post_page("/officer/plans/2028-29/versions/new", {"note": "For the meeting"})
        assert "Somebody else has to approve it" in page.text
        versions = "/officer/plans/2028-29/versions/1"
        assert "You made this" in officer_client.post_page(f"{versions}/approve", status=422).text
        second = signed_in(app, Role.ADMINISTRATOR)
        assert "It can be published" in second.post_page(f"{versions}/approve").text
        assert "is published" in officer_client.post_page(f"{versions}/publish").text
        assert "already" in officer_client.post_page(f"{versions}/publish", status=422).text
    assert "The <plan>" in client.get_page("/plan/2028-29").text
    member = signed_in(app, Role.MEMBER)
    text = member.get_page("/officer/plans/2028-29").text
    assert "Add an objective" not in text
    member.get_page(versions)


def test_many_lines_cost_as_many_queries_as_one(
    client: PageClient,
    officer_client: PageClient,
    session: Session,
    decided: Exercise,
    folder: Path,
    query_count: Counting,
) -> None:
    plan = make_plan(session)
    make_published(session, plan, folder)
    paths = ((client, "/plan/2028-29"), (officer_client, "/officer/plans/2028-29"), (client, HERE))

    def asked() -> list[int]:
        numbers = []
        for each, path in paths:
            each.get_page(path)
            with query_count() as statements:
                each.get_page(path)
            numbers.append(len(statements))
        return numbers

    few = asked()
    fill(session, plan, 200)
    make_published(session, plan, folder)
    assert asked() == few


def fill(session: Session, plan: PolicingPlan, lines: int) -> None:
    decisions = list(session.scalars(select(PlanPriority.decision_id)))
    for place in range(lines):
        objective = PlanObjective(plan_id=plan.id, position=place + 10, title=f"Objective {place}")
        session.add(objective)
        session.flush()
        values: dict[str, Any] = {"objective_id": objective.id, "position": 1}
        session.add(PlanMeasure(text="Visits", target="", **values))
        session.add(PlanPriority(decision_id=decisions[place % len(decisions)], **values))
    session.commit()
