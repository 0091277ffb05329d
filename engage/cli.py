"""The `engage` command: every package's commands, in one place."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup, FlaskGroup

from engage import create_app
from engage.bench.cli import bench
from engage.demo.cli import demo
from engage.evidence_file.cli import verify
from engage.foundations.settings import SettingsError, read_settings


class Commands(FlaskGroup):
    """Flask's group of commands; without settings it lists what can do without, and says what is missing."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, by name."""
        try:
            read_settings()
        except SettingsError as error:
            click.echo(f"engage: {error}\n", err=True)
            return AppGroup.list_commands(self, ctx)
        return super().list_commands(ctx)


group = Commands(
    create_app=create_app, add_default_commands=False, add_version_option=False, load_dotenv=False
)
# Here and not in the application: they make instances of their own, whatever the settings around them are.
group.add_command(bench)
group.add_command(demo)
# It checks what somebody else made, with nothing of theirs.
group.add_command(verify)


def main() -> None:
    """Run the command line; settings that cannot be used end it with one sentence."""
    try:
        group(prog_name="engage")
    except SettingsError as error:
        sys.exit(f"engage: {error}")


if __name__ == "__main__":
    main()
