"""Settings, read once from the environment; `docs/settings.md` describes each."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
KEY_FILE = "secret_key"
SHORTEST_SECRET = 32
SHORTEST_TOKEN = 20
NOTIFY_URL = "https://api.notifications.service.gov.uk"

_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"


class Mode(StrEnum):
    """What the installation is for. Only `production` refuses weak settings; `demo` says so on every page."""

    PRODUCTION = "production"
    DEMO = "demo"
    TEST = "test"


class SecondFactor(StrEnum):
    """Whether officers and Members must have a second factor. Everybody may, in either case."""

    REQUIRED = "required"
    OPTIONAL = "optional"


class SettingsError(Exception):
    """A setting is missing or cannot be used. The message names it."""


@dataclass(frozen=True, slots=True)
class Notify:
    """Mail by GOV.UK Notify. Without `callback_token` it cannot tell us what arrived and what did not."""

    api_key: str = field(repr=False)
    template: str
    url: str = NOTIFY_URL
    reply_to: str | None = None
    callback_token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an installation may choose. Nothing else is read from the environment."""

    mode: Mode
    secret_key: str
    database_url: str
    instance: Path
    base_url: str
    smtp_url: str | None
    notify: Notify | None
    mail_from: str
    bounce_address: str | None
    mail_per_minute: int
    feedback_per_minute: int
    authority: str
    police_service: str
    disclosure_threshold: int
    proxies: int
    second_factor: SecondFactor

    @property
    def secure(self) -> bool:
        """Whether people reach the site by https, so that cookies may insist on it."""
        return self.base_url.startswith("https://")


def files_folder(name: str) -> Path:
    """Return `templates`, `static` or `migrations`: beside the package in a checkout, in it in a wheel."""
    packed = Path(__file__).resolve().parents[1] / "_files" / name
    return packed if packed.is_dir() else ROOT / name


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of `environment` (default: the process's own).

    Raises `SettingsError` where a value cannot be used, and where production has no secret of its own.
    """
    env = os.environ if environment is None else environment
    mode = _mode(env.get("ENGAGE_MODE", Mode.PRODUCTION))
    instance = Path(env.get("ENGAGE_INSTANCE") or ROOT / "instance").resolve()
    return Settings(
        mode=mode,
        secret_key=_secret(env.get("ENGAGE_SECRET_KEY", ""), mode, instance),
        database_url=_database_url(
            env.get("ENGAGE_DATABASE_URL") or f"sqlite:///{instance / 'engage.sqlite'}"
        ),
        instance=instance,
        base_url=(env.get("ENGAGE_BASE_URL") or "http://127.0.0.1:8000").rstrip("/"),
        smtp_url=env.get("ENGAGE_SMTP_URL") or None,
        notify=_notify(env, mode),
        mail_from=env.get("ENGAGE_MAIL_FROM") or "Engage <engage@localhost.localdomain>",
        bounce_address=env.get("ENGAGE_BOUNCE_ADDRESS") or None,
        mail_per_minute=_whole(env, "ENGAGE_MAIL_PER_MINUTE", default=60, least=0),
        feedback_per_minute=_whole(env, "ENGAGE_FEEDBACK_PER_MINUTE", default=1200, least=0),
        authority=env.get("ENGAGE_AUTHORITY") or "Metropolitan Police Authority",
        police_service=env.get("ENGAGE_POLICE_SERVICE") or "Metropolitan Police Service",
        disclosure_threshold=_whole(env, "ENGAGE_DISCLOSURE_THRESHOLD", default=5, least=2),
        proxies=_whole(env, "ENGAGE_PROXIES", default=0, least=0),
        second_factor=_second_factor(env.get("ENGAGE_SECOND_FACTOR", ""), mode),
    )


def _mode(value: str) -> Mode:
    try:
        return Mode(value)
    except ValueError:
        known = ", ".join(Mode)
        raise SettingsError(f"ENGAGE_MODE is {value!r}; it must be one of {known}.") from None


def _second_factor(value: str, mode: Mode) -> SecondFactor:
    if not value:
        return SecondFactor.REQUIRED if mode is Mode.PRODUCTION else SecondFactor.OPTIONAL
    if value not in list(SecondFactor):
        known = ", ".join(SecondFactor)
        raise SettingsError(f"ENGAGE_SECOND_FACTOR is {value!r}; it must be one of {known}.")
    if mode is Mode.PRODUCTION and value != SecondFactor.REQUIRED:
        raise SettingsError("ENGAGE_SECOND_FACTOR can be optional in demonstrations and tests only.")
    return SecondFactor(value)


def _secret(value: str, mode: Mode, instance: Path) -> str:
    if value:
        if mode is Mode.PRODUCTION and len(value) < SHORTEST_SECRET:
            raise SettingsError(f"ENGAGE_SECRET_KEY is shorter than {SHORTEST_SECRET} characters.")
        return value
    if mode is Mode.PRODUCTION:
        raise SettingsError(
            "ENGAGE_SECRET_KEY is not set, and production does not start on a default secret. "
            'Make one with: python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    return _kept_secret(instance / KEY_FILE)


def _kept_secret(path: Path) -> str:
    """Return the secret kept at `path`, made on first use, so that a demo's links outlive a restart."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return path.read_text(encoding="ascii").strip()


def _notify(env: Mapping[str, str], mode: Mode) -> Notify | None:
    """Return how mail leaves by GOV.UK Notify, None without a key. There is one way out, or none."""
    key = env.get("ENGAGE_NOTIFY_API_KEY", "")
    if not key:
        if env.get("ENGAGE_NOTIFY_TEMPLATE"):
            _missing("ENGAGE_NOTIFY_API_KEY")
        return None
    if env.get("ENGAGE_SMTP_URL"):
        raise SettingsError("ENGAGE_SMTP_URL and ENGAGE_NOTIFY_API_KEY are both set: mail has one way out.")
    if not re.fullmatch(rf"\S+-{_UUID}-{_UUID}", key):
        raise SettingsError("ENGAGE_NOTIFY_API_KEY is not a key of GOV.UK Notify: copy the whole of it.")
    return Notify(
        api_key=key,
        template=_uuid(env, "ENGAGE_NOTIFY_TEMPLATE") or _missing("ENGAGE_NOTIFY_TEMPLATE"),
        url=_notify_url(env.get("ENGAGE_NOTIFY_URL") or NOTIFY_URL, mode),
        reply_to=_uuid(env, "ENGAGE_NOTIFY_REPLY_TO"),
        callback_token=_token(env.get("ENGAGE_NOTIFY_CALLBACK_TOKEN", "")),
    )


def _missing(name: str) -> NoReturn:
    raise SettingsError(f"{name} is not set, and mail by GOV.UK Notify needs it.")


def _uuid(env: Mapping[str, str], name: str) -> str | None:
    value = env.get(name, "")
    if value and not re.fullmatch(_UUID, value):
        raise SettingsError(f"{name} must be an id as GOV.UK Notify shows it, 36 characters long.")
    return value or None


def _notify_url(url: str, mode: Mode) -> str:
    """Return the host of the interface; only tests and demonstrations may do without https."""
    parts = urlsplit(url)
    safe = parts.scheme == "https" or (parts.scheme == "http" and mode is not Mode.PRODUCTION)
    if not safe or not parts.hostname or parts.path.strip("/") or parts.query:
        raise SettingsError("ENGAGE_NOTIFY_URL must look like https://api.notifications.service.gov.uk.")
    return url.rstrip("/")


def _token(value: str) -> str | None:
    if value and (len(value) < SHORTEST_TOKEN or not value.isascii() or " " in value):
        raise SettingsError(
            f"ENGAGE_NOTIFY_CALLBACK_TOKEN must have at least {SHORTEST_TOKEN} letters and figures."
        )
    return value or None


def _database_url(url: str) -> str:
    """Return `url` for the drivers we ship: providers hand out `postgres://`, SQLAlchemy wants the driver."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _whole(env: Mapping[str, str], name: str, *, default: int, least: int) -> int:
    value = env.get(name, "") or str(default)
    if not value.isdecimal() or int(value) < least:
        raise SettingsError(f"{name} is {value!r}; it must be a whole number of at least {least}.")
    return int(value)
