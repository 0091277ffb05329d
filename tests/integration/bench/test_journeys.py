"""The measuring itself, shortly: real servers, real journeys, on both databases."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from engage.bench.cli import bench


def run(folder: Path, *more: str) -> dict[str, object]:
    said = CliRunner().invoke(
        bench, ["journeys", "--clients", "2", "--seconds", "2", "--folder", str(folder), "--json", *more]
    )
    assert said.exit_code == 0, said.output
    figures: dict[str, object] = json.loads(said.stdout)
    return figures


def check(figures: dict[str, object]) -> None:
    assert figures["errors"] == figures["limit_errors"] == figures["lost"] == figures["stored_twice"] == 0
    assert figures["acknowledged"] == figures["stored"]
    assert isinstance(figures["stored"], int)
    assert figures["stored"] > 0
    assert isinstance(figures["ratio"], float)
    assert figures["ratio"] > 0


@pytest.mark.slow
def test_every_acknowledged_response_is_stored_on_sqlite(tmp_path: Path) -> None:
    check(run(tmp_path))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_every_acknowledged_response_is_stored_on_postgresql(tmp_path: Path, postgres_server: str) -> None:
    check(run(tmp_path, "--database-url", postgres_server))
