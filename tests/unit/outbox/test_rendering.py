"""A message as it is sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from typing import cast

import pytest

from engage.foundations.settings import SettingsError
from engage.outbox.rendering import Letter, fill, read_sender, render

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SENDER = read_sender('"Engage, the team" <engage@example.org>')
LETTER = Letter(
    subject="What came of it",
    text_body="Dear {{name}}\n",
    html_body="<p>Dear {{name}}</p>",
    recipient="ada@example.org",
    personal={"name": "Ada"},
    message_id="<abc@example.org>",
)


def source(**changes: object) -> bytes:
    return render(replace(LETTER, **changes), sender=SENDER, at=NOW)  # type: ignore[arg-type]


def rendered(**changes: object) -> EmailMessage:
    message = message_from_bytes(source(**changes), policy=SMTP)
    assert not message.defects
    return cast(EmailMessage, message)


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def test_a_message_says_who_to_whom_when_and_that_a_machine_sent_it() -> None:
    message = rendered()
    assert message["From"] == '"Engage, the team" <engage@example.org>'
    assert message["To"] == "ada@example.org"
    assert message["Message-ID"] == "<abc@example.org>"
    assert message["Date"].datetime == NOW
    assert message["Auto-Submitted"] == "auto-generated"


def test_both_parts_are_filled_and_the_text_comes_first() -> None:
    message = rendered()
    assert [each.get_content_type() for each in message.iter_parts()] == ["text/plain", "text/html"]
    assert part(message, "plain") == "Dear Ada\n"
    assert part(message, "html") == "<p>Dear Ada</p>\n"


def test_a_value_is_text_in_the_html_part_and_itself_in_the_plain_one() -> None:
    message = rendered(personal={"name": "<b>Ada & Co</b>"})
    assert part(message, "plain") == "Dear <b>Ada & Co</b>\n"
    assert part(message, "html") == "<p>Dear &lt;b&gt;Ada &amp; Co&lt;/b&gt;</p>\n"


def test_a_value_with_line_ends_begins_no_header() -> None:
    changes = {"subject": "For {{name}}", "personal": {"name": "Ada\r\nBcc: all@example.org\x00"}}
    message = rendered(**changes)
    assert message["Subject"] == "For Ada Bcc: all@example.org"
    assert message["Bcc"] is None
    assert b"\nBcc:" not in source(**changes).partition(b"\r\n\r\n")[0]


@pytest.mark.parametrize(
    "bad",
    [
        "ada@example.org\r\nBcc: all@example.org",
        "ada@example.org\n",
        "a@x.org, b@x.org",
        "a..b@x.org",
        "ada",
        "",
    ],
)
def test_a_recipient_that_is_not_one_address_is_refused(bad: str) -> None:
    with pytest.raises(ValueError):
        rendered(recipient=bad)


@pytest.mark.parametrize("address", ["ada.l+x@mail.example.org", "o'neil@example.org", '"a b"@example.org'])
def test_an_address_stands_in_its_header_as_it_is(address: str) -> None:
    assert rendered(recipient=address)["To"].addresses[0].addr_spec == address


def test_a_message_with_a_way_out_offers_it_in_one_click_on_one_line() -> None:
    url = "https://engage.example.org/unsubscribe?token=" + "Ab_-9." * 40
    text = source(personal={"name": "Ada", "unsubscribe_url": url}).decode("ascii")
    assert f"List-Unsubscribe: <{url}>\r\n" in text
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in text


def test_a_message_without_a_way_out_offers_none() -> None:
    message = rendered()
    assert message["List-Unsubscribe"] is None
    assert message["List-Unsubscribe-Post"] is None


def test_a_message_is_ascii_on_the_wire_whatever_it_says() -> None:
    changes = {"text_body": "£5 – “yes” żółw\n" * 9, "subject": "żółw £ " * 30}
    content = source(**changes)
    assert content.isascii()
    assert max(len(line) for line in content.split(b"\r\n")) <= 78
    message = rendered(**changes)
    assert message["Subject"] == ("żółw £ " * 30).strip()
    assert part(message, "plain") == changes["text_body"]


def test_a_text_keeps_its_lines_however_they_end_and_whatever_they_hold() -> None:
    text = "a\r\nb\rc\n.\nFrom here\n--=_x--\n" + "long " * 100 + "\n  indented \t\n"
    message = rendered(text_body=text, html_body=f"<pre>{text}</pre>")
    assert part(message, "plain") == text.replace("\r\n", "\n").replace("\r", "\n")
    assert b"\n" not in source(text_body=text).replace(b"\r\n", b"")


def test_a_message_without_html_is_plain() -> None:
    assert rendered(html_body=None).get_content_type() == "text/plain"


def test_blanks_are_filled_once_and_unknown_ones_stay() -> None:
    assert fill("{{a}} {{b}} {{c}}", {"a": "{{b}}", "b": "B"}) == "{{b}} B {{c}}"


def test_a_sender_without_an_address_is_a_wrong_setting() -> None:
    with pytest.raises(SettingsError):
        read_sender("Engage")
