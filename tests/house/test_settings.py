"""Every setting is documented, and nothing documented is gone."""

from __future__ import annotations

import re

from engage.foundations.settings import ROOT

READ = re.compile(r"os\.getenv|os\.environ\.get\(|os\.environ\[[^\]]*\](?!\s*=[^=])")
NAME = re.compile(r"\bENGAGE_[A-Z_]+\b")
# For tests and set-up alone: settings.py does not read them.
NOT_SETTINGS = {
    "ENGAGE_TEST_DATABASE_URL",
    "ENGAGE_CHROMIUM",
    "ENGAGE_REQUIRE_PG",
    "ENGAGE_REQUIRE_BROWSER",
}


def _names(path: str) -> set[str]:
    return set(NAME.findall((ROOT / path).read_text(encoding="utf-8")))


def test_every_setting_is_documented() -> None:
    assert _names("engage/foundations/settings.py") == _names("docs/settings.md") - NOT_SETTINGS


def test_nothing_else_reads_settings_from_the_environment() -> None:
    readers = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "engage").rglob("*.py")
        if READ.search(path.read_text(encoding="utf-8"))
    }
    allowed = {"engage/foundations/settings.py", "engage/bootstrap.py"}
    assert readers - allowed == set()
