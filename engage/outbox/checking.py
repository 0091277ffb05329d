"""`engage check-mail`: asking the name servers whether mail from a domain will be believed."""

from __future__ import annotations

from typing import Protocol

import click
from dns.exception import DNSException
from dns.resolver import NXDOMAIN, NoAnswer, Resolver

from engage.outbox.checking_rules import Found, judge


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
@click.argument("domain")
@click.option("--selector", help="The DKIM selector that the mail server signs with.")
@click.pass_context
def check_mail(context: click.Context, domain: str, selector: str | None) -> None:
    """Say in plain words whether DOMAIN is set up to send mail that arrives."""
    asking: Asking = context.obj if hasattr(context.obj, "ask") else NameServers()
    try:
        verdicts = judge(look(asking, domain.strip().rstrip("."), selector))
    except (DNSException, UnicodeError) as error:
        raise click.ClickException(f"The name servers gave no answer ({type(error).__name__}).") from None
    for verdict in verdicts:
        click.echo(f"{'good   ' if verdict.right else 'missing'}  {verdict.name}: {verdict.words}")
    if not all(verdict.right for verdict in verdicts):
        context.exit(1)
