"""A park and its own part are no rivals. Pure but for the reading of the parks above."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from parks.kinds import PARK
from tracker.delivery.moments import texts_at
from tracker.entries.fields import Json
from tracker.values import canonical

DEEPEST = 8
"""How many steps up are followed; the deepest chain known has three."""


class Part(NamedTuple):
    """``inner`` lies within ``outer``."""

    inner: str
    outer: str


def parts_among(documents: Sequence[Json], known_at: datetime | None) -> list[Part]:
    """The pairs among some parks of which one lies within the other, however deep; one query for each step up."""
    above = {document["key"]: parents_of(document) for document in documents}
    waiting = unread(above)
    for _step in range(DEEPEST):
        if not waiting:
            break
        texts = texts_at(PARK, waiting, known_at)
        above |= {key: parents_of(canonical.loads(texts[key])) if key in texts else set() for key in waiting}
        waiting = unread(above)
    return parts([document["key"] for document in documents], above)


def parts(keys: Sequence[str], above: Mapping[str, Iterable[str]]) -> list[Part]:
    """The pairs among some keys of which one lies within the other, by the parents of each park up to the top."""
    around = {key: ancestors(key, above) for key in keys}
    return [Part(inner, outer) for inner in keys for outer in keys if outer in around[inner]]


def parents_of(document: Json) -> set[str]:
    return {parent["park"]["key"] for parent in document["parents"] if parent["park"]["key"]}


def unread(above: Mapping[str, Iterable[str]]) -> set[str]:
    return {parent for parents in above.values() for parent in parents} - set(above)


def ancestors(key: str, above: Mapping[str, Iterable[str]]) -> set[str]:
    """All parks above one, by the parents of each; a circle ends."""
    found: set[str] = set()
    waiting = [key]
    while waiting:
        for parent in above.get(waiting.pop(), ()):
            if parent not in found:
                found.add(parent)
                waiting.append(parent)
    return found - {key}
