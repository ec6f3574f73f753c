"""What ``publish`` refuses before it writes anything: who may publish what, and references that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tracker.accounts.models import User
from tracker.accounts.roles import may_force, may_review
from tracker.entries.fields import Target, Wanted
from tracker.entries.models import Entry, State
from tracker.entries.storing import Stored
from tracker.entries.world import Names
from tracker.values.errors import Invalid, Refused, Stale
from tracker.vocabulary.models import Term

from . import limits
from .models import Proposal

FOUNDING = "founding"
Errors = Iterator[tuple[str, str]]


def approved_by_author(proposal: Proposal) -> bool:
    return proposal.approver_id is not None and proposal.approver_id == proposal.author_id


def refuse_stranger(actor: User | None, proposals: Sequence[Proposal]) -> None:
    """Only editors publish; without an actor only what a rule approved, the founding data."""
    if actor is None:
        if any(proposal.origin != FOUNDING for proposal in proposals):
            raise Refused("只有创始数据可按规则发布 only the founding data is published by rule: name who publishes")
    elif not may_review(actor):
        raise Refused(f"{actor} 无权发布，请编辑发布 may not publish: ask an editor")
    else:
        limits.refuse_beyond(actor, proposals)


def refuse_unapproved(actor: User | None, proposals: Sequence[Proposal], force_reason: str) -> None:
    """Refuse what is not approved now, or approved by its author; the rows stay locked to the end."""
    rows = Proposal.objects.select_for_update().filter(pk__in=[proposal.pk for proposal in proposals]).order_by("pk")
    states = dict(rows.values_list("pk", "state"))
    for proposal in proposals:
        state = Proposal.State(states.get(proposal.pk, proposal.state))
        if state != Proposal.State.APPROVED:
            raise Refused(f"{proposal} 是“{state.label}”，批准后才能发布 is {state}, not approved")
        if approved_by_author(proposal) and not (force_reason and actor and may_force(actor)):
            raise Refused(
                f"{proposal} 由作者自己批准；主编可写明理由强制发布 was approved by its author: "
                "a chief editor may force it, with a reason"
            )


def refuse_torn(proposals: Sequence[Proposal]) -> None:
    """A set is published whole: nothing of it that still waits stays behind."""
    sets = {proposal.proposal_set_id for proposal in proposals if proposal.proposal_set_id}
    if not sets:
        return
    here = [proposal.pk for proposal in proposals]
    open_ones = Proposal.objects.filter(proposal_set__in=sets, state__in=_WAITING).exclude(pk__in=here)
    if left := open_ones.order_by("pk").first():
        raise Refused(
            f"{left} 与所选的同属一组，须一起发布，或先退回、取消 belongs to the same set: publish it with the others, "
            "or reject or cancel it first"
        )


_WAITING = (Proposal.State.DRAFT, Proposal.State.IN_REVIEW, Proposal.State.CHANGES_REQUESTED, Proposal.State.APPROVED)


def refuse_doubles(proposals: Sequence[Proposal]) -> None:
    """Two proposals for one entry cannot both be written on what is live now."""
    seen: dict[tuple[str, str], Proposal] = {}
    for proposal in proposals:
        other = seen.setdefault((proposal.kind, proposal.key), proposal)
        if other is not proposal:
            raise Stale(f"{proposal} 与 {other} 改的是同一条目，请先发布其一 change the same entry: publish one")


def refuse_vanishing(proposals: Sequence[Proposal]) -> None:
    """What leaves public view in this batch cannot succeed what leaves with it."""
    leaving = {(proposal.kind, proposal.key) for proposal in proposals
               if proposal.action in (Proposal.Action.WITHDRAW, Proposal.Action.MERGE)}  # fmt: skip
    for proposal in proposals:
        if (proposal.kind, proposal.successor) in leaving:
            raise Refused(f"{proposal.kind}/{proposal.successor} 同批撤下或合并，不能继任 leaves in the same batch")


def stale(proposal: Proposal, entry: Entry) -> Stale:
    return Stale(
        f"{_name(proposal)} 现为第 {entry.revision} 版，提案据第 {proposal.base_revision} 版写成，请按现版重新提出 "
        f"is at revision {entry.revision}, the proposal was written on {proposal.base_revision}: propose it again"
    )


def coming(proposals: Sequence[Proposal]) -> set[tuple[str, str]]:
    """What will be public once these are published, if it is not yet."""
    return {(proposal.kind, proposal.key) for proposal in proposals
            if proposal.action in (Proposal.Action.PUT, Proposal.Action.RESTORE)}  # fmt: skip


def refuse_impossible(proposal: Proposal, entry: Entry | None, coming: set[tuple[str, str]]) -> None:
    """Refuse to withdraw what is not public, and to change what was withdrawn without restoring it."""
    live = entry is not None and entry.state == State.LIVE
    if proposal.action == Proposal.Action.CONFIRM and not live:
        raise Refused(f"{_name(proposal)} 未公开，无可核实 is not public, so there is nothing to confirm")
    if proposal.action == Proposal.Action.PUT and entry is not None and not live:
        raise Refused(f"{_name(proposal)} 已撤下或合并，请恢复某一修订 was withdrawn or merged: restore it instead")
    if proposal.action in (Proposal.Action.WITHDRAW, Proposal.Action.MERGE) and not live:
        raise Refused(f"{_name(proposal)} 未公开，不能撤下或合并 is not public, so it cannot be withdrawn or merged")
    if proposal.action == Proposal.Action.RESTORE and entry is None:
        raise Refused(f"{_name(proposal)} 从未发布，请作为新条目提出 was never published: propose it as new")
    heir = (proposal.kind, proposal.successor)
    if proposal.successor and heir not in coming and not is_live(*heir):
        raise Refused(f"没有公开的 {proposal.kind}/{proposal.successor} 可以继任 no such public entry to succeed it")


def _name(proposal: Proposal) -> str:
    return f"{proposal.kind}/{proposal.key}"


def is_live(kind: str, key: str) -> bool:
    return Entry.objects.live().filter(kind=kind, key=key).exists()


def refuse_lost(items: Sequence[Stored], world: Names) -> None:
    """Refuse references, sources and terms that are not there.

    :raises Invalid: naming each by entry and path.
    """
    errors = [error for item in items for error in (*_lost_references(item, world), *_lost_sources(item, world))]
    if not errors:
        errors = list(_foreign_terms(items, world))
    if errors:
        raise Invalid(f"{len(errors)} references lead nowhere", errors)


def _where(item: Stored, path: str) -> str:
    return f"{item.entry.kind}/{item.entry.key}{path}"


def _lost_references(item: Stored, world: Names) -> Errors:
    for wanted in item.wanted:
        if wanted.target.key and world.pk(wanted.target) is None:
            yield _where(item, wanted.path), f"there is no {wanted.target.kind} {wanted.target.key!r}"


def _lost_sources(item: Stored, world: Names) -> Errors:
    for index, citation in enumerate(item.payload.get("citations", [])):
        if world.pk(Target("source", citation["source"])) is None:
            yield _where(item, f"/citations/{index}/source"), f"there is no source {citation['source']!r}"


def _foreign_terms(items: Sequence[Stored], world: Names) -> Errors:
    """A category, role or subject must be a term of the vocabulary its field names."""
    wanted = [(item, term, vocabulary) for item in items for term, vocabulary in _terms(item)]
    if not wanted:
        return
    pks = {pk for _, term, _ in wanted if (pk := world.pk(term.target))}
    known = dict(Term.objects.filter(entry_id__in=pks).values_list("entry_id", "vocabulary"))
    known |= {item.entry.pk: item.payload["vocabulary"] for item in items if item.entry.kind == "term"}
    for item, term, vocabulary in wanted:
        if known.get(world.pk(term.target) or 0) != vocabulary:
            yield _where(item, term.path), f"{term.target.key!r} is not a term of {vocabulary}"


def _terms(item: Stored) -> Iterator[tuple[Wanted, str]]:
    vocabularies = item.kind.vocabularies
    return ((wanted, vocabularies[wanted.field]) for wanted in item.wanted if wanted.field in vocabularies)
