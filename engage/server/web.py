"""The application as each web process makes it."""

from __future__ import annotations

import os

from flask import Flask

from engage import create_app
from engage.server.child import leave_with


def application() -> Flask:
    """Return the application, in a process that ends with the server that started it."""
    leave_with(os.getppid())
    return create_app()
