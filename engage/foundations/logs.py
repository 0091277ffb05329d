"""The log: one JSON line an event on the error stream, for people who run the platform.

It never says who asked, and never holds a query string, a form or a cookie: those carry the secrets people
hold. A page is named by its rule (`/take-part/<slug>`), not by its address.
"""

from __future__ import annotations

import logging
import sys
import time

import structlog
from flask import Flask, Response, g, request
from structlog.stdlib import BoundLogger
from structlog.types import Processor

SLOW_SECONDS = 1.0
STEPS: tuple[Processor, ...] = (
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.format_exc_info,
)


def configure_logs(level: int = logging.INFO) -> None:
    """Send everything that is logged, by us or by a library, to the error stream as JSON lines."""
    structlog.configure(
        processors=[*STEPS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=STEPS,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    # Its request lines hold whole addresses.
    logging.getLogger("werkzeug").setLevel(logging.WARNING)


def init_logs(app: Flask) -> None:
    """Log the pages that failed or were slow."""
    logger: BoundLogger = structlog.stdlib.get_logger("engage.pages")

    def begin() -> None:
        g.began = time.perf_counter()

    def end(response: Response) -> Response:
        seconds = time.perf_counter() - g.get("began", time.perf_counter())
        if response.status_code >= 500 or seconds >= SLOW_SECONDS:
            logger.warning(
                "page",
                method=request.method,
                rule=request.url_rule.rule if request.url_rule else None,
                status=response.status_code,
                milliseconds=round(seconds * 1000),
            )
        return response

    app.before_request(begin)
    app.after_request(end)
