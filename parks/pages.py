"""“What applies here” as the pages of parks and places show it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict

from parks import applies
from parks.models import Basis
from policies.models import Level
from policies.status import PolicyStatus
from tracker.entries.fields import Json
from tracker.entries.models import Entry
from tracker.web.language import label
from tracker.web.parameters import day
from tracker.web.sections import Section

SHOWN = 6
"""How many policies of a level stand open; the others are folded."""


@dataclass(frozen=True)
class Rung:
    """The policies of one level, the confirmed first."""

    word: str
    """'' where the level is not known."""
    first: list[Json]
    folded: list[Json]

    @property
    def total(self) -> int:
        return len(self.first) + len(self.folded)


@dataclass(frozen=True)
class AppliesHere:
    day: date
    api: str
    kept: list[tuple[str, str]]
    """The other parameters of the page, which the date form sends along."""
    answer: Json
    levels: list[Rung]
    starting: list[Json]
    confirmed: int
    unverified: int


def applies_here(entry: Entry, parameters: QueryDict, today: date) -> AppliesHere:
    """:raises Invalid: as_of is not a day."""
    chosen = day(parameters, "as_of") or today
    answer = applies.on(entry, chosen)
    kept = [(name, value) for name, values in parameters.lists() for value in values if name != "as_of"]
    return AppliesHere(
        chosen, f"/api/v1/{entry.kind}s/{entry.key}/policies/?as_of={chosen.isoformat()}", kept,
        answer | {"layouts": [layout | {"basis": _word(Basis, layout["basis"])} for layout in answer["layouts"]]},
        list(rungs(answer)), list(_policies(answer["about_to_start"])),
        len(list(_policies(answer["confirmed"]))), len(list(_policies(answer["unverified"]))),
    )  # fmt: skip


def rungs(answer: Json) -> Iterator[Rung]:
    """The levels from national to zone, unknown last; in each the confirmed before the unverified."""
    for level in (*Level.values, None):
        found = [
            {**item, "confirmed": name == "confirmed", "status_word": _word(PolicyStatus, item["status"])}
            for name in ("confirmed", "unverified") for group in answer[name] if group["level"] == level
            for item in group["policies"]
        ]  # fmt: skip
        if found:
            yield Rung(_word(Level, level), found[:SHOWN], found[SHOWN:])


def _policies(groups: list[Json]) -> Iterator[Json]:
    for group in groups:
        yield from group["policies"]


def _word(codes: Any, value: str | None) -> str:
    return label(codes(value)) if value else ""


APPLIES_HERE = Section(("park", "place"), "web/parts/applies.html", applies_here)
