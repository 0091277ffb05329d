"""Mail has one way out, and GOV.UK Notify is one only where its settings fit together."""

from __future__ import annotations

from pathlib import Path

import pytest

from engage.foundations.settings import NOTIFY_URL, Notify, Settings, SettingsError, read_settings
from tests.factories.notify import KEY, SERVICE, TEMPLATE, TOKEN

WHOLE = {"ENGAGE_NOTIFY_API_KEY": KEY, "ENGAGE_NOTIFY_TEMPLATE": TEMPLATE}


def read(folder: Path, mode: str = "production", **more: str) -> Settings:
    always = {"ENGAGE_SECRET_KEY": "s" * 40, "ENGAGE_INSTANCE": str(folder), "ENGAGE_MODE": mode}
    return read_settings(always | more)


def test_without_a_key_there_is_no_notify(tmp_path: Path) -> None:
    assert read(tmp_path).notify is None
    assert read(tmp_path, ENGAGE_NOTIFY_API_KEY="").notify is None


def test_a_key_and_a_template_are_enough(tmp_path: Path) -> None:
    assert read(tmp_path, **WHOLE).notify == Notify(KEY, TEMPLATE, NOTIFY_URL, None, None)


def test_the_rest_is_read_too(tmp_path: Path) -> None:
    more = {
        "ENGAGE_NOTIFY_REPLY_TO": SERVICE,
        "ENGAGE_NOTIFY_CALLBACK_TOKEN": TOKEN,
        "ENGAGE_NOTIFY_URL": "https://notify.example/",
    }
    found = read(tmp_path, **WHOLE, **more).notify
    assert found == Notify(KEY, TEMPLATE, "https://notify.example", SERVICE, TOKEN)
    assert KEY not in repr(found)
    assert TOKEN not in repr(found)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"ENGAGE_SMTP_URL": "smtp://mail.example"}, "one way out"),
        ({"ENGAGE_NOTIFY_API_KEY": ""}, "ENGAGE_NOTIFY_API_KEY is not set"),
        ({"ENGAGE_NOTIFY_API_KEY": KEY[:-1]}, "copy the whole of it"),
        ({"ENGAGE_NOTIFY_TEMPLATE": ""}, "ENGAGE_NOTIFY_TEMPLATE is not set"),
        ({"ENGAGE_NOTIFY_TEMPLATE": "((body))"}, "ENGAGE_NOTIFY_TEMPLATE must be an id"),
        ({"ENGAGE_NOTIFY_REPLY_TO": "engage@example.org"}, "ENGAGE_NOTIFY_REPLY_TO must be an id"),
        ({"ENGAGE_NOTIFY_CALLBACK_TOKEN": "short"}, "at least 20"),
        ({"ENGAGE_NOTIFY_CALLBACK_TOKEN": "with a blank in the middle"}, "at least 20"),
        ({"ENGAGE_NOTIFY_URL": "http://notify.example"}, "ENGAGE_NOTIFY_URL"),
        ({"ENGAGE_NOTIFY_URL": "https://notify.example/v2"}, "ENGAGE_NOTIFY_URL"),
        ({"ENGAGE_NOTIFY_URL": "notify.example"}, "ENGAGE_NOTIFY_URL"),
    ],
)
def test_settings_that_do_not_fit_are_refused_in_a_sentence(
    tmp_path: Path, changed: dict[str, str], words: str
) -> None:
    with pytest.raises(SettingsError, match=words) as refused:
        read(tmp_path, **(WHOLE | changed))
    assert KEY[-10:] not in str(refused.value)


def test_without_https_it_is_for_tests(tmp_path: Path) -> None:
    found = read(tmp_path, mode="test", **WHOLE, ENGAGE_NOTIFY_URL="http://127.0.0.1:6011").notify
    assert found is not None
    assert found.url == "http://127.0.0.1:6011"
