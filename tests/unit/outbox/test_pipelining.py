"""Handing messages over where a server takes commands together, and where it refuses, splits or hangs up."""

from __future__ import annotations

import pytest

from engage.outbox.rendering import Letter
from engage.outbox.transports import Deferred, Envelope, Rejected, SmtpTransport, read_server
from tests.factories.smtp_script import HANGS_UP, PLAIN, SILENT, Script, scripted

CONTENT = b"Subject: x\r\n\r\nHello\r\n.\r\n..two dots\r\nBye\r\n"


def envelope(name: str = "ann", address: str = "") -> Envelope:
    to = address or f"{name}@example.org"
    letter = Letter("x", "Hello", None, to, {}, f"<{name}@example.org>")
    return Envelope("engage@example.org", to, letter.message_id, CONTENT, letter)


def transport(server: Script, *, timeout: float = 5) -> SmtpTransport:
    return SmtpTransport(read_server(server.url), timeout=timeout)


def texts(server: Script) -> list[bytes]:
    """Return the texts that were not empty, as their readers have them."""
    return [text.replace(b"\r\n..", b"\r\n.") + b"\r\n" for text in server.texts if text]


def refused_then_sent(server: Script, kind: type[Exception], said: str, *, connections: int) -> None:
    """Try two messages: the first meets what the server was told to do, the other arrives all the same."""
    with transport(server) as way:
        with pytest.raises(kind, match=said):
            way.send(envelope())
        way.send(envelope("ben"))
    assert texts(server) == [CONTENT]
    assert server.connections == connections


def test_two_turns_are_enough_and_the_text_arrives_as_it_was() -> None:
    with scripted() as server, transport(server) as way:
        way.send(envelope())
        way.send(envelope("ben"))
    assert texts(server) == [CONTENT, CONTENT]
    assert (server.together, server.connections) == (3, 1)


def test_a_server_that_takes_no_commands_together_gets_one_after_the_other() -> None:
    with scripted(PLAIN) as server, transport(server) as way:
        way.send(envelope())
        way.send(envelope("ben"))
    assert texts(server) == [CONTENT, CONTENT]
    assert (server.together, server.connections) == (1, 1)


def test_a_server_without_it_refuses_as_clearly() -> None:
    with scripted(PLAIN | {"RCPT": ["550 5.1.1 Nobody", "250 OK"]}) as server:
        refused_then_sent(server, Rejected, "550 5.1.1 Nobody", connections=1)


@pytest.mark.parametrize("split", [False, True])
def test_replies_of_several_lines_and_in_single_bytes_are_understood(split: bool) -> None:
    replies = {
        "MAIL": "250-Well\r\n250-then\r\n250 OK",
        "RCPT": ["550-5.1.1 No such\r\n550 5.1.1 mailbox", "251 Will forward"],
        "TEXT": ["554 5.5.1 No valid recipients", "250-taken\r\n250 OK"],
    }
    with scripted(replies, split=split) as server:
        refused_then_sent(server, Rejected, "550 5.1.1 No such", connections=1)


@pytest.mark.parametrize(
    ("replies", "kind", "said"),
    [
        # A server may say "go ahead" though it took nobody: it gets an empty text, and says no or even yes.
        ({"RCPT": ["550 5.1.1 No", "250 OK"], "TEXT": ["554 No recipients", "250 OK"]}, Rejected, "5.1.1 No"),
        ({"RCPT": ["550 5.1.1 No", "250 OK"]}, Rejected, "550 5.1.1 No"),
        ({"RCPT": ["550 5.1.1 No", "250 OK"], "DATA": ["503 First", "354 Go"]}, Rejected, "550 5.1.1 No"),
        (
            {"RCPT": ["451 4.7.1 Later", "250 OK"], "DATA": ["554 None", "354 Go"]},
            Deferred,
            "451 4.7.1 Later",
        ),
        ({"DATA": ["451 4.3.0 Busy", "354 Go"]}, Deferred, "451 4.3.0 Busy"),
        ({"DATA": ["554 5.3.0 Never", "354 Go"]}, Rejected, "554 5.3.0 Never"),
    ],
)
def test_who_is_refused_leaves_the_connection_to_the_next(
    replies: dict[str, str | list[str]], kind: type[Exception], said: str
) -> None:
    with scripted(replies) as server:
        refused_then_sent(server, kind, said, connections=1)
    assert [text for text in server.texts if text] == [server.texts[-1]], "nobody else got the first text"
    assert "rset" in [command.lower() for command in server.commands]


@pytest.mark.parametrize(
    ("reply", "kind"), [("552 5.3.4 Too large", Rejected), ("452 4.3.1 Disk full", Deferred)]
)
def test_a_text_that_is_refused_is_told_with_its_reason(reply: str, kind: type[Exception]) -> None:
    with scripted({"TEXT": [reply, "250 OK"]}) as server, transport(server) as way:
        with pytest.raises(kind, match=reply[4:]):
            way.send(envelope())
        way.send(envelope("ben"))
    assert server.connections == 1


def test_a_sender_that_is_refused_is_our_own_fault_and_may_be_put_right() -> None:
    replies = {
        "MAIL": ["550 5.7.1 Not you", "250 OK"],
        "RCPT": ["503 First", "250 OK"],
        "DATA": ["503 First", "354 Go"],
    }
    with scripted(replies) as server:
        refused_then_sent(server, Deferred, "Sender refused: 550 5.7.1 Not you", connections=2)


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "TEXT"])
def test_a_server_that_closes_the_service_in_the_middle_is_connected_to_again(verb: str) -> None:
    after = "354 Go" if verb == "DATA" else "250 OK"
    with scripted({verb: ["421 4.3.2 Shutting down", after]}) as server, transport(server) as way:
        with pytest.raises(Deferred):
            way.send(envelope())
        way.send(envelope("ben"))
    assert texts(server)[-1] == CONTENT
    assert server.connections == 2


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "TEXT"])
def test_a_server_that_hangs_up_without_a_word_is_connected_to_again(verb: str) -> None:
    after = "354 Go" if verb == "DATA" else "250 OK"
    with scripted({verb: [HANGS_UP, after]}) as server, transport(server) as way:
        with pytest.raises(Deferred, match="connection was lost"):
            way.send(envelope())
        way.send(envelope("ben"))
    assert texts(server)[-1] == CONTENT
    assert server.connections == 2


@pytest.mark.parametrize(
    "ending",
    [{"RSET": HANGS_UP}, {"RSET": "421 Enough"}, {"DATA": ["421 Enough", "354 Go"], "TEXT": "250 OK"}],
    ids=["hangs up", "closes", "closes at once"],
)
def test_a_refusal_counts_though_the_server_has_enough_after_it(ending: dict[str, str | list[str]]) -> None:
    replies: dict[str, str | list[str]] = {
        "RCPT": ["550 5.1.1 Nobody", "250 OK"],
        "TEXT": ["554 None", "250 OK"],
    }
    with scripted(replies | ending) as server:
        refused_then_sent(server, Rejected, "550 5.1.1 Nobody", connections=2)


@pytest.mark.parametrize("verb", ["MAIL", "TEXT"])
def test_a_server_that_says_nothing_is_not_waited_for_for_ever(verb: str) -> None:
    with scripted({verb: SILENT}) as server, transport(server, timeout=0.3) as way:
        for name in ("ann", "ben"):
            with pytest.raises(Deferred, match="connection was lost"):
                way.send(envelope(name))


def test_a_reply_that_is_none_puts_the_message_off() -> None:
    with scripted({"MAIL": "what?"}) as server, transport(server) as way, pytest.raises(Deferred):
        way.send(envelope())
    assert texts(server) == []


@pytest.mark.parametrize(
    "address", ["a@example.org>\r\nRCPT TO:<all@example.org", "a\x00@example.org", "josé@example.org"]
)
def test_an_address_cannot_smuggle_a_command_in(address: str) -> None:
    with scripted() as server, transport(server) as way:
        with pytest.raises(ValueError):
            way.send(envelope(address=address))
        way.send(envelope("ben"))
    assert [command for command in server.commands if command.startswith("RCPT")] == [
        "RCPT TO:<ben@example.org>"
    ]
