"""Which function carries out which job; each concern registers its own in ``AppConfig.ready()``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from tracker.accounts.models import User
from tracker.values.errors import Invalid

from .progress import Progress

Arguments = dict[str, Any]


class Work(Protocol):
    """Does a job and returns what it did, in one line for people.

    It may be called again after its worker died: it begins at ``progress.cursor`` or skips what is done already.
    Its writes and their ``progress.step`` stand in one transaction, so that no two workers can both do a step.
    """

    def __call__(self, *, actor: User | None, arguments: Arguments, progress: Progress) -> str: ...


_registry: dict[str, Work] = {}
_daily: list[str] = []
_when: dict[str, Callable[[datetime], bool]] = {}


def register(name: str, work: Work) -> None:
    if name in _registry:
        raise ValueError(f"the job {name} is registered twice")
    _registry[name] = work


def register_daily(name: str, work: Work) -> None:
    """Register a job, without arguments, that the sweep asks for once a day (Asia/Shanghai)."""
    register(name, work)
    _daily.append(name)


def register_when(name: str, work: Work, due: Callable[[datetime], bool]) -> None:
    """Register a job, without arguments, that the sweep asks for whenever something is due."""
    register(name, work)
    _when[name] = due


def due(now: datetime) -> tuple[str, ...]:
    return tuple(name for name, is_due in _when.items() if is_due(now))


def daily() -> tuple[str, ...]:
    return tuple(_daily)


def get(name: str) -> Work:
    """
    :raises Invalid: nothing is registered under that name.
    """
    if name not in _registry:
        raise Invalid(f"there is no job {name!r}", [("name", f"one of {', '.join(sorted(_registry))}")])
    return _registry[name]
