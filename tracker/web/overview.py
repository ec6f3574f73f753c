"""What the front page counts: by kind and city, by year, and the platforms and zones of the nation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.entries.kinds import Kind
from tracker.entries.models import Change, Containment, Entry
from tracker.timeline import listing
from tracker.timeline.counting import By, in_query

from . import dossier, order, phrases, rows, timeband
from .language import Spoken, many, spoken

CITIES = 12
TABLE_KINDS = ("policy", "park", "platform", "zone", "layout", "initiative", "series", "organisation")
OPEN_PLATFORMS = "national-open-innovation-platform"
SWITCHER_SECONDS = 300
FRONT_BAND = 270  # as high as the latest events beside it


@dataclass(frozen=True)
class City:
    """A row of the table of cities."""

    key: str
    name: Spoken
    href: str
    cells: list[tuple[int, str]]
    total: int


@dataclass(frozen=True)
class CityGroup:
    name: Spoken
    href: str
    lines: list[tuple[rows.Line, SafeString]]


def by_city(most: int = CITIES) -> list[City]:
    """The cities with most entries, and how many of each kind; a municipality counts as a city."""
    found = (
        Containment.objects.filter(kind__in=TABLE_KINDS, level__in=Containment.CITIES, entry__state="live")
        .values_list("container_id", "kind").annotate(number=Count("entry_id"))
    )  # fmt: skip
    numbers: dict[int, dict[str, int]] = defaultdict(dict)
    for city, kind, number in found:
        numbers[city][kind] = number
    first = sorted(numbers, key=lambda city: -sum(numbers[city].values()))[:most]
    named = Entry.objects.filter(pk__in=first).values_list("pk", "key", "name", "place__short_name", "name_en")
    cities = [_city(key, spoken(short or name, name_en), numbers[pk]) for pk, key, name, short, name_en in named]
    return sorted(cities, key=lambda city: (-city.total, city.key))


def _city(key: str, name: Spoken, numbers: dict[str, int]) -> City:
    cells = [(numbers.get(kind, 0), f"{reverse('list', args=[kinds.get(kind).plural])}?place={key}")
             for kind in TABLE_KINDS if kinds.known(kind)]  # fmt: skip
    return City(key, name, phrases.address("place", key), cells, sum(numbers.values()))


def switcher() -> list[tuple[str, str, str]]:
    """The cities of the place switcher in the header: (key, Chinese, English); kept for five minutes."""
    found: list[tuple[str, str, str]] | None = cache.get("web.switcher")
    if found is None:
        rows_ = (
            Containment.objects.filter(kind__in=TABLE_KINDS, level__in=Containment.CITIES, entry__state="live")
            .values_list("container__key", "container__place__short_name", "container__name_en", "container__name")
            .annotate(number=Count("entry_id")).order_by("-number", "container__key")[:CITIES]
        )  # fmt: skip
        found = [(key, short or name, name_en) for key, short, name_en, name, _number in rows_]
        cache.set("web.switcher", found, SWITCHER_SECONDS)
    return found


def by_kind() -> list[tuple[Kind, int, str]]:
    """How many live entries there are of each kind."""
    found = Entry.objects.live().order_by().values_list("kind").annotate(number=Count("pk"))
    counted = dict(found)
    return [(kind, counted.get(kind.name, 0), reverse("list", args=[kind.plural])) for kind in order.entry_kinds()]


def years(base: str) -> timeband.YearBand | None:
    """Events by year and kind, up to today."""
    told = listing.happened_by(listing.public_events(), timezone.localdate())
    shares = in_query(told.exclude(entry__kind="place"), By.YEAR)
    counted = [(int(share.bucket), share.kind, share.number) for share in shares]
    return timeband.years(counted, {kind.name: many(kind) for kind in kinds.every()}, base, FRONT_BAND)


def latest_events(most: int) -> list[dossier.Happening]:
    """The newest of what had happened by today."""
    told = listing.happened_by(listing.public_events(), timezone.localdate())
    found = told.exclude(entry__kind="place").select_related("entry")
    return [dossier.happening(row, row.entry) for row in found.order_by("-sort")[:most]]


def open_platforms() -> list[CityGroup]:
    """The national open-innovation platforms by the city they stand in."""
    found = Entry.objects.live().of_kind("platform").filter(category__key=OPEN_PLATFORMS).order_by("date_sort", "key")
    return _grouped_by_city(found, ("operators",))


def zone_programmes() -> list[tuple[Entry, list[rows.Line]]]:
    """Each programme that names zones, with its zones; the two national ones first."""
    zones_ = Entry.objects.live().of_kind("zone").order_by("date_sort", "key")
    lines = rows.lines(list(zones_))
    by_programme: dict[str, list[rows.Line]] = defaultdict(list)
    for line in sorted(lines, key=lambda line: not line.date):
        if programme := line.document.get("programme"):
            by_programme[programme["key"]].append(line)
    found = {row.key: row for row in Entry.objects.live().of_kind("programme").filter(key__in=by_programme)}
    ranked = sorted(by_programme, key=lambda key: (-len(by_programme[key]), key))
    return [(found[key], by_programme[key]) for key in ranked if key in found]


def _grouped_by_city(found: Iterable[Entry], beside: tuple[str, ...]) -> list[CityGroup]:
    groups: dict[str, CityGroup] = {}
    for line in rows.lines(list(found)):
        place: Json = next(iter(line.document.get("places") or []), {})
        city = place.get("city") or place.get("province") or place
        key = city.get("key", "")
        if key not in groups:
            groups[key] = CityGroup(spoken(_short(place, city), city.get("name_en") or ""),
                                    phrases.address("place", key), [])  # fmt: skip
        operators = [item for name in beside for item in line.document.get(name) or []]
        groups[key].lines.append((line, phrases.joined(phrases.linked(item) for item in operators)))
    return sorted(groups.values(), key=lambda group: -len(group.lines))


def _short(place: Json, city: Json) -> str:
    if place.get("key") == city.get("key") and place.get("short_name"):
        return str(place["short_name"])
    return str(city.get("name", "")).removesuffix("市")


def latest_changes(most: int) -> list[Change]:
    """The latest editorial changes, without those that only follow from others and without reference data."""
    names = [kind.name for kind in kinds.entry_kinds()]
    found = Change.objects.filter(kind__in=names).exclude(nature="derived").select_related("entry")
    return list(found.defer("entry__document", "entry__reference").order_by("-seq")[:most])
