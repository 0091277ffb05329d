"""The figures of a run, as one line of JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from math import ceil
from typing import Any

from engage.bench.journeys import Measured, Side

MOST_ERRORS_SHOWN = 5


def report(measured: Measured, *, database: str, clients: int, seconds: float) -> dict[str, Any]:
    """Return the figures by name.

    Rates and times are of the journeys while the clock ran; `acknowledged`, `stored` and `errors` are of the
    warming up too. `*_cpu_ms` is processor time for one journey: it hardly moves when the machine is busy
    with something else.
    """
    ours, limit = measured.ours, measured.limit
    milliseconds = sorted(second * 1000 for second in ours.counted.seconds)
    per_second, limit_per_second = _rate(ours), _rate(limit)
    journeys = len(ours.counted.seconds) + len(limit.counted.seconds)
    return {
        "database": database,
        "clients": clients,
        "seconds": seconds,
        "journeys_per_second": round(per_second, 1),
        "p50_ms": percentile(milliseconds, 50),
        "p95_ms": percentile(milliseconds, 95),
        "p99_ms": percentile(milliseconds, 99),
        "errors": len(ours.errors),
        "acknowledged": len(ours.receipts),
        "stored": measured.kept.stored,
        "limit_per_second": round(limit_per_second, 1),
        "ratio": round(per_second / limit_per_second, 3) if limit_per_second else None,
        "lost": measured.kept.lost,
        "stored_twice": measured.kept.twice,
        "limit_errors": len(limit.errors),
        "limit_p95_ms": percentile(sorted(second * 1000 for second in limit.counted.seconds), 95),
        "server_cpu_ms": _cpu_milliseconds(ours),
        "limit_cpu_ms": _cpu_milliseconds(limit),
        "client_cpu_ms": round(measured.client_cpu_seconds * 1000 / journeys, 3) if journeys else None,
        "error_samples": sorted({*ours.errors, *limit.errors})[:MOST_ERRORS_SHOWN],
    }


def line(figures: dict[str, Any]) -> str:
    """Return the figures as one line of JSON."""
    return json.dumps(figures)


def kept_its_word(figures: dict[str, Any]) -> bool:
    """Tell whether every journey ended with a receipt, and every receipt with one response.

    A response whose receipt no client saw is one whose journey failed on the way back; more of those than
    errors would be responses out of nowhere.
    """
    unseen = figures["stored"] - figures["acknowledged"]
    return not figures["lost"] and not figures["stored_twice"] and 0 <= unseen <= figures["errors"]


def percentile(ordered: Sequence[float], percent: int) -> float | None:
    """Return the nearest-rank percentile of `ordered`, None of nothing."""
    if not ordered:
        return None
    return round(ordered[max(0, ceil(len(ordered) * percent / 100) - 1)], 2)


def _rate(side: Side) -> float:
    return len(side.counted.seconds) / side.counted.elapsed if side.counted.elapsed else 0.0


def _cpu_milliseconds(side: Side) -> float | None:
    if side.cpu_seconds is None or not side.counted.seconds:
        return None
    return round(side.cpu_seconds * 1000 / len(side.counted.seconds), 3)
