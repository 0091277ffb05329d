"""What our Flask does differently."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response, session, stream_with_context
from werkzeug.test import create_environ

from engage.foundations.application import Application


def app() -> Application:
    app = Application("test", static_folder=None)
    app.add_url_rule("/whole", view_func=lambda: "whole", endpoint="whole")
    app.add_url_rule("/pieces", view_func=_pieces, endpoint="pieces")
    return app


def _pieces() -> Response:
    def rows() -> Iterator[str]:
        yield "one"
        yield "two"

    return Response(stream_with_context(rows()))


def test_an_answer_that_is_there_goes_out_as_one() -> None:
    answer = app()(create_environ("/whole"), lambda *rest: lambda piece: None)
    assert answer == [b"whole"]


def test_an_answer_that_is_still_being_made_goes_out_in_pieces() -> None:
    answer = app()(create_environ("/pieces"), lambda *rest: lambda piece: None)
    assert not isinstance(answer, list)
    assert list(answer) == [b"one", b"two"]


def test_an_answer_to_head_has_no_body() -> None:
    answer = app()(create_environ("/whole", method="HEAD"), lambda *rest: lambda piece: None)
    assert b"".join(answer) == b""


def test_what_was_to_happen_at_the_end_happens() -> None:
    happened = []
    whole = Application("test", static_folder=None)

    def view() -> Response:
        response = whole.make_response("whole")
        response.call_on_close(lambda: happened.append("closed"))
        return response

    whole.add_url_rule("/", view_func=view)
    assert whole(create_environ("/"), lambda *rest: lambda piece: None) == [b"whole"]
    assert happened == ["closed"]


def test_a_session_comes_back_as_it_was_and_a_forged_one_as_nothing() -> None:
    app_with_key = Application("test", static_folder=None)
    app_with_key.secret_key = "k" * 40

    @app_with_key.get("/count")
    def count() -> str:
        session["seen"] = session.get("seen", 0) + 1
        return str(session["seen"])

    client = app_with_key.test_client()
    assert [client.get("/count").text for _ in range(3)] == ["1", "2", "3"]
    cookie = client.get_cookie("session")
    assert cookie is not None
    client.set_cookie("session", cookie.value[:-3] + "abc")
    assert client.get("/count").text == "1"
