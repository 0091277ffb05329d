"""Whoever looks after a group sees where mail comes back from."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from engage.groups.models import GroupContact
from engage.outbox.models import BouncedAddress
from tests.fixtures.client import PageClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_coordinator_and_an_officer_see_which_contacts_mail_comes_back_from(
    session: Session, coordinator_client: PageClient, officer_client: PageClient
) -> None:
    assert coordinator_client.person
    group_id = coordinator_client.person.group_id
    for name in ("Ada", "Ben"):
        session.add(GroupContact(group_id=group_id, name=name, role="", email=f"{name}@example.test".lower()))
    since = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
    session.add(BouncedAddress(address="ben@example.test", since=since, status="5.1.1"))
    session.commit()
    for page in (
        coordinator_client.get_page("/coordinator/group/"),
        officer_client.get_page("/officer/groups/test-waltham-forest-cpeg"),
    ):
        lines = page.all("span", class_="app-lines__meta")
        said = [" ".join("".join(line.itertext()).split()) for line in lines]
        [ada] = [line for line in said if line.startswith("ada@")]
        [ben] = [line for line in said if line.startswith("ben@")]
        assert "Mail comes back since 3 November 2026" in ben
        assert "comes back" not in ada
