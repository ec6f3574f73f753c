"""A proposal on an older version, rewritten on what is live: three sides, a choice where both changed a fact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Unpack

from django.db import transaction

from tracker.accounts.models import User
from tracker.accounts.roles import may_review
from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.entries.models import Entry
from tracker.values import canonical
from tracker.values.errors import Refused

from . import limits, proposals
from .models import Proposal
from .rebasing import Sides
from .validation import is_drawable
from .via import Via, columns, way


def sides_of(proposal: Proposal) -> Sides:
    """What it was written on, what is live now, and what it says.

    :raises Refused: it says nothing that could be laid beside what is live.
    """
    kind, mine = kinds.get(proposal.kind), canonical.loads(proposal.payload) if proposal.payload else {}
    if not is_drawable(mine):
        raise Refused("这份提案的内容不成形，无从比较 its content has no shape that could be compared")
    entry = Entry.objects.filter(kind=proposal.kind, key=proposal.key).first()
    return Sides(kind, _payload(entry, proposal.base_revision), _payload(entry, entry.revision if entry else 0), mine)


def _payload(entry: Entry | None, number: int) -> Json:
    revision = entry.revisions.filter(number=number).first() if entry else None
    found: Json = canonical.loads(revision.payload) if revision else {}
    return found


@transaction.atomic
def rebase(*, actor: User, proposal: Proposal, choices: Mapping[str, str], **via: Unpack[Via]) -> Proposal:
    """A new draft on what is live, with the choices where both changed a fact; the old proposal is kept as superseded.

    :param choices: for the path of each conflict, ``theirs`` or ``mine``.
    :raises Refused: it is done with, not stale, or neither the actor's own nor for the actor to review.
    :raises Invalid: naming each conflict that nobody chose.
    """
    locked, taken = proposals.locked_row(proposal), way(via)
    proposals.refuse_reader(actor)
    if locked.author_id != actor.pk and not may_review(actor):
        raise Refused("只有作者或编辑能按现版重写 only its author or an editor rewrites it")
    if locked.state not in proposals.OPEN or not proposals.is_stale(locked):
        raise Refused("这份提案不必重写 this proposal need not be rewritten")
    if locked.action not in (*proposals.WRITTEN, Proposal.Action.RESTORE):
        raise Refused("撤下与合并没有内容可比，请重新提出 nothing of it can be merged: propose it again")
    entry = Entry.objects.filter(kind=locked.kind, key=locked.key).get()
    proposals.refuse_withdrawn(entry)
    payload = sides_of(locked).merged(choices)
    made = Proposal.objects.create(
        kind=locked.kind, key=locked.key, action=Proposal.Action.PUT, payload=canonical.dumps(payload),
        base_revision=entry.revision, nature=locked.nature if locked.base_revision else "correction",
        batch=locked.batch, proposal_set=locked.proposal_set, reason=locked.reason, author=actor, **columns(taken),
    )  # fmt: skip
    limits.refuse_beyond(actor, [made])
    said = f"提案 #{made.pk} proposal {made.pk}"
    proposals.moved(actor, locked, Proposal.State.SUPERSEDED, taken, said, superseded_by=made)
    return made
