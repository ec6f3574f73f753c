"""Every move of a proposal, each one function and one transaction; nothing here changes what the public sees.

Contributors propose; editors review what others wrote; a chief editor may force, with a reason kept for ever.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Unpack

from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from tracker.accounts.models import User
from tracker.accounts.roles import may_force, may_look, may_propose, may_review
from tracker.entries import kinds
from tracker.entries.fields import KEY_MAX, KEY_PATTERN, Json
from tracker.entries.models import Entry, Revision, State
from tracker.values import canonical
from tracker.values.codes import Nature
from tracker.values.errors import Invalid, Refused

from . import gate, limits
from .check import problems_with
from .models import Proposal, ProposalSet, Step
from .publish import REASON_MAX, Outcome, publish
from .via import Via, Way, columns, onward, step, way
from .work import refresh

OPEN = (Proposal.State.DRAFT, Proposal.State.IN_REVIEW, Proposal.State.CHANGES_REQUESTED, Proposal.State.APPROVED)
EDITABLE = (Proposal.State.DRAFT, Proposal.State.CHANGES_REQUESTED)
WRITTEN = (Proposal.Action.PUT, Proposal.Action.CONFIRM)
"""Actions whose payload its author may go on writing."""
COMMENT_MAX = 2000


# --- proposing ----------------------------------------------------------------------------------------------------


@transaction.atomic
def propose(*, actor: User, payload: Json, nature: str = Nature.CORRECTION, reason: str = "", batch: str = "",
            of: ProposalSet | None = None, **via: Unpack[Via]) -> Proposal:  # fmt: skip
    """Begin a draft on the live revision of the payload's entry, or on none when it is new.

    A draft may be unfinished; ``submit`` is where it has to be right.

    :param of: the set that it belongs to.

    :raises Refused: the actor may not propose, or the entry was withdrawn.
    :raises Invalid: the payload does not say which entry it is of.
    """
    refuse_reader(actor)
    kind, key = identity(payload)
    entry = Entry.objects.filter(kind=kind, key=key).first()
    refuse_withdrawn(entry)
    return _draft(actor, entry, Proposal.Action.PUT, kind=kind, key=key, payload=canonical.dumps(payload),
                  nature=nature if entry else Nature.NEW, reason=fitting(reason), batch=batch, proposal_set=of,
                  **columns(way(via)))  # fmt: skip


@transaction.atomic
def propose_withdrawal(*, actor: User, entry: Entry, reason: str, successor: str = "",
                       **via: Unpack[Via]) -> Proposal:  # fmt: skip
    """Begin the withdrawal of a public entry, naming its successor where there is one."""
    return _removal(actor, entry, Proposal.Action.WITHDRAW, reason, successor, nature=Nature.WITHDRAWN,
                    **columns(way(via)))  # fmt: skip


@transaction.atomic
def propose_merge(*, actor: User, entry: Entry, successor: str, reason: str, **via: Unpack[Via]) -> Proposal:
    """Begin the merge of an entry into another of its kind: its key will lead there."""
    if not successor:
        raise Refused("请写明并入哪个条目 name the entry to merge into")
    return _removal(actor, entry, Proposal.Action.MERGE, reason, successor, nature=Nature.MERGED,
                    **columns(way(via)))  # fmt: skip


@transaction.atomic
def propose_restore(*, actor: User, revision: Revision, reason: str, **via: Unpack[Via]) -> Proposal:
    """Begin the return to an earlier revision, exactly as it was, as a new revision."""
    refuse_reader(actor)
    entry = revision.entry
    return _draft(actor, entry, Proposal.Action.RESTORE, kind=entry.kind, key=entry.key, payload=revision.payload,
                  schema_version=revision.schema_version, nature=Nature.CORRECTION, reason=demanded(reason),
                  **columns(way(via)))  # fmt: skip


def _removal(actor: User, entry: Entry, action: Proposal.Action, reason: str, successor: str,
             **details: Any) -> Proposal:  # fmt: skip
    refuse_reader(actor)
    if entry.state != State.LIVE:
        raise Refused(f"“{entry}”{entry.get_state_display()}，无可撤下 is not public")
    if successor == entry.key:
        raise Refused("条目不能由自己继任 an entry cannot succeed itself")
    if successor and not gate.is_live(entry.kind, successor):
        raise Refused(f"没有公开的 {entry.kind}/{successor}，请查对继任者的键 there is no such public entry")
    return _draft(actor, entry, action, kind=entry.kind, key=entry.key, successor=successor,
                  reason=demanded(reason), **details)  # fmt: skip


def _draft(actor: User, entry: Entry | None, action: Proposal.Action, **details: Any) -> Proposal:
    made = Proposal.objects.create(author=actor, action=action, base_revision=entry.revision if entry else 0, **details)
    limits.refuse_beyond(actor, [made], begun=entry is None)
    return made


def refuse_withdrawn(entry: Entry | None) -> None:
    """:raises Refused: the entry left public view; only a restoration brings it back."""
    if entry is not None and entry.state != State.LIVE:
        raise Refused(f"“{entry}”{entry.get_state_display()}，不能修改；请在修订历史中恢复 is not public: restore it")


def identity(payload: Json) -> tuple[str, str]:
    """Kind and key of the entry that a payload is of.

    :raises Invalid: it does not say.
    """
    kind, key = payload.get("kind"), payload.get("key")
    if not isinstance(kind, str) or not kinds.known(kind):
        raise Invalid("没有这个种类 unknown kind", [("/kind", f"没有种类 {kind!r} there is no such kind")])
    if not isinstance(key, str) or not re.match(KEY_PATTERN, key) or len(key) > KEY_MAX:
        sentence = "键由小写字母、数字和单个连字符组成 a key is lower-case ASCII letters, digits and single hyphens"
        raise Invalid(sentence, [("/key", sentence)])
    return kind, key


# --- the author's moves -------------------------------------------------------------------------------------------


@transaction.atomic
def edit_draft(*, actor: User, proposal: Proposal, payload: Json, nature: str, reason: str,
               **via: Unpack[Via]) -> Proposal:  # fmt: skip
    """Replace what a draft, or a proposal sent back for changes, says. It stays a proposal for the same entry."""
    locked = locked_row(proposal)
    refuse_reader(actor)
    if locked.author_id != actor.pk:
        raise Refused("只有作者能改自己的提案；请退回并写明意见 only its author edits a proposal: request changes")
    if locked.state not in EDITABLE or locked.action not in WRITTEN:
        raise Refused(f"“{locked.get_state_display()}”的提案不能再编辑 this proposal can no longer be edited")
    if (payload.get("kind"), payload.get("key")) != (locked.kind, locked.key) and locked.base_revision:
        raise Refused("键不能更改 the key of an entry never changes")
    locked.kind, locked.key = identity(payload)
    locked.payload = canonical.dumps(payload)
    locked.nature = nature if locked.base_revision else Nature.NEW
    locked.reason = fitting(reason)
    limits.refuse_beyond(actor, [locked], begun=not locked.base_revision)
    locked.save(update_fields=["kind", "key", "payload", "nature", "reason"])
    step(Step.Act.EDITED, locked, actor, "", way(via)).save()
    return locked


@transaction.atomic
def submit(*, actor: User, proposal: Proposal, **via: Unpack[Via]) -> Proposal:
    """Hand a draft over for review; from here on it has to be right, together with the others of its set.

    :raises Invalid: with every problem by path.
    """
    locked = locked_row(proposal)
    _refuse_other(actor, locked)
    demanded(locked.reason)
    problems = problems_with(locked, beside(locked))
    if problems:
        errors = [(problem.path, problem.message) for problem in problems]
        raise Invalid(f"有 {len(problems)} 处须先改正 problems to mend", errors)
    return moved(actor, locked, Proposal.State.IN_REVIEW, way(via))


@transaction.atomic
def cancel(*, actor: User, proposal: Proposal, note: str = "", **via: Unpack[Via]) -> Proposal:
    """Drop a proposal: its author at any time, an editor with a note."""
    locked, said = locked_row(proposal), fitting(note)
    if locked.author_id != actor.pk:
        refuse_unless_reviewer(actor)
        limits.refuse_beyond(actor, [locked])
        demanded(note)
    return moved(actor, locked, Proposal.State.CANCELLED, way(via), said, review_note=said or locked.review_note)


@transaction.atomic
def comment(*, actor: User, proposal: Proposal, text: str, **via: Unpack[Via]) -> Step:
    """Say something about a proposal, whatever its state; everybody who sees it may."""
    refuse_reader(actor)
    if not visible_to(actor).filter(pk=proposal.pk).exists():
        raise Refused("您看不到这份提案 you do not see this proposal")
    said = step(Step.Act.COMMENTED, proposal, actor, comment_text(text), way(via))
    said.save()
    return said


def comment_text(text: str) -> str:
    """
    :raises Refused: there is none, or too much of it.
    """
    if not text.strip():
        raise Refused("请写下要说的话 say something")
    if len(text) > COMMENT_MAX:
        raise Refused(f"留言最多 {COMMENT_MAX} 字 a comment has at most {COMMENT_MAX} characters")
    return text.strip()


# --- the reviewer's moves -----------------------------------------------------------------------------------------


@transaction.atomic
def request_changes(*, actor: User, proposal: Proposal, note: str, **via: Unpack[Via]) -> Proposal:
    """Send a proposal back to its author, saying what to change."""
    locked = _reviewable(actor, proposal)
    return moved(actor, locked, Proposal.State.CHANGES_REQUESTED, way(via), demanded(note), approver=None,
                 review_note=demanded(note))  # fmt: skip


@transaction.atomic
def reject(*, actor: User, proposal: Proposal, note: str, **via: Unpack[Via]) -> Proposal:
    """End a proposal, saying why."""
    locked, taken = _reviewable(actor, proposal), way(via)
    return moved(actor, locked, Proposal.State.REJECTED, taken, demanded(note), review_note=demanded(note),
                 decided_at=taken.now)  # fmt: skip


@transaction.atomic
def approve(*, actor: User, proposal: Proposal, note: str = "", **via: Unpack[Via]) -> Proposal:
    """Say that a proposal may be published; never one's own."""
    locked, taken = _reviewable(actor, proposal), way(via)
    return moved(actor, locked, Proposal.State.APPROVED, taken, note, approver=actor, review_note=fitting(note),
                 decided_at=taken.now)  # fmt: skip


@transaction.atomic
def approve_and_publish(*, actor: User, proposals: Sequence[Proposal], note: str = "",
                        **via: Unpack[Via]) -> Outcome:  # fmt: skip
    """Approve what is in review and publish all of it in one call, or nothing of it."""
    taken, waiting = way(via), Proposal.State.IN_REVIEW
    in_order = sorted(proposals, key=lambda proposal: proposal.pk)  # two who approve the same lock them in one order
    approved = [approve(actor=actor, proposal=proposal, note=note, **taken.again) if proposal.state == waiting
                else locked_row(proposal) for proposal in in_order]  # fmt: skip
    return publish(actor=actor, proposals=approved, **onward(via, taken))


@transaction.atomic
def force(*, actor: User, proposal: Proposal, reason: str, **via: Unpack[Via]) -> Outcome:
    """Publish one's own proposal without a second person; only a chief editor, and the reason is kept for ever."""
    locked, taken = locked_row(proposal), way(via)
    refuse_unless_chief(actor)
    _refuse_other(actor, locked)
    demanded(reason)
    if locked.state in EDITABLE:
        locked = submit(actor=actor, proposal=locked, **taken.again)
    if locked.state == Proposal.State.IN_REVIEW:
        locked = moved(actor, locked, Proposal.State.APPROVED, taken, approver=actor, decided_at=taken.now)
    return publish(actor=actor, proposals=[locked], force_reason=fitting(reason), **onward(via, taken))


def _reviewable(actor: User, proposal: Proposal) -> Proposal:
    locked = locked_row(proposal)
    refuse_unless_reviewer(actor)
    if locked.author_id == actor.pk:
        raise Refused("不能审自己的提案，请另一位编辑审阅 nobody reviews their own proposal: ask another editor")
    limits.refuse_beyond(actor, [locked])
    return locked


# --- what all moves share -----------------------------------------------------------------------------------------


def locked_row(proposal: Proposal) -> Proposal:
    return Proposal.objects.select_for_update().get(pk=proposal.pk)


def moved(actor: User, proposal: Proposal, state: Proposal.State, taken: Way, text: str = "",
          **details: Any) -> Proposal:  # fmt: skip
    """Make one move that ``Proposal.MOVES`` allows, and keep who made it and what they said."""
    present = Proposal.State(proposal.state)
    if state not in Proposal.MOVES[present]:
        raise Refused(f"提案是“{present.label}”，不能变为“{state.label}” this proposal cannot become {state}")
    for name, value in {"state": state, **details}.items():
        setattr(proposal, name, value)
    proposal.save(update_fields=["state", *details])
    step(_ACTS[state], proposal, actor, text, taken).save()
    refresh.proposal_moved(proposal, present, now=taken.now)
    return proposal


_ACTS = {
    Proposal.State.IN_REVIEW: Step.Act.SUBMITTED, Proposal.State.CHANGES_REQUESTED: Step.Act.CHANGES_REQUESTED,
    Proposal.State.APPROVED: Step.Act.APPROVED, Proposal.State.REJECTED: Step.Act.REJECTED,
    Proposal.State.CANCELLED: Step.Act.CANCELLED, Proposal.State.SUPERSEDED: Step.Act.SUPERSEDED,
}  # fmt: skip


def refuse_reader(actor: User) -> None:
    """:raises Refused: the actor may not propose."""
    if not may_propose(actor):
        raise Refused("您只能查看；要提出修改，请主编给予投稿者角色 you may only look: ask for the role contributor")


def _refuse_other(actor: User, proposal: Proposal) -> None:
    refuse_reader(actor)
    if proposal.author_id != actor.pk:
        raise Refused("只有作者能提交自己的提案 only its author may do this")
    limits.refuse_beyond(actor, [proposal])


def refuse_unless_reviewer(actor: User) -> None:
    if not may_review(actor):
        raise Refused("审稿须由编辑进行 only editors review")


def refuse_unless_chief(actor: User) -> None:
    if not may_force(actor):
        raise Refused("只有主编可以强制发布 only a chief editor may force")


def fitting(text: str) -> str:
    """
    :raises Refused: it is too long for a reason or a note.
    """
    if len(text) > REASON_MAX:
        raise Refused(f"理由最多 {REASON_MAX} 字，现有 {len(text)} 字 the reason is too long")
    return text.strip()


def demanded(text: str) -> str:
    if not text.strip():
        raise Refused("请写明理由 give a reason")
    return fitting(text)


# --- questions ----------------------------------------------------------------------------------------------------


def beside(proposal: Proposal) -> list[Proposal]:
    """The other open proposals of its set: what it may refer to."""
    if proposal.proposal_set_id is None:
        return []
    others = Proposal.objects.filter(proposal_set=proposal.proposal_set_id, state__in=OPEN)
    return list(others.exclude(pk=proposal.pk))


def with_live_revision(proposals: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """Annotate ``live_revision``: the revision the entry is at now, 0 where there is none."""
    live = Entry.objects.filter(kind=OuterRef("kind"), key=OuterRef("key")).values("revision")
    return proposals.annotate(live_revision=Coalesce(Subquery(live), Value(0)))


def stale(proposals: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """Open proposals whose entry has changed since they were written."""
    return (
        with_live_revision(proposals)
        .filter(state__in=OPEN)
        .exclude(
            live_revision=F("base_revision")  # type: ignore[misc]  # annotated just above
        )
    )


def is_stale(proposal: Proposal) -> bool:
    return stale(Proposal.objects.filter(pk=proposal.pk)).exists()


def visible_to(actor: User) -> QuerySet[Proposal]:
    """Editors see every proposal, contributors their own and those that have been handed over, partners their own."""
    if may_review(actor):
        return Proposal.objects.all()
    if not may_propose(actor):
        return Proposal.objects.none()
    handed_over = ~Q(state=Proposal.State.DRAFT) if may_look(actor) else Q()
    return Proposal.objects.filter(Q(author=actor) | handed_over)


def name_of(proposal: Proposal) -> str:
    """What the entry is called in the proposal, or else where it is live."""
    payload = canonical.loads(proposal.payload) if proposal.payload else {}
    proposed = payload.get(kinds.get(proposal.kind).naming) if isinstance(payload, dict) else None
    if proposed:
        return str(proposed)
    entry = Entry.objects.filter(kind=proposal.kind, key=proposal.key).first()
    return entry.name if entry else proposal.key
