"""Whether a domain is set up so that mail from it arrives: what is found is judged, in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

SMALLEST_KEY = 200


@dataclass(frozen=True, slots=True)
class Found:
    """What the name servers say. `dkim` None: no selector was given."""

    mx: Sequence[str]
    texts: Sequence[str]
    dmarc: Sequence[str]
    dkim: Sequence[str] | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """One thing that was looked at, and what is to be done where it is not right."""

    name: str
    right: bool
    words: str


def judge(found: Found) -> tuple[Verdict, ...]:
    """Return what is right and what is missing: MX, SPF, DKIM, DMARC."""
    return (_mx(found.mx), _spf(found.texts), _dkim(found.dkim), _dmarc(found.dmarc))


def _mx(servers: Sequence[str]) -> Verdict:
    if any(server.rstrip(".") for server in servers):
        return Verdict("MX", True, f"Mail to this domain goes to {', '.join(sorted(servers))}.")
    return Verdict("MX", False, "No mail server takes mail for this domain, so nothing can come back to it.")


def _spf(texts: Sequence[str]) -> Verdict:
    records = [text for text in texts if text.lower().split(" ")[0] == "v=spf1"]
    if not records:
        return Verdict(
            "SPF", False, "Nothing says which servers may send for this domain. Add a TXT record v=spf1."
        )
    if len(records) > 1:
        return Verdict("SPF", False, "There are several SPF records, which counts as none. Keep one.")
    terms = records[0].lower().split()
    if any(term in {"+all", "all"} for term in terms):
        return Verdict(
            "SPF", False, "The SPF record lets every server in the world send. End it with -all or ~all."
        )
    if not any(term in {"-all", "~all"} or term.startswith("redirect=") for term in terms):
        return Verdict(
            "SPF", False, "The SPF record does not say what of all other servers. End it with -all or ~all."
        )
    return Verdict("SPF", True, f"It says which servers may send: {records[0]}")


def _dkim(texts: Sequence[str] | None) -> Verdict:
    if texts is None:
        return Verdict("DKIM", False, "Not looked at. Say --selector NAME, as your mail server signs.")
    keys = [tag.strip()[2:] for text in texts for tag in text.split(";") if tag.strip().startswith("p=")]
    if not keys:
        return Verdict("DKIM", False, "There is no key at this selector, so signatures cannot be checked.")
    if not keys[0]:
        return Verdict("DKIM", False, "The key at this selector has been withdrawn (p= is empty).")
    if len(keys[0]) < SMALLEST_KEY and "k=ed25519" not in texts[0].replace(" ", ""):
        return Verdict("DKIM", False, "The key is shorter than 2048 or even 1024 bits. Make a longer one.")
    return Verdict("DKIM", True, "There is a key by which signatures are checked.")


def _dmarc(texts: Sequence[str]) -> Verdict:
    records = [text for text in texts if text.lower().replace(" ", "").startswith("v=dmarc1")]
    if not records:
        return Verdict(
            "DMARC", False, "Nothing says what to do with forged mail. Add a TXT record at _dmarc."
        )
    tags = dict(tag.strip().lower().partition("=")[::2] for tag in records[0].split(";") if "=" in tag)
    policy = tags.get("p", "").strip()
    if policy not in {"quarantine", "reject"}:
        return Verdict(
            "DMARC", False, "Forged mail is let through (p=none). After some weeks of reports, say p=reject."
        )
    return Verdict("DMARC", True, f"Forged mail is refused or set aside (p={policy}).")
