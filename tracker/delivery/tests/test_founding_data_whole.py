"""The founding data, whole: what the tables of the documents hold, read back over the API row by row."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tracker.testing.api import every, get

pytestmark = pytest.mark.usefixtures("founding")

DEMONSTRATION_PARKS = "first-ai-demonstration-parks-2019"
EIGHT_CITIES_TABLE = "8个重点城市核心企业数量、投资起数及投资金额汇总"
CHENGDONG_TABLE = "杭州城东智造大走廊主要产业平台土地利用情况汇总"
CHENGDONG = "hangzhou-chengdong-manufacturing-corridor"

POLICY_ROWS = {"北京": 7, "天津": 6, "上海": 7, "杭州": 7, "苏州": 8, "南京": 4, "深圳": 6, "广州": 5}

EIGHT_CITIES = {
    "北京": (738, 570, 1416), "上海": (366, 242, 544), "深圳": (400, 310, 778), "杭州": (166, 134, 304),
    "苏州": (66, 54, 206), "广州": (80, 49, 177), "南京": (90, 40, 134), "天津": (47, 10, 10),
}  # fmt: skip
"""AI core companies, investment events, investment amount, as the cells of the table stand."""

MEASURES = ("jurisdiction", "construction_land", "industrial_land", "industrial_supplied", "industrial_developable")
CHENGDONG_ROWS = {
    "杭州高新区（滨江）": "72.22 72.22 10.29 7.4 2.89",
    "杭州钱塘智慧城": "15.5 15.5 1.06 1.06 0",
    "大江东产业集聚区": "427 109 38.91 13.82 25.09",
    "杭州经济开发区": "104.7 60 17 14.32 2.62",
    "萧山经济开发区": "101.4 79.11 25.94 12.11 13.83",
    "余杭经济开发区": "76.94 60 21.15 9.64 11.51",
    "杭州空港经济区": "68.6 47.8 8.3 5.44 2.86",
    "仁和先进制造基地": "56.94 56.94 5.68 3.14 2.54",
}
"""The five columns in km²; the “-” of 钱塘智慧城 is 0, as the total says."""
CHENGDONG_TOTAL = "923.3 500.57 128.33 66.93 61.34"


def citations_of(entry: Any, table: str) -> list[Any]:
    return [citation for citation in entry["citations"] if table in str(citation["locator"].get("table", ""))]


def rows_of(entries: list[Any], table: str) -> set[int]:
    return {citation["locator"]["row"] for entry in entries for citation in citations_of(entry, table)
            if "row" in citation["locator"]}  # fmt: skip


def columns_of(park: Any) -> list[Decimal]:
    """The areas of a park that the table of 城东 states, in the order of its columns."""
    values = {area["measure"]: Decimal(area["value"]) for area in park["areas"]}
    return [values[measure] for measure in MEASURES]


def numbers(text: str) -> list[Decimal]:
    return [Decimal(word) for word in text.split()]


# --- the eight tables of policies ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("city", "count"), POLICY_ROWS.items())
def test_every_row_of_a_city_s_table_of_policies_is_held(city: str, count: int) -> None:
    table = f"{city}市人工智能部分相关政策"
    held = rows_of(every("policies/", page_size=200), table)
    if city == "深圳":
        meetings = every("initiatives/", place="440300", category="conference")
        assert rows_of(meetings, table) == {4}
        assert 4 not in held
        held |= {4}
    assert held == set(range(1, count + 1))


def test_each_row_of_the_tables_is_one_policy() -> None:
    policies = every("policies/", page_size=200)
    for city in POLICY_ROWS:
        table = f"{city}市人工智能部分相关政策"
        holders = [(row, policy["key"]) for policy in policies for row in rows_of([policy], table)]
        assert len({row for row, _ in holders}) == len(holders), city


def test_the_two_provincial_plans_stand_in_two_tables_and_are_one_entry_each() -> None:
    tables = ("深圳市人工智能部分相关政策", "广州市人工智能部分相关政策")
    shared = [policy for policy in every("policies/", place="440000", level="provincial")
              if all(rows_of([policy], table) for table in tables)]  # fmt: skip
    assert {policy["title"] for policy in shared} == {
        "广东省新一代人工智能发展规划", "广东省新一代人工智能创新发展行动计划（2018-2020年）"}  # fmt: skip
    assert {policy["issued"] for policy in shared} == {"2018-07", "2018-10"}


# --- the table of the eight cities --------------------------------------------------------------------------------


def test_the_twenty_four_cells_of_the_eight_city_table_are_held_city_by_city() -> None:
    cells: dict[tuple[str, str], Any] = {}
    for indicator in ("core-companies", "investment-events", "investment-amount"):
        for series in every("series/", indicator=indicator):
            for citation in citations_of(series, EIGHT_CITIES_TABLE):
                figure = next(figure for figure in series["figures"] if figure["key"] in citation["path"])
                stated = citation["stated"]["value"] if citation["stated"] else figure["value"]
                cells[citation["locator"]["row"], indicator] = stated
                assert series["subject"]["name"] == f"{citation['locator']['row']}市"
    assert len(cells) == 24
    for city, values in EIGHT_CITIES.items():
        held = tuple(cells[city, indicator]
                     for indicator in ("core-companies", "investment-events", "investment-amount"))  # fmt: skip
        assert held == values


def test_where_table_and_chapter_differ_on_tianjin_both_are_shown() -> None:
    for key in ("tianjin-investment-events", "tianjin-investment-amount"):
        series = get(f"series/{key}/")
        (conflict,) = series["conflicts"]
        qualifiers = [value["stated"]["qualifier"] for value in conflict["values"]]
        assert sorted(qualifiers) == ["exact", "under"]
        assert conflict["reason"]


# --- the land of 城东 ----------------------------------------------------------------------------------------------


def chengdong_parks() -> dict[str, Any]:
    parks = every("parks/", place="330100", page_size=200)
    return {park["name"]: park for park in parks
            if CHENGDONG in {above["park"]["key"] for above in park["parents"]} and citations_of(park, CHENGDONG_TABLE)
            and park["areas"]}  # fmt: skip


def test_the_eight_rows_of_the_chengdong_table_are_held_in_all_five_columns() -> None:
    assert {name: columns_of(park) for name, park in chengdong_parks().items()} == {
        name: numbers(columns) for name, columns in CHENGDONG_ROWS.items()}  # fmt: skip


def test_the_totals_of_the_chengdong_table_are_the_sums_of_its_rows() -> None:
    total = columns_of(get(f"parks/{CHENGDONG}/"))
    assert total == numbers(CHENGDONG_TOTAL)
    assert total == [sum(column) for column in zip(*map(columns_of, chengdong_parks().values()), strict=True)]


def test_the_row_that_does_not_subtract_is_kept_as_printed_and_flagged() -> None:
    park = get("parks/hangzhou-economic-development-zone/")
    _, _, planned, supplied, developable = columns_of(park)
    assert (planned - supplied, developable) == (Decimal("2.68"), Decimal("2.62"))
    assert "/areas/industrial-developable" in [conflict["path"] for conflict in park["conflicts"]]


# --- scenarios and demonstration parks ----------------------------------------------------------------------------


def test_the_three_batches_hold_twelve_nineteen_and_eleven_scenarios() -> None:
    batches = every("initiatives/", place="310000", category="scenario-batch", ordering="date")
    assert [batch["date"] for batch in batches] == ["2018-06", "2019-06", "2019-09"]
    counts = [batch["quantities"][0]["value"] for batch in batches]
    assert counts == [12, 19, 11]
    stated = get("series/shanghai-application-scenarios/")["latest"]["value"]
    assert sum(counts) == stated == 42


def test_eight_parks_are_the_first_ai_demonstration_parks_and_one_of_them_is_contradicted() -> None:
    parks = every("parks/", programme=DEMONSTRATION_PARKS)
    assert rows_of(parks, "2019年全国首批“人工智能示范园区”") == set(range(1, 9))
    assert len(parks) == get(f"programmes/{DEMONSTRATION_PARKS}/")["batches"][0]["count"] == 8
    contradicted = {park["key"]: conflict for park in parks for conflict in park["conflicts"]
                    if conflict["path"].startswith("/designations")}  # fmt: skip
    assert set(contradicted) == {"suzhou-gaotie-big-data-park"}
    conflict = contradicted["suzhou-gaotie-big-data-park"]
    assert "人工智能产业园" in conflict["reason"]
    assert "大数据产业园" in conflict["reason"]
    assert len({value["citation"]["printed"] for value in conflict["values"]}) == 2
