"""Addresses of OGC API - Features: which kinds are feature collections."""

from __future__ import annotations

from parks.api import LayoutFilter
from parks.filters import ParkFilter
from policies.api import PlatformFilter, ZoneFilter
from tracker.delivery.reference_views import PlaceFilter
from tracker.ogc.collections import Collection
from tracker.ogc.views import Service

BY_ITSELF = (
    "有自己的点时画在那里（precision 为 site），否则画上级园区、区县、城市或省的代表点，"
    "precision 与 of 写明；不知何处的几何为空。"
    " Drawn at its own point (precision is site), else at the representative point of a parent park, district, city or "
    "province, as precision and of say; without a geometry where nothing is known."
)  # fmt: skip
BY_NAMES = (
    "没有自己的点：画所指地区与园区的点，precision 与 of 逐点写明；所指皆不知何处的几何为空。"
    " Has no point of its own: drawn as the points of the places and parks it names, precision and of say point by "
    "point; without a geometry where none is known."
)  # fmt: skip
REPRESENTATIVE = (
    "代表点（驻地），不是形心；来自 GeoNames。 Representative points (the seat), not centroids; from GeoNames."
)

SERVICE = Service((
    Collection(ParkFilter, BY_ITSELF), Collection(ZoneFilter, BY_NAMES), Collection(LayoutFilter, BY_NAMES),
    Collection(PlatformFilter, BY_ITSELF), Collection(PlaceFilter, REPRESENTATIVE),
))  # fmt: skip

urlpatterns = SERVICE.urls()
