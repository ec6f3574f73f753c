"""Sets in the admin: open a document, write from it, look at all of it on one page, decide on it in one click."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.accounts import roles
from tracker.accounts.models import User
from tracker.curation import proposals, reversing, sets, spoken
from tracker.curation.forms import keys
from tracker.curation.models import Proposal, ProposalSet
from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.entries.models import Entry
from tracker.values import edtf
from tracker.values.errors import Refused, TrackerError
from tracker.values.spoken_dates import understood

from . import batches, together
from .access import ReadOnly, actor
from .filters import ChoiceFilter
from .origin import via
from .reviewing import Move, said, say

State = Proposal.State
OPENABLE = 32 << 20
"""A file that is only hashed, never kept, may have so many bytes."""
SORTS = ("live", "url", "file", "text", "talk")
MOST_TEXT = 200_000


class DocumentForm(forms.Form):
    """What one writes from: a source that is here, or a new one by its address, file, text, or a talk."""

    sort = forms.ChoiceField(choices=[(one, one) for one in SORTS], initial="live")
    source = forms.CharField(required=False, max_length=300)
    title = forms.CharField(required=False, max_length=300)
    publisher = forms.CharField(required=False, max_length=200)
    date = forms.CharField(required=False, max_length=20)
    url = forms.URLField(required=False, max_length=500, assume_scheme="https")
    file = forms.FileField(required=False)
    text = forms.CharField(required=False, max_length=MOST_TEXT, strip=False)
    note = forms.CharField(required=False, max_length=4000)

    def clean_date(self) -> str:
        try:
            return str(understood(self.cleaned_data["date"]) or "")
        except edtf.InvalidEdtf as error:
            raise forms.ValidationError(_("看不懂这个日期")) from error

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        needed = {"live": "source", "url": "url", "file": "file", "text": "text", "talk": "note"}
        name = needed.get(typed.get("sort", ""), "")
        if name and not typed.get(name) and name not in self.errors:
            self.add_error(name, _("请填这一项。"))
        if typed.get("sort") != "live" and not (typed.get("title") or "").strip():
            self.add_error("title", _("请写题名。"))
        file = typed.get("file")
        if file and file.size > OPENABLE:
            self.add_error("file", _("文件太大：至多 32 MB。"))
        return typed


class ConfirmForm(forms.Form):
    """“Checked, still true”: why one says so, and what was looked at."""

    reason = forms.CharField(max_length=240)
    source = forms.CharField(required=False, max_length=300)
    section = forms.CharField(required=False, max_length=200)


class ProposalSetAdmin(ReadOnly):
    """Sets, newest first, and a page for each: to write on for its author, to decide on for the others."""

    list_display = ("title", "purpose_said", "counted", "author", "created_at", "scheduled")
    list_filter = (("purpose", ChoiceFilter),)
    list_select_related = ("author",)
    search_fields = ("title", "source")
    show_full_result_count = False
    list_per_page = 50
    ordering = ("-id",)
    change_list_template = "admin/curation/sets.html"

    # --- who

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        user = request.user
        return isinstance(user, User) and roles.may_propose(user) and roles.may_look(user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProposalSet]:
        return sets.visible_to(actor(request)).prefetch_related(
            Prefetch("proposals", Proposal.objects.only("proposal_set", "state"))
        )  # fmt: skip

    # --- the list

    @admin.display(description=gettext_lazy("用途"), ordering="purpose")
    def purpose_said(self, of: ProposalSet) -> str:
        return spoken.code(ProposalSet.Purpose(of.purpose))

    @admin.display(description=gettext_lazy("提案"))
    def counted(self, of: ProposalSet) -> SafeString:
        return chips([proposal.state for proposal in of.proposals.all()])

    @admin.display(description=gettext_lazy("定时发布"), ordering="publish_at")
    def scheduled(self, of: ProposalSet) -> str:
        if of.publish_at:
            return f"{timezone.localtime(of.publish_at):%Y-%m-%d %H:%M}"
        return _("到时未能发布") if of.refusal else "—"

    # --- the addresses

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("confirm/", wrap(self.confirm_view), name="tracker_proposalset_confirm"),
            path("batches/", wrap(self.batches_view), name="tracker_proposalset_batches"),
            path("undo/", wrap(self.undo_view), name="tracker_proposalset_undo"),
            path("<int:pk>/move/", wrap(self.move_view), name="tracker_proposalset_move"),
            path("<int:pk>/entry/", wrap(self.entry_view), name="tracker_proposalset_entry"),
        ]
        return [*own, *super().get_urls()]

    def _context(self, request: HttpRequest) -> Json:
        return {**self.admin_site.each_context(request), "opts": self.opts,
                "suggest_url": reverse("admin:tracker_proposal_suggest")}  # fmt: skip

    def _set(self, request: HttpRequest, pk: int | str) -> ProposalSet:
        self._refuse_reader(request)
        seen = sets.visible_to(actor(request)).select_related("author", "scheduler")
        found = seen.filter(pk=pk).first() if str(pk).isdigit() and int(pk) < 2**63 else None
        if found is None:
            raise Http404("没有这组提案")
        return found

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Open a document."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        start = {"sort": "live", "source": request.GET.get("source", "")}
        form = DocumentForm(request.POST, request.FILES) if request.method == "POST" else DocumentForm(initial=start)
        if request.method == "POST" and form.is_valid():
            try:
                return HttpResponseRedirect(set_url(_begun(request, form.cleaned_data)))
            except TrackerError as error:
                form.add_error(None, error.message)
        context = {**self._context(request), "title": _("据一份文件写"), "form": form, "sort": form["sort"].value()}
        return TemplateResponse(request, "admin/curation/document.html", context)

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "",
                    extra_context: Any = None) -> HttpResponse:  # fmt: skip
        context = {**self._context(request), **_page(request, self._set(request, object_id))}
        return TemplateResponse(request, "admin/curation/set.html", context)

    def entry_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """From what was picked to the form that changes it, for this set."""
        of, picked = self._set(request, pk), request.GET.get("entry", "").split()
        kind, _slash, key = (picked[0] if picked else "").partition("/")
        if not kinds.known(kind) or not Entry.objects.live().filter(kind=kind, key=key).exists():
            messages.error(request, _("请从建议中选取一个公开的条目。"))
            return HttpResponseRedirect(set_url(of))
        own = sets.members(of).filter(kind=kind, key=key, author=actor(request), state__in=proposals.EDITABLE).first()
        if own:
            return HttpResponseRedirect(reverse("admin:tracker_proposal_edit", args=[own.pk]))
        return HttpResponseRedirect(f"{reverse('admin:tracker_proposal_propose', args=[kind, key])}?set={of.pk}")

    def move_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make the move whose button was pressed, and say what happened."""
        of = self._set(request, pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            move = request.POST.get("move", "")
            if move not in _MOVES:
                raise Refused("没有这个动作 there is no such move")
            if move in _SEEING and request.POST.get("seen") != together.seen(_members(of)):
                raise Refused("这组提案在您打开之后又改过，请看过再定 it was edited since you opened it: look again")
            messages.success(request, _MOVES[move](request, of, request.POST.get("note", "").strip()))
        except TrackerError as error:
            say(request, error)
        return HttpResponseRedirect(set_url(of))

    def batches_view(self, request: HttpRequest) -> HttpResponse:
        self._refuse_reader(request)
        return batches.page(request, self._context(request))

    def undo_view(self, request: HttpRequest) -> HttpResponse:
        self._refuse_reader(request)
        return batches.undo(request, self._context(request))

    def _refuse_reader(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def confirm_view(self, request: HttpRequest) -> HttpResponse:
        """Say of many entries that they were checked and are still true."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        ids = together.chosen(request)
        entries = list(Entry.objects.live().filter(pk__in=ids).order_by("kind", "key"))
        form = ConfirmForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            typed = form.cleaned_data
            locator = {"section": typed["section"].strip()} if typed["section"].strip() else {}
            try:
                made = sets.confirm(actor=actor(request), entries=entries, reason=typed["reason"], locator=locator,
                                    source=source_key(typed["source"]), **via(request))  # fmt: skip
                messages.success(request, _("已提交，等待另一位编辑审阅。"))
                return HttpResponseRedirect(set_url(made))
            except TrackerError as error:
                form.add_error(None, error.message)
        context = {**self._context(request), "title": _("核实：仍属实"), "form": form,
                   "entries": [(entry, spoken.kind_name(kinds.get(entry.kind))) for entry in entries],
                   "ids": ",".join(str(entry.pk) for entry in entries)}  # fmt: skip
        return TemplateResponse(request, "admin/curation/confirm.html", context)


def set_url(of: ProposalSet) -> str:
    return reverse("admin:tracker_proposalset_change", args=[of.pk])


def source_key(text: str) -> str:
    """The key in what a suggestion gave: ``key name``."""
    return (text.split() or [""])[0].removeprefix("source/")


def chips(states: Sequence[str]) -> SafeString:
    """How many are in which state."""
    found = SafeString("")
    for state in State:
        if count := states.count(state.value):
            found += format_html('<span class="chip {}">{} {}</span> ', state.value, together.state_label(state), count)
    return found


# --- a document ---------------------------------------------------------------------------------------------------


def _begun(request: HttpRequest, typed: Json) -> ProposalSet:
    who, how = actor(request), via(request)
    if typed["sort"] == "live":
        return sets.begin(actor=who, source=source_key(typed["source"]), note=typed["note"], **how)
    return sets.begin(actor=who, new_source=_source(typed), note=typed["note"] or typed["text"][:4000], **how)


def _source(typed: Json) -> Json:
    """The payload of a new source; a file and a pasted text are only hashed, a talk is not public."""
    title, today = typed["title"].strip(), f"{timezone.localdate():%Y-%m-%d}"
    payload: Json = {"kind": "source", "key": keys.slug(title) or f"source-{today}", "title": title}
    payload |= {name: typed[name].strip() for name in ("publisher", "date") if (typed.get(name) or "").strip()}
    match typed["sort"]:
        case "url":
            payload |= {"url": typed["url"], "retrieved": today}
        case "file":
            payload |= {"sha256": _hash(typed["file"].chunks()), "retrieved": today}
        case "text":
            payload |= {"sha256": _hash([typed["text"].encode()]), "retrieved": today}
        case "talk":
            payload |= {"date": payload.get("date", today), "public": False}
    return payload


def _hash(blocks: Any) -> str:
    digest = hashlib.sha256()
    for block in blocks:
        digest.update(block)
    return digest.hexdigest()


# --- the page -----------------------------------------------------------------------------------------------------


def _members(of: ProposalSet) -> list[Proposal]:
    rows = sets.members(of).select_related("author", "approver", "superseded_by").order_by("pk")
    return sorted(rows, key=lambda proposal: (proposal.state not in proposals.OPEN, proposal.pk))


def _page(request: HttpRequest, of: ProposalSet) -> Json:
    user, found = actor(request), _members(of)
    if of.author_id != user.pk:
        found = [proposal for proposal in found if proposal.state != State.DRAFT]
    open_ones = [proposal for proposal in found if proposal.state in proposals.OPEN]
    steps = list(of.steps.select_related("actor"))
    own = of.author_id == user.pk
    writable = own and of.purpose == ProposalSet.Purpose.DOCUMENT
    return {
        "of": of, "title": of.title, "purpose": spoken.code(ProposalSet.Purpose(of.purpose)),
        "members": together.members(user, found), "chips": chips([proposal.state for proposal in found]),
        "source": Entry.objects.filter(kind="source", key=of.source).first() if of.source else None,
        "locators": [(name, label, of.locator.get(name, "")) for name, label in locator_labels()],
        "seen": together.seen(_members(of)), "steps": together.told(steps), "own": own, "writable": writable,
        "moves": _open_moves(user, of, open_ones), "entry_kinds": [
            (kind.name, spoken.kind_name(kind)) for kind in kinds.every()], "is_open": bool(open_ones),
        "entry_kind_names": ",".join(kind.name for kind in kinds.every()),
        "may_review": roles.may_review(user) and not own, "now": timezone.localtime(),
        **together.effects_context(open_ones),
    }  # fmt: skip


def locator_labels() -> list[tuple[str, str]]:
    return [("section", _("章节")), ("table", _("表")), ("row", _("行")), ("column", _("列")), ("span", _("页段"))]


def _open_moves(user: User, of: ProposalSet, open_ones: Sequence[Proposal]) -> list[Move]:
    own = of.author_id == user.pk
    found = []
    if own and any(proposal.state in proposals.EDITABLE for proposal in open_ones):
        found.append(Move("submit", _("整组提交审阅"), style="default"))
    waiting = [proposal for proposal in open_ones if proposal.state in together.WAITING]
    if not own and roles.may_review(user) and waiting:
        found += [Move("publish", _("全部批准并发布"), style="default"),
                  Move("request_changes", _("请作者修改"), note=True),
                  Move("reject", _("全部退回"), note=True, style="danger")]  # fmt: skip
    if own and open_ones and roles.may_force(user):
        found.append(Move("force", _("强制发布整组"), note=True, style="danger"))
    if own and open_ones:
        found.append(Move("cancel", _("取消整组")))
    if not open_ones and roles.may_propose(user) and reversing.published_of(of).exists():
        found.append(Move("revert", _("撤回整组"), note=True, style="danger"))
    return found


# --- the moves ----------------------------------------------------------------------------------------------------


def _submit(request: HttpRequest, of: ProposalSet, note: str) -> str:
    sets.submit(actor=actor(request), of=of, **via(request))
    return _("已提交，等待另一位编辑审阅。")


def _publish(request: HttpRequest, of: ProposalSet, note: str) -> str:
    return said(sets.approve_and_publish(actor=actor(request), of=of, note=note, **via(request)))


def _force(request: HttpRequest, of: ProposalSet, note: str) -> str:
    outcome = sets.force(actor=actor(request), of=of, reason=note, **via(request))
    return _("强制发布，已记录在案。") + said(outcome)


def _request_changes(request: HttpRequest, of: ProposalSet, note: str) -> str:
    sets.request_changes(actor=actor(request), of=of, note=note, **via(request))
    return _("已请作者修改。")


def _reject(request: HttpRequest, of: ProposalSet, note: str) -> str:
    sets.reject(actor=actor(request), of=of, note=note, **via(request))
    return _("已退回。")


def _cancel(request: HttpRequest, of: ProposalSet, note: str) -> str:
    sets.cancel(actor=actor(request), of=of, note=note, **via(request))
    return _("整组提案已取消。")


def _revert(request: HttpRequest, of: ProposalSet, note: str) -> str:
    made = reversing.revert(actor=actor(request), of=of, reason=note, **via(request))
    return _("已提出撤回（第 %(number)s 组），等待另一位编辑审阅。") % {"number": made.pk}


def _comment(request: HttpRequest, of: ProposalSet, note: str) -> str:
    sets.comment(actor=actor(request), of=of, text=request.POST.get("text", ""), **via(request))
    return _("已留言。")


def _go_to(request: HttpRequest, of: ProposalSet, note: str) -> str:
    sets.go_to(actor=actor(request), of=of, locator=posted_locator(request), **via(request))
    return _("此后存下的事实引到这里。")


def _schedule(request: HttpRequest, of: ProposalSet, note: str) -> str:
    at = moment(request.POST.get("at", ""))
    sets.schedule(actor=actor(request), of=of, at=at, note=note, **via(request))
    return _("已批准，到 %(at)s 发布。") % {"at": f"{timezone.localtime(at):%Y-%m-%d %H:%M}"}


def _unschedule(request: HttpRequest, of: ProposalSet, note: str) -> str:
    sets.unschedule(actor=actor(request), of=of, **via(request))
    return _("定时已取消；批准仍在。")


_MOVES: dict[str, Callable[[HttpRequest, ProposalSet, str], str]] = {
    "submit": _submit, "publish": _publish, "request_changes": _request_changes, "reject": _reject, "cancel": _cancel,
    "comment": _comment, "go_to": _go_to, "schedule": _schedule, "unschedule": _unschedule,
    "revert": _revert, "force": _force,
}  # fmt: skip
_SEEING = ("publish", "schedule", "force")


def posted_locator(request: HttpRequest) -> Json:
    return {name: request.POST.get(f"at-{name}", "")[:200] for name in sets.LOCATORS}


def moment(text: str) -> datetime:
    """A date and time as a browser sends it, of Asia/Shanghai.

    :raises Refused: it is none.
    """
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise Refused("请写日期与时间 give a date and a time")
    return timezone.make_aware(found) if timezone.is_naive(found) else found
