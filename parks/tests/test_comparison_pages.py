"""Parks side by side on the page and in the file: units, unknowns, sources, clocks, and parts that are no rivals."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from openpyxl import load_workbook

from parks import comparison, comparison_sheet, moment
from parks.tests.test_comparing import area, child, park, reference
from tracker.delivery.as_of import Told

pytestmark = pytest.mark.usefixtures("founding")

HIGH_TECH, ISLAND, TOWN = "shenzhen-high-tech-zone", "nanjing-jiangxinzhou-eco-tech-island", "hangzhou-ai-town"
NANSHAN = "shenzhen-high-tech-zone-nanshan"
THREE = f"/parks/compare/?keys={HIGH_TECH},{ISLAND},{TOWN}"


def text_of(client: Client, address: str, code: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == code, answer.content[:300]
    return answer.content.decode()


def row_of(text: str, label: str) -> str:
    """The row of the table with that label."""
    rows = [row for row in text.split("<tr")[1:] if f'scope="row">{label}' in row]
    assert len(rows) == 1, (label, len(rows))
    return rows[0]


def test_areas_stand_in_one_unit_and_the_unit_can_be_chosen(client: Client) -> None:
    site = row_of(text_of(client, THREE), "面积 · 规划面积")
    assert "km²" in site
    assert all(number in site for number in ("159.5", "15.21", "3.43"))
    assert "1,521" in row_of(text_of(client, f"{THREE}&unit=ha"), "面积 · 规划面积")
    assert "5,145" in row_of(text_of(client, f"{THREE}&unit=亩"), "面积 · 规划面积")


def test_unknown_is_said_and_never_taken_for_none(client: Client) -> None:
    stage = row_of(text_of(client, THREE), "阶段")
    assert stage.count("未知") == 2
    assert "部分投用" in stage
    assert 'class="differs"' not in stage


def test_each_known_cell_leads_to_its_source_in_one_step(client: Client) -> None:
    text = text_of(client, THREE)
    site = row_of(text, "面积 · 规划面积")
    number = site.partition('href="#note-')[2].partition('"')[0]
    assert f'id="note-{number}"' in text


def test_a_park_and_its_part_are_compared_only_when_asked(client: Client) -> None:
    address = f"/parks/compare/?keys={HIGH_TECH},{NANSHAN}"
    text = text_of(client, address)
    assert "<table" not in text
    assert "仍要比较" in text
    assert "anyway=1" in text
    anyway = text_of(client, f"{address}&anyway=1")
    assert "<table" in anyway
    assert "按您的要求仍作比较" in anyway


def test_a_park_is_added_moved_and_removed_by_links(client: Client) -> None:
    text = text_of(client, f"/parks/compare/?keys={HIGH_TECH},{ISLAND}&q=江北新区&unit=ha")
    assert f"?keys={HIGH_TECH},{ISLAND},nanjing-jiangbei-new-area&amp;unit=ha" in text
    assert f"?keys={ISLAND},{HIGH_TECH}&amp;unit=ha" in text
    assert f"?keys={ISLAND}&amp;unit=ha" in text


def test_only_what_differs(client: Client) -> None:
    text = text_of(client, f"{THREE}&show=differences")
    assert 'scope="row">阶段' not in text
    assert row_of(text, "面积 · 规划面积")


def test_by_both_clocks(client: Client) -> None:
    text = text_of(client, f"/parks/compare/?keys={HIGH_TECH},{ISLAND}&as_of=2018-06-01")
    assert "11.52" in row_of(text, "面积 · 规划面积")
    assert "known_at" in text_of(client, f"/parks/compare/?keys={HIGH_TECH},{ISLAND}&known_at=2001-01-01", 400)


def test_the_pinned_address_shows_the_same(client: Client) -> None:
    text = text_of(client, THREE)
    pinned = text.partition('class="pin screen-only"')[2].partition('href="')[2].partition('"')[0].replace("&amp;", "&")
    assert "known_at=" in pinned and "as_of=" in pinned
    again = text_of(client, f"/parks/compare/{pinned}")
    tables = [page.partition("<tbody>")[2].partition("</table>")[0] for page in (text, again)]
    assert tables[0] == tables[1]


@pytest.mark.parametrize(("query", "name"), [
    ("keys=nope-park,hangzhou-ai-town", "keys"), (f"keys={HIGH_TECH},{ISLAND}&unit=acre", "unit"),
    (f"keys={HIGH_TECH},{ISLAND}&as_of=2019", "as_of"), (f"keys={HIGH_TECH},{ISLAND}&known_at=soon", "known_at"),
    ("keys=a,b,c,d,e,f", "keys"), (f"keys={HIGH_TECH},{ISLAND}&show=all", "show"), ("keys=%00,b", "keys"),
    (f"keys={HIGH_TECH}&q=" + "长" * 101, "q"),
])  # fmt: skip
def test_a_wrong_parameter_is_named(client: Client, query: str, name: str) -> None:
    assert name in text_of(client, f"/parks/compare/?{query}", 400)


@pytest.mark.parametrize("query", ["", f"keys={TOWN}", f"keys={TOWN},{TOWN}", "q=没有这样的园区"])
def test_before_two_parks_are_chosen_it_says_what_to_do(client: Client, query: str) -> None:
    assert 'class="empty"' in text_of(client, f"/parks/compare/?{query}")


def test_five_parks_cost_no_more_queries_than_two(client: Client) -> None:
    def queries(keys: str) -> int:
        client.get("/about/")
        with CaptureQueriesContext(connection) as captured:
            text_of(client, f"/parks/compare/?keys={keys}&anyway=1")
        return len(captured)

    two = f"{HIGH_TECH},{NANSHAN}"
    five = f"{two},shenzhen-high-tech-zone-longgang,shenzhen-high-tech-zone-pingshan,shenzhen-high-tech-zone-baoan"
    assert queries(five) <= queries(two)


SUZHOU = "/parks/compare/?keys=suzhou-gaotie-big-data-park,suzhou-international-science-park"


@pytest.mark.parametrize("address", [SUZHOU, f"/en{SUZHOU}"])
def test_a_conflict_on_a_whole_child_or_in_another_unit_says_nothing_where_the_member_is_equal(
    client: Client, address: str
) -> None:
    text = text_of(client, f"{address}&unit=km2").partition("<tbody>")[2]
    assert "{&" not in text and "{'" not in text
    assert "≠" not in text.partition("</tbody>")[0]


def stated(path: str, *values: Any) -> dict[str, Any]:
    """A conflict at a path, with a source for each value."""
    of_source = {"publisher": None, "date": None, "url": None}
    of_citation: dict[str, Any] = {"path": path, "locator": {}, "printed": None, "reason": None, "rank": "normal"}
    sources = [of_citation | {"source": {"key": f"s{at}", "title": f"S{at}", **of_source}} for at in range(len(values))]
    values_ = [{"stated": value, "citation": source} for value, source in zip(values, sources, strict=True)]
    return {"path": path, "values": values_, "ruling": None, "reason": None}


def compared(*conflicts: dict[str, Any], unit: str = "km2", **members: Any) -> dict[str, Any]:
    """The first cell of each row of a park with these conflicts beside an empty one."""
    one, other = park(conflicts=list(conflicts), **members), park()
    with override("zh-hans"):
        found = comparison.table([Told(each, each) for each in (one, other)], unit)
    return {row.path: row.cells[0] for row in found.rows}


def test_of_a_conflict_on_a_whole_child_a_row_tells_its_own_member() -> None:
    title = child("designations", "t", programme=reference("programme", "p"), wording="recognised", approved="2019")
    both = [{"key": "t", "programme": "p", "wording": "recognised", "approved": year} for year in ("2019", "2020")]
    found = compared(stated("/designations/t", *both), designations=[title])
    assert found["/designations/p/approved"].apart == "≠ 2019年 [1] 或 2020年 [2]"
    assert "{" not in found["/designations/p/approved"].conflict
    assert found["/designations/p/wording"].conflict == ""


@pytest.mark.parametrize(("values", "apart"), [
    ((150, {"value": Decimal("1.5"), "unit": "km2", "qualifier": "over"}), ""),
    ((150, {"value": Decimal("1.5"), "unit": "km2"}), "≠ 超过1.5 [1] 或 1.5 [2]"),
    ((150, {"value": 200, "unit": "ha", "qualifier": "over"}), "≠ 超过1.5 [1] 或 超过2 [2]"),
])  # fmt: skip
def test_stated_areas_stand_in_the_unit_of_the_row_and_agree_in_any(values: Any, apart: str) -> None:
    floor = area("f", 1_500_000, measure="floor", value=150, unit="万m2", qualifier="over")
    assert compared(stated("/areas/f/value", *values), areas=[floor])["/areas/floor/value"].apart == apart


def test_a_number_in_another_unit_than_the_row_keeps_its_own() -> None:
    two = [area("x", None, value=5, unit="片"), area("y", 20_000)]
    cell = compared(areas=two)["/areas/site/value"]
    assert ["片" in value.html for value in cell.values] == [True, False]
    assert "m²" in cell.values[1].html


def test_a_point_of_the_gazetteer_carries_no_mark(client: Client) -> None:
    text = text_of(client, THREE)
    point = row_of(text, "位置<")
    assert "代表点" in point
    assert "note-" not in point


# --- the file -----------------------------------------------------------------------------------------------------


def workbook(client: Client, address: str) -> Any:
    answer = client.get(address)
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    return load_workbook(BytesIO(answer.content))


def test_the_file_has_numbers_in_one_unit_and_sources_on_its_second_sheet(client: Client) -> None:
    book = workbook(client, f"{THREE}&format=xlsx&unit=km2")
    table, sources, about = book.worksheets
    rows = {row[0]: row for row in table.iter_rows(values_only=True)}
    site = rows["面积 · 规划面积"]
    assert site[1] == "km²"
    assert (site[5], site[6]) == (15.21, "规划")
    assert rows["阶段"][2] == rows["阶段"][5] == "未知"
    numbers = {int(number) for number in str(site[7]).split(", ")}
    cited = {row[0]: row for row in sources.iter_rows(min_row=2, values_only=True)}
    assert numbers <= set(cited)
    assert "规划面积15.21平方公里" in str(cited[min(numbers)])
    facts = dict(about.iter_rows(values_only=True))
    assert "known_at=" in facts["网址"]


def test_the_file_keeps_the_qualifier_and_what_disagrees_beside_the_number(client: Client) -> None:
    def row(label: str) -> tuple[Any, ...]:
        table = workbook(client, f"{SUZHOU}&format=xlsx&unit=km2").worksheets[0]
        return next(found for found in table.iter_rows(values_only=True) if found[0] == label)

    assert row("面积 · 建筑面积")[5:7] == (1.5, "超过")
    assert "超过0.1" in row("面积 · 建筑面积")[2]


def test_the_file_tells_what_disagrees_with_a_number() -> None:
    floor = area("f", 1_500_000, measure="floor", value=150, unit="万m2", qualifier="over")
    one = park(areas=[floor], conflicts=[stated("/areas/f/value", 150, {"value": 2, "unit": "km2"})])
    with override("zh-hans"):
        found = comparison.table([Told(each, each) for each in (one, park())], "km2")
        body = comparison_sheet.workbook(found, ["甲", "乙"], moment.of(QueryDict()), "https://example.org/")
    rows = {row[0]: row for row in load_workbook(BytesIO(body)).worksheets[0].iter_rows(values_only=True)}
    assert rows["项目"][2:5] == ("甲", "甲 说明", "甲 来源")
    assert rows["面积 · 建筑面积"][2:4] == (1.5, "超过 · ≠ 超过1.5 [1] 或 2 [2]")


def test_equal_data_give_equal_bytes(client: Client) -> None:
    first, second = (client.get(f"{THREE}&format=xlsx").content for _time in range(2))
    assert first == second


def test_in_english_the_file_is_english(client: Client) -> None:
    table = workbook(client, f"/en{THREE}&format=xlsx").worksheets[0]
    assert [cell.value for cell in table[1]][:2] == ["Fact", "Unit"]
    assert "Stage" in {row[0].value for row in table.iter_rows()}
