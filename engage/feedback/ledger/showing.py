"""How far feedback has come, as everybody may see it: small counts are withheld. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engage.analysis import disclosure
from engage.feedback.ledger.rules import ROUTES
from engage.feedback.rules import Reach, Route
from engage.foundations.language import Text


@dataclass(frozen=True, slots=True)
class RouteShown:
    """How many are owed the result by one route and what share of them have it. None: withheld."""

    name: Text
    owed: int | None
    share: float | None


@dataclass(frozen=True, slots=True)
class ReachShown:
    """How far feedback has come. `reached` is None where it would tell a small count of those it missed."""

    owed: int
    reached: int | None
    share: float | None
    waiting: int | None
    failed: int | None
    routes: tuple[RouteShown, ...]


def shown(total: Reach, routes: Mapping[Route, Reach], threshold: int) -> ReachShown:
    """Return what may be shown of the ledger; counts of routes add up to the total, and are so protected."""
    waiting, failed = (
        disclosure.protect_alone(count, threshold).count for count in (total.waiting, total.failed)
    )
    told = waiting is not None and failed is not None
    names = tuple(route.value for route in routes)
    cells = disclosure.protect_line(names, tuple(reach.owed for reach in routes.values()), threshold)
    lines = tuple(
        RouteShown(ROUTES[route], cell.count, None if cell.withheld else reach.share)
        for (route, reach), cell in zip(routes.items(), cells, strict=True)
    )
    return ReachShown(
        owed=total.owed,
        reached=total.reached if told else None,
        share=total.share,
        waiting=waiting,
        failed=failed,
        routes=lines if len(lines) > 1 else (),
    )
