"""The printer, a program of its own: JSON comes in, a PDF goes out.

Laying out hundreds of forms takes hundreds of megabytes, which a server would keep for good; this ends and
gives them back. It is run by its path and knows nothing of the platform but the layout beside it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import typst

LAYOUT = Path(__file__).with_name("form.typ")
REFUSED = 2


def main() -> int:
    """Print what standard input asks for; what cannot be printed is said on standard error."""
    asked = json.load(sys.stdin)
    try:
        made = typst.compile(
            LAYOUT.read_bytes(),
            sys_inputs={"data": json.dumps(asked["document"], ensure_ascii=False)},
            # Its own typefaces come first; those of the system help with other scripts.
            font_paths=typst.Fonts(include_system_fonts=True, include_embedded_fonts=True),
            pdf_standards="ua-1",
            timestamp=asked["made_at"],
        )
    except typst.TypstError as error:
        sys.stderr.write(error.message)
        return REFUSED
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
