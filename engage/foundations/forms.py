"""What forms of every package are made with."""

from __future__ import annotations

from flask_wtf import FlaskForm


class ButtonForm(FlaskForm):
    """A button and nothing else."""


def tidy(text: str | None) -> str:
    """Return typed text without blanks around it, its lines parted as we keep them; a field's filter."""
    return (text or "").replace("\r\n", "\n").strip()
