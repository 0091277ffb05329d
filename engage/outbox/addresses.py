"""An address as it is kept, wherever somebody leaves one."""

from __future__ import annotations

import re

from email_validator import EmailNotValidError, validate_email

from engage.foundations.language import lazy
from engage.foundations.refusals import Refused

_ATOMS = r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*"
_USUAL = re.compile(rf"{_ATOMS}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*", re.ASCII)


def tidy_address(address: str) -> str:
    """Return an address in the one form it is kept in; raises `Refused` where it cannot be one."""
    try:
        # Reserved names such as example.test are for demonstrations; nothing is asked of the network here.
        # A name that is not ASCII would need mail servers that few people have.
        checked = validate_email(
            address.strip(), check_deliverability=False, test_environment=True, allow_smtputf8=False
        )
    except EmailNotValidError:
        raise Refused(lazy("Write a whole email address, like name@example.org."), field="address") from None
    return (checked.ascii_email or checked.normalized).lower()


def domain_of(address: str) -> str:
    """Return the part of an address that names the server it goes to."""
    return address.rpartition("@")[2].lower()


def is_usual(address: str) -> bool:
    """Tell whether an address is of the usual form: no quotes or parsing are needed, which take long."""
    return _USUAL.fullmatch(address) is not None
