"""Sources in the admin: like every entry, and every fact that rests on one; how its address fares."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from tracker.curation import spoken
from tracker.curation.links.models import SourceCheck
from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.entries.models import Entry, State
from tracker.rest import keyset
from tracker.sources.models import Citation
from tracker.values import canonical
from tracker.values.errors import Invalid

from . import mending
from .entries import EntryAdmin
from .reviewing import say
from .shown import entry_url

FIRST = 20
_ORDER = (keyset.Column("entry__kind"), keyset.Column("entry__key"), keyset.Column("position"))


class SourceAdmin(EntryAdmin):
    """Its page shows the first facts that rest on it; ``…/facts/<key>/`` all of them, page by page."""

    def get_urls(self) -> list[URLPattern]:
        facts = path("facts/<slug:key>/", self.admin_site.admin_view(self.facts_view), name="tracker_source_facts")
        return [facts, *super().get_urls()]

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "",
                    extra_context: Any = None) -> HttpResponse:  # fmt: skip
        answer = super().change_view(request, object_id, form_url, extra_context)
        if isinstance(answer, TemplateResponse) and answer.context_data is not None:
            entry: Entry = answer.context_data["entry"]
            resting = citations(entry)
            answer.context_data |= {
                "facts": [fact(row) for row in resting.order_by("entry__kind", "entry__key", "position")[:FIRST]],
                "fact_count": resting.count(), "check": SourceCheck.objects.filter(source=entry).first(),
            }  # fmt: skip
        return answer

    def facts_view(self, request: HttpRequest, key: str) -> HttpResponse:
        entry = Entry.objects.filter(kind="source", key=key).first()
        if entry is None:
            raise Http404("没有这个来源")
        found = citations(entry)
        try:
            page = keyset.paginate(found, _ORDER, request.GET, request.path)
        except Invalid as error:
            say(request, error)
            return HttpResponseRedirect(request.path)
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "entry": entry, "entry_url": entry_url(entry),
            "title": _("以《%(name)s》为据的事实") % {"name": spoken.said(entry.name, entry.name_en)},
            "facts": [fact(row) for row in page.rows], "fact_count": found.count(),
            "check": SourceCheck.objects.filter(source=entry).first(),
            "next": keyset.link(request.path, request.GET, page.following),
            "previous": keyset.link(request.path, request.GET, page.previous),
        }  # fmt: skip
        return TemplateResponse(request, "admin/curation/source_facts.html", context)


def citations(source: Entry) -> Any:
    """What public entries cite of a source."""
    return Citation.objects.filter(source=source, entry__state=State.LIVE).select_related("entry")


def fact(row: Citation) -> Json:
    kind = kinds.get(row.entry.kind)
    where = [str(row.locator[part]) for part in ("section", "table", "row", "column", "span") if row.locator.get(part)]
    return {
        "entry": spoken.said(row.entry.name, row.entry.name_en), "url": entry_url(row.entry),
        "kind": spoken.kind_name(kind), "fact": spoken.field_label(kind, row.path), "where": " · ".join(where),
        "printed": row.printed,
        "stated": spoken.fact(kind, row.path, canonical.loads(row.stated)) if row.stated else "",
        "edit": mending.form_at(row.entry.kind, row.entry.key, row.path),
    }  # fmt: skip
