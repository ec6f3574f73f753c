"""The page of a place: what is there, what replaced what, and how it came about."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString

from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.entries.models import Containment, Entry, Reference
from tracker.timeline import listing
from tracker.timeline.models import Event
from tracker.values import canonical

from . import dossier, glyph, order, phrases, rows, sparkline, timeband
from .language import Spoken, english, many, pick, said, spoken

LISTED = 8
LAYOUTS = 8
LANE_EVENTS, LATEST_EVENTS = 400, 60
"""The lanes hold so many events; where there are more, they show the latest few that have happened."""
TIMELINE = 24
FIGURES = 60
FIRST_FIGURES = 12


@dataclass(frozen=True)
class Figure:
    """One series on the page: its latest actual figure, and what else is known of it."""

    name: Spoken
    href: str
    indicator: SafeString
    number: SafeString
    date: SafeString
    nature: str
    more: int
    definition: str
    subject: SafeString
    sparkline: sparkline.Sparkline | None
    source: SafeString
    """The source of the latest figure, else the first of the series."""
    indicator_key: str
    segment: SafeString
    """The industries it is about."""
    scope: str
    """Equal where two figures of an indicator can be compared: of the same industries, and the same share of them."""


@dataclass(frozen=True)
class LayoutCard:
    line: rows.Line
    pattern: str
    glyph: glyph.Glyph | None
    adopted: SafeString
    basis: str
    declared_by: SafeString
    supersedes: SafeString
    superseded_by: SafeString


@dataclass(frozen=True)
class Position:
    """What one layout says a district or park of the place is to be."""

    role: SafeString
    positioning: list[str]
    layout: rows.Line


@dataclass(frozen=True)
class Positioned:
    """A district or park, and its positions in one layout after another."""

    targets: SafeString
    positions: list[Position]


@dataclass(frozen=True)
class Inside:
    """A place within this one, with the number of entries in it."""

    key: str
    name: Spoken
    href: str
    count: int


@dataclass
class Profile:
    entry: Entry
    document: Json
    name: Spoken
    other_name: str
    crumbs: list[dossier.Crumb]
    level: str
    counts: list[tuple[Any, int, str]]
    total: int
    policies: list[tuple[str, str, int, str]]
    """(status, its word, number, address of the list) of the policies here."""
    figures: list[Figure]
    more_figures: list[Figure]
    groups: list[dossier.Neighbours]
    layouts: list[LayoutCard]
    positions: list[Positioned]
    inside: list[Inside]
    regions: list[dossier.Crumb]
    lanes: timeband.Band | None
    events: list[dossier.Happening]
    event_count: int
    drawn: str
    """Which events the lanes show, if not all."""


def of(entry: Entry, *, today: date) -> Profile:
    """Gather the page of one place, however much lies in it, in a constant number of queries."""
    document: Json = canonical.loads(entry.document)
    within = Entry.objects.live().lying_in(entry).exclude(kind="place")
    statuses = _by_status(within)
    counted = {kind: sum(numbers.values()) for kind, numbers in statuses.items()}
    layouts = list(within.filter(kind="layout").order_by("date_sort", "key")[:40])
    own = [row for row in layouts if _subject(row) == entry.key] or [row for row in layouts if _lies_in(row, entry.key)]
    own.sort(key=lambda row: (not row.date_sort, row.date_sort, row.key))
    figures = _figures(entry)
    events = _events(entry)
    latest = list(events.order_by("-sort")[:LANE_EVENTS])
    if crowded := len(latest) == LANE_EVENTS:
        latest = list(listing.happened_by(events, today).order_by("-sort")[:LATEST_EVENTS])
    return Profile(
        entry=entry, document=document, name=spoken(entry.name, entry.name_en),
        other_name="" if english() else entry.name_en, crumbs=dossier.crumbs(document),
        level=phrases.value(kinds.get("place").field("level"), document["level"]),
        counts=[(kind, counted.get(kind.name, 0), f"{reverse('list', args=[kind.plural])}?place={entry.key}")
                for kind in order.entry_kinds()],
        total=sum(counted.values()), policies=_policies(statuses["policy"], entry.key),
        figures=figures[:FIRST_FIGURES], more_figures=figures[FIRST_FIGURES:],
        groups=dossier.grouped(_listed(within, counted), place=entry.key),
        layouts=[card(row) for row in own[:LAYOUTS]], positions=_positions(layouts, entry.key),
        inside=_inside(entry), regions=_regions(entry), lanes=_lanes(latest[::-1], entry, today),
        events=[dossier.happening(row, row.entry) for row in latest[:TIMELINE]],
        event_count=events.count() if crowded else len(latest),
        drawn=pick(f"只画最近 {len(latest)} 件", f"the latest {len(latest)} are drawn") if crowded else "",
    )  # fmt: skip


def _by_status(within: QuerySet[Entry]) -> dict[str, dict[str, int]]:
    """By kind and status, how many entries there are."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for kind, status, number in within.order_by().values_list("kind", "status").annotate(number=Count("pk")):
        found[kind][status] = number
    return found


def _policies(told: dict[str, int], key: str) -> list[tuple[str, str, int, str]]:
    """The policies of a place by their status today."""
    kind = kinds.get("policy")
    href = f"{reverse('list', args=[kind.plural])}?place={key}&status="
    return [(code, rows.status_label(kind, code), number, f"{href}{code}")
            for code, number in sorted(told.items(), key=lambda item: -item[1])]  # fmt: skip


def _subject(row: Entry) -> str:
    subject = canonical.loads(row.document).get("subject") or {}
    return str(subject.get("key"))


def _listed(within: QuerySet[Entry], counted: dict[str, int]) -> list[Entry]:
    """The latest few of each kind with ``total``, the number of all of that kind."""
    shown = [kind.name for kind in kinds.entry_kinds() if kind.name not in ("series", "layout")]
    first = dossier.ranked_in_kind(within.filter(kind__in=shown), LISTED).values("pk")
    found = list(Entry.objects.filter(pk__in=first).order_by(*dossier.LATEST_OF_KIND))
    for row in found:
        row.total = counted[row.kind]  # type: ignore[attr-defined]
    return found


# --- figures ----------------------------------------------------------------------------------------------------------


def _figures(entry: Entry) -> list[Figure]:
    """The series of the place itself. An indicator told once comes before one broken down into many series."""
    of_place = Q(references__field="subject", references__target=entry)
    found = Entry.objects.live().of_kind("series").filter(of_place).distinct().order_by("key")[:FIGURES]
    figures = [_figure(row) for row in found]
    told = Counter(figure.indicator for figure in figures)
    return sorted(figures, key=lambda figure: (told[figure.indicator], not figure.date))


def _figure(row: Entry) -> Figure:
    line = rows.line(row)
    document = line.document
    figures = document.get("figures") or []
    shown: Json = document.get("latest") or next(iter(figures), {})
    nature = ""
    if shown.get("nature") not in (None, "actual"):
        member = next(field for field in kinds.get("series").children() if field.name == "figures")
        code = next(field for field in member.fields if field.name == "nature")
        nature = phrases.value(code, shown["nature"])
    return Figure(line.name, line.href, phrases.linked(document.get("indicator")), phrases.quantity(shown),
                  phrases.dated(shown.get("date")), nature, max(0, len(figures) - 1),
                  document.get("definition") or "", phrases.linked(document.get("subject")),
                  sparkline.draw(figures), _source(document, shown), document["indicator"]["key"] or "",
                  phrases.joined(phrases.linked(item) for item in document.get("industries") or []),
                  _scope(document, shown))  # fmt: skip


def _scope(document: Json, figure: Json) -> str:
    """What a share is a share of, only its definition says."""
    industries = sorted(item["key"] or "" for item in document.get("industries") or [])
    return canonical.dumps([industries, document.get("definition") if figure.get("unit") == "%" else None])


def _source(document: Json, figure: Json) -> SafeString:
    """The source cited for a figure, by the citations of its path or of one that holds it."""
    path = f"/figures/{figure.get('key')}"
    cited = [item for item in document["citations"] if item["rank"] != "deprecated"]
    own = [item for item in cited if item["path"].startswith(path)]
    found = next(iter([*own, *cited]), None)
    return phrases.linked(found["source"] | {"kind": "source"}) if found else phrases.NOTHING


# --- layouts ----------------------------------------------------------------------------------------------------------


def card(row: Entry) -> LayoutCard:
    """A layout with its glyph, and what replaced what."""
    line = rows.line(row)
    document = line.document
    kind = kinds.get("layout")
    return LayoutCard(
        line, document.get("pattern") or "", dossier.layout_glyph(document), phrases.dated(document.get("adopted")),
        phrases.value(kind.field("basis"), document.get("basis")), phrases.linked(document.get("declared_by")),
        phrases.joined(phrases.linked(item) for item in document.get("supersedes") or []),
        phrases.joined(phrases.linked(item) for item in document.get("superseded_by") or []),
    )  # fmt: skip


def _inside_of(place: Json, key: str) -> bool:
    """Whether a place reference is the place of that key or lies in it."""
    above = [place, place.get("city") or {}, place.get("province") or {}]
    return key == "100000" or any(item.get("key") == key for item in above)


def _lies_in(row: Entry, key: str) -> bool:
    places = canonical.loads(row.document).get("places") or []
    return bool(places) and all(_inside_of(place, key) for place in places)


def _positions(layouts: Sequence[Entry], key: str) -> list[Positioned]:
    """What the place, or a district or park of it, is to be; the newest layout first."""
    found: dict[SafeString, Positioned] = {}
    for row in reversed(layouts):
        line = rows.line(row)
        whole = _lies_in(row, key)
        for part in line.document.get("parts") or []:
            targets = [item for item in [*(part.get("places") or []), *(part.get("parks") or [])] if item.get("key")]
            here = whole or any(_inside_of(item, key) for item in targets)
            if here and targets and part.get("positioning"):
                words = phrases.joined(phrases.linked(item) for item in targets[:3])
                position = Position(phrases.linked(part["role"]), part["positioning"], line)
                found.setdefault(words, Positioned(words, [])).positions.append(position)
    return list(found.values())


# --- places around and within -----------------------------------------------------------------------------------------


def _inside(entry: Entry) -> list[Inside]:
    """The places directly within, those with most entries first; of a region, its members."""
    direct = Reference.objects.filter(field="parent", target=entry).values("entry_id")
    members = Reference.objects.filter(field="members", entry=entry).values("target_id")
    found = (
        Entry.objects.live().of_kind("place").filter(Q(pk__in=direct) | Q(pk__in=members), until="")
        .exclude(place__level="region").only("pk", "key", "name", "name_en")
    )  # fmt: skip
    numbers = dict(
        Containment.objects.filter(container__in=[row.pk for row in found]).exclude(kind="place")
        .values_list("container_id").annotate(number=Count("entry_id"))
    )  # fmt: skip
    ranked = sorted(found, key=lambda row: (-numbers.get(row.pk, 0), row.key))[:60]
    return [Inside(row.key, spoken(row.name, row.name_en), phrases.address("place", row.key), numbers.get(row.pk, 0))
            for row in ranked]  # fmt: skip


def _regions(entry: Entry) -> list[dossier.Crumb]:
    found = Entry.objects.live().filter(references__field="members", references__target=entry).order_by("key")
    return [dossier.Crumb(spoken(row.name, row.name_en), phrases.address("place", row.key)) for row in found]


# --- time -------------------------------------------------------------------------------------------------------------


def _events(entry: Entry) -> Any:
    inside = Containment.objects.filter(container=entry).values("entry_id")
    rows_ = Event.objects.filter(entry_id__in=inside, entry__state="live").exclude(entry__kind="place")
    return rows_.select_related("entry").defer("entry__document", "entry__reference")


def _lanes(found: Sequence[Event], entry: Entry, today: date) -> timeband.Band | None:
    by_kind: dict[str, list[timeband.Moment]] = {}
    for row in found:
        title = row.title_en if english() else row.title_zh
        moment = timeband.Moment(row.date_lower, row.date_upper, f"{said(row.date)} {title}",
                                 phrases.address(row.entry.kind, row.entry.key), row.entry.kind)  # fmt: skip
        by_kind.setdefault(row.entry.kind, []).append(moment)
    groups = [
        (many(kind), kind.name, f"{reverse('timeline')}?place={entry.key}&kind={kind.name}", by_kind[kind.name])
        for kind in order.entry_kinds() if kind.name in by_kind
    ]  # fmt: skip
    return timeband.lanes(groups, today)
