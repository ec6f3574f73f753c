"""Undoing what was published together: one set that withdraws what was added and restores what was changed.

It is proposed like any other and reviewed; what somebody changed since is left as it is, and named.
Imports, which may be far larger, have a job for it (``importing.reverting``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

from django.db import transaction
from django.db.models import QuerySet

from tracker.accounts.models import User
from tracker.entries.models import Entry, Revision
from tracker.values.codes import Nature
from tracker.values.errors import Refused

from . import proposals, sets
from .models import Proposal, ProposalSet, Step
from .via import Via, Way, columns, step, way

MOST = 1000
Action = Proposal.Action


@transaction.atomic
def revert(*, actor: User, of: ProposalSet | str, reason: str, **via: Unpack[Via]) -> ProposalSet:
    """Hand over the way back of a set, or of a batch by its name.

    :returns: a set in review; its note names what was changed since and is left as it is.
    :raises Refused: the actor may not propose all of it, gives no reason, nothing of it is published, all of it has
        changed since, or it is more than ``MOST``.
    """
    proposals.refuse_reader(actor)
    told, taken = proposals.demanded(reason), way(via)
    published = list(published_of(of).order_by("pk")[: MOST + 1])
    if not published:
        raise Refused("没有已发布的，无可撤回 nothing of it is published, so nothing can be reverted")
    if len(published) > MOST:
        raise Refused(f"一次最多撤回 {MOST} 条 at most {MOST} are reverted at once")
    name = of.title if isinstance(of, ProposalSet) else of
    made = ProposalSet.objects.create(purpose=ProposalSet.Purpose.REVERSAL, title=f"撤回 revert：{name}"[:300],
                                      reason=told, author=actor, **columns(taken))  # fmt: skip
    left = _propose(actor, made, published, taken)
    if not sets.members(made).exists():
        raise Refused("所发布的此后都另有改动，没有可撤回的 all of it was changed since: nothing can be reverted")
    if left:
        made.note = "此后另有改动，未撤回 changed since and left as they are：" + "、".join(left)
        made.save(update_fields=["note"])
    if isinstance(of, ProposalSet):
        step(Step.Act.REVERTED, of, actor, f"#{made.pk} {told}", taken).save()
    return sets.submit(actor=actor, of=made, **taken.again)


def published_of(of: ProposalSet | str) -> QuerySet[Proposal]:
    """What is published of a set, or of a batch."""
    own = sets.members(of) if isinstance(of, ProposalSet) else Proposal.objects.filter(batch=of).exclude(batch="")
    return own.filter(state=Proposal.State.PUBLISHED)


def _propose(actor: User, made: ProposalSet, published: Sequence[Proposal], taken: Way) -> list[str]:
    """Returns what is left as it is."""
    entries = _entries(published)
    before = _revisions_before(published, entries)
    left: list[str] = []
    for proposal in published:
        entry = entries[proposal.kind, proposal.key]
        if entry.revision == proposal.base_revision:
            continue  # it said so already, and publishing changed nothing
        if entry.revision != proposal.base_revision + 1:
            left.append(f"{entry.kind}/{entry.key}")
            continue
        Proposal.objects.create(
            kind=entry.kind, key=entry.key, base_revision=entry.revision, proposal_set=made, author=actor,
            reason=made.reason, **_way_back(proposal, entry, before), **columns(taken),
        )  # fmt: skip
    return left


def _way_back(proposal: Proposal, entry: Entry, before: dict[tuple[int, int], Revision]) -> dict[str, object]:
    if not proposal.base_revision:
        return {"action": Action.WITHDRAW, "nature": Nature.WITHDRAWN}
    number = proposal.base_revision
    was = before[entry.pk, number]
    return {"action": Action.RESTORE, "nature": Nature.CORRECTION, "payload": was.payload,
            "schema_version": was.schema_version}  # fmt: skip


def _entries(published: Sequence[Proposal]) -> dict[tuple[str, str], Entry]:
    found: dict[tuple[str, str], Entry] = {}
    for kind in {proposal.kind for proposal in published}:
        keys = [proposal.key for proposal in published if proposal.kind == kind]
        rows = Entry.objects.filter(kind=kind, key__in=keys).only("pk", "kind", "key", "name", "state", "revision")
        found |= {(kind, entry.key): entry for entry in rows}
    return found


def _revisions_before(
    published: Sequence[Proposal], entries: dict[tuple[str, str], Entry]
) -> dict[tuple[int, int], Revision]:
    pks = [entries[proposal.kind, proposal.key].pk for proposal in published if proposal.base_revision]
    rows = Revision.objects.filter(entry__in=pks, number__in={proposal.base_revision for proposal in published})
    return {(row.entry_id, row.number): row for row in rows}
