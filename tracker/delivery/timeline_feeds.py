"""``timeline.ics``, ``.atom`` and ``.csv``: the merged timeline for calendars, feed readers and spreadsheets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.utils import timezone
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request

from tracker.entries.fields import Json
from tracker.entries.models import Change, DocumentVersion, Entry
from tracker.rest.parameters import cleaned, refuse_unknown
from tracker.rest.schema import Contract
from tracker.timeline import formats, listing
from tracker.timeline.formats import Told
from tracker.timeline.models import Event
from tracker.values import canonical

from .api import TimelineFilter
from .contract import parameters_of
from .views import PublicViewSet

MOST = 5000
"""A feed is whole: a subscriber cannot page. Past this many events it keeps the newest."""
CANCELLED_DAYS = 400
"""How long a feed goes on saying that an event is no longer told."""
NAME = "中国人工智能政策与园区时间线"


class AnyType(BaseContentNegotiation):
    """The address names the format; what the client says it accepts does not matter."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return next(iter(parsers), None)

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        renderer = next(iter(renderers))
        return renderer, renderer.media_type


class TimelineFeedViewSet(PublicViewSet):
    """The same filters as the timeline, in three formats."""

    content_negotiation_class = AnyType
    types: ClassVar[dict[str, str]] = {
        "ics": "text/calendar; charset=utf-8",
        "atom": "application/atom+xml; charset=utf-8",
        "csv": "text/csv; charset=utf-8",
    }

    def contract(self, action: str) -> Contract:
        parameters = parameters_of(TimelineFilter.base_filters)
        return Contract(f"timeline_{action}", f"时间线 as {action}", {"type": "string"}, parameters, "timeline", (400,),
                        self.types[action].partition(";")[0])  # fmt: skip

    def ics(self, request: Request) -> HttpResponse:
        return self._answer(request, "ics", lambda events, now: formats.calendar(
            events + cancelled(request.query_params, now), name=NAME, site=settings.SITE_URL))  # fmt: skip

    def atom(self, request: Request) -> HttpResponse:
        return self._answer(request, "atom", lambda events, now: formats.atom(
            events, name=NAME, site=settings.SITE_URL,
            updated=max((told.told_at for told in events), default=now)))  # fmt: skip

    def csv(self, request: Request) -> HttpResponse:
        return self._answer(request, "csv", lambda events, now: formats.table(events))

    def _answer(self, request: Request, suffix: str,
                write: Callable[[list[Told], datetime], bytes | str]) -> HttpResponse:  # fmt: skip
        refuse_unknown(request.query_params, TimelineFilter.base_filters)
        events = cleaned(TimelineFilter(request.query_params, queryset=listing.public_events())).qs
        content = write(told(events), timezone.now())
        answer = HttpResponse(content, content_type=self.types[suffix])
        answer["Content-Disposition"] = f'inline; filename="timeline.{suffix}"'
        return answer


def told(events: QuerySet[Event]) -> list[Told]:
    """The newest events with when each was last told, newest first."""
    rows = list(events.select_related("entry").order_by("-sort").only("document", "entry__version")[:MOST])
    moments = _moments([row.entry.version for row in rows])
    return [Told(canonical.loads(row.document), row.entry.version, moments[row.entry.version]) for row in rows]


def _moments(numbers: list[int]) -> dict[int, datetime]:
    return dict(Change.objects.filter(seq__in=set(numbers)).values_list("seq", "recorded_at"))


def cancelled(parameters: QueryDict, now: datetime) -> list[Told]:
    """Events that were told lately and are no longer: their entry was withdrawn, or the date or child is gone."""
    recent = Change.objects.filter(recorded_at__gte=now - timedelta(days=CANCELLED_DAYS)).values("seq")
    versions = DocumentVersion.objects.filter(seq_to__in=recent).exclude(events="[]")
    versions = versions.filter(entry__in=_entries(parameters)) if parameters else versions
    found: dict[str, tuple[int, Json]] = {}
    for version in versions.order_by("seq_to").only("seq_to", "events"):
        for event in canonical.loads(version.events):
            found[event["id"]] = (version.seq_to or 0, event)
    for name in Event.objects.filter(pk__in=list(found), entry__state="live").values_list("pk", flat=True):
        del found[name]
    moments = _moments([number for number, _ in found.values()])
    return [Told(event, number, moments[number], cancelled=True) for number, event in found.values()]


def _entries(parameters: QueryDict) -> QuerySet[Entry]:
    """The entries that the query's filters by place and kind leave, withdrawn ones included."""
    entries = Entry.objects.all()
    if places := parameters.getlist("place"):
        entries = entries.within(places)
    if wanted := parameters.getlist("kind"):
        entries = entries.filter(kind__in=wanted)
    return entries
