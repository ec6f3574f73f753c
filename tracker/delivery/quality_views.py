"""How good the data are, over REST: the figures of the public page, by kind, and by city and kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.entries.kinds import Kind
from tracker.rest.parameters import refuse_unknown
from tracker.rest.problems import bad_parameter
from tracker.rest.schema import Contract

from . import conditional, quality
from .contract import plain_parameters
from .filters import require_entries
from .quality import Figures
from .views import PublicViewSet

PARAMETERS = {
    "kind": "only these kinds of entry", "place": "adcode or region key; includes what lies inside",
    "by": "city: of each city, rather than of all together",
}  # fmt: skip


class QualityViewSet(PublicViewSet):
    """Completeness, age, facts without a source, conflicts. ``gap=`` of each list shows what is counted."""

    @conditional.on(conditional.everything_today)
    def list(self, request: Request) -> Response:
        parameters = request.query_params
        refuse_unknown(parameters, PARAMETERS)
        chosen, places = chosen_kinds(parameters.getlist("kind")), parameters.getlist("place")
        if places:
            places = require_entries("place", "place", places)
        today = timezone.localdate()
        match parameters.get("by", ""):
            case "":
                rows = [_row(None, one) for one in quality.Quality(chosen, places, today).kinds]
            case "city":
                cities = quality.Quality(chosen, places, today).cities
                rows = [_row(city, one) for city in cities for one in city.figures]
            case other:
                raise bad_parameter("by", f"{other!r} is not city")
        return Response({"date": today.isoformat(), "results": rows})

    def contract(self, action: str) -> Contract:
        return Contract("data_quality", "数据质量 data quality", {"$ref": "#/components/schemas/Quality"},
                        plain_parameters(PARAMETERS), "quality", (400,))  # fmt: skip


def chosen_kinds(names: Sequence[str]) -> list[Kind]:
    """:raises Invalid: a name that is no kind of curated entry."""
    curated = {kind.name: kind for kind in kinds.entry_kinds()}
    for name in names:
        if name not in curated:
            raise bad_parameter("kind", f"{name!r} is none of {', '.join(curated)}")
    return [kind for kind in curated.values() if kind.name in names or not names]


def _row(city: quality.City | None, one: Figures) -> Json:
    last: Any = one.last and one.last.isoformat(timespec="seconds").replace("+00:00", "Z")
    return {
        "kind": one.kind.name, "city": city and {"key": city.key, "name": city.name, "name_en": city.name_en or None},
        "entries": one.entries, "stale": one.stale, "unsourced": one.unsourced, "conflicts": one.conflicts,
        "fields": [{"name": name, "known": one.entries - number} for name, number in one.unknown.items()],
        "last_verified_at": last,
    }  # fmt: skip
