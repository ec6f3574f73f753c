"""The national timeline."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import ExtractYear
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from tracker.entries import kinds
from tracker.entries.models import Containment, Entry
from tracker.rest import keyset
from tracker.timeline import types
from tracker.timeline.models import Event
from tracker.values import edtf
from tracker.web import dossier, order, paging, parameters, timeband
from tracker.web.language import label, many, pick, said, spoken
from tracker.web.lists import Active

from .page import public_page


def type_label(code: str) -> str:
    return pick(*types.name_of(code))


@public_page
def timeline(request: HttpRequest) -> HttpResponse:
    """Events of all kinds, newest first, with filters and a band by year."""
    query = request.GET
    ask = _Asked(query)
    found = ask.select()
    page = paging.page(found.select_related("entry").defer("entry__document", "entry__reference"),
                           [keyset.Column("sort", descending=True)], query, request.path)  # fmt: skip
    context = {
        "asked": ask, "count": found.count(), "active": ask.active(),
        "events": [dossier.happening(row, row.entry) for row in page.rows],
        "years": _years(found, request.path),
        "kinds": [(kind, kind.name in ask.kinds) for kind in order.entry_kinds() if kind.events],
        "types": [(code, type_label(code), code in ask.types) for code in ask.known_types],
        **page.links,
    }  # fmt: skip
    return render(request, "web/timeline.html", context)


class _Asked:
    """The filters of the timeline, understood and checked."""

    def __init__(self, query: QueryDict) -> None:
        self._query = query
        self.places: dict[str, Entry] = parameters.entries(query, "place", "place")
        self.kinds = parameters.many_of(query, "kind", [kind.name for kind in kinds.entry_kinds() if kind.events])
        self.known_types = sorted({*Event.objects.order_by().values_list("type", flat=True).distinct()})
        self.types = parameters.many_of(query, "type", [*self.known_types, *types.TYPES])
        self.start: edtf.Edtf | None = parameters.date(query, "from")
        self.end: edtf.Edtf | None = parameters.date(query, "to")

    def select(self) -> QuerySet[Event]:
        found = Event.objects.filter(entry__state="live").exclude(entry__kind="place")
        if self.places:
            inside = Containment.objects.filter(container__kind="place", container__key__in=list(self.places))
            found = found.filter(entry_id__in=inside.values("entry_id"))
        if self.kinds:
            found = found.filter(entry__kind__in=self.kinds)
        if self.types:
            found = found.filter(type__in=self.types)
        if self.start and self.start.lower:
            found = found.filter(date_upper__gte=self.start.lower)
        if self.end and self.end.upper:
            found = found.filter(date_lower__lte=self.end.upper)
        return found

    def active(self) -> list[Active]:
        query = self._query
        shown = [Active(_("地区"), spoken(row.name, row.name_en).text, parameters.toggled(query, "place", key))
                 for key, row in self.places.items()]  # fmt: skip
        shown += [Active(_("种类"), label(kinds.get(name)), parameters.toggled(query, "kind", name))
                  for name in self.kinds]  # fmt: skip
        shown += [Active(_("类型"), type_label(code), parameters.toggled(query, "type", code)) for code in self.types]
        for name, title, value in (("from", _("自"), self.start), ("to", _("至"), self.end)):
            if value:
                shown.append(Active(title, said(value.text), parameters.changed(query, **{name: None})))
        return shown


def _years(found: QuerySet[Event], path: str) -> timeband.YearBand | None:
    counted: Any = (
        found.filter(date_lower__isnull=False).order_by().annotate(year=ExtractYear("date_lower"))
        .values_list("year", "entry__kind").annotate(number=Count("pk")).order_by("year", "entry__kind")
    )  # fmt: skip
    return timeband.years(list(counted), {kind.name: many(kind) for kind in kinds.every()}, path)
