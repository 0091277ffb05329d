"""Writers take turns, and prepared statements mean the same on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from time import perf_counter, sleep

from flask import Flask
from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import ClauseElement

from engage.boroughs.models import Area, AreaKind
from engage.foundations.database import db, transaction
from engage.foundations.prepared import Prepared
from tests.factories.boroughs import make_area


def test_many_writers_at_once_all_get_their_turn_in_time(app: Flask, session: Session) -> None:
    with transaction(session):
        make_area(session, residents=0)

    def add_ten(number: int) -> float:
        slowest = 0.0
        for _ in range(10):
            began = perf_counter()
            with app.app_context(), transaction(db.session):
                area = db.session.get(Area, "E09000007", with_for_update=True)
                assert area is not None
                area.residents = (area.residents or 0) + 1
            slowest = max(slowest, perf_counter() - began)
        return slowest

    with ThreadPoolExecutor(8) as pool:
        slowest = max(pool.map(add_ten, range(8)))
    session.rollback()
    assert session.scalars(select(Area.residents)).one() == 80
    assert slowest < 10


def test_a_turn_ends_with_a_rollback_too(app: Flask, session: Session) -> None:
    for _ in range(2):
        try:
            with transaction(session):
                make_area(session)
                raise LookupError
        except LookupError:
            continue
    with app.app_context(), transaction(db.session):
        make_area(db.session, name="Camden Town")
    assert session.scalars(select(Area.name)).all() == ["Camden Town"]


def test_a_reader_does_not_wait_for_a_writer(app: Flask, session: Session) -> None:
    def write_slowly() -> None:
        with app.app_context(), transaction(db.session):
            make_area(db.session)
            sleep(0.5)

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write_slowly)
        sleep(0.1)
        began = perf_counter()
        assert session.scalars(select(Area.name)).all() == []
        assert perf_counter() - began < 0.3
        writing.result()


def test_a_prepared_statement_converts_its_values_and_keeps_its_constants(session: Session) -> None:
    table = Area.__table__

    def build(dialect: str) -> ClauseElement:
        return (
            insert(table)
            .values(
                code=bindparam("code"),
                name=bindparam("name"),
                short_name="Cmd",
                kind=bindparam("kind", type_=table.c.kind.type),
            )
            .returning(table.c.code)
        )

    add = Prepared(build)
    with transaction(session):
        for code, kind in (("outside", AreaKind.OUTSIDE), ("undisclosed", AreaKind.UNDISCLOSED)):
            values = {"code": code, "name": code.title(), "kind": kind}
            assert add.run(session.connection(), values) == code
    found = session.execute(select(Area.name, Area.short_name, Area.kind).order_by(Area.code)).all()
    assert [tuple(row) for row in found] == [
        ("Outside", "Cmd", AreaKind.OUTSIDE),
        ("Undisclosed", "Cmd", AreaKind.UNDISCLOSED),
    ]


def test_a_prepared_statement_that_returns_nothing_gives_none(session: Session) -> None:
    find = Prepared(lambda dialect: select(Area.code).where(Area.name == bindparam("name")))
    assert find.run(session.connection(), {"name": "Nowhere"}) is None
