"""The printer, a program of its own: JSON comes in, documents go out.

Laying out much takes hundreds of megabytes, which a server would keep for good; this ends and gives them
back. It is run by its path and knows nothing of the platform.

In: `layout` (its path), `made_at` (seconds) and `pieces`, each with its `document`, `form` ("pdf", tagged to
PDF/UA-1, or "png") and `dots` to the inch. Out: for each piece its length in eight bytes, and itself.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import typst

REFUSED = 2
LENGTH_BYTES = 8


def main() -> int:
    """Print what standard input asks for; what cannot be printed is said on standard error."""
    asked = json.load(sys.stdin)
    # Its own typefaces come first; those of the system help with other scripts.
    fonts = typst.Fonts(include_system_fonts=True, include_embedded_fonts=True)
    layout = Path(asked["layout"]).read_bytes()
    try:
        for piece in asked["pieces"]:
            made = _printed(layout, piece, fonts, asked["made_at"])
            sys.stdout.buffer.write(len(made).to_bytes(LENGTH_BYTES, "big") + made)
    except typst.TypstError as error:
        sys.stderr.write(f"{error.message}\n{error.diagnostic}")
        return REFUSED
    return 0


def _printed(layout: bytes, piece: dict[str, Any], fonts: typst.Fonts, made_at: int) -> bytes:
    form = piece["form"]
    made = typst.compile(
        layout,
        sys_inputs={"data": json.dumps(piece["document"], ensure_ascii=False)},
        font_paths=fonts,
        format=form,
        ppi=piece["dots"],
        pdf_standards="ua-1" if form == "pdf" else [],
        timestamp=made_at,
    )
    if not isinstance(made, bytes):
        raise ValueError("a picture shows one page only")
    return made


if __name__ == "__main__":
    sys.exit(main())
