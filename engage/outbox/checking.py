"""`engage check-mail`: asking the name servers whether mail from a domain will be believed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import click
from dns.exception import DNSException
from dns.resolver import NXDOMAIN, NoAnswer, Resolver
from flask.cli import ScriptInfo

from engage.foundations.settings import Settings
from engage.outbox.checking_rules import Found, Verdict, judge
from engage.outbox.way_out import Way, look_at_notify, way_shown

WAYS = {
    Way.SMTP: "Mail leaves by the mail server {}.",
    Way.NOTIFY: "Mail leaves by GOV.UK Notify ({}).",
    Way.FOLDER: "No way out is set: mail is kept as files, and nobody is sent any.",
}


class Asking(Protocol):
    """Who answers for the name servers."""

    def ask(self, name: str, kind: str) -> list[str]:
        """Return the records of `kind` at `name` as text, none where there are none."""


class NameServers:
    """The name servers of this machine. Raises `DNSException` where they do not answer."""

    def ask(self, name: str, kind: str) -> list[str]:
        """See `Asking.ask`."""
        try:
            records = Resolver().resolve(name, kind, lifetime=10)
        except (NXDOMAIN, NoAnswer):
            return []
        if kind == "MX":
            return [str(record.exchange) for record in records]
        return [b"".join(record.strings).decode("utf-8", "replace") for record in records]


def look(asking: Asking, domain: str, selector: str | None) -> Found:
    """Return what is published for `domain`; `selector` names the key its mail server signs with."""
    return Found(
        mx=asking.ask(domain, "MX"),
        texts=asking.ask(domain, "TXT"),
        dmarc=asking.ask(f"_dmarc.{domain}", "TXT"),
        dkim=asking.ask(f"{selector}._domainkey.{domain}", "TXT") if selector else None,
    )


@click.command("check-mail")
@click.argument("domain", default="")
@click.option("--selector", help="The DKIM selector that the mail server signs with.")
@click.pass_context
def check_mail(context: click.Context, domain: str, selector: str | None) -> None:
    """Say in plain words by which way mail leaves, and whether DOMAIN is set up for mail that arrives.

    With GOV.UK Notify the domain is Notify's: it is asked about the key and the template, and DOMAIN may be
    left out.
    """
    verdicts = _way_out(context)
    if domain:
        asking: Asking = context.obj if hasattr(context.obj, "ask") else NameServers()
        try:
            verdicts = (*verdicts, *judge(look(asking, domain.strip().rstrip("."), selector)))
        except (DNSException, UnicodeError) as error:
            raise click.ClickException(f"The name servers gave no answer ({type(error).__name__}).") from None
    elif not verdicts:
        raise click.UsageError("Say which DOMAIN mail is sent from.")
    for verdict in verdicts:
        click.echo(f"{'good   ' if verdict.right else 'missing'}  {verdict.name}: {verdict.words}")
    if not all(verdict.right for verdict in verdicts):
        context.exit(1)


def _way_out(context: click.Context) -> Sequence[Verdict]:
    """Say by which way mail leaves, where the settings are known; return what Notify says of them."""
    platform = context.find_object(ScriptInfo)
    if platform is None:
        return ()
    settings: Settings = platform.load_app().config["SETTINGS"]
    shown = way_shown(settings)
    click.echo(WAYS[shown.way].format(shown.host))
    return look_at_notify(settings, settings.notify) if settings.notify else ()
