"""Everything the page of one entry shows, gathered in a number of queries that does not depend on the entry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils import timezone

from tracker.accounts.roles import ADMINISTRATOR, LABELS, Role, public_role
from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.entries.kinds import Kind
from tracker.entries.models import Entry, Revision
from tracker.timeline.models import Event
from tracker.values import canonical
from tracker.values.codes import Nature

from . import glyph, order, phrases, rows, timeband
from .facts import Facts, Reader
from .language import Spoken, english, label, many, name_of, pick, spoken
from .notes import Notes, SourceNotes

NEIGHBOURS = 8
EVENTS = 60
REVISIONS = 20


@dataclass(frozen=True)
class Crumb:
    name: Spoken
    href: str


@dataclass(frozen=True)
class Happening:
    """One event as a timeline shows it."""

    id: str
    date: str
    title: str
    text: str
    """The EDTF text, for the hover."""
    kind: Kind
    href: str
    type: str
    places: Any
    precise: bool
    conflict: bool
    year: int | None


@dataclass(frozen=True)
class Neighbours:
    title: str
    tone: str
    lines: list[rows.Line]
    total: int
    more: str


@dataclass(frozen=True)
class Past:
    """One revision: when, of what nature, by which role and why; persons stay inside the house."""

    number: int
    recorded_at: Any
    nature: str
    role: str
    reason: str
    changed: list[str]
    forced: bool


@dataclass
class Dossier:
    entry: Entry
    kind: Kind
    document: Json
    name: Spoken
    other_name: str
    crumbs: list[Crumb]
    status: str
    stage: str
    marks: list[str]
    """What is derived and true of the entry, such as that its planning period is over."""
    category: Json | None
    facts: Facts
    title_marks: Any
    sources: list[SourceNotes]
    citations: int
    stale: bool
    band: timeband.Band | None
    events: list[Happening]
    glyph: glyph.Glyph | None
    neighbours: list[Neighbours]
    siblings: Neighbours | None
    revisions: list[Past]
    unit: str


def of(entry: Entry, *, unit: str, today: date) -> Dossier:
    """Gather the page of one live entry."""
    kind = kinds.get(entry.kind)
    document: Json = canonical.loads(entry.document)
    notes = Notes(document["citations"])
    title_marks = notes.own_marks("")
    facts = Reader(kind, document, notes, unit).facts()
    rows_ = list(Event.objects.filter(entry=entry).order_by("sort")[:EVENTS])
    stage = kind.field("stage") if document.get("stage") and _has_codes(kind, "stage") else None
    return Dossier(
        entry=entry, kind=kind, document=document,
        name=spoken(entry.name, entry.name_en),
        other_name=entry.name_en if not english() else (entry.name if entry.name_en else ""),
        crumbs=crumbs(document), status=rows.status_label(kind, entry.status),
        stage=phrases.value(stage, document["stage"]) if stage else "", marks=list(_marks(kind, document)),
        category=document.get("category"), facts=facts, title_marks=title_marks, sources=notes.by_source(),
        citations=len({citation["source"]["key"] for citation in document["citations"]}),
        stale=bool(entry.stale_after and entry.stale_after < today),
        band=timeband.band([_moment(row) for row in rows_], today, life=(entry.since_lower, entry.until_lower)),
        events=[happening(row, entry) for row in rows_],
        glyph=layout_glyph(document), neighbours=neighbours(entry), siblings=_siblings(entry, document),
        revisions=_revisions(entry), unit=unit,
    )  # fmt: skip


def _marks(kind: Kind, document: Json) -> Iterator[str]:
    for name, schema in kind.derived:
        if document.get(name) is True:
            zh, _, en = schema["title"].partition(" ")
            yield pick(zh, en)


def _has_codes(kind: Kind, name: str) -> bool:
    return hasattr(kind.field(name), "choices")


def crumbs(document: Json) -> list[Crumb]:
    """Province › city › district of the first place an entry lies in; of a place, those above it."""
    place = document if document["kind"] == "place" else next(iter(document.get("places") or []), None)
    if not place or not place.get("key"):
        return []
    above = [place.get("province"), place.get("city")]
    chain = {item["key"]: item for item in [*above, place] if item and item.get("key")}
    if document["kind"] == "place":
        chain.pop(document["key"], None)
    return [Crumb(spoken(item["name"], item.get("name_en") or ""), phrases.address("place", item["key"]))
            for item in chain.values()]  # fmt: skip


# --- events -------------------------------------------------------------------------------------------------------


def _moment(row: Event) -> timeband.Moment:
    title = row.title_en if english() else row.title_zh
    shown = happening(row, row.entry)
    return timeband.Moment(row.date_lower, row.date_upper, f"{shown.date} {title}", f"#{shown.id}", shown.kind.name)


def anchor(event_id: str) -> str:
    """The id of an event's line on a page."""
    return f"event-{event_id.replace('/', '-')}"


def happening(row: Event, entry: Entry) -> Happening:
    event: Json = canonical.loads(row.document)
    kind = kinds.get(entry.kind)
    lower = row.date_lower or row.date_upper
    return Happening(
        id=anchor(row.id), date=event["date_text"][pick("zh", "en")],
        title=event["title"][pick("zh", "en")], text=event["date"], kind=kind,
        href=phrases.address(entry.kind, entry.key), type=row.type, places=rows.places(event),
        precise=row.date_lower == row.date_upper, conflict=row.conflict, year=lower.year if lower else None,
    )  # fmt: skip


def today() -> date:
    """Today in Shanghai, as every “today” of the tracker."""
    return timezone.localdate()


# --- the layout glyph -------------------------------------------------------------------------------------------------


def layout_glyph(document: Json, width: int = glyph.WIDTH) -> glyph.Glyph | None:
    """The glyph of a document that has parts with roles."""
    parts = document.get("parts") or []
    return glyph.draw([_part(part) for part in parts if part.get("role")], width)


def _part(part: Json) -> glyph.Part:
    target = next(iter([*(part.get("parks") or []), *(part.get("places") or [])]), None)
    note = pick("、", "; ").join(part.get("positioning") or []) or part.get("function") or ""
    return glyph.Part(
        key=part["key"], role=part["role"]["key"] or "", word=name_of(part["role"]).text, name=part["name"],
        href=phrases.address(target["kind"], target.get("key")) if target and target.get("kind") else "",
        part_of=part.get("part_of") or "", note=note,
    )  # fmt: skip


# --- neighbours -------------------------------------------------------------------------------------------------------


def neighbours(entry: Entry, *, without: Sequence[str] = ("place",)) -> list[Neighbours]:
    """The entries that refer to this one, by kind, the latest few of each; one query."""
    referring = Entry.objects.live().filter(references__target=entry).exclude(kind__in=without).exclude(pk=entry.pk)
    unique = Entry.objects.filter(pk__in=referring.values("pk"))
    return grouped(first_of_each_kind(unique, NEIGHBOURS), refers=f"{entry.kind}/{entry.key}")


LATEST_OF_KIND = ("kind", "-date_sort", "key")


def first_of_each_kind(selected: QuerySet[Entry], most: int) -> list[Entry]:
    """The latest few of each kind with ``total``, the number of all of that kind; one query."""
    counted = selected.annotate(total=Window(Count("pk"), partition_by=F("kind")))
    return list(ranked_in_kind(counted, most).order_by(*LATEST_OF_KIND))


def ranked_in_kind(selected: QuerySet[Entry], most: int) -> QuerySet[Entry]:
    """The latest few of each kind."""
    latest = [F("date_sort").desc(), F("key").asc()]
    ranked = selected.annotate(place_in_kind=Window(RowNumber(), partition_by=F("kind"), order_by=latest))
    return ranked.filter(place_in_kind__lte=most)


def grouped(found: Iterable[Entry], **query: str) -> list[Neighbours]:
    """Entries by kind, in the order of kinds, each with the address of the whole list."""
    by_kind: dict[str, list[Entry]] = {}
    for entry in found:
        by_kind.setdefault(entry.kind, []).append(entry)
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    groups = []
    for kind in order.in_reading_order(kinds.get(name) for name in by_kind):
        entries = by_kind[kind.name]
        total = getattr(entries[0], "total", len(entries))
        groups.append(Neighbours(many(kind), kind.name, rows.lines(entries), total,
                                 f"{reverse('list', args=[kind.plural])}?{asked}"))  # fmt: skip
    return groups


def _siblings(entry: Entry, document: Json) -> Neighbours | None:
    """Others of its kind in the same park or, without one, the same place; the place that holds fewest of all."""
    kind = kinds.get(entry.kind)
    places = [place["key"] for place in document.get("places") or [] if place.get("key")]
    parents = [parent["park"]["key"] for parent in document.get("parents") or [] if parent["park"].get("key")]
    if not places or not kind.main_date or kind.naming not in ("name", "title"):
        return None
    here = Q(references__field="places", references__target__key=places[-1], references__target__kind="place")
    if parents:
        here = Q(references__field="parents/park", references__target__key__in=parents)
    others = Entry.objects.live().of_kind(entry.kind).filter(here).exclude(pk=entry.pk)
    found = first_of_each_kind(Entry.objects.filter(pk__in=others.values("pk")), NEIGHBOURS)
    groups = grouped(found, place=places[-1])
    return groups[0] if groups else None


# --- history ----------------------------------------------------------------------------------------------------------


def _revisions(entry: Entry) -> list[Past]:
    found = Revision.objects.filter(entry=entry).select_related("actor").prefetch_related("actor__groups")
    return [_past(row) for row in found.order_by("-number")[:REVISIONS]]


def _past(row: Revision) -> Past:
    return Past(row.number, row.recorded_at, nature_label(row.nature), _role(row), row.reason, row.changed_fields,
                row.forced)  # fmt: skip


def nature_label(code: str) -> str:
    return label(Nature(code)) if code in Nature.values else code


def _role(row: Revision) -> str:
    if row.actor is None:
        return pick("系统", "the system")
    role = public_role(row.actor)
    if role is None:
        return pick("编辑部", "the editors")
    return pick("管理员", "administrator") if role == ADMINISTRATOR else pick(*LABELS[Role(role)])
