"""The rules of the house that a linter does not know."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from engage.foundations.settings import ROOT

LONGEST_FILE = 400
NAMELESS_ROOMS = {"common", "utils", "helpers", "services", "misc", "lib"}
CLOCK = "engage.foundations.clock"
READS_THE_TIME = {"now", "today"}
MODULES = sorted((ROOT / "engage").rglob("*.py"))
USED = re.compile(r"^(?!import ).*?\b(engage\.\w+\.\w+)", re.MULTILINE)
TEST_FILES = sorted((ROOT / "tests").rglob("*.py"))


def test_imports_run_one_way() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache", "--no-logo"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_no_file_is_too_long_to_read() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in [*MODULES, *TEST_FILES, *(ROOT / "templates").rglob("*.html")]
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    }
    assert long == {}


def test_every_room_has_a_name_that_says_what_is_in_it() -> None:
    rooms = {path for path in [*(ROOT / "engage").rglob("*"), *(ROOT / "tests").rglob("*")] if path.is_dir()}
    assert not {path for path in rooms if path.name in NAMELESS_ROOMS}
    assert not {path for path in MODULES if path.stem in NAMELESS_ROOMS}


@pytest.mark.parametrize("role", ["rules", "service", "queries", "models"])
def test_time_is_an_argument(role: str) -> None:
    readers = {
        str(path.relative_to(ROOT)): names
        for path in MODULES
        if path.stem == role and (names := _clock_names(path) & READS_THE_TIME)
    }
    assert readers == {}


def test_services_leave_the_commit_to_their_caller() -> None:
    committing = [
        str(path.relative_to(ROOT))
        for path in MODULES
        if path.stem in ("service", "queries") and ".commit(" in path.read_text(encoding="utf-8")
    ]
    assert committing == []


def test_every_page_command_task_and_table_is_part_of_the_application() -> None:
    names = {"models", "public", "officer", "cpeg", "cli", "tasks"}
    wanted = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in MODULES
        if path.stem in names and len(path.relative_to(ROOT).parts) == 3 and path.parent.name != "foundations"
    }
    sources = [(ROOT / "engage" / name).read_text(encoding="utf-8") for name in ("app.py", "cli.py")]
    imported = _imports(ROOT / "engage" / "app.py") | _imports(ROOT / "engage" / "cli.py")
    assert wanted - imported == set()
    # Imported and then forgotten is no better.
    used = {name for name in wanted if name.endswith(".models") or name in USED.findall("".join(sources))}
    by_name = {name for name in wanted if f"from {name} import" in sources[1]}
    assert wanted - used - by_name == set()


def test_nothing_is_left_for_later() -> None:
    marks = ("TO" + "DO", "FIX" + "ME", "XX" + "X")
    left = [
        str(path.relative_to(ROOT))
        for path in [*MODULES, *TEST_FILES]
        if any(mark in path.read_text(encoding="utf-8") for mark in marks)
    ]
    assert left == []


def _imports(path: Path) -> set[str]:
    """Return the modules that `path` imports, as far as their names tell."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _clock_names(path: Path) -> set[str]:
    """Return what `path` takes from the clock, by import or as an attribute."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == CLOCK:
            found |= {alias.name for alias in node.names}
        elif (
            isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "clock"
        ):
            found.add(node.attr)
    return found
