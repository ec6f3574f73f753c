"""Writing a proposal: the form over a payload, or its JSON, saved as a draft or handed over for review."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from tracker.accounts import roles
from tracker.curation import proposals, sets, spoken
from tracker.curation.check import check
from tracker.curation.forms.entry import EntryForm
from tracker.curation.forms.lists import with_one_more
from tracker.curation.forms.text import pretty
from tracker.curation.models import Proposal, ProposalSet
from tracker.curation.validation import Problem, is_drawable
from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.entries.models import Entry
from tracker.values import canonical
from tracker.values.codes import Nature
from tracker.values.errors import TrackerError

from .access import actor
from .origin import via
from .sets import locator_labels, posted_locator, set_url
from .shown import entry_url

START = {"citations": [{"path": "", "source": ""}]}
"""A new entry begins with one blank citation: without a source nothing is published."""


class Editor:
    """One visit to the form: what is edited, what was typed, and what is to be done with it."""

    def __init__(self, request: HttpRequest, site_context: Json, before: Json, proposal: Proposal | None,
                 new: bool, of: ProposalSet | None = None) -> None:  # fmt: skip
        self.request, self.site_context = request, site_context
        self.of = of  # the set that it is written for
        if of is not None and "at-section" in request.POST:
            of.locator = {name: text.strip() for name, text in posted_locator(request).items() if text.strip()}
        self.before, self.proposal, self.new = before, proposal, new
        self.kind = kinds.get(before["kind"])

    def respond(self) -> HttpResponse:
        if self.request.method != "POST":
            return self._first_look()
        return self._posted_json() if "json" in self.request.POST else self._posted_form()

    def _first_look(self) -> HttpResponse:
        if self.proposal and not is_drawable(self.before):
            return self._show_json(pretty(self.before), self._problems(self.before))
        form = EntryForm(self.before, new=self.new, nature=self._nature, reason=self._reason)
        return self._show(form)

    # --- what was typed into the form

    def _posted_form(self) -> HttpResponse:
        posted = self.request.POST
        add = posted.get("add", "")
        form = EntryForm(self.before, with_one_more(posted, add) if add else posted, new=self.new)
        if not form.is_valid():
            if not add:
                messages.error(self.request, _("有几处看不懂，已标出；什么都没有保存。"))
            return self._show(form)
        if add:
            return self._show(form)
        payload = form.payload()
        if posted.get("do") == "json":
            return self._show_json(pretty(payload))
        return self._decide(payload, form)

    def _decide(self, payload: Json, form: EntryForm) -> HttpResponse:
        """Submitting needs a payload without problems; a draft may have some, and they are shown."""
        if wrong_key := self._wrong_key(payload):
            form.show_problems([wrong_key])
            return self._show(form)
        try:
            problems = self._problems(self._with_evidence(payload))
        except TrackerError as error:
            form.show_problems([Problem("", error.message)])
            return self._show(form)
        if self.request.POST.get("do") == "check":
            form.show_problems(problems)
            if not problems:
                messages.success(self.request, _("检查通过，可以提交。"))
            return self._show(form)
        if self.request.POST.get("do") == "submit" and problems:
            form.show_problems(problems)
            sentence = _("有 %(count)s 处要先改正，已标出；填好的内容都还在。尚未保存。")
            messages.error(self.request, sentence % {"count": len(problems)})
            return self._show(form)
        try:
            return self._save(payload, problems, **form.about.cleaned_data)
        except TrackerError as error:
            form.show_problems([Problem(path, text) for path, text in error.errors] or [Problem("", error.message)])
            return self._show(form)

    # --- what was typed as JSON

    def _posted_json(self) -> HttpResponse:
        text = self.request.POST["json"]
        try:
            payload = canonical.loads(text)
        except ValueError as error:
            return self._show_json(text, [Problem("", _("不是 JSON：%(error)s") % {"error": error})])
        strange = self._strange(payload)
        if strange:
            return self._show_json(text, [strange])
        if self.request.POST.get("do") == "form":
            if is_drawable(payload):
                return self._show(EntryForm({**payload}, new=self.new, nature=self._nature, reason=self._reason))
            return self._show_json(text, self._problems(payload))
        return self._decide_json(payload, text)

    def _strange(self, payload: Any) -> Problem | None:
        if not isinstance(payload, dict) or payload.get("kind") != self.kind.name:
            return Problem("/kind", _("须是一个对象，且 kind 为 %(kind)s") % {"kind": self.kind.name})
        if not self.new and payload.get("key") != self.before["key"]:
            return Problem("/key", _("键不能更改"))
        return self._wrong_key(payload)

    def _wrong_key(self, payload: Json) -> Problem | None:
        """A new entry needs a key that no other has: else it would be taken for a change of that one."""
        key = payload.get("key")
        if not key:
            return Problem("/key", "is missing")
        if self.new and Entry.objects.filter(kind=self.kind.name, key=key).exists():
            sentence = _("已有键为“%(key)s”的%(kind)s；若是同一个，请修改那一条")
            return Problem("/key", sentence % {"key": key, "kind": spoken.kind_name(self.kind)})
        return None

    def _decide_json(self, payload: Json, text: str) -> HttpResponse:
        problems = self._problems(self._with_evidence(payload))
        if self.request.POST.get("do") != "draft" and problems:
            return self._show_json(text, problems)
        if self.request.POST.get("do") == "check":
            messages.success(self.request, _("检查通过，可以提交。"))
            return self._show_json(text)
        try:
            return self._save(payload, problems, nature=self._nature, reason=self._reason)
        except TrackerError as error:
            found = [Problem(path, sentence) for path, sentence in error.errors] or [Problem("", error.message)]
            return self._show_json(text, found)

    # --- saving

    def _save(self, payload: Json, problems: list[Problem], *, reason: str = "", nature: str = Nature.NEW,
              key: str = "") -> HttpResponse:  # fmt: skip
        with transaction.atomic():
            saved = self._saved(payload, nature, reason)
            if self.request.POST.get("do") == "submit":
                saved = proposals.submit(actor=actor(self.request), proposal=saved, **via(self.request))
        if saved.state == Proposal.State.IN_REVIEW:
            messages.success(self.request, _("已提交，等待另一位编辑审阅。"))
        else:
            rest = _("还有 %(count)s 处要改正才能提交。") % {"count": len(problems)} if problems else ""
            messages.success(self.request, f"{_('草稿已保存。')} {rest}".strip())
        if self.of is not None:
            return HttpResponseRedirect(set_url(self.of))
        return HttpResponseRedirect(reverse("admin:tracker_proposal_change", args=[saved.pk]))

    def _saved(self, payload: Json, nature: str, reason: str) -> Proposal:
        who, how = actor(self.request), via(self.request)
        if self.of is not None:
            sets.go_to(actor=who, of=self.of, locator=self.of.locator, **how)
            return sets.put(actor=who, of=self.of, before=self.before, after=payload, nature=nature, reason=reason,
                            judged=self._judged, why=self._why, proposal=self.proposal, **how)  # fmt: skip
        if self.proposal:
            return proposals.edit_draft(actor=who, proposal=self.proposal, payload=payload, nature=nature,
                                        reason=reason, **how)  # fmt: skip
        return proposals.propose(actor=who, payload=payload, nature=nature, reason=reason, **how)

    def _with_evidence(self, payload: Json) -> Json:
        """The payload as it will be saved: in a set, what differs cites the source of the set."""
        if self.of is None:
            return payload
        return sets.with_evidence(self.of, self.before, payload, self._nature, self._judged, self._why)

    @property
    def _judged(self) -> list[str]:
        return self.request.POST.getlist("judged")

    @property
    def _why(self) -> str:
        return self.request.POST.get("why", "")[:300]

    def _problems(self, payload: Json) -> list[Problem]:
        problems = check(payload, self._beside())
        if not problems and not self.new and _same_as_live(payload):
            return [Problem("", _("与现行内容相同，没有可提交的改动"))]
        return problems

    def _beside(self) -> list[Proposal]:
        if self.of is None:
            return []
        others = sets.members(self.of).filter(state__in=proposals.OPEN)
        return list(others.exclude(pk=self.proposal.pk) if self.proposal else others)

    @property
    def _nature(self) -> str:
        posted = self.request.POST.get("nature", "")
        return posted or (self.proposal.nature if self.proposal else Nature.CORRECTION)

    @property
    def _reason(self) -> str:
        return self.request.POST.get("reason", self.proposal.reason if self.proposal else "")

    # --- showing

    def _context(self) -> Json:
        entry = Entry.objects.filter(kind=self.kind.name, key=self.before.get("key", "")).first()
        said = spoken.kind_name(self.kind)
        name = self.before.get(self.kind.naming) or said
        return {**self.site_context, "kind": self.kind, "proposal": self.proposal, "new": self.new, "entry": entry,
                "entry_url": entry_url(entry) if entry else "",
                "title": _("修改：%(name)s") % {"name": name} if entry else _("新增：%(name)s") % {"name": said},
                "of": self.of, "of_url": set_url(self.of) if self.of else "",
                "locators": [(name, said, self.of.locator.get(name, "")) for name, said in locator_labels()]
                if self.of else [], "judged": self._judged, "why": self._why,
                "stale": bool(self.proposal and proposals.is_stale(self.proposal))}  # fmt: skip

    def _show(self, form: EntryForm) -> HttpResponse:
        return TemplateResponse(self.request, "admin/curation/edit.html", {**self._context(), "form": form})

    def _show_json(self, text: str, problems: list[Problem] | None = None) -> HttpResponse:
        said = [(spoken.field_label(self.kind, problem.path) or problem.path, spoken.problem(problem.message),
                 problem.path) for problem in problems or []]  # fmt: skip
        context = {**self._context(), "json": text, "problems": said, "nature": self._nature, "reason": self._reason,
                   "natures": [Nature.CORRECTION, Nature.WORLD, Nature.EVIDENCE]}  # fmt: skip
        return TemplateResponse(self.request, "admin/curation/edit_json.html", context)


def _same_as_live(payload: Json) -> bool:
    live = Entry.objects.live().filter(kind=payload["kind"], key=payload["key"]).first()
    return live is not None and live.revisions.get(number=live.revision).payload == canonical.dumps(payload)


# --- the addresses ------------------------------------------------------------------------------------------------


def new_entry(request: HttpRequest, site_context: Json) -> HttpResponse:
    """``?kind=park``: a form for a new entry; without a kind, the kinds to choose from."""
    _refuse_reader(request)
    name = request.GET.get("kind", "")
    if not kinds.known(name):
        context = {**site_context, "title": _("新增"), "entry_kinds": kinds.entry_kinds(),
                   "reference_kinds": [kind for kind in kinds.every() if kind.reference_data]}  # fmt: skip
        return TemplateResponse(request, "admin/curation/choose_kind.html", context)
    of = _set_of(request)
    start = {"kind": name, "key": "", **({} if of or kinds.get(name).reference_data else START)}
    return Editor(request, site_context, start, None, new=True, of=of).respond()


def change_entry(request: HttpRequest, site_context: Json, kind: str, key: str) -> HttpResponse:
    """A form over the live payload of an entry; an open draft of one's own is taken up instead."""
    _refuse_reader(request)
    entry = Entry.objects.live().filter(kind=kind, key=key).first()
    if entry is None:
        raise Http404("没有这个公开的条目")
    own = Proposal.objects.filter(kind=kind, key=key, author=actor(request), state__in=proposals.EDITABLE,
                                  action=Proposal.Action.PUT).first()  # fmt: skip
    of = _set_of(request)
    if own and of is None and request.method != "POST":
        messages.info(request, _("您已有这一条目的草稿，接着改。"))
        return HttpResponseRedirect(reverse("admin:tracker_proposal_edit", args=[own.pk]))
    before = canonical.loads(entry.revisions.get(number=entry.revision).payload)
    return Editor(request, site_context, before, None, new=False, of=of).respond()


def edit_proposal(request: HttpRequest, site_context: Json, proposal: Proposal) -> HttpResponse:
    """The form over a draft; only its author gets here."""
    if proposal.author_id != actor(request).pk or proposal.state not in proposals.EDITABLE:
        raise PermissionDenied
    before = canonical.loads(proposal.payload)
    return Editor(request, site_context, before, proposal, new=proposal.base_revision == 0,
                  of=proposal.proposal_set).respond()  # fmt: skip


def _set_of(request: HttpRequest) -> ProposalSet | None:
    """``?set=5``: the set of one's own that is written for."""
    given = request.GET.get("set", "")
    if not given:
        return None
    own = ProposalSet.objects.filter(author=actor(request), purpose=ProposalSet.Purpose.DOCUMENT)
    found = own.filter(pk=given).first() if given.isdigit() and len(given) < 19 else None
    if found is None:
        raise Http404(_("没有这组提案"))
    return found


def _refuse_reader(request: HttpRequest) -> None:
    if not roles.may_propose(actor(request)):
        raise PermissionDenied
