"""Proposals that need no form over facts: withdrawing, merging, going back to a revision."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.accounts import roles
from tracker.curation import proposals, spoken
from tracker.curation.comparison import Comparison
from tracker.curation.forms.references import Book
from tracker.curation.models import Proposal
from tracker.entries import kinds
from tracker.entries.fields import Json, Ref
from tracker.entries.models import Entry, Revision
from tracker.values import canonical
from tracker.values.errors import TrackerError

from .access import actor
from .origin import via
from .reviewing import comparison_context, live_payload
from .shown import entry_url, referrers_of


class RemovalForm(forms.Form):
    """Why an entry goes, and which one takes its place."""

    successor = forms.CharField(label=gettext_lazy("继任条目"), required=False)
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=240)

    def __init__(self, data: Any, *, entry: Entry, merge: bool) -> None:
        super().__init__(data)
        self.fields["reason"].help_text = _("为何是同一条") if merge else _("公开页会以此说明为何撤下")
        self.member = Ref(name="successor", zh="继任条目", en="Successor", kinds=(entry.kind,))
        self.book = Book(kinds.get(entry.kind), {})
        successor = self.fields["successor"]
        successor.required = merge
        successor.help_text = _("本条的键今后指向它") if merge else _("可空：由哪一条取代")
        successor.widget.attrs |= {"data-suggest": entry.kind, "autocomplete": "off"}

    def clean_successor(self) -> str:
        text = self.cleaned_data["successor"]
        return str(self.book.meant(self.member, text)) if text else ""


def remove(request: HttpRequest, site_context: Json, kind: str, key: str, action: str) -> HttpResponse:
    """Propose to withdraw an entry, or to merge it into another."""
    entry = Entry.objects.live().filter(kind=kind, key=key).first()
    if entry is None:
        raise Http404("没有这个公开的条目")
    if not roles.may_propose(actor(request)):
        raise PermissionDenied
    merge = action == Proposal.Action.MERGE
    form = RemovalForm(request.POST if request.method == "POST" else None, entry=entry, merge=merge)
    if request.method == "POST" and form.is_valid():
        try:
            return _submitted(request, _removal(request, entry, form.cleaned_data, merge))
        except TrackerError as error:
            form.add_error(None, spoken.told(error.message))
    title = _("合并：%(name)s") if merge else _("撤下：%(name)s")
    context = {**site_context, "title": title % {"name": entry}, "entry": entry, "form": form,
               "entry_url": entry_url(entry), "merge": merge, **referrers_of(entry)}  # fmt: skip
    return TemplateResponse(request, "admin/curation/remove.html", context)


@transaction.atomic
def _removal(request: HttpRequest, entry: Entry, typed: Json, merge: bool) -> Proposal:
    propose = proposals.propose_merge if merge else proposals.propose_withdrawal
    draft = propose(actor=actor(request), entry=entry, reason=typed["reason"], successor=typed["successor"],
                    **via(request))  # fmt: skip
    return proposals.submit(actor=actor(request), proposal=draft, **via(request))


def restore(request: HttpRequest, site_context: Json, revision: Revision) -> HttpResponse:
    """Propose to go back to a revision, showing what would change."""
    if not roles.may_propose(actor(request)):
        raise PermissionDenied
    reason = request.POST.get("reason", "")
    if request.method == "POST":
        try:
            return _submitted(request, _restored(request, revision, reason))
        except TrackerError as error:
            messages.error(request, spoken.told(error.message))
    entry = revision.entry
    kind = kinds.get(entry.kind)
    comparison = Comparison(kind, live_payload(entry), canonical.loads(revision.payload))
    title = _("恢复到第 %(number)s 版：%(name)s") % {"number": revision.number, "name": entry}
    context = {**site_context, "title": title, "entry": entry, "kind": kind,
               "revision": revision, "entry_url": entry_url(entry), "reason": reason,
               **comparison_context(request, comparison)}  # fmt: skip
    return TemplateResponse(request, "admin/curation/restore.html", context)


@transaction.atomic
def _restored(request: HttpRequest, revision: Revision, reason: str) -> Proposal:
    draft = proposals.propose_restore(actor=actor(request), revision=revision, reason=reason, **via(request))
    return proposals.submit(actor=actor(request), proposal=draft, **via(request))


def _submitted(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    messages.success(request, _("已提交，等待另一位编辑审阅。"))
    return HttpResponseRedirect(reverse("admin:tracker_proposal_change", args=[proposal.pk]))
