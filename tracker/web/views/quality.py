"""How good the data are, in public."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tracker.curation.links import figures
from tracker.entries import kinds
from tracker.web import coverage, dossier, order, parameters
from tracker.web import quality as told
from tracker.web.language import many, spoken

from .kept import kept_part
from .page import public_page


@public_page
def quality(request: HttpRequest) -> HttpResponse:
    """``?place=320100&kind=park``: of one place, of one kind, of both, or of everything.

    ``cities=all`` lists every city.
    """
    curated = order.entry_kinds()
    name = parameters.one_of(request.GET, "kind", [kind.name for kind in curated])
    kind = kinds.get(name) if name else None
    place = next(iter(parameters.entries(request.GET, "place", "place").values()), None)
    most = None if parameters.one_of(request.GET, "cities", ("all",)) else told.FIRST_CITIES
    figures_of = f"quality {name} {place.key if place else ''} {most}"
    page = kept_part(figures_of, lambda: told.of([kind] if kind else curated, place, kind, most, dossier.today()))
    context = {
        "title": _("数据质量"), "page": page, "kind": kind, "place": place,
        "place_name": place and spoken(place.name, place.name_en), "links": figures.gathered(),
        "looked": coverage.of(place, [kind.name] if kind else []),
        "choices": [(each.name, many(each), parameters.changed(request.GET, kind=each.name), each is kind)
                    for each in curated],
        "all_kinds": parameters.changed(request.GET, kind=None),
        "all_cities": parameters.changed(request.GET, cities="all"),
        "everywhere": parameters.changed(request.GET, place=None),
    }  # fmt: skip
    return render(request, "web/quality.html", context)
