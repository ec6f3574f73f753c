"""The page of a proposal: what it changes, the proof beside it, what else it touches, and the moves that are open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from tracker.accounts import roles
from tracker.accounts.models import User
from tracker.curation import limits, proposals, spoken
from tracker.curation.check import needed_by, problems_with
from tracker.curation.comparison import Comparison
from tracker.curation.models import Proposal
from tracker.curation.validation import is_drawable
from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.entries.models import Entry
from tracker.values import canonical
from tracker.values.errors import Refused, TrackerError

from . import together
from .access import actor
from .origin import via
from .shown import entry_url, referrers_of
from .together import action_label

State = Proposal.State


@dataclass(frozen=True)
class Move:
    """A button: its name, what it says, whether it needs a note, and how it looks."""

    name: str
    zh: str
    note: bool = False
    style: str = ""
    en: str = ""

    @property
    def label(self) -> str:
        return spoken.said(self.zh, self.en)


SUBMIT = Move("submit", "提交审阅", style="default", en="Hand over for review")
APPROVE_AND_PUBLISH = Move("publish", "批准并发布", style="default", en="Approve and publish")
PUBLISH = Move("publish", "发布", style="default", en="Publish")
APPROVE = Move("approve", "只批准", en="Approve only")
REQUEST = Move("request_changes", "请作者修改", note=True, en="Ask for changes")
REJECT = Move("reject", "退回", note=True, style="danger", en="Reject")
CANCEL = Move("cancel", "取消提案", en="Cancel the proposal")
CANCEL_OTHERS = Move("cancel", "取消提案", note=True, en="Cancel the proposal")
FORCE = Move("force", "强制发布", note=True, style="danger", en="Force")


def open_moves(user: User, proposal: Proposal) -> list[Move]:
    """The moves this person may make on this proposal now; the services check again."""
    own = proposal.author_id == user.pk
    if proposal.state not in proposals.OPEN:
        return []
    if beyond(user, proposal):
        return [CANCEL] if own else []
    found = _own_moves(user, proposal) if own else _reviewers_moves(user, proposal)
    if own or roles.may_review(user):
        found.append(CANCEL if own else CANCEL_OTHERS)
    return found


def beyond(user: User, proposal: Proposal) -> str:
    """Why the proposal is not for this person, whose limits it lies beyond; '' where it does not."""
    refused = limits.beyond(user, [proposal], begun=proposal.state in proposals.EDITABLE).get(0)
    return spoken.told(refused.message) if refused else ""


def _own_moves(user: User, proposal: Proposal) -> list[Move]:
    if proposal.proposal_set_id:
        return []  # handed over with its set
    found = [SUBMIT] if proposal.state in proposals.EDITABLE else []
    if proposal.state == State.APPROVED and proposal.approver_id != user.pk and roles.may_review(user):
        found.append(PUBLISH)
    elif roles.may_force(user):
        found.append(FORCE)
    return found


def _reviewers_moves(user: User, proposal: Proposal) -> list[Move]:
    if not roles.may_review(user):
        return []
    if proposal.proposal_set_id:  # published with its set
        return [REQUEST, REJECT] if proposal.state == State.IN_REVIEW else [REQUEST][: proposal.state == State.APPROVED]
    if proposal.state == State.IN_REVIEW:
        return [APPROVE_AND_PUBLISH, APPROVE, REQUEST, REJECT]
    return [PUBLISH, REQUEST] if proposal.state == State.APPROVED else []


# --- the page -----------------------------------------------------------------------------------------------------


def page(request: HttpRequest, site_context: Json, proposal: Proposal) -> HttpResponse:
    context = {**site_context, **_context(request, proposal)}
    return TemplateResponse(request, "admin/curation/proposal.html", context)


def _context(request: HttpRequest, proposal: Proposal) -> Json:
    user = actor(request)
    entry = Entry.objects.filter(kind=proposal.kind, key=proposal.key).first()
    kind = kinds.get(proposal.kind)
    live = live_payload(entry)
    proposed = live if proposal.payload == "" else canonical.loads(proposal.payload)
    is_open = proposal.state in proposals.OPEN
    return {
        "beyond": beyond(user, proposal), "proposal": proposal, "kind": kind, "entry": entry,
        "name": proposed.get(kind.naming) or proposal.key,
        "title": spoken.pair(action_label(proposal), proposed.get(kind.naming) or proposal.key),
        "entry_url": entry_url(entry) if entry else "", "moves": open_moves(user, proposal),
        "may_edit": proposal.author_id == user.pk and proposal.state in proposals.EDITABLE
        and proposal.action in proposals.WRITTEN,
        "may_rewrite": is_open and proposals.is_stale(proposal) and entry is not None and entry.state == "live"
        and bool(proposal.payload) and (proposal.author_id == user.pk or roles.may_review(user)),
        "of": proposal.proposal_set, "steps": together.told(list(proposal.steps.select_related("actor"))),
        **together.effects_context(needed_by(proposal, proposals.beside(proposal)) if is_open else []),
        "seen": canonical.digest(proposal.payload), "is_open": is_open,
        "stale": proposals.is_stale(proposal), "problems": _problems(proposal) if is_open else [],
        "removal": proposal.action in (Proposal.Action.WITHDRAW, Proposal.Action.MERGE),
        "successor": _successor(proposal), **_difference(request, proposal, entry, live, proposed),
        **(referrers_of(entry) if entry else {}),
    }  # fmt: skip


def live_payload(entry: Entry | None) -> Json:
    """The payload of the entry as it is now; empty when there is none."""
    if entry is None:
        return {}
    found: Json = canonical.loads(entry.revisions.get(number=entry.revision).payload)
    return found


def _difference(request: HttpRequest, proposal: Proposal, entry: Entry | None, live: Json, proposed: Json) -> Json:
    """Against what is live; a proposal that is done with is shown against the revision it was written on."""
    against = live
    if proposal.state not in proposals.OPEN and entry is not None:
        base = entry.revisions.filter(number=proposal.base_revision).first()
        against = canonical.loads(base.payload) if base else {}
    if not is_drawable(proposed) or not is_drawable({"kind": proposal.kind, "key": "x"} | against):
        return {"raw": proposal.payload}
    return comparison_context(request, Comparison(kinds.get(proposal.kind), against, proposed))


def comparison_context(request: HttpRequest, comparison: Comparison) -> Json:
    """The difference view of two payloads; ``?all=1`` shows what did not change as well."""
    show_all = "all" in request.GET
    return {
        "sections": list(comparison.sections()) if show_all else comparison.changed_sections(),
        "show_all": show_all, "citation_changes": comparison.citation_changes(), "fresh": not comparison.old,
    }  # fmt: skip


def _problems(proposal: Proposal) -> list[tuple[str, str]]:
    kind = kinds.get(proposal.kind)
    return [
        (spoken.field_label(kind, problem.path), spoken.problem(problem.message))
        for problem in problems_with(proposal, proposals.beside(proposal))
    ]


def _successor(proposal: Proposal) -> Entry | None:
    return Entry.objects.filter(kind=proposal.kind, key=proposal.successor).first() if proposal.successor else None


# --- the moves ----------------------------------------------------------------------------------------------------


def move(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """Make the move whose button was pressed, and say what happened."""
    name, note = request.POST.get("move", ""), request.POST.get("note", "").strip()
    try:
        if name != "comment":
            _refuse_unseen(request, proposal)
        if name not in _MOVES:
            raise Refused("没有这个动作 there is no such move")
        messages.success(request, _MOVES[name](request, proposal, note))
    except TrackerError as error:
        say(request, error)
    return HttpResponseRedirect(reverse("admin:tracker_proposal_change", args=[proposal.pk]))


def _refuse_unseen(request: HttpRequest, proposal: Proposal) -> None:
    """What is approved must be what was on the screen."""
    if request.POST.get("seen") != canonical.digest(proposal.payload):
        raise Refused("这份提案在您打开之后又改过，请看过再定 it was edited since you opened it: look again")


def say(request: HttpRequest, error: TrackerError) -> None:
    """An error as a message: what happened, then each place."""
    messages.error(request, spoken.pair(spoken.told(error.title), spoken.told(error.message)))
    for where, sentence in error.errors[:20]:
        messages.error(request, spoken.pair(where, spoken.problem(sentence)))


def said(outcome: Any) -> str:
    """What a call of ``publish`` did, in a sentence."""
    parts = [_("已发布 %(count)s 条") % {"count": outcome.published}]
    if outcome.unchanged:
        parts.append(_("%(count)s 条与现行内容相同，未生成新修订") % {"count": outcome.unchanged})
    if outcome.derived:
        parts.append(_("连带更新 %(count)s 条") % {"count": outcome.derived})
    return _("；").join(parts) + _("。")


def _publish(request: HttpRequest, proposal: Proposal, note: str) -> str:
    return said(proposals.approve_and_publish(actor=actor(request), proposals=[proposal], note=note, **via(request)))


def _submit(request: HttpRequest, proposal: Proposal, note: str) -> str:
    proposals.submit(actor=actor(request), proposal=proposal, **via(request))
    return _("已提交，等待另一位编辑审阅。")


def _approve(request: HttpRequest, proposal: Proposal, note: str) -> str:
    proposals.approve(actor=actor(request), proposal=proposal, note=note, **via(request))
    return _("已批准，尚未发布。")


def _request_changes(request: HttpRequest, proposal: Proposal, note: str) -> str:
    proposals.request_changes(actor=actor(request), proposal=proposal, note=note, **via(request))
    return _("已请作者修改。")


def _reject(request: HttpRequest, proposal: Proposal, note: str) -> str:
    proposals.reject(actor=actor(request), proposal=proposal, note=note, **via(request))
    return _("已退回。")


def _cancel(request: HttpRequest, proposal: Proposal, note: str) -> str:
    proposals.cancel(actor=actor(request), proposal=proposal, note=note, **via(request))
    return _("提案已取消。")


def _comment(request: HttpRequest, proposal: Proposal, note: str) -> str:
    proposals.comment(actor=actor(request), proposal=proposal, text=request.POST.get("text", ""), **via(request))
    return _("已留言。")


def _force(request: HttpRequest, proposal: Proposal, note: str) -> str:
    outcome = proposals.force(actor=actor(request), proposal=proposal, reason=note, **via(request))
    return _("强制发布，已记录在案。") + said(outcome)


_MOVES: dict[str, Callable[[HttpRequest, Proposal, str], str]] = {
    "submit": _submit, "publish": _publish, "approve": _approve, "request_changes": _request_changes,
    "reject": _reject, "cancel": _cancel, "force": _force, "comment": _comment,
}  # fmt: skip


# --- many at once -------------------------------------------------------------------------------------------------


def many(request: HttpRequest, site_context: Json) -> HttpResponse:
    """``?ids=3,5,8``: several proposals, and the rest of the sets they belong to, decided on in one click."""
    found = _chosen(request)
    if request.method == "POST":
        try:
            if request.POST.get("seen") != together.seen(found):
                raise Refused("有提案在您打开之后又改过，请看过再定 something was edited since: look again")
            messages.success(request, _decided(request, found))
            return HttpResponseRedirect(reverse("admin:tracker_proposal_changelist"))
        except TrackerError as error:
            say(request, error)
    user = actor(request)
    waiting = [proposal for proposal in found if proposal.state in together.WAITING]
    moves = [Move("publish", _("全部批准并发布"), style="default"), Move("request_changes", _("请作者修改"), note=True),
             Move("reject", _("全部退回"), note=True, style="danger")]  # fmt: skip
    context = {
        **site_context, "title": _("一起审阅 %(count)s 份提案") % {"count": len(found)}, "members":
        together.members(user, found), "ids": ",".join(str(proposal.pk) for proposal in found),
        "seen": together.seen(found), "moves": moves if waiting else [],
        **together.effects_context(waiting),
    }  # fmt: skip
    return TemplateResponse(request, "admin/curation/together.html", context)


def _chosen(request: HttpRequest) -> list[Proposal]:
    """The proposals asked for that still wait, and whatever belongs to a set with one of them."""
    waiting = proposals.visible_to(actor(request)).filter(state__in=together.WAITING)
    asked = waiting.filter(pk__in=together.chosen(request))
    sets = asked.exclude(proposal_set=None).values("proposal_set")
    both = (asked | waiting.filter(proposal_set__in=sets)).select_related("author", "approver").order_by("pk")
    return list(both)


@transaction.atomic
def _decided(request: HttpRequest, found: list[Proposal]) -> str:
    user, note, how = actor(request), request.POST.get("note", "").strip(), via(request)
    match request.POST.get("move", ""):
        case "publish":
            return said(proposals.approve_and_publish(actor=user, proposals=found, note=note, **how))
        case "request_changes":
            for proposal in found:
                proposals.request_changes(actor=user, proposal=proposal, note=note, **how)
            return _("已请作者修改 %(count)s 份。") % {"count": len(found)}
        case "reject":
            for proposal in found:
                proposals.reject(actor=user, proposal=proposal, note=note, **how)
            return _("已退回 %(count)s 份。") % {"count": len(found)}
        case _:
            raise Refused("没有这个动作 there is no such move")
