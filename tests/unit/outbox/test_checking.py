"""Whether a domain may send is judged from what its name servers say, without asking any here."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from engage.outbox.checking import check_mail
from engage.outbox.checking_rules import Found, judge

KEY = f"v=DKIM1; k=rsa; p={'A' * 392}"


class Told:
    """Name servers that know a few names."""

    def __init__(self, **records: list[str]) -> None:
        self.records = records

    def ask(self, name: str, kind: str) -> list[str]:
        return self.records.get(f"{kind}_{name.partition('.')[0].strip('_')}", [])


GOOD = Told(
    MX_mpa=["mx.mpa.example."], TXT_mpa=["v=spf1 mx -all"], TXT_dmarc=["v=DMARC1; p=reject"], TXT_s1=[KEY]
)


@pytest.mark.parametrize(
    ("found", "right"),
    [
        (Found(["mx."], ["v=spf1 mx -all"], ["v=DMARC1; p=reject"], [KEY]), "1111"),
        (Found([], [], [], []), "0000"),
        (Found(["."], ["x", "v=spf1 mx ~all"], ["v=DMARC1; p=none"], None), "0100"),
        (Found(["mx."], ["v=spf1 +all"], ["v=DMARC1;p=quarantine"], ["v=DKIM1; p="]), "1001"),
        (Found(["mx."], ["v=spf1 mx -all", "v=spf1 a -all"], ["p=reject"], ["v=DKIM1; p=AAAA"]), "1000"),
        (
            Found(["mx."], ["v=spf1 mx"], ["v=DMARC1; sp=reject"], ["v=DKIM1; k=ed25519; p=AAAA"]),
            "1001"[:2] + "10",
        ),
        (Found(["mx."], ["v=spf1 redirect=_spf.example"], ["v=DMARC1; p=reject; pct=100"], [KEY]), "1111"),
    ],
)
def test_each_record_is_judged(found: Found, right: str) -> None:
    assert "".join("1" if verdict.right else "0" for verdict in judge(found)) == right


def test_a_domain_that_is_set_up_is_said_to_be_good() -> None:
    said = CliRunner().invoke(check_mail, ["mpa.example", "--selector", "s1"], obj=GOOD)
    assert said.exit_code == 0, said.output
    assert said.output.count("good") == 4


def test_what_is_missing_is_said_in_words_and_by_the_exit_code() -> None:
    said = CliRunner().invoke(check_mail, ["mpa.example"], obj=Told(TXT_mpa=["v=spf1 -all"]))
    assert said.exit_code == 1
    assert "Add a TXT record at _dmarc" in said.output
    assert "--selector NAME" in said.output
