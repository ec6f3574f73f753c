"""``publish``: the only way in to what the public sees.

One transaction per chunk: entries locked in order, proposals checked against what is live, rows, revisions,
evidence, documents of everything that shows a changed name, events, search tokens; last the feed numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from tracker.accounts.models import User
from tracker.delivery import feed
from tracker.delivery.feed import Recorded
from tracker.entries import kinds, rendering, storing
from tracker.entries.diff import changed_fields
from tracker.entries.fields import Json, Target
from tracker.entries.models import Change, Containment, Entry, Redirect, Reference, Revision, State
from tracker.entries.payloads import normalised
from tracker.entries.storing import BATCH, Stored
from tracker.entries.world import Names
from tracker.search import index
from tracker.sources import evidence
from tracker.timeline import events, spans
from tracker.values import canonical
from tracker.values.codes import Nature
from tracker.values.errors import Invalid

from . import gate, showing
from .item import Item
from .models import Proposal
from .validation import problems_of

CHUNK = 500
REASON_MAX = 240
"""Longest reason of a proposal or of forcing it: a revision keeps both together."""


@dataclass
class Outcome:
    """What a call of ``publish`` did."""

    published: int = 0
    unchanged: int = 0
    derived: int = 0
    problems: list[tuple[str, str]] = field(default_factory=list)


def publish(*, actor: User | None, proposals: Sequence[Proposal], force_reason: str = "",
            now: datetime | None = None, chunk: int = CHUNK) -> Outcome:  # fmt: skip
    """Publish approved proposals; each chunk lands whole or not at all.

    :param actor: who presses the button; None only for the founding data, which is approved by rule.
    :param force_reason: lets a chief editor publish what its author approved; recorded for ever.
    :raises Stale: a proposal was written on an older revision than the live one.
    :raises Refused: unapproved, approved by its author, or the actor may not publish.
    :raises Invalid: a payload is wrong; the error lists every path.
    """
    gate.refuse_stranger(actor, proposals)
    outcome = Outcome()
    ordered = sorted(proposals, key=lambda proposal: (kinds.get(proposal.kind).order, proposal.key))
    for part in _chunks(ordered, chunk):
        with transaction.atomic():
            gate.refuse_unapproved(actor, part, force_reason)
            _Publication(part, force_reason, now or timezone.now(), outcome).run()
            _close(part, now or timezone.now())
    return outcome


def rehearse(proposals: Sequence[Proposal]) -> Outcome:
    """Do everything that publishing does to the database and undo it, whoever approved what.

    :raises TrackerError: what ``publish`` would raise of the payloads; database errors come through as they are.
    """
    outcome = Outcome()
    with transaction.atomic():
        _Publication(proposals, "", timezone.now(), outcome).run()
        transaction.set_rollback(True)
    return outcome


def rerender(pks: Collection[int], *, day: date, now: datetime) -> int:
    """Render public documents as of a day, in one transaction; what then differs is told as a derived change.

    :returns: how many differ.
    """
    outcome = Outcome()
    with transaction.atomic():
        _Publication([], "", now, outcome, day).rerender(set(pks))
    return outcome.derived


def rebuild(pks: Collection[int], *, day: date, now: datetime) -> int:
    """Like ``rerender``, and make anew every row that follows from the payloads: for a release that derives more.

    :returns: how many documents differ.
    """
    outcome = Outcome()
    with transaction.atomic():
        _Publication([], "", now, outcome, day).rebuild(set(pks))
    return outcome.derived


def _chunks(items: Sequence[Proposal], size: int) -> Iterable[Sequence[Proposal]]:
    return (items[start : start + size] for start in range(0, len(items), size))


class _Publication:
    """One chunk, in one transaction."""

    def __init__(self, proposals: Sequence[Proposal], force_reason: str, now: datetime, outcome: Outcome,
                 today: date | None = None) -> None:  # fmt: skip
        self.proposals, self.force_reason, self.now = proposals, force_reason, now
        self.outcome = outcome
        self.world = Names()
        self._redirected: dict[int, Target] = {}
        self.today = today or timezone.localdate(now)

    def run(self) -> None:
        gate.refuse_doubles(self.proposals)
        items = self._items()
        if not items:
            return
        self._resolve(items)
        affected = self._affected(items)
        everything: list[Stored] = [*items, *affected]
        storing.store([*items, *(item for item in affected if item.entry.pk in self._retitled)], self.world)
        self._lay_in = Containment.objects.places_of(item.entry.pk for item in items)
        storing.contain(items)
        self._recontain(items)
        affected += self._newly_backreferenced(items, {stored.entry.pk for stored in everything})
        _save_looks(items, everything)
        self._write_revisions(items)
        self._write_documents(items, affected)

    def rerender(self, pks: set[int]) -> None:
        self._write_documents([], self._loaded(pks))

    def rebuild(self, pks: set[int]) -> None:
        stored = self._loaded(pks)
        self._learn_references(stored)
        storing.store(stored, self.world)
        storing.contain(stored)
        _save_looks([], stored)
        changed = self._write_documents([], stored)
        kept = [item for item in stored if item.entry.pk not in changed and item.entry.state == State.LIVE]
        documents = {item.entry.pk: canonical.loads(item.entry.document) for item in kept}
        entries = [item.entry for item in kept]
        self._save(entries, {})
        feed.amend(entries, spans.write(entries, documents))

    def _loaded(self, pks: set[int]) -> list[Stored]:
        stored = _stored(pks)
        self.world.load(target for item in stored for target in _targets(item))
        return stored

    # --- before anything is written

    def _items(self) -> list[Item]:
        live = self._locked_entries()
        items: list[Item] = []
        fresh: list[Entry] = []
        for proposal in self.proposals:
            entry = live.get((proposal.kind, proposal.key))
            gate.refuse_impossible(proposal, entry)
            if entry is None:
                entry = Entry(kind=proposal.kind, key=proposal.key)
                fresh.append(entry)
            if entry.revision != proposal.base_revision:
                raise gate.stale(proposal, entry)
            before = self._before.get(entry.pk, {}) if entry.pk else {}
            payload = before if proposal.action in (Proposal.Action.WITHDRAW, Proposal.Action.MERGE) \
                else normalised(canonical.loads(proposal.payload))  # fmt: skip
            items.append(Item(entry, payload, proposal, before, fresh=not entry.pk))
        self._check_payloads(items)
        unchanged = [item for item in items if self._is_unchanged(item)]
        self.outcome.unchanged += len(unchanged)
        Entry.objects.bulk_create(fresh, batch_size=BATCH)
        return [item for item in items if item not in unchanged]

    def _locked_entries(self) -> dict[tuple[str, str], Entry]:
        by_kind: dict[str, list[str]] = {}
        for proposal in self.proposals:
            by_kind.setdefault(proposal.kind, []).append(proposal.key)
        found: dict[tuple[str, str], Entry] = {}
        for kind in sorted(by_kind):
            rows = Entry.objects.select_for_update().filter(kind=kind, key__in=by_kind[kind]).order_by("kind", "key")
            found |= {(entry.kind, entry.key): entry for entry in rows}
        self._before = _payloads(found.values())
        return found

    def _check_payloads(self, items: Sequence[Item]) -> None:
        errors = [
            (f"{item.entry.kind}/{item.entry.key}{problem.path}", problem.message)
            for item in items if not item.leaves_public_view
            for problem in problems_of(item.payload)
        ]  # fmt: skip
        if errors:
            raise Invalid(f"{len(errors)} facts cannot be published", errors)

    def _is_unchanged(self, item: Item) -> bool:
        same = item.payload == item.before and item.entry.state == State.LIVE
        return same and not item.leaves_public_view

    def _resolve(self, items: Sequence[Item]) -> None:
        for item in items:
            reference = canonical.loads(item.entry.reference)
            self.world.learn(item.entry.kind, item.entry.key, item.entry.pk, reference)
            self.world.learn_point(item.entry.kind, item.entry.key, _own_point(item.payload))
            for name in (item.payload.get(item.kind.naming), *item.payload.get("aliases", [])):
                if name and not item.leaves_public_view:
                    self.world.learn_title(item.entry.kind, name, item.entry.key)
        self.world.load(target for item in items for target in _targets(item))
        gate.refuse_lost(items, self.world)

    # --- what else shows something that changes

    def _affected(self, items: Sequence[Item]) -> list[Stored]:
        """Entries outside the batch whose document shows a name that this batch changes, or a title it brings."""
        own = {item.entry.pk for item in items}
        old_targets = Reference.objects.filter(entry_id__in=own, target__isnull=False)
        self._backreferenced = set(old_targets.exclude(target_id__in=own).values_list("target_id", flat=True))
        renamed = self._learn_references(items)
        self._retitled = self._waiting_for_titles(items) - own
        reached = set(own)
        affected: list[Stored] = []
        wave = self._retitled | showing.showing(renamed)
        while wave := wave - reached:
            reached |= wave
            stored = _stored(wave)
            self._redirected |= showing.redirected(stored)
            self.world.load(target for item in stored for target in _targets(item))
            affected += stored
            wave = showing.showing(self._learn_references(stored))
        return affected

    def _learn_references(self, items: Sequence[Stored]) -> set[int]:
        """Work out how each entry looks to others; returns those that look different now."""
        different = set()
        for item in sorted(items, key=lambda item: (item.kind.order, bool(self._successor(item)), item.entry.key)):
            reference = self._reference(item)
            self.world.learn(item.entry.kind, item.entry.key, item.entry.pk, reference)
            text = canonical.dumps_ordered(reference)
            if text != item.entry.reference:
                different.add(item.entry.pk)
                item.entry.reference = text
        return different

    def _successor(self, item: Stored) -> Target | None:
        return item.successor if isinstance(item, Item) else self._redirected.get(item.entry.pk)

    def _reference(self, item: Stored) -> Json:
        """How the entry looks where it is referred to; one that was merged looks like its successor."""
        if successor := self._successor(item):
            self.world.load([successor])
            return self.world.reference(successor)
        return rendering.reference(item.entry, item.payload, self.world)

    def _waiting_for_titles(self, items: Sequence[Item]) -> set[int]:
        """Entries that name by title something this batch brings under that title."""
        found: set[int] = set()
        for kind, titles in self.world.learned_titles().items():
            waiting = Reference.objects.filter(target__isnull=True, target_kind=kind).exclude(sought="")
            found |= {entry_id for entry_id, sought in waiting.values_list("entry_id", "sought") if sought in titles}
        return found

    def _newly_backreferenced(self, items: Sequence[Item], known: set[int]) -> list[Stored]:
        """Entries whose derived lists (superseded_by, sub_parks …) this batch lengthens or shortens."""
        targets = Reference.objects.filter(entry_id__in=[item.entry.pk for item in items], target__isnull=False)
        touched = self._backreferenced | set(targets.values_list("target_id", flat=True))
        with_lists = [kind.name for kind in kinds.every() if kind.backrefs]
        rows = Entry.objects.filter(pk__in=touched - known, kind__in=with_lists, state=State.LIVE)
        stored = _stored(set(rows.values_list("pk", flat=True)))
        self.world.load(target for item in stored for target in _targets(item))
        return stored

    def _recontain(self, items: Sequence[Item]) -> None:
        """A place or industry that moved takes along everything that lies in it."""
        moved = [item for item in items if item.kind.containers == "parent" and not item.fresh]
        regions = [item for item in items if item.payload.get("members")]
        if not moved and not regions:
            return
        inside = {item.entry.pk for item in moved}
        inside |= {pk for item in regions for key in item.payload["members"]
                   if (pk := self.world.pk(Target("place", key)))}  # fmt: skip
        own = {item.entry.pk for item in items}
        dependants = Entry.objects.filter(containments__container_id__in=inside).exclude(pk__in=own).distinct()
        storing.contain([Stored(entry, {}) for entry in dependants])

    # --- writing

    def _write_revisions(self, items: Sequence[Item]) -> None:
        for item in items:
            item.entry.revision += 1
        Revision.objects.bulk_create(
            (Revision(entry=item.entry, number=item.entry.revision, payload=canonical.dumps(item.payload),
                      schema_version=item.kind.payload_schema,
                      changed_fields=changed_fields(item.before, item.payload), nature=item.nature,
                      origin=item.proposal.origin, reason=self._reason(item.proposal),
                      actor=item.proposal.author, approver=item.proposal.approver,
                      forced=gate.approved_by_author(item.proposal), request_id=item.proposal.request_id,
                      recorded_at=self.now)
             for item in items), batch_size=BATCH,
        )  # fmt: skip

    def _reason(self, proposal: Proposal) -> str:
        """Why the proposal was made and, where the chief editor forced it, why that."""
        if not gate.approved_by_author(proposal):
            return proposal.reason
        return f"{proposal.reason[:REASON_MAX]}〔强制发布 forced〕{self.force_reason[:REASON_MAX]}"

    def _write_documents(self, items: Sequence[Item], affected: Sequence[Stored]) -> set[int]:
        """Returns whose public document this changes."""
        backrefs = rendering.backreferences([stored.entry for stored in (*items, *affected)])
        documents: dict[int, Json] = {}
        changes: list[Recorded] = []
        for item in items:
            document = self._render(item, backrefs)
            self._stamp(item)
            changes.append(Recorded(item.entry, item.nature, changed_fields(item.before, item.payload),
                                    _action(item), _source(item), item.proposal.successor,
                                    frozenset(self._lay_in[item.entry.pk])))  # fmt: skip
            if not item.leaves_public_view:
                documents[item.entry.pk] = document
        told_before = events.stored([stored.entry for stored in affected])
        for stored in affected:
            document = self._render(stored, backrefs)
            before = rendering.content(stored.entry.document)
            differs = canonical.dumps(document | _EMPTY) != canonical.dumps(before | _EMPTY)
            differs = differs or events.texts_of(document) != told_before.get(stored.entry.pk, [])
            if stored.entry.state == State.LIVE and differs:
                documents[stored.entry.pk] = document
                changes.append(Recorded(stored.entry, Nature.DERIVED, changed_fields(before, document)))
        entries = [change.entry for change in changes]
        told = events.write(entries, documents)
        stretches = spans.write(entries, documents)
        index.write(entries, documents)
        evidence.store(_kept(items, documents), documents, self.world)
        self._redirect(items)
        feed.take_numbers(changes)
        self._save(entries, documents)
        feed.write(changes, told, stretches, self.now)
        self.outcome.published += len(items)
        self.outcome.derived += len(changes) - len(items)
        return {change.entry.pk for change in changes}

    def _render(self, stored: Stored, backrefs: dict[int, dict[str, list[Json]]]) -> Json:
        proof = evidence.render(stored.payload, self.world)
        document = rendering.render(stored.entry, stored.payload, self.world, backrefs[stored.entry.pk], proof,
                                    self.today)  # fmt: skip
        rendering.set_columns(stored.entry, document)
        return document

    def _stamp(self, item: Item) -> None:
        entry = item.entry
        entry.schema_version = item.kind.payload_schema
        entry.published_at = entry.published_at or self.now
        entry.verified_at = self.now
        if item.nature != Nature.EVIDENCE:
            entry.updated_at = self.now

    def _save(self, entries: Sequence[Entry], documents: dict[int, Json]) -> None:
        for entry in entries:
            if entry.pk in documents:
                rendering.fill_envelope(documents[entry.pk], entry)
                entry.document = canonical.dumps_ordered(documents[entry.pk])
        names = [column.name for column in Entry._meta.concrete_fields
                 if not column.primary_key and not column.generated]  # fmt: skip
        Entry.objects.bulk_create(entries, batch_size=BATCH, update_conflicts=True, unique_fields=["id"],
                                  update_fields=names)  # fmt: skip

    def _redirect(self, items: Sequence[Item]) -> None:
        for item in items:
            if not item.leaves_public_view and not item.fresh:
                Redirect.objects.filter(kind=item.entry.kind, old_key=item.entry.key).delete()
        Redirect.objects.bulk_create(
            Redirect(kind=item.entry.kind, old_key=item.entry.key, new_key=item.proposal.successor,
                     reason=item.proposal.reason, recorded_at=self.now)
            for item in items if item.successor
        )  # fmt: skip


def _close(proposals: Sequence[Proposal], now: datetime) -> None:
    for proposal in proposals:
        proposal.state = Proposal.State.PUBLISHED
        proposal.decided_at = now
    rows = Proposal.objects.filter(pk__in=[proposal.pk for proposal in proposals])
    rows.update(state=Proposal.State.PUBLISHED, decided_at=now)


_EMPTY: Json = dict.fromkeys(rendering.ENVELOPE)
_ACTIONS = {
    Proposal.Action.WITHDRAW: Change.Action.WITHDRAWN,
    Proposal.Action.MERGE: Change.Action.MERGED,
    Proposal.Action.RESTORE: Change.Action.RESTORED,
}


def _action(item: Item) -> str:
    return _ACTIONS.get(Proposal.Action(item.proposal.action), Change.Action.PUBLISHED)


def _own_point(payload: Json) -> Json:
    return payload.get("location") or payload.get("point") or {}


def _targets(item: Stored) -> Iterable[Target]:
    yield from (wanted.target for wanted in item.kind.wanted(item.payload))
    yield from (Target("source", citation["source"]) for citation in item.payload.get("citations", []))


def _kept(items: Sequence[Item], documents: dict[int, Json]) -> list[Stored]:
    return [item for item in items if item.entry.pk in documents]


def _source(item: Item) -> str:
    citations = item.payload.get("citations") or [{"source": ""}]
    return str(citations[0]["source"])


def _save_looks(items: Sequence[Item], everything: Sequence[Stored]) -> None:
    """Save state and reference of all, before the derived lists are read back from the tables."""
    for item in items:
        item.entry.state = item.state
    Entry.objects.bulk_create([stored.entry for stored in everything], batch_size=BATCH, update_conflicts=True,
                              unique_fields=["id"], update_fields=["state", "reference"])  # fmt: skip


def _payloads(entries: Iterable[Entry]) -> dict[int, Json]:
    rows = Revision.objects.filter(entry__in=[entry.pk for entry in entries], number=F("entry__revision"))
    return {pk: canonical.loads(payload) for pk, payload in rows.values_list("entry_id", "payload")}


def _stored(pks: set[int]) -> list[Stored]:
    entries = list(Entry.objects.select_for_update().filter(pk__in=pks).order_by("kind", "key"))
    payloads = _payloads(entries)
    return [Stored(entry, payloads[entry.pk]) for entry in entries]
