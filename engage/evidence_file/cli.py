"""`engage verify`: for whoever holds a bundle, on any machine, without a database."""

from __future__ import annotations

from pathlib import Path

import click

from engage.evidence_file.verifying import verify as check


@click.command("verify")
@click.argument("bundle", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--digest", "published", default="", help="The digest published for it: 64 hexadecimal digits.")
def verify(bundle: Path, published: str) -> None:
    """Check an evidence file: every digest, the chain, and that its days and figures agree.

    Prints a line for each fault and ends with 1 if there is any.
    """
    verdict = check(bundle, published)
    for fault in verdict.faults:
        click.echo(_harmless(fault))
    if verdict.faults:
        raise SystemExit(1)
    assert verdict.head is not None
    click.echo(_harmless(f"Nothing was changed in bundle {verdict.head.number} of {verdict.head.slug}."))
    click.echo(f"Digest: {verdict.digest}")
    if not published:
        click.echo("Compare the digest with the one that is published on the page of the consultation.")


def _harmless(line: str) -> str:
    """Return what a bundle says of itself in a shape that cannot steer the terminal of who checks it."""
    return "".join(letter if letter.isprintable() else "?" for letter in line)[:500]
