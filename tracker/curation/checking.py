"""``check_data``: the proofs that what is stored is whole and agrees with itself, and with the sources' print."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from hashlib import sha256
from itertools import groupby, pairwise
from operator import attrgetter, itemgetter
from pathlib import Path

from django.db.models import Count, F, Max, Q
from django.utils import timezone

from tracker.delivery import feed
from tracker.entries import rendering, storing
from tracker.entries.models import (
    Change,
    ChangePlace,
    Containment,
    DocumentVersion,
    Entry,
    Name,
    Reference,
    State,
)
from tracker.entries.reading import Rows
from tracker.entries.storing import Stored, names_of
from tracker.entries.world import Names
from tracker.sources import evidence
from tracker.sources.models import Citation, Source
from tracker.timeline import events
from tracker.timeline.models import Span
from tracker.timeline.spans import stretches_of
from tracker.values import canonical
from tracker.values.codes import Nature

from . import days
from .ripple import payloads_of, targets_of
from .validation import problems_of

CHUNK = 500


def everything() -> Iterator[str]:
    """Every proof in turn; each finding is one sentence that names the entry."""
    yield from _feed_is_whole()
    yield from _references_are_whole()
    entries = list(Entry.objects.order_by("kind", "key"))
    for start in range(0, len(entries), CHUNK):
        yield from _entries_agree(entries[start : start + CHUNK])


def _name(entry: Entry) -> str:
    return f"{entry.kind}/{entry.key}"


def _entries_agree(entries: Sequence[Entry]) -> Iterator[str]:
    payloads = payloads_of(entries)
    for entry in entries:
        if entry.pk not in payloads:
            yield f"{_name(entry)}: revision {entry.revision} is missing"
    items = [Stored(entry, payloads[entry.pk]) for entry in entries if entry.pk in payloads]
    world = Names()
    world.load(target for item in items for target in targets_of(item))
    yield from _looks_are_fresh(items, world)
    yield from _public_ones_agree([item for item in items if item.entry.state == State.LIVE], world)


def _public_ones_agree(items: Sequence[Stored], world: Names) -> Iterator[str]:
    yield from _facts_are_cited(items)
    yield from _rows_equal_payloads(items)
    yield from _references_lead_right(items, world)
    yield from _everything_lies_right(items)
    yield from _spans_follow([item.entry for item in items])
    yield from _documents_are_fresh(items, world)


def _looks_are_fresh(items: Sequence[Stored], world: Names) -> Iterator[str]:
    """Of those that left public view too: others may still refer to them."""
    for item in items:
        if canonical.dumps_ordered(rendering.reference(item.entry, item.payload, world)) != item.entry.reference:
            yield f"{_name(item.entry)}: others show it otherwise than its payload says"


def _facts_are_cited(items: Sequence[Stored]) -> Iterator[str]:
    for item in items:
        yield from (f"{_name(item.entry)}{problem}" for problem in problems_of(item.payload))


def _rows_equal_payloads(items: Sequence[Stored]) -> Iterator[str]:
    entries = [item.entry for item in items]
    stored = Rows(entries)
    citations = evidence.payloads_of(entries)
    for item in items:
        entry, payload = item.entry, item.payload
        facts = {name: value for name, value in payload.items() if name not in ("citations", "rulings")}
        facts = {name: value for name, value in facts.items() if value not in ([], {})}
        if canonical.dumps(stored.payload(entry)) != canonical.dumps(facts):
            yield f"{_name(entry)}: the rows differ from revision {entry.revision}"
        if canonical.dumps(citations.get(entry.pk, [])) != canonical.dumps(payload.get("citations", [])):
            yield f"{_name(entry)}: the citation rows differ from revision {entry.revision}"


def _references_lead_right(items: Sequence[Stored], world: Names) -> Iterator[str]:
    """Keys lead to their entry or its successor, titles to whoever bears them; names are those of the payloads."""
    rows = Reference.objects.filter(entry__in=[item.entry.pk for item in items]).order_by("entry_id", "position")
    leading = {pk: [target for _, target in group] for pk, group in groupby(
        rows.values_list("entry_id", "target_id"), key=itemgetter(0))}  # fmt: skip
    called = defaultdict(set)
    for pk, text in Name.objects.filter(entry__in=[item.entry.pk for item in items]).values_list("entry_id", "text"):
        called[pk].add(text)
    for item in items:
        wanted = [world.pk(wanted.target) for wanted in item.wanted]
        if leading.get(item.entry.pk, []) != wanted:
            yield f"{_name(item.entry)}: a reference leads elsewhere than it says"
        if called[item.entry.pk] != names_of(item.kind, item.payload):
            yield f"{_name(item.entry)}: its names are not those of its payload"


def _everything_lies_right(items: Sequence[Stored]) -> Iterator[str]:
    """Containment is what follows from the references, and what the last change told those who follow a place."""
    pks = [item.entry.pk for item in items]
    columns = attrgetter("entry_id", "container_id", "direct", "kind", "level")
    stored = {columns(row) for row in Containment.objects.filter(entry__in=pks)}
    astray = {row[0] for row in stored ^ {columns(row) for row in storing.containments(items)}}
    lying = Containment.objects.places_of(pks)
    told = defaultdict(set)
    rows = ChangePlace.objects.filter(inside=True, change__entry__in=pks, change__seq=F("change__entry__version"))
    for pk, place in rows.values_list("change__entry_id", "place"):
        told[pk].add(place)
    for item in items:
        if item.entry.pk in astray:
            yield f"{_name(item.entry)}: does not lie where its references put it"
        if told[item.entry.pk] != lying[item.entry.pk]:
            yield f"{_name(item.entry)}: the feed last told other places than those it lies in"


def _documents_are_fresh(items: Sequence[Stored], world: Names) -> Iterator[str]:
    entries = [item.entry for item in items]
    backrefs = rendering.backreferences(entries)
    told = events.stored(entries)
    rendered_on = _rendered_on(entries)
    for item in items:
        entry = item.entry
        proof = evidence.render(item.payload, world)
        fresh = rendering.render(entry, item.payload, world, backrefs[entry.pk], proof, rendered_on[entry.pk])
        for name in rendering.ENVELOPE:
            fresh.pop(name)
        if canonical.dumps(fresh) != canonical.dumps(rendering.content(entry.document)):
            yield f"{_name(entry)}: the document is not what its payload renders to"
        if told.get(entry.pk, []) != events.texts_of(canonical.loads(entry.document)):
            yield f"{_name(entry)}: the events are not those of its document"


def _spans_follow(entries: Sequence[Entry]) -> Iterator[str]:
    stored: dict[int, list[tuple[date | None, date | None, str]]] = defaultdict(list)
    rows = Span.objects.filter(entry__in=entries).values_list("entry_id", "since", "until", "status")
    for pk, since, until, status in rows:
        stored[pk].append((since, until, status))
    for entry in entries:
        stretches = stretches_of(canonical.loads(entry.document))
        expected = {(stretch.since, stretch.until, stretch.members["status"]) for stretch in stretches}
        if set(stored[entry.pk]) != expected:
            yield f"{_name(entry)}: its spans are not those of its document"


def _rendered_on(entries: Sequence[Entry]) -> dict[int, date]:
    """The day each document was last rendered for: that of its last change, or the last day that was passed."""
    passed = days.last_passed() or date.min
    rows = Change.objects.filter(seq__in=[entry.version for entry in entries]).values_list("entry_id", "recorded_at")
    return {pk: max(passed, timezone.localdate(recorded_at)) for pk, recorded_at in rows}


def _references_are_whole() -> Iterator[str]:
    lost = Reference.objects.filter(target__isnull=True, sought="")
    yield from (f"{_name(row.entry)}/{row.field}: refers to nothing" for row in lost.select_related("entry"))


def _feed_is_whole() -> Iterator[str]:
    """Numbers without a gap, one change for every revision, versions that follow each other without a hole."""
    counted = Change.objects.aggregate(n=Count("seq"), last=Max("seq"))
    if counted["n"] != (counted["last"] or 0) or counted["n"] != feed.last_number():
        yield f"the feed has {counted['n']} changes, its last number is {counted['last']}"
    editorial = Count("changes", filter=~Q(changes__nature=Nature.DERIVED), distinct=True)
    for entry in Entry.objects.annotate(told=editorial).exclude(told=F("revision")):
        yield f"{_name(entry)}: {entry.revision} revisions, {entry.told} in the feed"  # type: ignore[attr-defined]
    stale = Entry.objects.filter(state=State.LIVE).exclude(
        pk__in=DocumentVersion.objects.filter(seq_to__isnull=True, document=F("entry__document"),
                                              seq_from=F("entry__version")).values("entry_id")
    )  # fmt: skip
    yield from (f"{_name(entry)}: the last version is not the live document" for entry in stale)
    yield from _broken_chains()


def _broken_chains() -> Iterator[str]:
    rows = DocumentVersion.objects.order_by("entry_id", "seq_from").values_list("kind", "key", "seq_from", "seq_to")
    for (kind, key), chain in groupby(rows, key=lambda row: row[:2]):
        links = list(chain)
        if any(one[3] != other[2] for one, other in pairwise(links)) or links[-1][3] is not None:
            yield f"{kind}/{key}: its versions do not follow each other"


# --- against the print --------------------------------------------------------------------------------------------

_BLANKS = re.compile(r"[\s*]+")


def against_sources(folder: Path) -> Iterator[str]:
    """Compare what citations say is printed with the documents in a folder, found by their hash.

    Blanks and the marks of the text conversion do not count.
    """
    texts = {sha256(path.read_bytes()).hexdigest(): path for path in folder.iterdir() if path.is_file()}
    checked = 0
    for source in Source.objects.exclude(sha256="").select_related("entry"):
        path = texts.get(source.sha256)
        if path is None:
            yield f"source/{source.entry.key}: no file of its hash in {folder}"
            continue
        text = _BLANKS.sub("", path.read_text(encoding="utf-8"))
        rows = Citation.objects.filter(source=source.entry).exclude(printed="").select_related("entry")
        for row in rows.order_by("entry__kind", "entry__key", "position"):
            checked += 1
            if _BLANKS.sub("", row.printed) not in text:
                yield f"{_name(row.entry)}{row.path}: {row.printed!r} is not printed in {source.entry.key}"
    if not checked:
        yield f"nothing in {folder} could be compared"
