"""What the lanes count is what the list holds and what the API counts, whatever is asked."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracker.testing.api import get
from tracker.web.chart.lanes import Lane

pytestmark = [pytest.mark.usefixtures("founding"), pytest.mark.urls("tracker.urls")]

FEW = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=40)
NUMBER = re.compile(r'<a class="mark many.*?<text[^>]*>(\d+)</text>')

PLACES = ("320100", "320500", "310000", "440300", "100000", "yangtze-river-delta", "310115", "320000")
FILTERS = {
    "place": PLACES,
    "kind": ("policy", "park", "initiative", "platform", "zone", "layout", "programme"),
    "type": ("issued", "approved", "launched", "opened", "effective", "other"),
    "industry": ("robots", "ai-chips", "artificial-intelligence"),
    "programme": ("national-ai-innovation-application-pilot-zone",),
    "organisation": ("baidu", "tencent"),
    "entry": ("policy/nanjing-ai-opinions-2017", "park/nanjing-jiangbei-new-area"),
}
DATES = st.one_of(
    st.dates().filter(lambda day: 1975 <= day.year <= 2032).map(str),
    st.integers(1975, 2032).map(str),
    st.tuples(st.integers(2015, 2022), st.integers(1, 12)).map(lambda found: f"{found[0]}-{found[1]:02}"),
)  # fmt: skip


@st.composite
def queries(draw: st.DrawFn) -> dict[str, Any]:
    """A query of the page: some filters, perhaps a window, perhaps a day or the future."""
    found: dict[str, Any] = {}
    for name in draw(st.lists(st.sampled_from(list(FILTERS)), max_size=2, unique=True)):
        found[name] = draw(st.lists(st.sampled_from(FILTERS[name]), min_size=1, max_size=2, unique=True))
    start, end = draw(st.none() | DATES), draw(st.none() | DATES)
    if start and end and start[:4] > end[:4]:
        start, end = end, start
    if start and end and start[:4] == end[:4]:
        start = start[:4]
        end = end[:4]
    found |= {name: text for name, text in (("from", start), ("to", end)) if text}
    moment = draw(st.sampled_from([{}, {}, {"as_of": "2019-06-01"}, {"future": "include"}]))
    return found | moment


def for_the_api(query: dict[str, Any]) -> dict[str, Any]:
    renamed = {"from": "date_from", "to": "date_to"}
    return {renamed.get(name, name): value for name, value in query.items()}


def counted(**parameters: Any) -> int:
    return int(get("timeline/", count="true", page_size=1, checked=False, **parameters)["count"])


def context(**query: Any) -> Any:
    answer = Client().get(f"/timeline/?{urlencode(query, doseq=True)}")
    assert answer.status_code == 200, answer.content
    return answer.context


def lanes(found: Any) -> list[Lane]:
    return [lane for section in found["chart"].sections for lane in section.lanes]


def drawn(svg: str) -> int:
    """How many events a drawing says it shows."""
    return svg.count('<a class="mark one') + sum(map(int, NUMBER.findall(svg)))


@pytest.mark.parametrize("query", [
    {}, {"from": "2019", "to": "2019"}, {"lanes": "city"}, {"from": "2018-03-15", "to": "2018-03-20"},
    {"side": "cities", "place": ["320100", "320500"]}, {"from": "2017", "lanes": "city"}, {"future": "include"},
])  # fmt: skip
def test_drawings_show_as_many_events_as_the_lane_counts(query: dict[str, Any]) -> None:
    shown = lanes(context(**query))
    assert shown
    for lane in shown:
        assert drawn(lane.wide) == lane.count, lane.name
        assert (len(lane.lines) or drawn(lane.narrow)) == lane.count, lane.name


@FEW
@given(query=queries())
def test_lanes_by_kind_add_up_to_the_list_and_to_the_api(query: dict[str, Any]) -> None:
    found = context(**query)
    shown = lanes(found)
    assert sum(lane.count for lane in shown) == found["count"] == counted(**for_the_api(query))
    assert all(drawn(lane.wide) == lane.count for lane in shown)
    assert all((len(lane.lines) or drawn(lane.narrow)) == lane.count for lane in shown)
    assert len(found["listed"].events) == min(50, found["count"])


@FEW
@given(query=queries())
def test_a_lane_of_a_city_counts_what_lies_in_it(query: dict[str, Any]) -> None:
    query.pop("place", None)
    found = context(**query, lanes="city")
    assert found["count"] == counted(**for_the_api(query))
    keys, rest = [], 0
    for lane in lanes(found):
        assert drawn(lane.wide) == lane.count
        if not lane.href:
            rest = lane.count
            continue
        keys += parse_qs(lane.href[1:])["place"]
        assert lane.count == counted(**for_the_api(query), place=keys[-1])
    inside = counted(**for_the_api(query), place=keys) if keys else 0
    assert rest == found["count"] - inside, "the last lane holds what lies in none of the cities"


@FEW
@given(query=queries(), places=st.lists(st.sampled_from(PLACES), min_size=2, max_size=4, unique=True))
def test_lanes_side_by_side_count_the_kinds_of_each_place(query: dict[str, Any], places: list[str]) -> None:
    query.pop("kind", None)
    query["place"] = places
    found = context(**query, side="cities")
    assert found["count"] == counted(**for_the_api(query))
    for place, section in zip(places, found["chart"].sections, strict=False):
        assert section.count == counted(**for_the_api(query) | {"place": place})
        assert section.count == sum(drawn(lane.wide) for lane in section.lanes)


@FEW
@given(query=queries())
def test_the_feeds_of_the_page_are_asked_for_the_same_events(query: dict[str, Any]) -> None:
    found = context(**query)
    href = next(href for words, href in found["feeds"] if words == "CSV")
    rows = Client().get(href)
    assert rows.status_code == 200
    assert len(rows.content.decode("utf-8-sig").splitlines()) - 1 == found["count"]
