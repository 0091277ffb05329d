"""Settings come from the environment, and production does not start on weak ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from engage.foundations.settings import Mode, SecondFactor, SettingsError, read_settings

SECRET = "s" * 40


def test_production_is_the_default_and_needs_a_secret(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="ENGAGE_SECRET_KEY is not set"):
        read_settings({"ENGAGE_INSTANCE": str(tmp_path)})


def test_production_refuses_a_short_secret(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="shorter than 32"):
        read_settings({"ENGAGE_INSTANCE": str(tmp_path), "ENGAGE_SECRET_KEY": "s" * 31})
    assert read_settings({"ENGAGE_INSTANCE": str(tmp_path), "ENGAGE_SECRET_KEY": "s" * 32})


def test_a_demo_makes_its_secret_once_and_for_itself_alone(tmp_path: Path) -> None:
    environment = {"ENGAGE_MODE": "demo", "ENGAGE_INSTANCE": str(tmp_path)}
    first = read_settings(environment)
    assert len(first.secret_key) >= 32
    assert read_settings(environment).secret_key == first.secret_key
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("given", ["postgres://u@h/d", "postgresql://u@h/d", "postgresql+psycopg://u@h/d"])
def test_any_spelling_of_a_postgresql_address_is_for_our_driver(given: str, tmp_path: Path) -> None:
    settings = read_settings(
        {"ENGAGE_SECRET_KEY": SECRET, "ENGAGE_INSTANCE": str(tmp_path), "ENGAGE_DATABASE_URL": given}
    )
    assert settings.database_url == "postgresql+psycopg://u@h/d"


def test_without_an_address_the_database_is_a_file_of_the_instance(tmp_path: Path) -> None:
    settings = read_settings({"ENGAGE_SECRET_KEY": SECRET, "ENGAGE_INSTANCE": str(tmp_path)})
    assert settings.mode is Mode.PRODUCTION
    assert settings.database_url == f"sqlite:///{tmp_path / 'engage.sqlite'}"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ENGAGE_MODE", "holiday"),
        ("ENGAGE_DISCLOSURE_THRESHOLD", "1"),
        ("ENGAGE_DISCLOSURE_THRESHOLD", "few"),
        ("ENGAGE_PROXIES", "-1"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(name: str, value: str, tmp_path: Path) -> None:
    environment = {"ENGAGE_SECRET_KEY": SECRET, "ENGAGE_INSTANCE": str(tmp_path)}
    with pytest.raises(SettingsError, match=name):
        read_settings(environment | {name: value})


def test_cookies_insist_on_https_where_people_come_by_it(tmp_path: Path) -> None:
    environment = {"ENGAGE_SECRET_KEY": SECRET, "ENGAGE_INSTANCE": str(tmp_path)}
    assert read_settings(environment | {"ENGAGE_BASE_URL": "https://engage.example/"}).secure
    assert not read_settings(environment).secure


@pytest.mark.parametrize(
    ("mode", "given", "expected"),
    [
        ("production", "", SecondFactor.REQUIRED),
        ("production", "required", SecondFactor.REQUIRED),
        ("demo", "", SecondFactor.OPTIONAL),
        ("demo", "required", SecondFactor.REQUIRED),
        ("test", "", SecondFactor.OPTIONAL),
    ],
)
def test_production_always_asks_officers_for_a_code(
    mode: str, given: str, expected: SecondFactor, tmp_path: Path
) -> None:
    environment = {"ENGAGE_SECRET_KEY": SECRET, "ENGAGE_INSTANCE": str(tmp_path), "ENGAGE_MODE": mode}
    assert read_settings(environment | {"ENGAGE_SECOND_FACTOR": given}).second_factor is expected
    with pytest.raises(SettingsError, match="ENGAGE_SECOND_FACTOR"):
        read_settings(environment | {"ENGAGE_SECOND_FACTOR": "perhaps"})


def test_production_does_not_start_with_an_optional_code(tmp_path: Path) -> None:
    environment = {"ENGAGE_SECRET_KEY": SECRET, "ENGAGE_INSTANCE": str(tmp_path)}
    with pytest.raises(SettingsError, match="demonstrations and tests only"):
        read_settings(environment | {"ENGAGE_SECOND_FACTOR": "optional"})
