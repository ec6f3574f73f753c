"""What the API must be able to tell from the founding data, checked against what the documents themselves state."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from tracker.testing.api import every, get

pytestmark = pytest.mark.usefixtures("founding")

PLATFORMS = "national-open-innovation-platform-programme"
APPLICATION_ZONES = "national-ai-innovation-application-pilot-zone"
DEVELOPMENT_ZONES = "national-new-generation-ai-innovation-development-pilot-zone"


def city_of(entry: Any) -> str:
    place = entry["places"][0]
    return str((place["city"] or place)["name"])


def rows_of(entries: list[Any], table: str) -> set[int]:
    """The rows of a table of the document that entries cite."""
    return {citation["locator"]["row"] for entry in entries for citation in entry["citations"]
            if table in str(citation["locator"].get("table", ""))}  # fmt: skip


def test_fifteen_open_innovation_platforms_stand_in_five_cities_and_three_batches() -> None:
    platforms = every("platforms/", programme=PLATFORMS)
    assert Counter(map(city_of, platforms)) == {"北京市": 7, "深圳市": 3, "杭州市": 2, "上海市": 2, "合肥市": 1}
    assert Counter(platform["batch"] for platform in platforms) == {"batch-1": 5, "batch-2": 1, "batch-3": 9}
    batches = get(f"programmes/{PLATFORMS}/")["batches"]
    assert [batch["count"] for batch in batches] == [5, 1, 9]


def test_the_facets_of_the_platforms_count_the_same_cities() -> None:
    cities = get("platforms/facets/", programme=PLATFORMS)["city"]
    assert {city["name"]: city["count"] for city in cities} == {
        "北京市": 7, "深圳市": 3, "杭州市": 2, "上海市": 2, "合肥市": 1}  # fmt: skip


def test_application_zones_came_as_three_and_then_five() -> None:
    zones = every("zones/", programme=APPLICATION_ZONES)
    assert Counter(zone["batch"] for zone in zones) == {"batch-1": 3, "batch-2": 5}
    before = every("zones/", programme=APPLICATION_ZONES, as_of="2020-12-31")
    assert {zone["batch"] for zone in before} == {"batch-1"}
    assert len(before) == 3


def test_development_zones_keep_the_dates_the_documents_give() -> None:
    zones = {zone["key"]: zone["approved"] for zone in every("zones/", programme=DEVELOPMENT_ZONES)}
    assert zones["beijing-ai-development-pilot-zone"] == "2019-02"
    assert zones["shanghai-ai-development-pilot-zone"] == "2019-05"
    assert zones["tianjin-ai-development-pilot-zone"] == "2019-10"
    assert zones["shenzhen-ai-development-pilot-zone"] == "2019-10-17"


def test_nanjing_has_the_four_policies_of_its_table() -> None:
    assert rows_of(every("policies/", place="320100"), "南京市人工智能部分相关政策") == {1, 2, 3, 4}


def test_shenzhen_has_the_six_rows_of_its_table_and_the_meeting_is_no_policy() -> None:
    policies = every("policies/")
    assert rows_of(policies, "深圳市人工智能部分相关政策") == {1, 2, 3, 5, 6}
    meetings = every("initiatives/", place="440300", category="conference")
    assert rows_of(meetings, "深圳市人工智能部分相关政策") == {4}


def test_the_shenzhen_high_tech_zone_grew_from_11_to_159_square_kilometres_in_2019() -> None:
    def sites(day: str) -> list[Decimal]:
        areas = get("parks/shenzhen-high-tech-zone/", as_of=day)["areas"]
        return [area["value"] for area in areas if area["measure"] == "site"]

    assert sites("2018-06-01") == [Decimal("11.52")]
    assert sites("2020-01-01") == [Decimal("159.48")]


def test_the_growth_of_the_shenzhen_high_tech_zone_is_the_sum_of_eleven_new_areas() -> None:
    parks = {park["key"]: park for park in every("parks/", place="440300")}
    inside = {"shenzhen-high-tech-zone"}
    for _ in range(2):
        inside |= {key for key, park in parks.items() if {above["park"]["key"] for above in park["parents"]} & inside}
    areas = [area["value"] for key in inside - {"shenzhen-high-tech-zone"} for area in parks[key]["areas"]]
    assert len(areas) == 11
    assert sum(areas) == Decimal("147.96") == Decimal("159.48") - Decimal("11.52")


def test_the_nanjing_timeline_tells_its_story_in_order_with_both_dates_of_the_first_policy() -> None:
    events = every("timeline/", place="320100", ordering="date")
    assert [event["lower"] for event in events] == sorted(event["lower"] for event in events)
    first = next(event for event in events if event["id"] == "policy/nanjing-ai-opinions-2017/issued")
    assert {value["stated"] for value in first["conflict"]["values"]} == {"2017-12", "2017-09"}


def test_the_first_nanjing_layout_is_superseded_by_the_second() -> None:
    titles = [event["title"]["zh"] for event in every("timeline/", place="320100", type="adopted", ordering="date")]
    first = next(index for index, title in enumerate(titles) if "两中心、三片区、一示范" in title)
    second = next(index for index, title in enumerate(titles) if "一带引领、两极支撑" in title)
    assert first < second
    superseded = get("layouts/nanjing-layout-2017/")["superseded_by"]
    assert [layout["key"] for layout in superseded] == ["nanjing-layout-2019"]


def test_the_layout_in_force_follows_the_day() -> None:
    def patterns(day: str) -> set[str]:
        return {layout["pattern"] for layout in every("layouts/", subject="320100", as_of=day)}

    assert "两中心、三片区、一示范" in patterns("2018-06-01")
    assert "一带引领、两极支撑" not in patterns("2018-06-01")
    assert "一带引领、两极支撑" in patterns("2020-01-01")
    assert "两中心、三片区、一示范" not in patterns("2020-01-01")


def test_a_park_without_its_own_point_says_whose_point_it_shows() -> None:
    for park in every("parks/", place="320100"):
        location = park["location"]
        assert (location["lat"] is None) == (location["precision"] is None)
        if location["precision"] not in (None, "site"):
            assert location["of"]


@pytest.mark.parametrize(
    ("words", "kind", "key"),
    [
        ("芯片", "park", None),
        ("机器人", "park", None),
        ("機器人", "park", None),
        ("先導區", "zone", None),
        ("jiangxinzhou", "park", "nanjing-jiangxinzhou-eco-tech-island"),
        ("Baidu", "organisation", "baidu"),
        ("njs", "place", "320100"),
        ("IAB计划", "policy", "guangzhou-iab-action-plan-2018-2022"),
    ],
)
def test_search_finds_short_words_aliases_pinyin_initials_and_traditional_forms(
    words: str, kind: str | None, key: str | None
) -> None:
    results = every("search/", q=words, page_size=200, **({"kind": kind} if kind else {}))
    assert results
    assert key is None or key in [result["key"] for result in results]


def test_initials_find_names_that_begin_with_them() -> None:
    found = [result["name"] for result in every("search/", q="zgc", page_size=200)]
    assert any(name.startswith("中关村") for name in found)
