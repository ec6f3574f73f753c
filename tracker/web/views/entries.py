"""Lists of each kind and the pages of their entries."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from tracker.entries import kinds, successors
from tracker.entries.kinds import Kind
from tracker.entries.models import Entry, State
from tracker.rest import keyset
from tracker.sources.models import Citation
from tracker.values import canonical
from tracker.web import dossier, lists, merged, paging, parameters, phrases, profile, sections
from tracker.web.facts import path_label
from tracker.web.language import Spoken, many, spoken
from tracker.web.numbers import AREA_UNITS

from .errors import gone
from .kept import kept_page
from .page import public_page
from .places import others_than


def kind_of(plural: str) -> Kind:
    """:raises Http404: there is no such kind."""
    kind = kinds.by_plural(plural)
    if kind is None:
        raise Http404(plural)
    return kind


@public_page
@kept_page
def entry_list(request: HttpRequest, plural: str) -> HttpResponse:
    kind = kind_of(plural)
    listing = lists.listing(kind, request.GET, request.path)
    context = {"title": many(kind), "kind": kind, "listing": listing, "status_shown": kind.statuses is not None,
               "query": request.GET}  # fmt: skip
    return render(request, "web/list.html", context)


@public_page
@kept_page
def entry_page(request: HttpRequest, plural: str, key: str) -> HttpResponse:
    """The page of an entry; of a place its profile, of a source what rests on it."""
    kind = kind_of(plural)
    entry = Entry.objects.filter(kind=kind.name, key=key).first()
    if entry is None:
        raise Http404(key)
    if entry.state == State.MERGED:
        return _merged(request, kind, key)
    if entry.state == State.WITHDRAWN:
        return gone(request, entry)
    if kind.name == "place":
        context = {"profile": profile.of(entry, today=dossier.today()), "kind": kind, "beside": others_than(key),
                   "sections": sections.of(entry, request.GET, dossier.today()),
                   "merged": merged.of(entry, request.GET.get("merged", ""))}  # fmt: skip
        return render(request, "web/place.html", context)
    unit = parameters.one_of(request.GET, "unit", AREA_UNITS)
    context = {"page": dossier.of(entry, unit=unit, today=dossier.today()), "kind": kind, "units": _units(unit),
               "sections": sections.of(entry, request.GET, dossier.today()),
               "merged": merged.of(entry, request.GET.get("merged", ""))}  # fmt: skip
    if kind.name == "source":
        context |= _resting_on(request, entry)
        return render(request, "web/source.html", context)
    return render(request, "web/entry.html", context)


def _merged(request: HttpRequest, kind: Kind, key: str) -> HttpResponse:
    """To the entry that stands for it now, in one step however many there were; the page there says why."""
    led = successors.standing_for(kind.name, [key]).get(key)
    if led is None:
        raise Http404(key)
    query = request.GET.copy()
    query["merged"] = key
    return redirect(f"{reverse('entry', args=[kind.plural, led])}?{query.urlencode()}", permanent=True)


def _units(chosen: str) -> list[tuple[str, str, bool]]:
    """The choices of the unit switch: (parameter, words, chosen)."""
    words = {"": _("原文单位"), "km2": "km²", "ha": _("公顷"), "亩": _("亩"), "万m2": _("万m²")}
    return [(unit, words[unit], unit == chosen) for unit in ("", *AREA_UNITS)]


_CITATION_ORDER = [keyset.Column("entry__kind"), keyset.Column("entry__key"), keyset.Column("position")]


def _resting_on(request: HttpRequest, source: Entry) -> dict[str, object]:
    """The facts that rest on a source, one page of them."""
    citations = Citation.objects.filter(source=source, entry__state=State.LIVE)
    page = paging.page(citations.select_related("entry"), _CITATION_ORDER, request.GET, request.path)
    return {
        "facts": [_resting(row) for row in page.rows], "fact_count": citations.count(),
        **page.links,
    }  # fmt: skip


def _resting(row: Citation) -> dict[str, object]:
    kind = kinds.get(row.entry.kind)
    stated = canonical.loads(row.stated) if row.stated else ""
    said = stated if isinstance(stated, str) else canonical.dumps(stated)
    name: Spoken = spoken(row.entry.name, row.entry.name_en)
    where = [str(row.locator[part]) for part in ("section", "table", "row", "column", "span") if row.locator.get(part)]
    return {"kind": kind, "name": name, "href": phrases.address(row.entry.kind, row.entry.key),
            "path": path_label(kind, row.path), "printed": row.printed, "reason": row.reason,
            "where": " · ".join(where), "stated": said}  # fmt: skip
