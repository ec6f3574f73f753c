"""``publish``: the only way in to what the public sees.

One transaction per chunk, one publication at a time: proposals checked against what is live, rows, revisions,
evidence, documents of everything that shows a changed name, events, search tokens; last the feed numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Unpack

from django.db import connection, transaction
from django.utils import timezone

from tracker.accounts.models import User
from tracker.delivery import feed
from tracker.delivery.feed import Recorded
from tracker.delivery.webhooks import outbox
from tracker.entries import kinds, rendering, storing
from tracker.entries.diff import changed_fields
from tracker.entries.fields import Json
from tracker.entries.inserting import BATCH, insert
from tracker.entries.models import Change, Entry, Redirect, Revision, State
from tracker.entries.payloads import normalised
from tracker.entries.storing import Stored
from tracker.entries.world import Names
from tracker.search import index
from tracker.sources import evidence
from tracker.timeline import events, spans
from tracker.values import canonical
from tracker.values.codes import Nature
from tracker.values.errors import Invalid

from . import gate, ordering
from .item import Item
from .models import Proposal, Step
from .ripple import Ripple, payloads_of, point_in, targets_of
from .validation import problems_of
from .via import Via, Way, step, way
from .work import refresh

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


def publish(*, actor: User | None, proposals: Sequence[Proposal], force_reason: str = "", chunk: int = CHUNK,
            **via: Unpack[Via]) -> Outcome:  # fmt: skip
    """Publish approved proposals; each chunk lands whole or not at all.

    :param actor: who presses the button; None only for the founding data, which is approved by rule.
    :param force_reason: lets a chief editor publish what its author approved; recorded for ever.
    :raises Stale: a proposal was written on an older revision than the live one.
    :raises Refused: unapproved, approved by its author, or the actor may not publish it.
    :raises Invalid: a payload is wrong; the error lists every path.
    """
    gate.refuse_stranger(actor, proposals)
    gate.refuse_torn(proposals)
    outcome = Outcome()
    for part in _parts(proposals, chunk):
        with transaction.atomic():
            gate.refuse_unapproved(actor, part, force_reason)
            feed.hold_numbers()
            taken = way(via)
            changed = _Publication(part, force_reason, taken.now, outcome).run()
            _close(actor, part, taken, Step.Act.FORCED if force_reason else Step.Act.PUBLISHED, force_reason)
            refresh.after_publication(changed, now=taken.now)
    return outcome


@dataclass(frozen=True)
class Touched:
    """A public document that a rehearsal would write: of whom, of what nature, and the document; None: it goes."""

    entry_id: int
    kind: str
    key: str
    name: str
    nature: str
    fields: list[str]
    document: Json | None


def rehearse(proposals: Sequence[Proposal]) -> list[Touched]:
    """Do everything that publishing does to the database and undo it, whoever approved what.

    :returns: everything that would be told in the feed.
    :raises TrackerError: what ``publish`` would raise of the payloads; database errors come through as they are.
    """
    with transaction.atomic():
        feed.hold_numbers()
        publication = _Publication(proposals, "", timezone.now(), Outcome())
        publication.run()
        transaction.set_rollback(True)
    return publication.touched


def rerender(pks: Collection[int], *, day: date, now: datetime) -> int:
    """Render public documents as of a day, in one transaction; what then differs is told as a derived change.

    :returns: how many differ.
    """
    outcome = Outcome()
    with transaction.atomic():
        feed.hold_numbers()
        _Publication([], "", now, outcome, day).rerender(set(pks))
    return outcome.derived


def rebuild(pks: Collection[int], *, day: date, now: datetime) -> int:
    """Like ``rerender``, and make anew every row that follows from the payloads: for a release that derives more.

    :returns: how many documents differ.
    """
    outcome = Outcome()
    with transaction.atomic():
        feed.hold_numbers()
        _Publication([], "", now, outcome, day).rebuild(set(pks))
    return outcome.derived


def _parts(proposals: Sequence[Proposal], size: int) -> Iterable[Sequence[Proposal]]:
    """Chunks of a size, in the order of kinds; with sets among them one part, what is referred to first."""
    if any(proposal.proposal_set_id for proposal in proposals):
        by_pk = {proposal.pk: proposal for proposal in proposals}
        return [[by_pk[pk] for group in ordering.dependencies_first(proposals) for pk in group]]
    ordered = sorted(proposals, key=lambda proposal: (kinds.get(proposal.kind).order, proposal.key))
    return (ordered[start : start + size] for start in range(0, len(ordered), size))


class _Publication:
    """One chunk, in one transaction."""

    def __init__(self, proposals: Sequence[Proposal], force_reason: str, now: datetime, outcome: Outcome,
                 today: date | None = None) -> None:  # fmt: skip
        self.proposals, self.force_reason, self.now = proposals, force_reason, now
        self.outcome = outcome
        self.world = Names()
        self.today = today or timezone.localdate(now)
        self._lay_in: dict[int, set[str]] = {}
        self.touched: list[Touched] = []

    def run(self) -> set[int]:
        """Returns whose public document this changes."""
        gate.refuse_doubles(self.proposals)
        gate.refuse_vanishing(self.proposals)
        items = self._items()
        if not items:
            return set()
        self._resolve(items)
        return self._write(items, Ripple(items, self.world))

    def rerender(self, pks: set[int]) -> None:
        ripple = Ripple([], self.world)
        ripple.reach(pks)
        self._write_documents([], ripple)

    def rebuild(self, pks: set[int]) -> None:
        ripple = Ripple([], self.world, restated=pks)
        changed = self._write([], ripple)
        kept = [item for item in ripple.restated if item.entry.pk not in changed and item.entry.state == State.LIVE]
        documents = {item.entry.pk: canonical.loads(item.entry.document) for item in kept}
        evidence.store(kept, documents, self.world)
        entries = [item.entry for item in kept]
        self._save(entries, {})
        feed.amend(entries, spans.write(entries, documents))

    def _write(self, items: Sequence[Item], ripple: Ripple) -> set[int]:
        """Write the batch and all that follows from it; returns whose public document this changes."""
        storing.store([*items, *ripple.restated], self.world)
        self._lay_in = ripple.contain()
        ripple.reach_lists()
        _save_looks(items, ripple.affected)
        self._write_revisions(items)
        return self._write_documents(items, ripple)

    # --- before anything is written

    def _items(self) -> list[Item]:
        live = self._entries()
        items: list[Item] = []
        fresh: list[Entry] = []
        coming = gate.coming(self.proposals)
        for proposal in self.proposals:
            entry = live.get((proposal.kind, proposal.key))
            gate.refuse_impossible(proposal, entry, coming)
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

    def _entries(self) -> dict[tuple[str, str], Entry]:
        by_kind: dict[str, list[str]] = {}
        for proposal in self.proposals:
            by_kind.setdefault(proposal.kind, []).append(proposal.key)
        found: dict[tuple[str, str], Entry] = {}
        for kind in sorted(by_kind):
            rows = Entry.objects.filter(kind=kind, key__in=by_kind[kind])
            found |= {(entry.kind, entry.key): entry for entry in rows}
        self._before = payloads_of(found.values())
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
        return same and not item.leaves_public_view and item.proposal.action != Proposal.Action.CONFIRM

    def _resolve(self, items: Sequence[Item]) -> None:
        """Teach the world what is different after this batch, and look up whatever else it refers to."""
        for item in items:
            entry = item.entry
            self.world.learn(entry.kind, entry.key, entry.pk, canonical.loads(entry.reference))
            self.world.learn_point(entry.kind, entry.key, point_in(item.payload))
            self.world.learn_names(entry.kind, entry.key, item.names)
        for item in items:
            if item.successor:
                self.world.learn_successor(item.entry.kind, item.entry.key, item.successor.key)
        self.world.load(target for item in items for target in targets_of(item))
        gate.refuse_lost(items, self.world)

    # --- writing

    def _write_revisions(self, items: Sequence[Item]) -> None:
        for item in items:
            item.entry.revision += 1
        insert(
            Revision,
            [Revision(entry_id=item.entry.pk, number=item.entry.revision, payload=canonical.dumps(item.payload),
                      schema_version=item.kind.payload_schema,
                      changed_fields=changed_fields(item.before, item.payload), nature=item.nature,
                      origin=item.proposal.origin, reason=self._reason(item.proposal),
                      actor_id=item.proposal.author_id, approver_id=item.proposal.approver_id,
                      forced=gate.approved_by_author(item.proposal), request_id=item.proposal.request_id,
                      recorded_at=self.now)
             for item in items],
        )  # fmt: skip

    def _reason(self, proposal: Proposal) -> str:
        """Why the proposal was made and, where the chief editor forced it, why that."""
        if not gate.approved_by_author(proposal):
            return proposal.reason
        return f"{proposal.reason[:REASON_MAX]}〔强制发布 forced〕{self.force_reason[:REASON_MAX]}"

    def _write_documents(self, items: Sequence[Item], ripple: Ripple) -> set[int]:
        """Returns whose public document this changes."""
        affected = ripple.affected
        backrefs = rendering.backreferences([stored.entry for stored in (*items, *affected)])
        documents: dict[int, Json] = {}
        changes: list[Recorded] = []
        for item in items:
            document = self._render(item, backrefs)
            self._stamp(item)
            changes.append(Recorded(item.entry, item.nature, changed_fields(item.before, item.payload),
                                    _action(item), _source(item), item.proposal.successor,
                                    self._places_before(item.entry)))  # fmt: skip
            if not item.leaves_public_view:
                documents[item.entry.pk] = document
        told_before = events.stored([stored.entry for stored in affected])
        for stored in affected:
            entry, document = stored.entry, self._render(stored, backrefs)
            fields = _differing(entry, document)
            if events.texts_of(document) != told_before.get(entry.pk, []):
                fields = fields or ["/events"]
            if entry.pk in ripple.relocated:
                fields = sorted({*fields, f"/{stored.kind.containers}"})
            if entry.state == State.LIVE and fields:
                documents[entry.pk] = document
                changes.append(Recorded(entry, Nature.DERIVED, fields, places_before=self._places_before(entry)))
        entries = [change.entry for change in changes]
        told = events.write(entries, documents)
        stretches = spans.write(entries, documents)
        index.write(entries, documents)
        evidence.store(_kept([*items, *ripple.restated], documents), documents, self.world)
        self._redirect(items)
        feed.take_numbers(changes)
        self._save(entries, documents)
        feed.write(changes, documents, told, stretches, self.now)
        outbox.write(changes, self.now)
        self.touched = [_touched(change, documents.get(change.entry.pk)) for change in changes]
        self.outcome.published += len(items)
        self.outcome.derived += len(changes) - len(items)
        return {change.entry.pk for change in changes}

    def _places_before(self, entry: Entry) -> frozenset[str]:
        return frozenset(self._lay_in.get(entry.pk, ()))

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
        returning: dict[str, list[str]] = {}
        for item in items:
            if not item.leaves_public_view and not item.fresh:
                returning.setdefault(item.entry.kind, []).append(item.entry.key)
        for kind, keys in returning.items():
            Redirect.objects.filter(kind=kind, old_key__in=keys).delete()
        Redirect.objects.bulk_create(
            Redirect(kind=item.entry.kind, old_key=item.entry.key, new_key=item.proposal.successor,
                     reason=item.proposal.reason, recorded_at=self.now)
            for item in items if item.successor
        )  # fmt: skip


def _close(actor: User | None, proposals: Sequence[Proposal], taken: Way, act: Step.Act, text: str) -> None:
    for proposal in proposals:
        proposal.state = Proposal.State.PUBLISHED
        proposal.decided_at = taken.now
    rows = Proposal.objects.filter(pk__in=[proposal.pk for proposal in proposals])
    rows.update(state=Proposal.State.PUBLISHED, decided_at=taken.now)
    refresh.close_reviews([proposal.pk for proposal in proposals], now=taken.now)
    if actor is not None:  # the founding data is published by rule: its proposals and revisions say all there is to say
        insert(Step, [step(act, proposal, actor, text, taken) for proposal in proposals])


def _touched(change: Recorded, document: Json | None) -> Touched:
    entry = change.entry
    return Touched(entry.pk, entry.kind, entry.key, entry.name, change.nature, list(change.changed_fields), document)


def _differing(entry: Entry, document: Json) -> list[str]:
    """Paths at which a fresh document says something else than the stored one, apart from its envelope."""
    fresh = {name: value for name, value in document.items() if name not in rendering.ENVELOPE}
    return changed_fields(rendering.content(entry.document), fresh)


_ACTIONS = {
    Proposal.Action.WITHDRAW: Change.Action.WITHDRAWN,
    Proposal.Action.MERGE: Change.Action.MERGED,
    Proposal.Action.RESTORE: Change.Action.RESTORED,
}


def _action(item: Item) -> str:
    return _ACTIONS.get(Proposal.Action(item.proposal.action), Change.Action.PUBLISHED)


def _kept(items: Sequence[Stored], documents: dict[int, Json]) -> list[Stored]:
    return [item for item in items if item.entry.pk in documents]


def _source(item: Item) -> str:
    citations = item.payload.get("citations") or [{"source": ""}]
    return str(citations[0]["source"])


def _save_looks(items: Sequence[Item], affected: Sequence[Stored]) -> None:
    """Save state and reference of all, before the derived lists are read back from the tables."""
    for item in items:
        item.entry.state = item.state
    rows = [(stored.entry.state, stored.entry.reference, stored.entry.pk) for stored in (*items, *affected)]
    with connection.cursor() as cursor:  # two columns: an upsert would carry all thirty, and touch every index
        cursor.executemany(f'UPDATE "{Entry._meta.db_table}" SET "state" = %s, "reference" = %s WHERE "id" = %s', rows)  # noqa: S608
