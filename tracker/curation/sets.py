"""Every move of a set of proposals, each one function and one transaction: written, handed over, decided on, published
or put off to a day, always together.

A set has no state: what may be done with it follows from its proposals.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Unpack

from django.db import transaction
from django.db.models import QuerySet

from tracker.accounts.models import User
from tracker.accounts.roles import may_look, may_propose, may_review
from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.entries.models import Entry
from tracker.values import canonical
from tracker.values.codes import Nature
from tracker.values.errors import Invalid, Refused

from . import citing, gate, limits, proposals
from .check import problems_with_each
from .citing import Proof
from .models import Proposal, ProposalSet, Step
from .publish import Outcome, publish
from .via import Via, columns, onward, step, way

State = Proposal.State
MOST_CONFIRMED = 500
LOCATORS = ("section", "table", "row", "column", "span")


# --- writing it ---------------------------------------------------------------------------------------------------


@transaction.atomic
def begin(*, actor: User, title: str = "", source: str = "", new_source: Json | None = None, note: str = "",
          reason: str = "", **via: Unpack[Via]) -> ProposalSet:  # fmt: skip
    """Open a document: a set whose facts cite it.

    :param source: key of a public source; or else
    :param new_source: the payload of one that is not here yet: it becomes the first proposal of the set.
    :param note: what was said on a call or a visit, or pasted; only for the editors.
    :raises Refused: the actor may not propose.
    :raises Invalid: neither or an unknown source is named.
    """
    proposals.refuse_reader(actor)
    taken = way(via)
    live = Entry.objects.live().filter(kind="source", key=source).first() if source else None
    if source and live is None:
        raise _no_source(source)
    if live is None and new_source is None:
        raise Invalid("请指明据何而写 say what you write from", [("source", "选一个来源，或新建 choose or make one")])
    named = live.name if live else str((new_source or {}).get("title", ""))
    made = ProposalSet.objects.create(
        title=(title or named)[:300], source=source or str((new_source or {})["key"]), note=note.strip()[:4000],
        reason=reason.strip() or f"据《{named}》"[:240], author=actor, **columns(taken),
    )  # fmt: skip
    if live is None and new_source is not None:
        _refuse_taken(new_source)
        proposals.propose(actor=actor, payload=new_source, nature=Nature.NEW, reason=made.reason, of=made,
                          **taken.again)  # fmt: skip
    return made


def _no_source(key: str) -> Invalid:
    sentence = f"没有来源“{key}”，请先新建 there is no such source"
    return Invalid(sentence, [("source", sentence)])


def _refuse_taken(new_source: Json) -> None:
    if Entry.objects.filter(kind="source", key=new_source["key"]).exists():
        sentence = f"已有键为“{new_source['key']}”的来源，请直接选用 is here already: choose it"
        raise Invalid(sentence, [("source", sentence)])


@transaction.atomic
def go_to(*, actor: User, of: ProposalSet, locator: Json, **via: Unpack[Via]) -> ProposalSet:
    """Where in the document one has come to: what is saved from here on cites that place."""
    locked = _own(actor, of)
    wanted = {name: str(locator[name]).strip() for name in LOCATORS if str(locator.get(name, "")).strip()}
    if wanted != locked.locator:
        locked.locator = wanted
        locked.save(update_fields=["locator"])
        step(Step.Act.EDITED, locked, actor, " · ".join(wanted.values()), way(via)).save()
    return locked


@transaction.atomic
def put(*, actor: User, of: ProposalSet, before: Json, after: Json, nature: str, reason: str = "",
        judged: Sequence[str] = (), why: str = "", proposal: Proposal | None = None,
        **via: Unpack[Via]) -> Proposal:  # fmt: skip
    """Save an entry of the set; whatever differs cites the set's source at its locator.

    :param before: what the form began with: what is live, or the draft as it was.
    :param judged: paths of facts that are the editor's own judgement, ``why`` says on what grounds.
    """
    locked, taken = _own(actor, of), way(via)
    payload = with_evidence(locked, before, after, nature, judged, why)
    told = reason.strip() or locked.reason
    if proposal is not None:
        if (proposal.kind, proposal.key) == ("source", locked.source) and payload.get("key") != locked.source:
            raise Refused("本组引用的来源不能改键 the set cites this source: its key stays")
        return proposals.edit_draft(actor=actor, proposal=proposal, payload=payload, nature=nature, reason=told,
                                    **taken.again)  # fmt: skip
    _refuse_second(locked, payload)
    return proposals.propose(actor=actor, payload=payload, nature=nature, reason=told, of=locked, **taken.again)


def with_evidence(of: ProposalSet, before: Json, after: Json, nature: str, judged: Sequence[str] = (),
                  why: str = "") -> Json:  # fmt: skip
    """A payload as it is to be saved in a set.

    :raises Refused: something is judged without a reason.
    """
    if judged and not why.strip():
        raise Refused("编辑判断须写明依据 a judgement needs a reason")
    kind = kinds.get(after["kind"])
    proof = Proof(of.source, of.locator, frozenset(judged), why.strip(), overtaken=nature == Nature.WORLD)
    return after if kind.reference_data or not of.source else citing.cited(kind, before, after, proof)


def _refuse_second(of: ProposalSet, payload: Json) -> None:
    same = members(of).filter(kind=payload.get("kind"), key=payload.get("key") or "", state__in=proposals.OPEN)
    if found := same.first():
        raise Refused(f"本组已有这一条的提案 {found}，请接着改那一份 the set has one for it: go on with that")


@transaction.atomic
def confirm(*, actor: User, entries: Sequence[Entry], reason: str, source: str = "", locator: Json | None = None,
            **via: Unpack[Via]) -> ProposalSet:  # fmt: skip
    """“Checked, still true”, for many entries as one reviewed action, handed over at once.

    :param source: key of the public source that was looked at; it is cited for each entry as a whole.
    :raises Refused: an entry is not public, or there are none or too many.
    """
    proposals.refuse_reader(actor)
    taken, told = way(via), proposals.demanded(reason)
    if not entries or len(entries) > MOST_CONFIRMED:
        raise Refused(f"一次核实 1 至 {MOST_CONFIRMED} 条 confirm 1 to {MOST_CONFIRMED} entries at a time")
    if source and not Entry.objects.live().filter(kind="source", key=source).exists():
        raise _no_source(source)
    made = ProposalSet.objects.create(
        purpose=ProposalSet.Purpose.CONFIRMATION, title=f"核实 {len(entries)} 条 confirm {len(entries)}", source=source,
        locator=locator or {}, reason=told, author=actor, **columns(taken),
    )  # fmt: skip
    for entry in entries:
        _confirmation(actor, made, entry, taken.again)
    return submit(actor=actor, of=made, **taken.again)


def _confirmation(actor: User, of: ProposalSet, entry: Entry, via: Via) -> None:
    proposals.refuse_withdrawn(entry)
    payload = canonical.loads(entry.revisions.get(number=entry.revision).payload)
    if of.source and not kinds.get(entry.kind).reference_data:
        made = {"path": "", "source": of.source, **({"locator": of.locator} if of.locator else {}),
                "reason": of.reason}  # fmt: skip
        payload["citations"] = [*payload.get("citations", []), made]
    Proposal.objects.create(
        kind=entry.kind, key=entry.key, action=Proposal.Action.CONFIRM, payload=canonical.dumps(payload),
        base_revision=entry.revision, nature=Nature.EVIDENCE, reason=of.reason, proposal_set=of, author=actor,
        **columns(way(via)),
    )  # fmt: skip


# --- moves of all of it -------------------------------------------------------------------------------------------


@transaction.atomic
def submit(*, actor: User, of: ProposalSet, **via: Unpack[Via]) -> ProposalSet:
    """Hand over every draft of the set, checked together.

    :raises Invalid: with every problem as ``kind/key/path``.
    """
    locked, taken = _own(actor, of), way(via)
    drafts = list(_locked_members(locked, proposals.EDITABLE))
    if not drafts:
        raise Refused("本组没有草稿可提交 the set has no draft to hand over")
    for draft in drafts:
        proposals.demanded(draft.reason)
    limits.refuse_beyond(actor, drafts)
    problems = problems_of(locked)
    if problems:
        raise Invalid(f"有 {len(problems)} 处须先改正 problems to mend", problems)
    for draft in drafts:
        proposals.moved(actor, draft, State.IN_REVIEW, taken)
    step(Step.Act.SUBMITTED, locked, actor, "", taken).save()
    return locked


def problems_of(of: ProposalSet) -> list[tuple[str, str]]:
    """What would keep the set from being published, as ``kind/key/path`` and a sentence."""
    found = problems_with_each(list(members(of).filter(state__in=proposals.OPEN)))
    return [(f"{kind}/{key}{problem.path}", problem.message)
            for (kind, key), problems in found.items() for problem in problems]  # fmt: skip


@transaction.atomic
def approve_and_publish(*, actor: User, of: ProposalSet, note: str = "", **via: Unpack[Via]) -> Outcome:
    """Approve what is in review and publish the whole set in one transaction, what is referred to first."""
    locked = _waiting(of)
    taken = way(via)
    step(Step.Act.PUBLISHED, locked, actor, proposals.fitting(note), taken).save()
    _forget_schedule(locked)
    return proposals.approve_and_publish(actor=actor, proposals=list(_locked_members(locked, WAITING)), note=note,
                                         **onward(via, taken))  # fmt: skip


@transaction.atomic
def force(*, actor: User, of: ProposalSet, reason: str, **via: Unpack[Via]) -> Outcome:
    """Publish one's own set without a second person; only a chief editor, and the reason is kept for ever.

    :raises Refused: the actor may not, gives no reason, or nothing of the set is open.
    """
    locked, taken, told = _own(actor, of), way(via), proposals.demanded(reason)
    proposals.refuse_unless_chief(actor)
    if members(locked).filter(state__in=proposals.EDITABLE).exists():
        submit(actor=actor, of=locked, **taken.again)
    waiting = list(_locked_members(_waiting(locked), WAITING))
    for proposal in waiting:
        if proposal.state == State.IN_REVIEW:
            proposals.moved(actor, proposal, State.APPROVED, taken, approver=actor, decided_at=taken.now)
    step(Step.Act.FORCED, locked, actor, told, taken).save()
    _forget_schedule(locked)
    return publish(actor=actor, proposals=waiting, force_reason=told, **onward(via, taken))


@transaction.atomic
def request_changes(*, actor: User, of: ProposalSet, note: str, **via: Unpack[Via]) -> ProposalSet:
    """Send all that waits back to its author, saying what to change."""
    locked, taken = _waiting(of), way(via)
    for proposal in _locked_members(locked, WAITING):
        proposals.request_changes(actor=actor, proposal=proposal, note=note, **taken.again)
    step(Step.Act.CHANGES_REQUESTED, locked, actor, note, taken).save()
    _forget_schedule(locked)
    return locked


@transaction.atomic
def reject(*, actor: User, of: ProposalSet, note: str, **via: Unpack[Via]) -> ProposalSet:
    """End all that waits, saying why."""
    locked, taken = _waiting(of), way(via)
    for proposal in _locked_members(locked, (State.IN_REVIEW,)):
        proposals.reject(actor=actor, proposal=proposal, note=note, **taken.again)
    for proposal in _locked_members(locked, (State.APPROVED,)):
        proposals.cancel(actor=actor, proposal=proposal, note=note, **taken.again)
    step(Step.Act.REJECTED, locked, actor, note, taken).save()
    _forget_schedule(locked)
    return locked


@transaction.atomic
def cancel(*, actor: User, of: ProposalSet, note: str = "", **via: Unpack[Via]) -> ProposalSet:
    """Drop all that is open of a set: its author at any time, an editor with a note."""
    locked, taken = _locked(of), way(via)
    for proposal in _locked_members(locked, proposals.OPEN):
        proposals.cancel(actor=actor, proposal=proposal, note=note, **taken.again)
    step(Step.Act.CANCELLED, locked, actor, proposals.fitting(note), taken).save()
    _forget_schedule(locked)
    return locked


@transaction.atomic
def comment(*, actor: User, of: ProposalSet, text: str, **via: Unpack[Via]) -> Step:
    """Say something about a set."""
    if not visible_to(actor).filter(pk=of.pk).exists():
        raise Refused("您看不到这组提案 you do not see this set")
    said = step(Step.Act.COMMENTED, of, actor, proposals.comment_text(text), way(via))
    said.save()
    return said


# --- on a day to come ---------------------------------------------------------------------------------------------


@transaction.atomic
def schedule(*, actor: User, of: ProposalSet, at: datetime, note: str = "", **via: Unpack[Via]) -> ProposalSet:
    """Approve what is in review, and let the set be published at a moment to come, in the name of who says so.

    :raises Refused: the moment has passed, the set could not be published as it is, or the actor may not.
    """
    locked, taken = _waiting(of), way(via)
    proposals.refuse_unless_reviewer(actor)
    if at <= taken.now:
        raise Refused("定时须在今后 the moment must be still to come")
    waiting = list(_locked_members(locked, WAITING))
    limits.refuse_beyond(actor, waiting)
    gate.refuse_torn(waiting)
    if problems := problems_of(locked):
        raise Invalid(f"有 {len(problems)} 处须先改正 problems to mend", problems)
    for proposal in waiting:
        if proposal.state == State.IN_REVIEW:
            proposals.approve(actor=actor, proposal=proposal, note=note, **taken.again)
    locked.publish_at, locked.scheduler, locked.refusal = at, actor, ""
    locked.save(update_fields=["publish_at", "scheduler", "refusal"])
    step(Step.Act.SCHEDULED, locked, actor, at.isoformat(), taken).save()
    return locked


@transaction.atomic
def unschedule(*, actor: User, of: ProposalSet, **via: Unpack[Via]) -> ProposalSet:
    """Take the moment back; what was approved stays approved."""
    locked = _locked(of)
    proposals.refuse_unless_reviewer(actor)
    if locked.publish_at is None:
        raise Refused("本组没有定时 the set is not scheduled")
    limits.refuse_any_beyond(actor, members(locked).filter(state__in=WAITING))
    _forget_schedule(locked)
    step(Step.Act.UNSCHEDULED, locked, actor, "", way(via)).save()
    return locked


@transaction.atomic
def refuse_due(*, of: ProposalSet, why: str, **via: Unpack[Via]) -> None:
    """A set that could not be published when it was due, in the name of who scheduled it: it stays, and says why."""
    locked = _locked(of)
    scheduler = locked.scheduler
    assert scheduler is not None
    _forget_schedule(locked)
    locked.refusal = why
    locked.save(update_fields=["refusal"])
    step(Step.Act.REFUSED, locked, scheduler, why[:2000], way(via)).save()


def due(now: datetime) -> QuerySet[ProposalSet]:
    return ProposalSet.objects.filter(publish_at__lte=now).order_by("publish_at", "pk")


def _forget_schedule(of: ProposalSet) -> None:
    of.publish_at, of.scheduler = None, None
    of.save(update_fields=["publish_at", "scheduler"])


# --- what all share -----------------------------------------------------------------------------------------------


WAITING = (State.IN_REVIEW, State.APPROVED)


def _locked(of: ProposalSet) -> ProposalSet:
    return ProposalSet.objects.select_for_update().get(pk=of.pk)


def _own(actor: User, of: ProposalSet) -> ProposalSet:
    proposals.refuse_reader(actor)
    locked = _locked(of)
    if locked.author_id != actor.pk:
        raise Refused("只有作者能往自己的一组里写 only its author writes in a set")
    return locked


def _waiting(of: ProposalSet) -> ProposalSet:
    locked = _locked(of)
    if not members(locked).filter(state__in=WAITING).exists():
        raise Refused("本组没有待审或待发布的提案 nothing of this set waits")
    return locked


def _locked_members(of: ProposalSet, states: Sequence[str]) -> Iterator[Proposal]:
    return iter(members(of).filter(state__in=states).select_for_update().order_by("pk"))


# --- questions ----------------------------------------------------------------------------------------------------


def members(of: ProposalSet) -> QuerySet[Proposal]:
    return Proposal.objects.filter(proposal_set=of)


def visible_to(actor: User) -> QuerySet[ProposalSet]:
    """Editors see every set, contributors their own and those of which something has been handed over."""
    if may_review(actor):
        return ProposalSet.objects.all()
    if not (may_propose(actor) and may_look(actor)):
        return ProposalSet.objects.none()
    handed_over = Proposal.objects.exclude(state=State.DRAFT).filter(proposal_set__isnull=False)
    shown = handed_over.values("proposal_set")
    return ProposalSet.objects.filter(author=actor) | ProposalSet.objects.filter(pk__in=shown)
