"""Everything to download, and how to load it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tracker.delivery import terms
from tracker.web import downloads

from .page import public_page


@public_page
def data(request: HttpRequest) -> HttpResponse:
    context = {"offered": downloads.offered(), "recipes": downloads.recipes(), "terms": terms,
               "ogc": f"{settings.SITE_URL}/ogc/"}  # fmt: skip
    return render(request, "web/data.html", context)
