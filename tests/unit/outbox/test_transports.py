"""Reading the address of a mail server, and mail as files."""

from __future__ import annotations

from pathlib import Path

import pytest

from engage.foundations.settings import SettingsError
from engage.outbox.rendering import Letter
from engage.outbox.transports import (
    Envelope,
    FolderTransport,
    Server,
    SmtpTransport,
    Unreachable,
    read_server,
    transport_for,
)

ENVELOPE = Envelope(
    "engage@example.org",
    "ada@example.org",
    "<abc@example.org>",
    b"Subject: x\r\n\r\nHello\r\n",
    Letter("x", "Hello", None, "ada@example.org", {}, "<abc@example.org>"),
)


def test_an_address_names_host_port_and_sign_in() -> None:
    assert read_server("smtp://ada:p%40ss@mail.example.org:2525?starttls=1") == Server(
        "mail.example.org", 2525, "ada", "p@ss", implicit_tls=False, starttls=True
    )


def test_ports_are_the_usual_ones_where_none_is_given() -> None:
    assert read_server("smtp://mail.example.org").port == 25
    assert read_server("smtps://mail.example.org").port == 465
    assert read_server("smtps://mail.example.org").implicit_tls


@pytest.mark.parametrize("url", ["mail.example.org", "http://mail.example.org", "smtp://", "smtp://x:port"])
def test_another_kind_of_address_is_a_wrong_setting(url: str) -> None:
    with pytest.raises(SettingsError):
        read_server(url)


def test_mail_goes_to_the_folder_where_no_server_is_set(tmp_path: Path) -> None:
    assert isinstance(transport_for(None, tmp_path), FolderTransport)
    assert isinstance(transport_for("smtp://127.0.0.1", tmp_path), SmtpTransport)


def test_a_message_sent_twice_is_one_file(tmp_path: Path) -> None:
    with transport_for(None, tmp_path) as transport:
        transport.send(ENVELOPE)
        transport.send(ENVELOPE)
    [file] = (tmp_path / "outbox").iterdir()
    assert file.suffix == ".eml"
    assert file.read_bytes() == ENVELOPE.content


def test_a_folder_that_cannot_be_made_stops_all_mail(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with FolderTransport(tmp_path / "file") as transport, pytest.raises(Unreachable):
        transport.send(ENVELOPE)


def test_a_server_that_is_not_there_stops_all_mail() -> None:
    server = read_server("smtp://127.0.0.1:1")
    with SmtpTransport(server, timeout=2) as transport, pytest.raises(Unreachable):
        transport.send(ENVELOPE)
