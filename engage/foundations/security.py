"""What every answer tells the browser it may do: nothing but show our own pages, styles and scripts."""

from __future__ import annotations

from flask import Flask, Response

from engage.foundations.settings import Settings

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not `no-referrer`: over https the protection against forged requests asks where a form came from.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# For a page that other sites may show inside their own: it runs nothing, sends nothing and knows nobody.
FRAMED = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self' data:",
        "form-action 'none'",
        "frame-ancestors *",
        "base-uri 'none'",
    )
)
A_YEAR = 365 * 24 * 60 * 60


def init_security(app: Flask) -> None:
    """Send the headers with every answer. Answers are kept by nobody unless the page says otherwise.

    A shared telephone or library computer must not show the last person's receipt to the next one.
    """
    settings: Settings = app.config["SETTINGS"]
    headers = {**HEADERS, "Cache-Control": "no-store"}
    if settings.secure:
        headers["Strict-Transport-Security"] = f"max-age={A_YEAR}"
    wanted = [(name, name.lower(), value) for name, value in headers.items()]

    def protect(response: Response) -> Response:
        said = {name.lower() for name, _ in response.headers}
        if response.headers.get("Content-Security-Policy") == FRAMED:
            # The older header knows no "by anybody": it is left out.
            said.add("x-frame-options")
        for name, lower, value in wanted:
            if lower not in said:
                response.headers.add(name, value)
        return response

    app.after_request(protect)


def may_be_framed(response: Response) -> Response:
    """Let any site show this answer inside its own page; return it."""
    response.headers["Content-Security-Policy"] = FRAMED
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
