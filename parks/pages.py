"""“What applies here” as the pages of parks and places show it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict

from parks import applies
from parks.models import Basis
from policies.models import Level, Wording
from policies.status import PolicyStatus
from tracker.entries.fields import Json
from tracker.entries.models import Entry
from tracker.web.language import label
from tracker.web.parameters import day
from tracker.web.phrases import batch
from tracker.web.sections import Section

SHOWN = 6
"""How many policies of a level stand open; the others are folded."""


@dataclass(frozen=True)
class Rung:
    """The policies of one level."""

    word: str
    """'' where the level is not known."""
    first: list[Json]
    folded: list[Json]

    @property
    def total(self) -> int:
        return len(self.first) + len(self.folded)


@dataclass(frozen=True)
class Group:
    """The policies that are confirmed, or those that are not."""

    name: str
    rungs: list[Rung]

    @property
    def total(self) -> int:
        return sum(rung.total for rung in self.rungs)


@dataclass(frozen=True)
class AppliesHere:
    day: date
    api: str
    kept: list[tuple[str, str]]
    """The other parameters of the page, which the date form sends along."""
    groups: list[Group]
    starting: list[Json]
    ending: list[Json]
    zones: list[Json]
    """The zones it belongs to, each with its titles, and whether it is itself what belongs to them."""
    titles: list[Json]
    """Titles of its own and of the parks around it."""
    roles: list[Json]
    """The layouts with the parts that name it, those that name what is around it, and the parks that lie in it."""
    wider_roles: list[Json]
    located_roles: list[Json]


def applies_here(entry: Entry, parameters: QueryDict, today: date) -> AppliesHere:
    """:raises Invalid: as_of is not a day."""
    chosen = day(parameters, "as_of") or today
    answer = applies.on(entry, chosen)
    titles = [title | {"wording": _word(Wording, title["wording"]),
                       "batch": title["batch"] and batch(title["batch"])}
              for title in answer["programmes"]]  # fmt: skip
    zones = [zone | {"titles": [title for title in titles if _same(title["holder"], zone["zone"])],
                     "itself": _same(zone["through"], answer["subject"])}
             for zone in answer["zones"]]  # fmt: skip
    roles = {type_: list(_roles(answer["layouts"], type_)) for type_ in ("named", "containment", "location")}
    return AppliesHere(
        day=chosen, api=f"/api/v1/{entry.kind}s/{entry.key}/policies/?as_of={chosen.isoformat()}",
        kept=[(name, value) for name, values in parameters.lists() for value in values if name != "as_of"],
        groups=[Group(name, list(rungs(answer[name]))) for name in ("confirmed", "unverified")],
        starting=list(_policies(answer["about_to_start"])), ending=answer["about_to_end"],
        zones=zones, titles=[title for title in titles if title["holder"]["kind"] != "zone"],
        roles=roles["named"], wider_roles=roles["containment"], located_roles=roles["location"],
    )  # fmt: skip


def _same(one: Json, other: Json) -> bool:
    return (one["kind"], one["key"]) == (other["kind"], other["key"])


def _roles(layouts: list[Json], type_: str) -> Iterator[Json]:
    """The layouts with those of their parts to which it belongs in this way."""
    for layout in layouts:
        parts = [part for part in layout["parts"] if part["because"]["type"] == type_]
        if parts:
            yield layout | {"basis": _word(Basis, layout["basis"]), "parts": parts}


def rungs(groups: list[Json]) -> Iterator[Rung]:
    """The levels from national to zone, unknown last, the status of each policy in words."""
    for group in groups:
        found = list(_policies([group]))
        yield Rung(_word(Level, group["level"]), found[:SHOWN], found[SHOWN:])


def _policies(groups: list[Json]) -> Iterator[Json]:
    for group in groups:
        for item in group["policies"]:
            yield item | {"status_word": _word(PolicyStatus, item["status"])}


def _word(codes: Any, value: str | None) -> str:
    return label(codes(value)) if value else ""


APPLIES_HERE = Section(("park", "place"), "web/parts/applies.html", applies_here)
