"""The `engage` command: every package's commands, in one place."""

from __future__ import annotations

import sys

from flask.cli import FlaskGroup

from engage import create_app
from engage.bench.cli import bench
from engage.demo.cli import demo
from engage.foundations.settings import SettingsError

group = FlaskGroup(create_app=create_app, add_default_commands=False, load_dotenv=False)
# Here and not in the application: they make instances of their own, whatever the settings around them are.
group.add_command(bench)
group.add_command(demo)


def main() -> None:
    """Run the command line; settings that cannot be used end it with one sentence."""
    try:
        group(prog_name="engage")
    except SettingsError as error:
        sys.exit(f"engage: {error}")


if __name__ == "__main__":
    main()
