"""What a sort of work is: how its causes are found, and what one says of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from django.core.exceptions import ImproperlyConfigured

from tracker.entries.fields import Json

from .models import Sort, Task


@dataclass(frozen=True)
class Cause:
    """Something wrong with one entry.

    :param entry: the entry's primary key.
    :param mark: tells it from other causes of its sort at the same path: the key of a source.
    :param state: what exactly is wrong; when this changes, a dismissed task comes back.
    :param about: what ``words`` needs, as JSON.
    """

    entry: int
    path: str = ""
    mark: str = ""
    state: str = ""
    about: Json = field(default_factory=dict)


Find = Callable[[Collection[int], date], Iterable[Cause]]
"""(primary keys of live entries, today) → their causes, in a number of queries that does not depend on how many."""


@dataclass(frozen=True)
class WorkSort:
    """A sort of work.

    :param words: what is to be done, in the reader's language.
    :param days: how long one has, unless ``TASK_DUE_DAYS`` says otherwise.
    """

    sort: Sort
    words: Callable[[Task], str]
    days: int
    find: Find = lambda pks, today: ()


def hashed(*parts: str) -> str:
    """64 characters that stand for the parts."""
    return sha256("\0".join(parts).encode()).hexdigest()


def refuse_strange_days(days: Mapping[str, int]) -> None:
    """Look at the setting ``TASK_DUE_DAYS``.

    :raises ImproperlyConfigured: it names no sort of work, or fewer than no days.
    """
    for sort, number in days.items():
        if sort not in Sort.values or number < 0:
            raise ImproperlyConfigured(f"TASK_DUE_DAYS: {sort}={number}; the sorts are {', '.join(Sort.values)}")


_registry: dict[str, WorkSort] = {}


def register(*sorts: WorkSort) -> None:
    """Called from ``AppConfig.ready()``."""
    for declared in sorts:
        if declared.sort in _registry:
            raise ValueError(f"the work {declared.sort} is registered twice")
        _registry[declared.sort] = declared


def get(sort: str) -> WorkSort:
    return _registry[sort]


def every() -> list[WorkSort]:
    """All sorts of work, in the order in which they are shown."""
    return [_registry[sort] for sort in Sort.values if sort in _registry]
