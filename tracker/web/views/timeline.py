"""The timeline: what happened when, in lanes and as a list."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tracker.entries import kinds
from tracker.entries.models import Entry
from tracker.values import canonical
from tracker.web import dossier, rows
from tracker.web.chart import asked, page
from tracker.web.chart.names import Unclear
from tracker.web.language import label, spoken

from .kept import kept_page
from .page import public_page


@public_page
@kept_page
def timeline(request: HttpRequest) -> HttpResponse:
    """Events of all kinds in lanes, with filters; a name that is not clear is asked back."""
    try:
        found = asked.read(request.GET, dossier.today())
    except Unclear as unclear:
        return _which(request, unclear)
    return render(request, "web/timeline.html", page.shown(found, request.GET, request.path))


def _which(request: HttpRequest, unclear: Unclear) -> HttpResponse:
    """400: the entries that the name may mean, each as the same question with its key."""
    query = request.GET.copy()
    others = [value for value in query.getlist(unclear.parameter) if value.strip() and value.strip() != unclear.value]
    candidates = [_candidate(row, unclear, query, others) for row in unclear.candidates]
    query.setlist(unclear.parameter, others)
    context = {"title": _("这个名字还不清楚"), "message": unclear.message, "candidates": candidates,
               "without": f"?{query.urlencode()}"}  # fmt: skip
    return render(request, "web/timeline_which.html", context, status=400)


def _candidate(row: Entry, unclear: Unclear, query: Any, others: list[str]) -> dict[str, Any]:
    key = f"{row.kind}/{row.key}" if unclear.parameter == "entry" else row.key
    asked_ = query.copy()
    asked_.setlist(unclear.parameter, [*others, key])
    reference = canonical.loads(row.reference)
    above = [rows.short_place(place).text for place in (reference.get("province"), reference.get("city")) if place]
    return {"name": spoken(row.name, row.name_en), "kind": label(kinds.get(row.kind)), "above": " › ".join(above),
            "href": f"?{asked_.urlencode()}"}  # fmt: skip
