"""The page of a proposal: what it changes, the proof beside it, what else it touches, and the moves that are open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from tracker.accounts import roles
from tracker.accounts.models import User
from tracker.curation import proposals
from tracker.curation.check import problems_with
from tracker.curation.comparison import Comparison
from tracker.curation.models import Proposal
from tracker.curation.validation import is_drawable
from tracker.curation.wording import in_chinese, label
from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.entries.models import Entry
from tracker.values import canonical
from tracker.values.errors import Refused, TrackerError

from .access import actor
from .shown import entry_url, referrers_of

State = Proposal.State


@dataclass(frozen=True)
class Move:
    """A button: its name, what it says, whether it needs a note, and how it looks."""

    name: str
    zh: str
    note: bool = False
    style: str = ""


SUBMIT = Move("submit", "提交审阅", style="default")
APPROVE_AND_PUBLISH = Move("publish", "批准并发布", style="default")
PUBLISH = Move("publish", "发布", style="default")
APPROVE = Move("approve", "只批准")
REQUEST = Move("request_changes", "请作者修改", note=True)
REJECT = Move("reject", "退回", note=True, style="danger")
CANCEL = Move("cancel", "取消提案")
CANCEL_OTHERS = Move("cancel", "取消提案", note=True)
FORCE = Move("force", "强制发布", note=True, style="danger")


def open_moves(user: User, proposal: Proposal) -> list[Move]:
    """The moves this person may make on this proposal now; the services check again."""
    own = proposal.author_id == user.pk
    if proposal.state not in proposals.OPEN:
        return []
    found = _own_moves(user, proposal) if own else _reviewers_moves(user, proposal)
    if own or roles.may_review(user):
        found.append(CANCEL if own else CANCEL_OTHERS)
    return found


def _own_moves(user: User, proposal: Proposal) -> list[Move]:
    found = [SUBMIT] if proposal.state in proposals.EDITABLE else []
    if proposal.state == State.APPROVED and proposal.approver_id != user.pk and roles.may_review(user):
        found.append(PUBLISH)
    elif roles.may_force(user):
        found.append(FORCE)
    return found


def _reviewers_moves(user: User, proposal: Proposal) -> list[Move]:
    if not roles.may_review(user):
        return []
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
        "proposal": proposal, "kind": kind, "entry": entry, "name": proposed.get(kind.naming) or proposal.key,
        "title": f"{action_label(proposal)}：{proposed.get(kind.naming) or proposal.key}",
        "entry_url": entry_url(entry) if entry else "", "moves": open_moves(user, proposal),
        "may_edit": proposal.author_id == user.pk and proposal.state in proposals.EDITABLE
        and proposal.action == Proposal.Action.PUT,
        "seen": canonical.digest(proposal.payload), "is_open": is_open,
        "stale": proposals.is_stale(proposal), "problems": _problems(proposal) if is_open else [],
        "removal": proposal.action in (Proposal.Action.WITHDRAW, Proposal.Action.MERGE),
        "successor": _successor(proposal), **_difference(request, proposal, entry, live, proposed),
        **(referrers_of(entry) if entry else {}),
    }  # fmt: skip


def action_label(proposal: Proposal) -> str:
    if proposal.action == Proposal.Action.PUT:
        return "修改" if proposal.base_revision else "新增"
    return str(proposal.get_action_display())


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
    return [(label(kind, problem.path), in_chinese(problem.message)) for problem in problems_with(proposal)]


def _successor(proposal: Proposal) -> Entry | None:
    return Entry.objects.filter(kind=proposal.kind, key=proposal.successor).first() if proposal.successor else None


# --- the moves ----------------------------------------------------------------------------------------------------


def move(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """Make the move whose button was pressed, and say what happened."""
    name, note = request.POST.get("move", ""), request.POST.get("note", "").strip()
    try:
        _refuse_unseen(request, proposal)
        if name not in _MOVES:
            raise Refused("没有这个动作 there is no such move")
        messages.success(request, _MOVES[name](actor(request), proposal, note))
    except TrackerError as error:
        say(request, error)
    return HttpResponseRedirect(reverse("admin:tracker_proposal_change", args=[proposal.pk]))


def _refuse_unseen(request: HttpRequest, proposal: Proposal) -> None:
    """What is approved must be what was on the screen."""
    if request.POST.get("seen") != canonical.digest(proposal.payload):
        raise Refused("这份提案在您打开之后又改过，请看过再定 it was edited since you opened it: look again")


def say(request: HttpRequest, error: TrackerError) -> None:
    """An error as a message: what happened, then each place."""
    messages.error(request, f"{error.title}：{error.message}")
    for where, sentence in error.errors[:20]:
        messages.error(request, f"{where}：{in_chinese(sentence)}")


def _publish(user: User, proposal: Proposal, note: str) -> str:
    outcome = proposals.approve_and_publish(actor=user, proposals=[proposal], note=note)
    return said(outcome)


def said(outcome: Any) -> str:
    """What a call of ``publish`` did, in a sentence."""
    parts = [f"已发布 {outcome.published} 条"]
    if outcome.unchanged:
        parts.append(f"{outcome.unchanged} 条与现行内容相同，未生成新修订")
    if outcome.derived:
        parts.append(f"连带更新 {outcome.derived} 条")
    return "；".join(parts) + "。"


def _submit(user: User, proposal: Proposal, note: str) -> str:
    proposals.submit(actor=user, proposal=proposal)
    return "已提交，等待另一位编辑审阅。"


def _approve(user: User, proposal: Proposal, note: str) -> str:
    proposals.approve(actor=user, proposal=proposal, note=note)
    return "已批准，尚未发布。"


def _request_changes(user: User, proposal: Proposal, note: str) -> str:
    proposals.request_changes(actor=user, proposal=proposal, note=note)
    return "已请作者修改。"


def _reject(user: User, proposal: Proposal, note: str) -> str:
    proposals.reject(actor=user, proposal=proposal, note=note)
    return "已退回。"


def _cancel(user: User, proposal: Proposal, note: str) -> str:
    proposals.cancel(actor=user, proposal=proposal, note=note)
    return "提案已取消。"


def _force(user: User, proposal: Proposal, note: str) -> str:
    return "强制发布，已记录在案。" + said(proposals.force(actor=user, proposal=proposal, reason=note))


_MOVES: dict[str, Callable[[User, Proposal, str], str]] = {
    "submit": _submit, "publish": _publish, "approve": _approve, "request_changes": _request_changes,
    "reject": _reject, "cancel": _cancel, "force": _force,
}  # fmt: skip
