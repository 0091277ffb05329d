"""A real HTTP server that behaves like GOV.UK Notify, and can be rude."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

from notifications_python_client.authentication import decode_jwt_token, get_token_issuer
from notifications_python_client.errors import TokenError

from engage.foundations.settings import Notify

SERVICE = "26785a09-ab16-4eb0-8407-a37497a57506"
SECRET = "3d844edf-8d35-48ac-975b-e847b4f122b0"
KEY = f"engage_live-{SERVICE}-{SECRET}"
TEMPLATE = "f33517ff-2a88-4f6e-b855-c550268ce08a"
TOKEN = "a-token-for-reports-of-delivery"
GOOD_TEMPLATE = {
    "id": TEMPLATE,
    "type": "email",
    "subject": "((subject))",
    "body": "((body))\n",
    "version": 1,
}

# What it does with a message: an answer, or one of these.
CLOSE_BEFORE = "close before taking it"
CLOSE_AFTER = "close after taking it"
HANG = "take it, and answer when the block ends"
Answer = tuple[int, str, str]
Manners = Callable[[Mapping[str, Any]], Answer | str | None]


class NotifyHost:
    """What it took lies in `taken`, in order; `asked` counts the questions about references."""

    def __init__(self, manners: Manners) -> None:
        self.manners = manners
        self.taken: list[dict[str, Any]] = []
        self.posts = 0
        self.asked = 0
        self.template: dict[str, Any] = dict(GOOD_TEMPLATE)
        self.url = ""
        self.ended = threading.Event()

    def account(self, **overrides: Any) -> Notify:
        """Return the settings that lead here."""
        return Notify(**({"api_key": KEY, "template": TEMPLATE, "url": self.url} | overrides))

    def copies(self) -> Counter[str]:
        """Return how many messages each address was sent."""
        return Counter(taken["email_address"] for taken in self.taken)

    def about(self, reference: str) -> list[dict[str, Any]]:
        """Return what it has under a reference."""
        return [
            {"id": str(uuid4()), "reference": reference, "status": "sending"}
            for taken in self.taken
            if taken.get("reference") == reference
        ]

    def wrong_with(self, message: Mapping[str, Any]) -> Answer | None:
        """Return what it refuses a message with, as Notify does."""
        if message["template_id"] != TEMPLATE:
            return 400, "BadRequestError", "Template not found"
        if missing := {"subject", "body"} - message.get("personalisation", {}).keys():
            return 400, "BadRequestError", f"Missing personalisation: {', '.join(sorted(missing))}"
        if not str(message.get("one_click_unsubscribe_url", "https")).startswith("https"):
            return 400, "ValidationError", "one_click_unsubscribe_url is not a valid https url"
        UUID(message.get("email_reply_to_id", SERVICE))
        return None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body leave in two writes; without this each answer waits for an acknowledgement.
    disable_nagle_algorithm = True
    host: NotifyHost

    def do_GET(self) -> None:
        if not self._is_let_in():
            return
        parts = urlsplit(self.path)
        if parts.path == "/v2/notifications":
            self.host.asked += 1
            self._say(
                200, {"notifications": self.host.about(parse_qs(parts.query)["reference"][0]), "links": {}}
            )
        elif parts.path == f"/v2/template/{TEMPLATE}":
            self._say(200, self.host.template)
        else:
            self._refuse(404, "NoResultFound", "No result found")

    def do_POST(self) -> None:
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self._is_let_in():
            return
        assert self.path == "/v2/notifications/email"
        self.host.posts += 1
        answer = self.host.manners(message) or self.host.wrong_with(message)
        if isinstance(answer, tuple):
            self._refuse(*answer)
            return
        if answer != CLOSE_BEFORE:
            self.host.taken.append(message)
        if answer == HANG:
            self.host.ended.wait()
        if answer is None:
            self._say(201, {"id": str(uuid4()), "reference": message.get("reference")})
        else:
            self.close_connection = True

    def _is_let_in(self) -> bool:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            allowed = get_token_issuer(token) == SERVICE and decode_jwt_token(token, SECRET)
        except TokenError:
            allowed = False
        if not allowed:
            self._refuse(403, "AuthError", "Invalid token: API key not found")
        return bool(allowed)

    def _refuse(self, status: int, error: str, message: str) -> None:
        self._say(status, {"status_code": status, "errors": [{"error": error, "message": message}]})

    def _say(self, status: int, said: Mapping[str, Any]) -> None:
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the tests look at what was taken."""


@contextmanager
def notify_host(manners: Manners = lambda message: None) -> Iterator[NotifyHost]:
    """Run one on a free port for the length of the block."""
    host = NotifyHost(manners)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"host": host}))
    server.daemon_threads = True
    host.url = f"http://127.0.0.1:{server.server_address[1]}"
    running = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    running.start()
    try:
        yield host
    finally:
        host.ended.set()
        server.shutdown()
        running.join()
        server.server_close()


def told(reference: str, status: str) -> dict[str, Any]:
    """Return a delivery report as Notify posts it."""
    return {
        "id": str(uuid4()),
        "reference": reference,
        "to": "ada@example.org",
        "status": status,
        "created_at": "2026-11-22T09:00:00.000000Z",
        "completed_at": "2026-11-22T09:00:09.000000Z",
        "sent_at": "2026-11-22T09:00:01.000000Z",
        "notification_type": "email",
        "template_id": TEMPLATE,
        "template_version": 1,
    }
