"""Several proposals on one page: each difference, what all of them touch, and the moves that decide on all at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.db import DatabaseError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from tracker.accounts.models import User
from tracker.curation import effects, proposals, spoken
from tracker.curation.check import Identity, problem_from_database, problems_with_each
from tracker.curation.comparison import Comparison, targets
from tracker.curation.effects import Effects
from tracker.curation.models import Proposal, Step
from tracker.curation.validation import Problem, is_drawable
from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.entries.models import Entry, Revision
from tracker.entries.world import Names
from tracker.values import canonical
from tracker.values.errors import TrackerError

from .shown import entry_url

State = Proposal.State
MOST = 200
"""So many are shown on one page."""
WAITING = (State.IN_REVIEW, State.APPROVED)


@dataclass
class Member:
    """One of several proposals, as the page shows it."""

    proposal: Proposal
    kind: str
    name: str
    action: str
    state: str
    entry_url: str
    stale: bool
    may_edit: bool
    sections: list[object] = field(default_factory=list)
    citation_changes: list[object] = field(default_factory=list)
    fresh: bool = False
    raw: str = ""
    problems: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class _Sides:
    """What a proposal is compared with, and what it says."""

    proposal: Proposal
    entry: Entry | None
    against: Json
    proposed: Json

    @property
    def kind(self) -> kinds.Kind:
        return kinds.get(self.proposal.kind)

    @property
    def is_drawable(self) -> bool:
        bare = {"kind": self.proposal.kind, "key": "x"}
        return is_drawable(self.proposed) and is_drawable(bare | self.against)


def members(user: User, found: Sequence[Proposal]) -> list[Member]:
    """Each with its difference against what is live; open ones with what would keep them from being published."""
    open_ones = [proposal for proposal in found if proposal.state in proposals.OPEN]
    problems = problems_with_each(open_ones) if open_ones else {}
    beside = {(proposal.kind, proposal.key): _named(proposal) for proposal in open_ones if proposal.payload}
    every, names = _sides(found), Names()
    names.load(target for sides in every if sides.is_drawable for payload in (sides.against, sides.proposed)
               for target in targets(sides.kind, payload))  # fmt: skip
    return [_member(user, sides, problems, beside, names) for sides in every]


def _sides(found: Sequence[Proposal]) -> list[_Sides]:
    """Open proposals beside what is live, the others beside what they were written on: some queries for all."""
    live = _live(found)
    paired = [(proposal, live.get((proposal.kind, proposal.key))) for proposal in found]
    numbers = [(entry.pk, entry.revision if proposal.state in proposals.OPEN else proposal.base_revision)
               if entry else (0, 0) for proposal, entry in paired]  # fmt: skip
    rows = Revision.objects.filter(entry__in={pk for pk, _number in numbers}, number__in={n for _pk, n in numbers})
    payloads = {(pk, number): payload for pk, number, payload in rows.values_list("entry", "number", "payload")}
    every = []
    for (proposal, entry), number in zip(paired, numbers, strict=True):
        against = canonical.loads(payloads.get(number, "{}"))
        every.append(_Sides(proposal, entry, against,
                            canonical.loads(proposal.payload) if proposal.payload else against))  # fmt: skip
    return every


def _named(proposal: Proposal) -> str:
    return str(canonical.loads(proposal.payload).get(kinds.get(proposal.kind).naming) or proposal.key)


def _live(found: Sequence[Proposal]) -> dict[Identity, Entry]:
    by_kind: dict[str, list[str]] = {}
    for proposal in found:
        by_kind.setdefault(proposal.kind, []).append(proposal.key)
    rows = (Entry.objects.filter(kind=kind, key__in=keys) for kind, keys in by_kind.items())
    return {(entry.kind, entry.key): entry for each in rows for entry in each}


def _member(user: User, sides: _Sides, problems: dict[Identity, list[Problem]], beside: Mapping[Identity, str],
            names: Names) -> Member:  # fmt: skip
    proposal, entry, kind = sides.proposal, sides.entry, sides.kind
    is_open = proposal.state in proposals.OPEN
    made = Member(
        proposal, spoken.kind_name(kind), str(sides.proposed.get(kind.naming) or proposal.key),
        action_label(proposal), state_label(proposal.state),
        entry_url(entry) if entry else "", is_open and (entry.revision if entry else 0) != proposal.base_revision,
        proposal.author_id == user.pk and proposal.state in proposals.EDITABLE and proposal.action in proposals.WRITTEN,
        problems=[(spoken.field_label(kind, one.path), spoken.problem(one.message))
                  for one in problems.get((proposal.kind, proposal.key), [])],
    )  # fmt: skip
    if not sides.is_drawable:
        made.raw = proposal.payload
        return made
    comparison = Comparison(kind, sides.against, sides.proposed, beside, names)
    made.sections, made.citation_changes = list(comparison.changed_sections()), list(comparison.citation_changes())
    made.fresh = not sides.against
    return made


def state_label(state: str) -> str:
    return spoken.choice(state, str(State(state).label))


def action_label(proposal: Proposal) -> str:
    """What a proposal does, in a word."""
    action = Proposal.Action(proposal.action)
    if action == Proposal.Action.PUT:
        return _("修改") if proposal.base_revision else _("新增")
    return {
        Proposal.Action.WITHDRAW: _("撤下"), Proposal.Action.MERGE: _("合并"),
        Proposal.Action.RESTORE: _("恢复旧版"), Proposal.Action.CONFIRM: _("核实"),
    }[action]  # fmt: skip


def effects_context(found: Sequence[Proposal]) -> Json:
    """``effects`` for the template, and ``refusal``: why they could not all be published together."""
    try:
        touched = effects.of(found) if found else None
    except TrackerError as error:
        return {"effects": None, "refusal": spoken.told(error.message)}
    except DatabaseError as error:
        return {"effects": None, "refusal": spoken.told(problem_from_database(error, found[0].kind).message)}
    return {"refusal": "", "effects": _drawn(touched) if touched else None}


def _drawn(touched: Effects) -> Json:
    """Events, conflicts with labels, documents with links."""
    pks = {each.entry_id for each in touched.rendered_again}
    entries = Entry.objects.in_bulk(pks)
    english = spoken.english()
    return {
        "none": touched.is_empty,
        "events": [("added", date, en if english else zh) for date, zh, en in touched.events_added]
        + [("removed", date, en if english else zh) for date, zh, en in touched.events_removed],
        "raised": [(each.name, spoken.field_label(kinds.get(each.kind), path)) for each, path
                   in touched.conflicts_raised],
        "settled": [(each.name, spoken.field_label(kinds.get(each.kind), path)) for each, path
                    in touched.conflicts_settled],
        "again": [(each.name, spoken.kind_name(kinds.get(each.kind)),
                   entry_url(entries[each.entry_id]) if each.entry_id in entries else "",
                   _("、").join(dict.fromkeys(spoken.field_label(kinds.get(each.kind), path) or path
                                          for path in each.fields)))
                  for each in touched.rendered_again],
    }  # fmt: skip


def seen(found: Sequence[Proposal]) -> str:
    """A digest of everything that was on the screen, so that nothing else is decided on."""
    return canonical.digest("\n".join(f"{proposal.pk} {proposal.state} {canonical.digest(proposal.payload)}"
                                      for proposal in sorted(found, key=lambda one: one.pk)))  # fmt: skip


@dataclass(frozen=True)
class Told:
    """One step, as the page tells it."""

    when: object
    who: str
    act: str
    text: str
    is_comment: bool


def told(steps: Sequence[Step]) -> list[Told]:
    return [Told(one.recorded_at, (one.actor.display_name or one.actor.username) if one.actor else _("按规则"),
                 spoken.code(Step.Act(one.act)), one.text, one.act == Step.Act.COMMENTED) for one in steps]  # fmt: skip


def chosen(request: HttpRequest) -> list[int]:
    """The ids in ``?ids=3,5,8``, at most ``MOST``."""
    given = (request.POST.get("ids") or request.GET.get("ids", "")).split(",")
    return [int(one) for one in given if one.isdigit() and len(one) < 19][:MOST]


def too_many(request: HttpRequest, found: QuerySet[Any]) -> bool:
    """Whether more were chosen than fit on one page; it is said."""
    if found.count() <= MOST:
        return False
    messages.error(request, _("一次至多选 %(most)s 条，请分几次。") % {"most": MOST})
    return True
