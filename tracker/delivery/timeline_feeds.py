"""``timeline.ics``, ``.atom`` and ``.csv``: the merged timeline for calendars, feed readers and spreadsheets."""

from __future__ import annotations

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
from tracker.rest.parameters import refuse_unknown
from tracker.rest.schema import Contract
from tracker.timeline import formats
from tracker.timeline.formats import Told
from tracker.timeline.models import Event
from tracker.values import canonical

from . import conditional, terms, timelines
from .contract import parameters_of, plain_parameters
from .timeline_filters import TimelineFilter
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
        parameters = (*parameters_of(TimelineFilter.base_filters), *plain_parameters(self.moments(action)))
        return Contract(f"timeline_{action}", f"时间线 as {action}", {"type": "string"}, parameters, "timeline", (400,),
                        self.types[action].partition(";")[0])  # fmt: skip

    def moments(self, suffix: str) -> dict[str, str]:
        """A subscription is of now; a table may be of what was told once."""
        return {name: text for name, text in timelines.MOMENTS.items() if suffix == "csv" or name != "known_at"}

    @conditional.on(conditional.asked_kinds_today)
    def ics(self, request: Request) -> HttpResponse:
        events = told(self._asked(request, "ics")[:MOST]) + cancelled(request.query_params, timezone.now())
        return self._answer("ics", formats.calendar(events, **_origin()))

    @conditional.on(conditional.asked_kinds_today)
    def atom(self, request: Request) -> HttpResponse:
        events = told(self._asked(request, "atom")[:MOST])
        updated = max((event.told_at for event in events), default=timezone.now())
        return self._answer("atom", formats.atom(events, **_origin(), updated=updated))

    @conditional.on(conditional.asked_kinds_today)
    def csv(self, request: Request) -> HttpResponse:
        events = self._asked(request, "csv")
        moments = timelines.Moments.of(request.query_params)
        if moments.known_at:
            then = timelines.events_then(request.query_params, moments, moments.known_at)
            return self._answer("csv", formats.table(reversed(then)))
        texts = events.values_list("document", flat=True)
        return self._answer("csv", formats.table(canonical.loads(text) for text in texts.iterator(chunk_size=2000)))

    def _asked(self, request: Request, suffix: str) -> QuerySet[Event]:
        """The events of the query, newest first."""
        refuse_unknown(request.query_params, [*TimelineFilter.base_filters, *self.moments(suffix)])
        parameters = request.query_params
        return timelines.events_now(parameters, timelines.Moments.of(parameters)).order_by("-sort")

    def _answer(self, suffix: str, content: bytes | str) -> HttpResponse:
        answer = HttpResponse(content, content_type=self.types[suffix])
        answer["Content-Disposition"] = f'inline; filename="timeline.{suffix}"'
        return answer


def _origin() -> dict[str, str]:
    """What a feed says of itself."""
    return {"name": NAME, "site": settings.SITE_URL, "rights": terms.RIGHTS}


def told(events: QuerySet[Event]) -> list[Told]:
    """Events with when each was last told, and in which version."""
    rows = list(events.select_related("entry").only("document", "entry__version"))
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
