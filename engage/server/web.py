"""The application as each web process makes it."""

from __future__ import annotations

import os

from flask import Flask

from engage import create_app
from engage.foundations import clock
from engage.server.child import leave_with
from engage.timetable.periods.rules import bank_holidays


def application() -> Flask:
    """Return the application, in a process that ends with the server that started it."""
    leave_with(os.getppid())
    # The calendar of holidays takes a second to load: better now than while the first officer waits.
    bank_holidays(clock.today().year)
    return create_app()
