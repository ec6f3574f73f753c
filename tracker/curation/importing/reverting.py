"""Undoing a published import: one batch of proposals that withdraws what it added and restores what it changed.

It is proposed like any other and reviewed; what somebody changed since is left as it is, and named.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from tracker.accounts.models import User
from tracker.curation.models import Proposal
from tracker.entries.models import Entry, Revision, State
from tracker.jobs.progress import Cancelled, Progress
from tracker.jobs.registry import Arguments
from tracker.values.errors import Refused

from . import landing
from .checking import conclude
from .models import Import, ImportRow
from .plan import CHUNK

Outcome = ImportRow.Outcome
Action = Proposal.Action


def revert(*, actor: User | None, arguments: Arguments, progress: Progress) -> str:
    """Stage the way back row by row, then land it as one batch.

    :param arguments: ``{"import": 8}``: the import whose ``reverts`` names the one to undo.
    """
    assert actor is not None
    of = Import.objects.select_related("reverts").get(pk=arguments["import"])
    assert of.reverts is not None
    published = Proposal.objects.filter(batch=of.reverts.batch, state=Proposal.State.PUBLISHED)
    total, after, count = published.count(), int(progress.cursor.get("pk", 0)), int(progress.cursor.get("count", 0))
    while chunk := list(published.filter(pk__gt=after).order_by("pk")[:CHUNK]):
        if progress.cancelled:
            raise Cancelled(f"取消，什么也没有改 cancelled after {count}, nothing was changed")
        rows = _rows(of, chunk, count)
        after, count = chunk[-1].pk, count + len(chunk)
        with transaction.atomic():
            ImportRow.objects.bulk_create(rows, batch_size=CHUNK)
            progress.step(count, total, cursor={"pk": after, "count": count})
    with transaction.atomic():
        of = Import.objects.select_for_update().get(pk=of.pk)
        if of.state == Import.State.PROPOSED:
            return f"批次 {of.batch} batch"
        said = conclude(of)
        progress.step(total, total)
        if of.state == Import.State.READY:
            landing.land(of=of, actor=actor, now=timezone.now())
    return said


def _rows(of: Import, published: Sequence[Proposal], count: int) -> list[ImportRow]:
    entries: dict[tuple[str, str], Entry] = {}
    for kind in {proposal.kind for proposal in published}:
        keys = [proposal.key for proposal in published if proposal.kind == kind]
        found = Entry.objects.filter(kind=kind, key__in=keys).only("pk", "kind", "key", "name", "state", "revision")
        entries |= {(kind, entry.key): entry for entry in found}
    before = _payloads_before(published, entries)
    return [_row(of, proposal, entries[proposal.kind, proposal.key], before, number)
            for number, proposal in enumerate(published, start=count + 1)]  # fmt: skip


def _payloads_before(
    published: Sequence[Proposal], entries: dict[tuple[str, str], Entry]
) -> dict[tuple[int, int], str]:
    """What the entries said before, by entry and revision."""
    pks = [entries[proposal.kind, proposal.key].pk for proposal in published if proposal.base_revision]
    rows = Revision.objects.filter(entry__in=pks, number__in={proposal.base_revision for proposal in published})
    return {(entry, number): payload for entry, number, payload in rows.values_list("entry_id", "number", "payload")}


def _row(of: Import, proposal: Proposal, entry: Entry, before: dict[tuple[int, int], str], number: int) -> ImportRow:
    row = ImportRow(of=of, number=number, kind=proposal.kind, key=proposal.key, base_revision=entry.revision)
    if entry.revision == proposal.base_revision:
        row.outcome = Outcome.UNCHANGED  # it said so already, and publishing changed nothing
    elif entry.revision != proposal.base_revision + 1 or entry.state != State.LIVE:
        row.outcome = Outcome.DRIFT
    elif proposal.base_revision:
        row.outcome, row.action = Outcome.UPDATE, Action.RESTORE
        row.payload = before[entry.pk, proposal.base_revision]
    else:
        row.outcome, row.action = Outcome.UPDATE, Action.WITHDRAW
    return row


def refuse_unpublished(of: Import) -> None:
    """:raises Refused: nothing of the import is public yet, or some of it still waits."""
    states = dict(Proposal.objects.filter(batch=of.batch).order_by().values_list("state").annotate(n=Count("pk"))) \
        if of.batch else {}  # fmt: skip
    if not states.get(Proposal.State.PUBLISHED):
        raise Refused(
            "这次导入还没有发布任何条目，无可撤回；可取消其提案 nothing of it is published, so nothing can be reverted"
        )
