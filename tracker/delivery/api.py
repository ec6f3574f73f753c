"""REST views over all kinds at once: the merged timeline, search, redirects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.entries import successors
from tracker.entries.models import Entry, Redirect
from tracker.rest import keyset
from tracker.rest.keyset import Column
from tracker.rest.parameters import refuse_unknown
from tracker.rest.problems import bad_parameter
from tracker.rest.renderers import JSONText, page
from tracker.rest.schema import Contract
from tracker.search import index
from tracker.search.matches import explain
from tracker.values import canonical

from . import conditional, timelines
from .contract import list_of, parameters_of, plain_parameters
from .filters import require_entries, wants_count
from .timeline_filters import TimelineFilter, require_kind
from .views import PublicViewSet

PAGING = {"cursor": "where the page begins; taken from next or previous", "page_size": "1 to 200; 50 unless told"}
COUNT = {"count": "true: say how many there are in all"}
BY = {"by": "year or month; year unless told"}


class TimelineViewSet(PublicViewSet):
    """The events of all kinds merged, newest first, and how many there are by year or month."""

    filterset_class = TimelineFilter

    def contract(self, action: str) -> Contract:
        filters = parameters_of(TimelineFilter.base_filters)
        if action == "counts":
            parameters = (*filters, *plain_parameters(timelines.MOMENTS | BY))
            return Contract("count_timeline", "事件数 events by year or month",
                            {"$ref": "#/components/schemas/EventCounts"}, parameters, "timeline", (400,))  # fmt: skip
        parameters = (*filters, *plain_parameters(timelines.PARAMETERS))
        return Contract("list_timeline", "时间线 events of all kinds", list_of("Event"), parameters, "timeline", (400,))

    @conditional.on(conditional.asked_kinds_today)
    def list(self, request: Request) -> Response:
        refuse_unknown(request.query_params, [*TimelineFilter.base_filters, *timelines.PARAMETERS])
        return Response(timelines.merged(request.query_params, request.path))

    @conditional.on(conditional.asked_kinds_today)
    def counts(self, request: Request) -> Response:
        refuse_unknown(request.query_params, [*TimelineFilter.base_filters, *timelines.MOMENTS, *BY])
        return Response(timelines.counts(request.query_params))


class SearchViewSet(PublicViewSet):
    """Search over all kinds: the name equals, begins, contains, then any other field; newer first."""

    extra_parameters: ClassVar[dict[str, str]] = PAGING | COUNT | {
        "q": "what to look for: Chinese, pinyin, initials or English", "kind": "kind of entry",
        "place": "adcode or region key",
    }  # fmt: skip

    def contract(self, action: str) -> Contract:
        parameters = plain_parameters(self.extra_parameters, many=("kind", "place"))
        return Contract("search", "搜索 search", list_of("SearchResult"), parameters, "search", (400,))

    @conditional.on(conditional.asked_kinds)
    def list(self, request: Request) -> Response:
        parameters = request.query_params
        refuse_unknown(parameters, self.extra_parameters)
        query = parameters.get("q", "").strip()
        if not query:
            raise bad_parameter("q", "say what to look for")
        if len(query) > 200:
            raise bad_parameter("q", "is longer than 200 characters")
        queryset = index.find(query)
        if wanted := parameters.getlist("kind"):
            for name in wanted:
                require_kind(name)
            queryset = queryset.filter(kind__in=wanted)
        if places := parameters.getlist("place"):
            places = require_entries("place", "place", places)
            queryset = queryset.filter(pk__in=Entry.objects.within(places).values("pk"))
        order = [Column("tier"), Column("date_sort", descending=True), Column("kind"), Column("key")]
        found = keyset.paginate(queryset, order, parameters, request.path)
        results = (canonical.dumps_ordered(explain(entry, query)) for entry in found.rows)
        return Response(_page(request, found, results, queryset if wants_count(parameters) else None))


class RedirectViewSet(PublicViewSet):
    """Old keys and where they lead."""

    extra_parameters: ClassVar[dict[str, str]] = dict(PAGING)

    def contract(self, action: str) -> Contract:
        parameters = plain_parameters(self.extra_parameters)
        return Contract("list_redirects", "旧键 old keys", list_of("Redirect"), parameters, "redirects", (400,))

    @conditional.on(conditional.everything)
    def list(self, request: Request) -> Response:
        refuse_unknown(request.query_params, self.extra_parameters)
        found = keyset.paginate(Redirect.objects.all(), [Column("kind"), Column("old_key")], request.query_params,
                                request.path)  # fmt: skip
        led = _led(found.rows)
        results = (canonical.dumps_ordered({"kind": row.kind, "old_key": row.old_key, "new_key": row.new_key,
                                            "leads_to": led[row.kind, row.old_key], "reason": row.reason})
                   for row in found.rows)  # fmt: skip
        return Response(_page(request, found, results, None))


def _led(rows: Iterable[Redirect]) -> dict[tuple[str, str], str]:
    """By kind and old key, the key that stands for it now."""
    keys: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        keys[row.kind].append(row.old_key)
    return {(kind, old): new for kind, olds in keys.items() for old, new in successors.standing_for(kind, olds).items()}


def _page(request: Request, found: keyset.Page, results: Any, counted: QuerySet[Any] | None) -> JSONText:
    parameters, path = request.query_params, request.path
    return page(results, keyset.link(path, parameters, found.following), keyset.link(path, parameters, found.previous),
                counted.count() if counted is not None else None)  # fmt: skip
