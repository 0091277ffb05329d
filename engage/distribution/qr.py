"""QR codes of links, as pictures that print well."""

from __future__ import annotations

from io import BytesIO

import segno

# A quarter of the picture may be smudged or torn: posters hang outside.
SMUDGE = "q"
QUIET = 4
PNG_DOTS = 12


def svg(address: str) -> bytes:
    """Return the QR code of `address` as an SVG that scales; it has no style of its own."""
    picture = BytesIO()
    code = segno.make(address, error=SMUDGE, micro=False)
    code.save(
        picture,
        kind="svg",
        border=QUIET,
        dark="#000",
        light="#fff",
        omitsize=True,
        svgclass=None,
        lineclass=None,
    )
    return picture.getvalue()


def png(address: str) -> bytes:
    """Return the QR code of `address` as a black-and-white PNG, large enough for a poster."""
    picture = BytesIO()
    segno.make(address, error=SMUDGE, micro=False).save(picture, kind="png", border=QUIET, scale=PNG_DOTS)
    return picture.getvalue()
