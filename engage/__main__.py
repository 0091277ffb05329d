"""`python3 -m engage demo` and `python3 -m engage test`: from nothing but Python to a running platform.

Everything is set up beside the checkout, in `.venv` and `static/dist`; a second run finds it there. Only the
standard library is at hand here, and this file must still be read by a Python that is too old, to say so.
"""

from __future__ import annotations

import os
import sys

OLDEST = (3, 11)
USAGE = """usage: python3 -m engage demo [--port N] [--no-serve] [--responses N] [--instance DIR]
       python3 -m engage test [arguments of pytest]

demo  set everything up, load the demonstration and serve it on 127.0.0.1:8000
test  set everything up and run the tests, on SQLite, on PostgreSQL and in a browser

Every other command is in the environment that both make: .venv/bin/engage --help"""


def main(arguments: list[str]) -> None:
    """Set up what the command needs, then become that command."""
    if sys.version_info < OLDEST:
        found = ".".join(str(part) for part in sys.version_info[:2])
        sys.exit(f"engage needs Python {OLDEST[0]}.{OLDEST[1]} or newer; this is {found}.")
    command, rest = (arguments[0] if arguments else "", arguments[1:])
    if command not in ("demo", "test"):
        print(USAGE)
        sys.exit(0 if command in ("-h", "--help") else 2)
    if rest[:1] == ["--"]:
        rest = rest[1:]
    become(command, rest)


def become(command: str, rest: list[str]) -> None:
    """Set up what `command` needs and replace this process with it; it does not come back."""
    # Not at the top: a Python that is too old cannot read it.
    from engage import bootstrap

    try:
        place, run = bootstrap.prepare(command, rest)
    except bootstrap.SetUpError as error:
        sys.exit(f"engage: {error}")
    os.chdir(place.root)
    sys.stdout.flush()
    os.execv(place.python, [str(place.python), *run])


if __name__ == "__main__":
    main(sys.argv[1:])
