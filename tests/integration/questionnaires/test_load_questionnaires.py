"""`engage load-questionnaires`: what an officer needs before the first consultation."""

from __future__ import annotations

from flask import Flask
from sqlalchemy.orm import Session

from engage.boroughs.service import load_london
from engage.consultations.queries import frameworks
from engage.questionnaires.cli import load_questionnaires
from engage.questionnaires.queries import published_versions


def test_an_officer_finds_the_framework_and_three_questionnaires(app: Flask, session: Session) -> None:
    load_london(session)
    session.commit()
    said = app.test_cli_runner().invoke(load_questionnaires)
    assert said.exit_code == 0, said.output
    assert "postcard (version 1)" in said.output
    assert [framework.plan_year for framework in frameworks(session)] == [2028]
    assert [(version.title[:8], version.number) for version in published_versions(session)] == [
        ("Business", 1),
        ("Full for", 1),
        ("Postcard", 1),
    ]


def test_doing_it_again_changes_nothing(app: Flask, session: Session) -> None:
    load_london(session)
    session.commit()
    runner = app.test_cli_runner()
    assert runner.invoke(load_questionnaires).output == runner.invoke(load_questionnaires).output
    assert len(published_versions(session)) == 3


def test_it_waits_for_the_boroughs(app: Flask, session: Session) -> None:
    said = app.test_cli_runner().invoke(load_questionnaires)
    assert said.exit_code == 1
    assert "engage load-london" in said.output
    assert published_versions(session) == []
