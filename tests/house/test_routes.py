"""Who gets in where: every route belongs to pages with a declared audience, and keeps to it."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from werkzeug.routing import Rule

from engage.foundations.database import UNSAFE_METHODS
from engage.foundations.pages import Audience, Pages
from engage.people.rules import Role, audiences
from tests.fixtures.client import PageClient
from tests.fixtures.people import let_in_again, page_client, signed_in

# One database is enough: who is let in is decided before any is asked.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

# Files, answered for before the application is asked.
NO_PAGES = {"static"}
PLACEHOLDERS = {"int": "1", "uuid": "0f5f0d0c-2f0e-4d7e-9a3c-5d8a4a6c1b11"}
# For who has just given a password in this browser, and nobody here has.
SECOND_STEP = "second_step."
# They end every session of who presses them.
ENDS = {"account.sign_out_everywhere", "coordinator_accounts.leave"}
ROLES: tuple[Role | None, ...] = (None, *Role)


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint not in NO_PAGES]


def pages_of(app: Flask, rule: Rule) -> Pages | None:
    found = app.blueprints.get(rule.endpoint.rpartition(".")[0])
    return found if isinstance(found, Pages) else None


def test_every_route_belongs_to_pages_with_an_audience(app: Flask) -> None:
    assert len(rules(app)) > 10
    assert [rule.endpoint for rule in rules(app) if pages_of(app, rule) is None] == []


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.value if role else "nobody")
def test_each_role_is_admitted_where_its_audience_says_only(app: Flask, role: Role | None) -> None:
    client = signed_in(app, role) if role else page_client(app)
    wrong = {}
    for rule in rules(app):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            expected, found = expect(app, rule, method, role), meet(client, rule, method)
            if expected != found:
                wrong[f"{method} {rule.rule}"] = f"{found} instead of {expected}"
    assert wrong == {}


def test_every_form_is_refused_without_its_token(app: Flask) -> None:
    administrator, coordinator = signed_in(app, Role.ADMINISTRATOR), signed_in(app, Role.COORDINATOR)
    accepted = []
    for rule in rules(app):
        pages = pages_of(app, rule)
        if {rule.endpoint, rule.endpoint.partition(".")[0]} & WITHOUT_TOKEN.keys():
            continue
        client = coordinator if pages and pages.admits is Audience.COORDINATORS else administrator
        client.forges = True
        for method in sorted((rule.methods or set()) & UNSAFE_METHODS):
            if client.open(address(rule), method=method).status_code != 400:
                accepted.append(f"{method} {rule.rule}")
    assert accepted == []


# Blueprints and pages whose forms go without, each with why.
WITHOUT_TOKEN = {
    "take_part": "nobody is signed in; each form carries a ticket of its own, and works without cookies",
    "mine.read": "nobody is signed in and no session begun; the receipt code in the form is the permission",
    "panels.leave": "a mail program sends it (RFC 8058); the secret in the address is the permission",
    "feedback.unsubscribe": "a mail program sends it (RFC 8058); the secret in the address is the permission",
    "notify.delivery": "GOV.UK Notify sends it; the token in its header is the permission",
    "newsletter.stop": "a mail program sends it (RFC 8058); the secret in the address is the permission",
    "subscriptions.stop": "a mail program sends it (RFC 8058); the secret in the address is the permission",
}


def expect(app: Flask, rule: Rule, method: str, role: Role | None) -> str:
    pages = pages_of(app, rule)
    assert pages is not None
    asked = pages.asked_of(rule.endpoint, method)
    if rule.endpoint.startswith(SECOND_STEP):
        return "sent to sign in"
    if asked is Audience.EVERYBODY:
        return "admitted"
    if role is None:
        return "sent to sign in"
    return "admitted" if asked in audiences(role) else "refused"


def meet(client: PageClient, rule: Rule, method: str) -> str:
    """Return how the route receives `client`. Being told 404 or 422 inside is being admitted."""
    if client.person:
        # Signing out is a route too.
        client.sign_in_as(client.person)
    answer = client.open(address(rule), method=method)
    if client.person and rule.endpoint in ENDS:
        let_in_again(client.application, client.person)
    assert answer.status_code < 500, f"{method} {rule.rule} answered {answer.status_code}"
    if answer.status_code == 403:
        return "refused"
    if answer.status_code == 303 and answer.headers["Location"].startswith("/sign-in"):
        return "sent to sign in"
    return "admitted"


def address(rule: Rule) -> str:
    """Return an address of the rule: things that do not exist, so that nothing can change."""
    url = rule.rule
    for name in rule.arguments:
        converter = type(rule._converters[name]).__name__.removesuffix("Converter").lower()
        value = PLACEHOLDERS.get({"integer": "int"}.get(converter, converter), "nothing")
        # Arguments come in no order, so each is found by its name.
        url = re.sub(rf"<(?:[^<>]*:)?{name}>", value, url)
    return url


def test_a_member_changes_nothing_anywhere_but_their_own_account(app: Flask) -> None:
    """Whatever a Member may press belongs to the public site or to signing in; nothing is an officer's."""
    ours = audiences(Role.MEMBER)
    pressed = {
        rule.endpoint.partition(".")[0]
        for rule in rules(app)
        for method in (rule.methods or set()) & UNSAFE_METHODS
        if (pages := pages_of(app, rule)) and pages.asked_of(rule.endpoint, method) in ours
    }
    assert pressed == {"account"}
