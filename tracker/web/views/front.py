"""The front page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tracker.entries import kinds
from tracker.web import overview
from tracker.web.views.changes import shown

from .kept import kept_page
from .page import public_page


@public_page
@kept_page
def front(request: HttpRequest) -> HttpResponse:
    counted = overview.by_kind()
    context = {
        "counts": counted,
        "total": sum(number for _kind, number, _href in counted),
        "table_kinds": [kinds.get(name) for name in overview.TABLE_KINDS if kinds.known(name)],
        "cities": overview.by_city(),
        "events": overview.latest_events(8),
        "years": overview.years(reverse("timeline")),
        "platforms": overview.open_platforms(),
        "programmes": overview.zone_programmes(),
        "changes": [shown(change) for change in overview.latest_changes(8)],
    }
    return render(request, "web/front.html", context)
