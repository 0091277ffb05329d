"""Serve the limit exactly as `engage serve` serves the platform: `python -m engage.bench.limit_server`."""

from __future__ import annotations

import os

import click

from engage.server.child import leave_with
from engage.server.processes import Serving, serve

APPLICATION = "engage.bench.limit:application"


@click.command()
@click.option("--host", required=True)
@click.option("--port", type=int, required=True)
@click.option("--workers", type=int, required=True)
@click.option("--threads", type=int, required=True)
def main(host: str, port: int, workers: int, threads: int) -> None:
    """Serve until stopped."""
    leave_with(os.getppid())
    serve(Serving(host, port, workers, threads, APPLICATION), with_worker=False)


if __name__ == "__main__":
    main()
