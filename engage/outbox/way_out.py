"""The way out that mail takes: a mail server, GOV.UK Notify, or a folder from which nobody is sent any."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from urllib.parse import urlsplit

from engage.foundations.settings import Notify, Settings, SettingsError
from engage.outbox.checking_rules import Verdict
from engage.outbox.notify_rules import judge_set_up
from engage.outbox.transports import Transport, transport_for

NOTIFY_MODULE = "engage.outbox.notify"


class Way(StrEnum):
    """The ways out."""

    SMTP = "smtp"
    NOTIFY = "notify"
    FOLDER = "folder"


@dataclass(frozen=True, slots=True)
class WayShown:
    """The way out as it may be shown: no password and no key. `host` is empty for the folder."""

    way: Way
    host: str
    reports: bool


def way_shown(settings: Settings) -> WayShown:
    """Return the way out of the settings, and whether what arrives is reported back."""
    if settings.notify is not None:
        reports = settings.notify.callback_token is not None
        return WayShown(Way.NOTIFY, settings.notify.url.partition("://")[2], reports)
    if settings.smtp_url:
        host = urlsplit(settings.smtp_url).hostname or ""
        return WayShown(Way.SMTP, host, settings.bounce_address is not None)
    return WayShown(Way.FOLDER, "", reports=False)


def way_of(settings: Settings) -> Way:
    """Return the way that the settings name."""
    if settings.notify is not None:
        return Way.NOTIFY
    return Way.SMTP if settings.smtp_url else Way.FOLDER


def way_out(settings: Settings) -> Transport:
    """Return the way out of the settings, shut; raises `SettingsError` where it cannot be taken."""
    if settings.notify is None:
        return transport_for(settings.smtp_url, settings.instance)
    way: Transport = _notify(settings.notify)
    return way


def look_at_notify(settings: Settings, account: Notify) -> tuple[Verdict, ...]:
    """Ask Notify whether the settings will do; raises `SettingsError` where its package is missing."""
    template: Verdict = _notify(account).look_at_template()
    reports = account.callback_token is not None
    return (template, *judge_set_up(reports=reports, https=settings.secure))


def _notify(account: Notify):  # type: ignore[no-untyped-def]
    # Loaded here, by whoever sends: its packages are optional, and take their time.
    try:
        return import_module(NOTIFY_MODULE).NotifyTransport(account)
    except ModuleNotFoundError as missing:
        raise SettingsError(
            "ENGAGE_NOTIFY_API_KEY is set, but a package is missing "
            f"({missing.name}). Install engage[notify], or requirements/notify.lock."
        ) from missing
