"""What the tracker holds, as one Markdown text: counts, stated totals, conflicts, fields still empty.

``gather`` reads the database once; everything else turns what it found into lines. The text has no dates of its own,
so that the same data give the same text.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F

from tracker.entries import kinds, rendering
from tracker.entries.fields import Json
from tracker.entries.kinds import Kind
from tracker.entries.models import Containment, Entry, Reference, Revision
from tracker.geography.kinds import MUNICIPALITIES
from tracker.values import canonical

from . import totals
from .totals import Held, Outcome

MANY = 30
"""A city with fewer entries than this is counted elsewhere."""
ELSEWHERE, NO_CITY = "其他城市 elsewhere", "不属一城 no city"

INTRODUCTION = """\
# Data report

Written by `manage.py data_report` from the founding data; a test holds it to them. Do not edit it.

A city counts what lies in it, however deep, and the organisations that are present in it; an entry in two cities
counts in both, so the cities of a row do not add up to its last column.
"""


@dataclass(frozen=True)
class Reported:
    """One live entry, its conflicts as its document shows them, and the cities it lies in."""

    held: Held
    name: str
    conflicts: Sequence[Json]
    cities: frozenset[str]

    @property
    def citations(self) -> list[Json]:
        found: list[Json] = self.held.payload.get("citations", [])
        return found


def report() -> str:
    """The whole report as Markdown."""
    entries = gather()
    outcomes = totals.evaluate(totals.declared(), [entry.held for entry in entries])
    lines = [INTRODUCTION, *_counts(entries), *_sources(entries), *_totals(outcomes), *_conflicts(entries),
             *_empty_fields(entries)]  # fmt: skip
    return "\n".join(lines) + "\n"


def gather() -> list[Reported]:
    """Every live entry of the curated kinds, in order of kind and key."""
    names = [kind.name for kind in kinds.entry_kinds()]
    entries = Entry.objects.live().filter(kind__in=names).order_by("kind", "key")
    rows = Revision.objects.filter(entry__in=entries, number=F("entry__revision")).values_list("entry_id", "payload")
    payloads = {pk: canonical.loads(text) for pk, text in rows}
    within, cities = _places_of(names)
    return [
        Reported(Held(entry.kind, entry.key, payloads[entry.pk], frozenset(within[entry.pk])), entry.name,
                 rendering.content(entry.document)["conflicts"], frozenset(cities[entry.pk]))
        for entry in entries
    ]  # fmt: skip


def _places_of(names: Sequence[str]) -> tuple[dict[int, set[str]], dict[int, set[str]]]:
    """Per entry: the keys of all places it lies in, and the names of the cities it lies or is present in."""
    within: dict[int, set[str]] = defaultdict(set)
    cities: dict[int, set[str]] = defaultdict(set)
    columns = ("container__key", "container__name", "container__place__level")
    lying = Containment.objects.filter(container__kind="place")
    for pk, key, name, level in lying.filter(entry__kind__in=names).values_list("entry_id", *columns):
        within[pk].add(key)
        if _is_city(key, level):
            cities[pk].add(name)
    present = Reference.objects.filter(field="presence/place", entry__kind__in=names)
    places = _grouped(present.values_list("target_id", "entry_id"))
    for place, key, name, level in lying.filter(entry_id__in=places).values_list("entry_id", *columns):
        if _is_city(key, level):
            for pk in places[place]:
                cities[pk].add(name)
    return within, cities


def _is_city(key: str, level: str) -> bool:
    return level == "city" or key in MUNICIPALITIES


def _grouped(pairs: Iterable[tuple[Any, int]]) -> dict[Any, list[int]]:
    found: dict[Any, list[int]] = defaultdict(list)
    for name, value in pairs:
        found[name].append(value)
    return found


# --- counts -------------------------------------------------------------------------------------------------------


def _counts(entries: Sequence[Reported]) -> Iterator[str]:
    columns = _columns(entries)
    yield from _by_city("Entries per kind and city", entries, columns, lambda entry: 1)
    yield from _by_city("Citations per kind and city", entries, columns, lambda entry: len(entry.citations))


def _columns(entries: Iterable[Reported]) -> list[str]:
    counted = Counter(city for entry in entries for city in entry.cities)
    large = sorted((city for city, number in counted.items() if number >= MANY),
                   key=lambda city: (-counted[city], city))  # fmt: skip
    return [*large, ELSEWHERE, NO_CITY]


def _by_city(title: str, entries: Sequence[Reported], columns: Sequence[str],
             weight: Callable[[Reported], int]) -> Iterator[str]:  # fmt: skip
    counted: Counter[tuple[str, str]] = Counter()
    for entry in entries:
        for column in {city if city in columns else ELSEWHERE for city in entry.cities} or {NO_CITY}:
            counted[entry.held.kind, column] += weight(entry)
        counted[entry.held.kind, ""] += weight(entry)
    rows: list[list[Any]] = [
        [_kind(kind), *(counted[kind.name, column] for column in (*columns, ""))] for kind in kinds.entry_kinds()
    ]
    sums = [sum(row[place] for row in rows) for place in range(1, len(columns) + 2)]
    yield from _table(title, ["", *columns, "all"], [*rows, ["all", *sums]])


def _sources(entries: Iterable[Reported]) -> Iterator[str]:
    citations = [citation for entry in entries for citation in entry.citations]
    counted = Counter(citation["source"] for citation in citations)
    located = Counter(citation["source"] for citation in citations if citation.get("locator"))
    printed = Counter(citation["source"] for citation in citations if citation.get("printed"))
    rows = [[f"`{source}`", number, located[source], printed[source]] for source, number in sorted(counted.items())]
    yield from _table("Citations per source", ["source", "citations", "with a locator", "with the print"], rows)


# --- totals -------------------------------------------------------------------------------------------------------


def _totals(outcomes: Sequence[Outcome]) -> Iterator[str]:
    head = ["stated total", "where", "stated", "computed", "note"]
    yield from _table("Totals that do not reconcile", head,
                      [_total_row(outcome) for outcome in outcomes if not outcome.closes])  # fmt: skip
    yield from _table("Totals that reconcile", head, [_total_row(outcome) for outcome in outcomes if outcome.closes])


def _total_row(outcome: Outcome) -> list[Any]:
    total, computed = outcome.total, outcome.computed
    stated = quantity({"value": total["stated"], **{name: total.get(name) for name in ("qualifier", "unit")}})
    shown = "nothing selected" if computed is None else canonical.plain(round(computed, 2))
    return [total["statement"], _where(total["source"], total["locator"]), stated, shown, total.get("note", "")]


# --- conflicts ----------------------------------------------------------------------------------------------------


def _conflicts(entries: Sequence[Reported]) -> Iterator[str]:
    yield "## Conflicts\n"
    for entry in entries:
        if entry.conflicts:
            yield f"**{entry.held.kind}/{entry.held.key}** {entry.name}\n"
            yield from (line for conflict in entry.conflicts for line in _conflict(conflict))
            yield ""


def _conflict(conflict: Json) -> Iterator[str]:
    ruling = f"{conflict['ruling']}: {conflict['reason']}" if conflict["ruling"] else "no ruling"
    yield f"- `{conflict['path']}` ({ruling})"
    for value in conflict["values"]:
        citation = value["citation"]
        said = [_stated(value["stated"]), _quoted(citation["printed"]), citation["reason"] or ""]
        preferred = " (preferred)" if citation["rank"] == "preferred" else ""
        where = _where(citation["source"]["key"], citation["locator"])
        yield f"  - {' — '.join(part for part in said if part)} — {where}{preferred}"


def _stated(value: Any) -> str:
    """A stated value in short; a whole child or list is better told by its print."""
    if isinstance(value, dict):
        return quantity(value) if "value" in value else ""
    return "" if value is None or isinstance(value, list) else str(value)


def _quoted(printed: str | None) -> str:
    return f"“{printed}”" if printed else ""


def quantity(value: Json) -> str:
    """A quantity in words: ``about 400 家``; an exact one says nothing of it."""
    qualifier = value.get("qualifier") or "exact"
    parts = ["" if qualifier == "exact" else qualifier, canonical.plain(Decimal(value["value"])), value.get("unit")]
    return " ".join(part for part in parts if part)


def _where(source: str, locator: Json) -> str:
    """Source and locator in one line: ``bluebook-2021, 3.5, table …, row 3``."""
    shown = [str(locator["section"])] if "section" in locator else []
    shown += [f"{name} {locator[name]}" for name in ("table", "row", "column", "span") if locator.get(name) is not None]
    return ", ".join([source, *shown])


# --- fields still empty -------------------------------------------------------------------------------------------


def _empty_fields(entries: Sequence[Reported]) -> Iterator[str]:
    for kind in kinds.entry_kinds():
        payloads = [entry.held.payload for entry in entries if entry.held.kind == kind.name]
        rows = [row for row in _empty_rows(kind, payloads) if row[2]]
        yield from _table(f"Fields still empty: {_kind(kind)} ({len(payloads)})", ["field", "", "empty", "share"], rows)


def _empty_rows(kind: Kind, payloads: Sequence[Json]) -> Iterator[list[Any]]:
    for member in kind.all_fields:
        if member.name not in ("note", "aliases") and payloads:
            empty = sum(payload.get(member.name) in (None, [], {}, "") for payload in payloads)
            yield [f"`{member.name}`", member.zh, empty, f"{100 * empty / len(payloads):.0f} %"]


# --- Markdown -----------------------------------------------------------------------------------------------------


def _kind(kind: Kind) -> str:
    return f"{kind.zh} {kind.name}"


def _table(title: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    yield f"## {title}\n"
    yield _row(head)
    yield _row(["---"] * len(head))
    yield from (_row(row) for row in rows)
    yield ""


def _row(cells: Iterable[Any]) -> str:
    return f"| {' | '.join(str(cell).replace('|', '｜') for cell in cells)} |"
