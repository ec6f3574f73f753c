"""What reading costs: every public page and list by processor, queries and bytes, each made anew."""

from __future__ import annotations

import gzip
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from pathlib import Path
from statistics import median

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

MOST_MILLISECONDS = 200
MOST_KILOBYTES = 150
"""What a page may cost; the documents of the map are not counted."""

_ELSEWHERE = re.compile(
    r'<(?:(?:script|img|source|image)\b|link rel="(?:stylesheet|icon|preload)")[^>]*? (?:src|href)="(?:https?:)?//'
)
"""What a browser would fetch from another host by itself."""

PLACE, OTHER, DISTRICT = "320100", "440300", "320115"
PARKS = "shenzhen-high-tech-zone,nanjing-jiangxinzhou-eco-tech-island,hangzhou-ai-town"
CRITERION = "what=stage&of=open&unit=&least=&most=&worst=&best=&must=&weight=1"

PAGES = {
    "front": "/",
    "parks, list": "/parks/",
    "parks, cards": "/parks/?view=cards",
    "parks, map": "/parks/?view=map",
    "parks of a city": f"/parks/?place={PLACE}&sort=area",
    "parks, many filters": f"/parks/?place={PLACE}&min_area=1&area_unit=km2&unknown=include&lacks=siting&q=园区",
    "parks that lack three facts": "/parks/?lacks=siting&lacks=opened&lacks=designations",
    "parks by area, unknown too": "/parks/?min_area=5&max_area=40&area_unit=km2&unknown=include&measure=site",
    "parks near a platform": "/parks/?near_platform=open-innovation-platform-autonomous-driving&radius_km=60",
    "parks near a point": "/parks/?near=32.06,118.79&radius_km=60&distance=yes&distance=maybe",
    "parks where a measure applies": "/parks/?measure_subject=rent",
    "parks by roles": f"/parks/?place={OTHER}&layout_roles_min=2",
    "parks inside one, by operator": "/parks/?parent=bench-park-000000&operator=bench-organisation-000001",
    "park": "/parks/nanjing-jiangbei-new-area/",
    "park, made up": "/parks/bench-park-000000/",
    "comparison": f"/parks/compare/?keys={PARKS}",
    "score": f"/parks/score/?place={OTHER}&{CRITERION}",
    "city": f"/places/{PLACE}/",
    "district": f"/places/{DISTRICT}/",
    "country": "/places/100000/",
    "two cities": f"/places/compare/?keys={PLACE},{OTHER}",
    "layouts": "/layouts/",
    "layout": "/layouts/shenzhen-layout-ai-action-plan-2019/",
    "policies": "/policies/",
    "policies of a city": f"/policies/?place={PLACE}&q=规划",
    "policy": "/policies/nanjing-ai-opinions-2017/",
    "policy, made up": "/policies/bench-policy-000000/",
    "zones": "/zones/",
    "zone": "/zones/shenzhen-ai-application-pilot-zone/",
    "platforms": "/platforms/",
    "platform": "/platforms/open-innovation-platform-autonomous-driving/",
    "programmes": "/programmes/",
    "programme": "/programmes/national-open-innovation-platform-programme/",
    "initiatives": "/initiatives/",
    "initiative": "/initiatives/bench-initiative-000000/",
    "series": "/series/",
    "one series": "/series/bench-series-000000/",
    "organisations": "/organisations/",
    "organisation": "/organisations/bench-organisation-000000/",
    "places": "/places/",
    "industries": "/industries/",
    "industry": "/industries/ai-chips/",
    "indicators": "/indicators/",
    "terms": "/terms/",
    "term": "/terms/industrial-park/",
    "sources": "/sources/",
    "source": "/sources/bluebook-2021/",
    "source of all": "/sources/bench-source/",
    "timeline": "/timeline/",
    "timeline, cities": "/timeline/?lanes=city",
    "timeline of a place": f"/timeline/?place={PLACE}",
    "timeline, a year": "/timeline/?from=2019&to=2019",
    "timeline on a day": "/timeline/?as_of=2019-06-01",
    "timeline, what is to come": "/timeline/?future=include",
    "timeline, two cities": f"/timeline/?side=cities&place={PLACE}&place={OTHER}",
    "search": "/search/?q=产业园",
    "search, two characters": "/search/?q=芯片",
    "suggestions": "/search/suggest/?q=产业",
    "quality": "/quality/",
    "quality of a place": f"/quality/?place={PLACE}",
    "changes": "/changes/",
    "data": "/data/",
    "about": "/about/",
    "terms of use": "/about/terms/",
    "interface": "/about/interface/",
    "maps of others": "/ogc/",
}
LAYERS = {f"map, {layer}": f"/parks/map/{layer}.json" for layer in ("parks", "platforms", "zones", "layouts", "cities")}
API = {
    "policies": "/api/v1/policies/?page_size=50",
    "policies, counted": "/api/v1/policies/?count=true&ordering=name",
    "policies of a place": f"/api/v1/policies/?place={PLACE}",
    "policies by measure": "/api/v1/policies/?measure_subject=rent&status=in_force",
    "policies on a day": "/api/v1/policies/?as_of=2019-06-01&status=in_force",
    "policies, facets": "/api/v1/policies/facets/",
    "policies, facets on a day": "/api/v1/policies/facets/?as_of=2019-06-01",
    "a policy": "/api/v1/policies/bench-policy-000000/",
    "parks by area": "/api/v1/parks/?min_area=1000000&ordering=-area&count=true",
    "parks that lack": "/api/v1/parks/?lacks=siting&lacks=designations&count=true",
    "parks by tenant": "/api/v1/parks/?tenant=baidu&unknown=include&count=true",
    "parks by operator": "/api/v1/parks/?operator=bench-organisation-000001&count=true",
    "parks by gap": "/api/v1/parks/?gap=conflict&gap=stale&count=true",
    "parks, facets": "/api/v1/parks/facets/",
    "parks compared": f"/api/v1/parks/compare/?keys={PARKS}",
    "a park": "/api/v1/parks/bench-park-000000/",
    "what applies to a park": "/api/v1/parks/bench-park-000000/policies/",
    "what applies to a city": f"/api/v1/places/{PLACE}/policies/",
    "profile of a city": f"/api/v1/places/{PLACE}/profile/",
    "figures": f"/api/v1/observations/?place={PLACE}&count=true",
    "timeline": "/api/v1/timeline/?page_size=50",
    "timeline of a place": f"/api/v1/timeline/?place={PLACE}&count=true",
    "timeline by month": "/api/v1/timeline/counts/?by=month",
    "search": "/api/v1/search/?q=产业园",
    "changes": "/api/v1/changes/?after=0",
    "quality": "/api/v1/quality/",
    "policies as told": "/api/v1/policies/?known_at={today}",
    "facets as told": "/api/v1/policies/facets/?known_at={today}",
    "timeline as told": "/api/v1/timeline/?known_at={today}",
    "a place's as told": f"/api/v1/timeline/?known_at={{today}}&place={PLACE}",
}


@dataclass(frozen=True)
class Cost:
    """What one address costs."""

    name: str
    queries: int
    processor: float
    """Milliseconds of processor, the least of all times: of this process, and of the database where it is asked for."""
    waited: float
    """Milliseconds until the answer, half of the times less: with whoever else uses the machine."""
    kilobytes: float
    packed: float
    """Kilobytes as browsers fetch it, with gzip."""
    limited: bool
    """Whether it may be no larger than a page."""
    elsewhere: int
    """Requests that it would make of other hosts by itself."""

    @property
    def excess(self) -> str:
        """What is over the limits, in words."""
        slow = f"over {MOST_MILLISECONDS} ms" if self.processor > MOST_MILLISECONDS else ""
        large = f"over {MOST_KILOBYTES} kB" if self.limited and self.kilobytes > MOST_KILOBYTES else ""
        return ", ".join(filter(None, (slow, large, f"{self.elsewhere} from elsewhere" if self.elsewhere else "")))


def costs(client: Client, times: int, today: date) -> Iterator[Cost]:
    """Ask for each address once to warm up and so many times more.

    PostgreSQL is told to work in one process, so that all it takes is counted.

    :raises AssertionError: an address answers with an error, so there is nothing to measure.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET max_parallel_workers_per_gather = 0")
    for name, address in PAGES.items():
        yield _cost(client, name, address, times, limited=True)
    for name, address in LAYERS.items():
        yield _cost(client, name, address, times, limited=False)
    for name, address in API.items():
        yield _cost(client, f"API: {name}", address.format(today=today), times, limited=False)


def _cost(client: Client, name: str, address: str, times: int, *, limited: bool) -> Cost:
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
        asked = len(queries)
    if response.status_code != HTTPStatus.OK:
        raise AssertionError(f"{address} answered {response.status_code}, so there is nothing to measure")
    content = response.content
    taken = [_asked_once(client, address) for _ in range(times)]
    return Cost(name, asked, min(processor for processor, _waited in taken), median(waited for _, waited in taken),
                len(content) / 1000, len(gzip.compress(content, 6)) / 1000, limited,
                len(_ELSEWHERE.findall(content.decode())))  # fmt: skip


def _asked_once(client: Client, address: str) -> tuple[float, float]:
    """Milliseconds of processor and of waiting."""
    before, started = _processor(), time.perf_counter()
    client.get(address)
    return (_processor() - before) * 1000, (time.perf_counter() - started) * 1000


def _processor() -> float:
    """Seconds of processor so far: of this process and, if it is on this machine, of the database for it."""
    return time.process_time() + _of_the_database()


def _of_the_database() -> float:
    if connection.vendor != "postgresql" or connection.connection is None:
        return 0.0
    told = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return int(told.read_text().split()[0]) / 1e9 if told.exists() else 0.0
