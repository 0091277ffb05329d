"""What workers run: the tasks and the periodic functions that packages declare in their `tasks.py`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import ModuleType
from typing import Any, TypeAlias, TypeVar

from sqlalchemy.orm import Session

Task: TypeAlias = Callable[[Session, datetime, dict[str, Any]], None]
Periodic: TypeAlias = Callable[[Session, datetime], None]
Run = TypeVar("Run")


@dataclass(frozen=True, slots=True)
class Registry:
    """Tasks by name, run when a job asks for them; and functions run every minute, which do what is due."""

    tasks: Mapping[str, Task]
    periodic: Mapping[str, Periodic]


def gather(*modules: ModuleType) -> Registry:
    """Return the `TASKS` and `PERIODIC` of `modules`; a name declared twice is an error."""
    tasks: dict[str, Task] = {}
    periodic: dict[str, Periodic] = {}
    for module in modules:
        _add(tasks, getattr(module, "TASKS", {}))
        _add(periodic, getattr(module, "PERIODIC", {}))
    return Registry(tasks, periodic)


def _add(known: dict[str, Run], declared: Mapping[str, Run]) -> None:
    if taken := known.keys() & declared.keys():
        raise ValueError(f"two packages declare {', '.join(sorted(taken))}")
    known.update(declared)
