"""Statements that run thousands of times a minute: compiled once, then run by the driver itself.

SQLAlchemy prepares every execution anew, which takes five times as long as SQLite takes to store the rows
(docs/performance.md). The text of a prepared statement and the conversion of its values still come from
SQLAlchemy, so it means the same on each kind of database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Dialect
from sqlalchemy.engine import Connection
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler


@dataclass(frozen=True, slots=True)
class _Parameter:
    """A place in a statement: filled from the values given, or, without a `name`, always with `value`."""

    key: str
    name: str | None
    value: Any
    convert: Callable[[Any], Any] | None

    def fill(self, values: Mapping[str, Any]) -> Any:
        if self.name is None:
            return self.value
        return self.convert(values[self.name]) if self.convert else values[self.name]


@dataclass(frozen=True, slots=True)
class _Text:
    """A statement as one driver wants it, its parameters by place or by name."""

    text: str
    by_place: bool
    parameters: Sequence[_Parameter]

    def fill(self, values: Mapping[str, Any]) -> tuple[Any, ...] | dict[str, Any]:
        if self.by_place:
            return tuple([parameter.fill(values) for parameter in self.parameters])
        return {parameter.key: parameter.fill(values) for parameter in self.parameters}


class Prepared:
    """A statement whose varying values are `bindparam`s, made by `build` for each kind of database."""

    def __init__(self, build: Callable[[str], ClauseElement]) -> None:
        self._build = build
        self._texts: dict[str, _Text] = {}

    def run(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        """Run it inside the transaction of `connection`; return the first value it returned, None for no row.

        Raises the driver's own errors.
        """
        statement = self._text(connection.dialect)
        cursor = connection.connection.cursor()
        try:
            cursor.execute(statement.text, statement.fill(values))
            row = cursor.fetchone() if cursor.description else None
        finally:
            cursor.close()
        return row[0] if row else None

    def _text(self, dialect: Dialect) -> _Text:
        if dialect.name not in self._texts:
            self._texts[dialect.name] = _compile(self._build(dialect.name), dialect)
        return self._texts[dialect.name]


def _compile(statement: ClauseElement, dialect: Dialect) -> _Text:
    compiled = statement.compile(dialect=dialect)
    assert isinstance(compiled, SQLCompiler)
    places = compiled.positiontup
    keys = list(compiled.binds) if places is None else places
    return _Text(
        str(compiled), places is not None, [_parameter(key, compiled.binds[key], dialect) for key in keys]
    )


def _parameter(key: str, bind: BindParameter[Any], dialect: Dialect) -> _Parameter:
    convert = bind.type.dialect_impl(dialect).bind_processor(dialect)
    if bind.required:
        return _Parameter(key, bind.key, None, convert)
    return _Parameter(key, None, convert(bind.value) if convert else bind.value, convert)
