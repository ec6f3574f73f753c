"""Parks side by side on the page and in the file: units, unknowns, sources, clocks, and parts that are no rivals."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

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
    assert site[4] == 15.21
    assert str(site[5]).endswith("（规划）")
    assert rows["阶段"][2] == rows["阶段"][4] == "未知"
    numbers = {int(number) for number in str(site[5]).partition("（")[0].split(", ")}
    cited = {row[0]: row for row in sources.iter_rows(min_row=2, values_only=True)}
    assert numbers <= set(cited)
    assert "规划面积15.21平方公里" in str(cited[min(numbers)])
    facts = dict(about.iter_rows(values_only=True))
    assert "known_at=" in facts["网址"]


def test_equal_data_give_equal_bytes(client: Client) -> None:
    first, second = (client.get(f"{THREE}&format=xlsx").content for _time in range(2))
    assert first == second


def test_in_english_the_file_is_english(client: Client) -> None:
    table = workbook(client, f"/en{THREE}&format=xlsx").worksheets[0]
    assert [cell.value for cell in table[1]][:2] == ["Fact", "Unit"]
    assert "Stage" in {row[0].value for row in table.iter_rows()}
