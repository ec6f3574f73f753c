"""Reading at one moment of both clocks: parks compared, the versions of a layout, and what differs between two."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from parks import comparing, layout_versions
from parks.kinds import LAYOUT, PARK
from parks.layout_differences import differences
from tracker.delivery import conditional, past
from tracker.delivery.contract import plain_parameters
from tracker.delivery.filters import CLOCKS, day_of, known_at
from tracker.delivery.moments import documents_at, keys_of, today_at
from tracker.delivery.views import PublicViewSet, live_or_gone
from tracker.entries.fields import Json
from tracker.entries.kinds import plain_reference
from tracker.rest.parameters import refuse_unknown
from tracker.rest.schema import Contract
from tracker.values import canonical

MOST_COMPARED = 5


def said(day: date | None, moment: datetime | None) -> Json:
    """The moment that was asked for, as answers repeat it."""
    text = moment.isoformat().replace("+00:00", "Z") if moment else None
    return {"as_of": day and day.isoformat(), "known_at": text}


class ComparisonViewSet(PublicViewSet):
    """Two to five parks side by side, as of today unless told."""

    parameters: ClassVar[dict[str, str]] = {"keys": "2 to 5 keys of parks, with commas between them", **CLOCKS}

    @conditional.on(conditional.everything_today)
    def list(self, request: Request) -> Response:
        refuse_unknown(request.query_params, self.parameters)
        keys, moment = keys_of(request.query_params, 2, MOST_COMPARED), known_at(request.query_params)
        day = day_of(request.query_params) or today_at(moment)
        told = documents_at(PARK, keys, day, moment)
        return Response({**said(day, moment), "parks": [plain_reference(park.then) for park in told],
                         "rows": comparing.compare(PARK, told)})  # fmt: skip

    def contract(self, action: str) -> Contract:
        return Contract("compare_parks", "比较园区 parks side by side", {"$ref": "#/components/schemas/Comparison"},
                        plain_parameters(self.parameters), "parks", (400, 410))  # fmt: skip


class LayoutDifferencesViewSet(PublicViewSet):
    """What differs between two layouts; without a day as they were adopted, whole."""

    parameters: ClassVar[dict[str, str]] = {"keys": "2 keys of layouts, the earlier first, with a comma", **CLOCKS}

    @conditional.on(conditional.everything_today)
    def list(self, request: Request) -> Response:
        refuse_unknown(request.query_params, self.parameters)
        keys, moment = keys_of(request.query_params, 2, 2), known_at(request.query_params)
        day = day_of(request.query_params)
        before, after = documents_at(LAYOUT, keys, day, moment)
        return Response({**said(day, moment), **differences(before.then, after.then)})

    def contract(self, action: str) -> Contract:
        return Contract("layout_differences", "两个布局之间 what differs between two layouts",
                        {"$ref": "#/components/schemas/LayoutDifferences"}, plain_parameters(self.parameters),
                        "layouts", (400, 410))  # fmt: skip


class LayoutVersionsViewSet(PublicViewSet):
    """The layouts that replaced one another, the earliest first."""

    @conditional.on(conditional.everything_today)
    def list(self, request: Request, key: str) -> Response:
        refuse_unknown(request.query_params, CLOCKS)
        day, moment = day_of(request.query_params), known_at(request.query_params)
        told = past.version(LAYOUT, key, moment) if moment else live_or_gone(LAYOUT, key)
        chain = layout_versions.chain_of(canonical.loads(told.document), moment)
        shown = layout_versions.on_the_day(chain, day) if day else chain
        return Response({**said(day, moment), "versions": layout_versions.versions(shown, day or today_at(moment))})

    def contract(self, action: str) -> Contract:
        return Contract("versions_of_layout", "布局的先后 what replaced what",
                        {"$ref": "#/components/schemas/LayoutVersions"}, plain_parameters(CLOCKS), "layouts",
                        (400, 404, 410))  # fmt: skip
