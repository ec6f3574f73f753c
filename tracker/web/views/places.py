"""Two places side by side."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tracker.web import dossier, parameters, place_comparison
from tracker.web.language import Spoken, spoken
from tracker.web.overview import switcher

from .kept import kept_page
from .page import public_page


def others_than(key: str) -> list[tuple[str, Spoken]]:
    """The cities that a place may be set beside; kept for minutes."""
    return [(other, spoken(name, name_en)) for other, name, name_en in switcher() if other != key]


@public_page
@kept_page
def comparison(request: HttpRequest) -> HttpResponse:
    """``keys=320100,440300``, or the parameter twice; without two places a form to choose them.

    :raises Invalid: a place that is not there, or more than two.
    """
    query = request.GET.copy()
    query.setlist("keys", [key for text in query.getlist("keys") for key in text.split(",") if key])
    found = parameters.entries(query, "keys", "place")
    if len(found) > 2:
        raise parameters.wrong("keys", ",".join(found), _("请给出两个地区。"))
    both = place_comparison.of(list(found), dossier.today()) if len(found) == 2 else None
    context = {"title": _("两地并排"), "cities": others_than(""), "keys": list(found), "comparison": both}
    return render(request, "web/place_comparison.html", context)
