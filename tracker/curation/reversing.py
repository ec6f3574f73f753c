"""Undoing what was published together: one set that withdraws what was added and restores what was changed.

It is proposed like any other and reviewed; what somebody changed since is left as it is, and named.
Imports, which may be far larger, have a job for it (``importing.reverting``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Unpack

from django.db import transaction
from django.db.models import QuerySet

from tracker.accounts.models import User
from tracker.entries.models import Entry, Revision
from tracker.values.codes import BilingualChoices, Nature
from tracker.values.errors import Refused

from . import proposals, sets
from .models import Proposal, ProposalSet, Step
from .via import Via, columns, step, way

MOST = 1000
Action = Proposal.Action


class Becomes(BilingualChoices):
    """What undoing makes of an entry."""

    WITHDRAWN = "withdrawn", "撤下 withdrawn"
    RESTORED = "restored", "恢复原样 restored"
    LEFT = "left", "此后另有改动，不动 changed since, left as it is"


@dataclass(frozen=True)
class WayBack:
    """
    :param was: the revision that is restored.
    """

    entry: Entry
    becomes: Becomes
    was: Revision | None = None


@transaction.atomic
def revert(*, actor: User, of: ProposalSet | str, reason: str, **via: Unpack[Via]) -> ProposalSet:
    """Hand over the way back of a set, or of a batch by its name.

    :returns: a set in review; its note names what was changed since and is left as it is.
    :raises Refused: the actor may not propose all of it, gives no reason, nothing of it is published, all of it has
        changed since, or it is more than ``MOST``.
    """
    proposals.refuse_reader(actor)
    told, taken = proposals.demanded(reason), way(via)
    ways = ways_back(of)
    name = of.title if isinstance(of, ProposalSet) else of
    made = ProposalSet.objects.create(purpose=ProposalSet.Purpose.REVERSAL, title=f"撤回 revert：{name}"[:300],
                                      reason=told, author=actor, **columns(taken))  # fmt: skip
    for each in (each for each in ways if each.becomes != Becomes.LEFT):
        Proposal.objects.create(
            kind=each.entry.kind, key=each.entry.key, base_revision=each.entry.revision, proposal_set=made,
            author=actor, reason=made.reason, **_columns(each), **columns(taken),
        )  # fmt: skip
    if not sets.members(made).exists():
        raise Refused("所发布的此后都另有改动，没有可撤回的 all of it was changed since: nothing can be reverted")
    if left := [f"{each.entry.kind}/{each.entry.key}" for each in ways if each.becomes == Becomes.LEFT]:
        made.note = "此后另有改动，未撤回 changed since and left as they are：" + "、".join(left)
        made.save(update_fields=["note"])
    if isinstance(of, ProposalSet):
        step(Step.Act.REVERTED, of, actor, f"#{made.pk} {told}", taken).save()
    return sets.submit(actor=actor, of=made, **taken.again)


def published_of(of: ProposalSet | str) -> QuerySet[Proposal]:
    """What is published of a set, or of a batch."""
    own = sets.members(of) if isinstance(of, ProposalSet) else Proposal.objects.filter(batch=of).exclude(batch="")
    return own.filter(state=Proposal.State.PUBLISHED)


def ways_back(of: ProposalSet | str) -> list[WayBack]:
    """What undoing it would make of each entry; whose publication changed nothing is not among them.

    :raises Refused: nothing of it is published, or more than ``MOST``.
    """
    published = list(published_of(of).order_by("pk")[: MOST + 1])
    if not published:
        raise Refused("没有已发布的，无可撤回 nothing of it is published, so nothing can be reverted")
    if len(published) > MOST:
        raise Refused(f"一次最多撤回 {MOST} 条 at most {MOST} are reverted at once")
    entries = _entries(published)
    before = _revisions_before(published, entries)
    both = ((entries[proposal.kind, proposal.key], proposal.base_revision) for proposal in published)
    return [_way_back(entry, base, before) for entry, base in both if entry.revision != base]


def _way_back(entry: Entry, base: int, before: dict[tuple[int, int], Revision]) -> WayBack:
    if entry.revision != base + 1:
        return WayBack(entry, Becomes.LEFT)
    return WayBack(entry, Becomes.RESTORED, before[entry.pk, base]) if base else WayBack(entry, Becomes.WITHDRAWN)


def _columns(way_back: WayBack) -> dict[str, object]:
    was = way_back.was
    if was is None:
        return {"action": Action.WITHDRAW, "nature": Nature.WITHDRAWN}
    return {"action": Action.RESTORE, "nature": Nature.CORRECTION, "payload": was.payload,
            "schema_version": was.schema_version}  # fmt: skip


def _entries(published: Sequence[Proposal]) -> dict[tuple[str, str], Entry]:
    found: dict[tuple[str, str], Entry] = {}
    for kind in {proposal.kind for proposal in published}:
        keys = [proposal.key for proposal in published if proposal.kind == kind]
        rows = Entry.objects.filter(kind=kind, key__in=keys).only("kind", "key", "name", "name_en", "revision")
        found |= {(kind, entry.key): entry for entry in rows}
    return found


def _revisions_before(
    published: Sequence[Proposal], entries: dict[tuple[str, str], Entry]
) -> dict[tuple[int, int], Revision]:
    pks = [entries[proposal.kind, proposal.key].pk for proposal in published if proposal.base_revision]
    rows = Revision.objects.filter(entry__in=pks, number__in={proposal.base_revision for proposal in published})
    return {(row.entry_id, row.number): row for row in rows}
