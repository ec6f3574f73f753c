"""What came in together under one name: a list of the batches, and a page to undo one as one reviewed action."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, F, Max, Min, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from tracker.accounts.models import User
from tracker.curation import proposals, reversing, spoken
from tracker.curation.importing.models import Import
from tracker.curation.models import Proposal
from tracker.curation.reversing import Becomes, WayBack
from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.entries.models import Revision
from tracker.values.errors import TrackerError

from .access import actor
from .origin import via
from .reviewing import say
from .shown import entry_url

PAGE = 50


@dataclass(frozen=True)
class Batch:
    """One line of the list."""

    name: str
    author: str
    begun: datetime
    count: int
    waiting: int
    published: int
    proposals_url: str
    undo_url: str
    """Where it is undone: of an import, its own page; '' where nothing of it is published."""


def page(request: HttpRequest, site_context: Json) -> HttpResponse:
    """The batches of whose proposals one sees any, newest first."""
    seen = proposals.visible_to(actor(request)).exclude(batch="").order_by().values("batch")
    counted = seen.annotate(
        count=Count("pk"), begun=Min("created_at"), last=Max("pk"), by=Min("author"),
        published=Count("pk", filter=Q(state=Proposal.State.PUBLISHED)),
        waiting=Count("pk", filter=Q(state__in=proposals.OPEN)),
    )  # fmt: skip
    shown = Paginator(counted.order_by("-last"), PAGE).get_page(request.GET.get("page"))
    context = {**site_context, "title": _("成批的提案"), "batches": list(_lines(list(shown))), "page": shown}
    return TemplateResponse(request, "admin/curation/batches.html", context)


def _lines(rows: Sequence[Mapping[str, Any]]) -> Iterator[Batch]:
    authors = User.objects.in_bulk({row["by"] for row in rows if row["by"]})
    imports = dict(Import.objects.filter(batch__in=[row["batch"] for row in rows]).values_list("batch", "pk"))
    listed = reverse("admin:tracker_proposal_changelist")
    for row in rows:
        name, author = row["batch"], authors.get(row["by"])
        undo = undo_url(name)
        if name in imports:
            undo = reverse("admin:tracker_import_change", args=[imports[name]])
        yield Batch(
            name, (author.display_name or author.username) if author else _("按规则"), row["begun"], row["count"],
            row["waiting"], row["published"], f"{listed}?{urlencode({'batch': name, 'state': 'all'})}",
            undo if author and row["published"] else "",
        )  # fmt: skip


def undo_url(name: str) -> str:
    return f"{reverse('admin:tracker_proposalset_undo')}?{urlencode({'batch': name})}"


# --- undoing one --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """What becomes of one entry."""

    name: str
    kind: str
    entry_url: str
    history_url: str
    becomes: str
    is_left: bool
    facts: list[str]


def undo(request: HttpRequest, site_context: Json) -> HttpResponse:
    """``?batch=import-7``: what undoing it would change, and a reason to give; the set it becomes is reviewed."""
    name, reason = request.GET.get("batch", ""), request.POST.get("reason", "")
    if not proposals.visible_to(actor(request)).filter(batch=name).exclude(batch="").exists():
        raise Http404("没有这一批")
    if request.method == "POST":
        try:
            made = reversing.revert(actor=actor(request), of=name, reason=reason, **via(request))
        except TrackerError as error:
            say(request, error)
        else:
            messages.success(request, _("已提交，等待另一位编辑审阅。"))
            return HttpResponseRedirect(reverse("admin:tracker_proposalset_change", args=[made.pk]))
    lines, refusal = _ways(name)
    context = {
        **site_context, "title": _("撤回一批：%(name)s") % {"name": name}, "name": name, "lines": lines,
        "refusal": refusal, "reason": reason, "going": [line for line in lines if not line.is_left],
    }  # fmt: skip
    return TemplateResponse(request, "admin/curation/undo.html", context)


def _ways(name: str) -> tuple[list[Line], str]:
    """What becomes of each entry; or why it cannot be undone."""
    try:
        ways = reversing.ways_back(name)
    except TrackerError as error:
        return [], spoken.told(error.message)
    present = Revision.objects.filter(entry__in=[each.entry for each in ways], number=F("entry__revision"))
    changed = dict(present.values_list("entry", "changed_fields"))
    return [_line(each, changed[each.entry.pk]) for each in ways], ""


def _line(each: WayBack, changed: list[str]) -> Line:
    entry, kind = each.entry, kinds.get(each.entry.kind)
    facts = dict.fromkeys(spoken.field_label(kind, path) for path in changed) if each.was else ()
    history = f"{reverse('admin:tracker_revision_of', args=[entry.pk])}?{urlencode({'b': entry.revision})}"
    return Line(spoken.said(entry.name, entry.name_en), spoken.kind_name(kind), entry_url(entry), history,
                spoken.code(each.becomes), each.becomes == Becomes.LEFT, list(facts))  # fmt: skip
