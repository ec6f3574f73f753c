"""What the lanes count, asked of the database: a few grouped queries, however many events there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, F, Max, Min, Q, QuerySet, Value, When
from django.db.models.functions import Substr

from tracker.entries.models import Containment, Entry
from tracker.timeline.listing import certain_by
from tracker.timeline.models import Event
from tracker.web.language import Spoken, spoken

from .marks import Group
from .steps import Step

CITIES = 12
"""How many cities have a lane; what lies in none of them shares the last."""

# Only what the index event_in_time holds is counted by, so that the rows with their documents are not read.

# The sort key of an event begins with its first day and its precision in days: 2017-09-01+00029+….
_YEAR, _MONTH, _DAY = 4, 7, 10
_PRECISION = Substr("sort", 12, 5)

Key = tuple[Any, ...]
"""What stands in the columns that a division groups by."""


@dataclass(frozen=True, eq=False)
class Division:
    """Events divided into lanes by the values of some columns."""

    events: QuerySet[Event]
    columns: tuple[str, ...]


def by_kind(events: QuerySet[Event]) -> Division:
    return Division(events, ("entry__kind",))


def by_place(events: QuerySet[Event], places: Iterable[int]) -> Division:
    """By the places, given by their ids, that entries lie in; an event in two of them is in both."""
    located = events.filter(entry__containments__container__in=list(places))
    return Division(located.annotate(container=F("entry__containments__container_id")), ("container",))


def by_place_and_kind(events: QuerySet[Event], places: Iterable[int]) -> Division:
    return Division(by_place(events, places).events, ("container", "entry__kind"))


def elsewhere(events: QuerySet[Event], places: Iterable[int]) -> Division:
    """The events that lie in none of the places, as one lane."""
    inside = Containment.objects.filter(container__in=list(places))
    return Division(events.exclude(entry__in=inside.values("entry_id")), ())


def groups(division: Division, step: Step, day: date) -> dict[Key, list[Group]]:
    """The events of each lane, counted by units no longer than a step; what is known less closely, by its bounds.

    :param day: what may have happened by it but also later is counted as only possible.
    """
    coarse = Q(precision__gte=f"{step.days:05d}")
    counted = (
        division.events.annotate(
            precision=_PRECISION, unit=Case(When(coarse, then=Value("")), default=Substr("sort", 1, _unit(step))),
            since=Case(When(coarse, then=F("date_lower"))), until=Case(When(coarse, then=F("date_upper"))),
        )
        .order_by()
        .values_list(*division.columns, "unit", "since", "until")
        .annotate(
            lower=Min("date_lower"), upper=Max("date_upper"), number=Count("*"),
            conflicts=Count("sort", filter=Q(conflict=True)),
            possible=Count("sort", filter=_only_possible(day)), alone=Min("sort"),
        )
    )  # fmt: skip
    found: dict[Key, list[Group]] = {}
    for *key, unit, _since, _until, lower, upper, number, conflicts, possible, alone in counted:
        group = Group(lower, upper, unit == "", number, conflicts, possible, alone if number == 1 else "")
        found.setdefault(tuple(key), []).append(group)
    return found


def _only_possible(day: date) -> Q:
    begun = Q(date_lower__lte=day) | Q(date_lower__isnull=True)
    return begun & (Q(date_upper__gt=day) | Q(date_upper__isnull=True))


def _unit(step: Step) -> int:
    """How much of an ISO day names the unit that events are counted by."""
    if not step.months:
        return _DAY
    return _MONTH if step.months < 12 else _YEAR


def years(events: QuerySet[Event]) -> dict[int, int]:
    """How many events begin in each year."""
    counted = events.order_by().values_list(Substr("sort", 1, _YEAR)).annotate(number=Count("*"))
    return {int(year): number for year, number in counted}


def members(division: Division, keys: Sequence[Key], day: date) -> dict[Key, list[Group]]:
    """The single events of some lanes, oldest first."""
    wanted = Q()
    for key in keys:
        wanted |= Q(**dict(zip(division.columns, key, strict=True)))
    rows = (
        division.events.filter(wanted)
        .order_by("sort")
        .values_list(*division.columns, "date_lower", "date_upper", "conflict", "sort")
    )
    found: dict[Key, list[Group]] = {}
    for *key, lower, upper, conflict, sort in rows:
        possible = (lower is None or lower <= day) and not certain_by(upper, day)
        found.setdefault(tuple(key), []).append(Group(lower, upper, False, 1, int(conflict), int(possible), sort))
    return found


def single(events: QuerySet[Event], sorts: Iterable[str]) -> dict[str, Event]:
    """The rows of the events that are drawn by themselves, by their sort keys."""
    rows = events.filter(sort__in=list(sorts)).select_related("entry")
    shown = rows.only("id", "sort", "type", "date", "date_lower", "date_upper", "title_zh", "title_en", "conflict",
                      "document", "entry__kind", "entry__key")  # fmt: skip
    return {row.sort: row for row in shown}


@dataclass(frozen=True)
class City:
    id: int
    key: str
    name: Spoken


def cities(events: QuerySet[Event]) -> list[City]:
    """The cities in which most entries with such events lie; a municipality counts as a city."""
    found = (
        Containment.objects.filter(level__in=Containment.CITIES, entry__in=events.values("entry_id"))
        .values_list("container_id", "container__key", "container__name", "container__place__short_name",
                     "container__name_en")
        .annotate(number=Count("entry_id")).order_by("-number", "container__key")[:CITIES]
    )  # fmt: skip
    return [City(pk, key, spoken(short or name, name_en)) for pk, key, name, short, name_en, _number in found]


def place_lane(entry: Entry) -> City:
    return City(entry.pk, entry.key, spoken(entry.name, entry.name_en))
