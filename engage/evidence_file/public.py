"""What anybody may know of the bundles: that they were made, when, and their digests."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from engage.evidence_file import queries
from engage.foundations.database import db
from engage.foundations.pages import Audience, Pages

pages = Pages("evidence", __name__, admits=Audience.EVERYBODY)


@pages.get("/evidence/<digest>")
def show(digest: str) -> ResponseReturnValue:
    """Say what a bundle with this digest is of, and when it was made."""
    return render_template(
        "evidence_file/public/show.html", known=queries.get_known(db.session, digest.strip().lower())
    )


@pages.get("/consultations/<slug>/evidence")
def index(slug: str) -> ResponseReturnValue:
    """List the digests of a consultation's bundles."""
    consultation, bundles = queries.get_public(db.session, slug)
    return render_template("evidence_file/public/index.html", consultation=consultation, bundles=bundles)
