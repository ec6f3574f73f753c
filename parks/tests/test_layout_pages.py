"""What changed, on the pages of layouts and cities, over the founding data."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tracker.delivery.tests.test_recorded_time import edit

pytestmark = pytest.mark.usefixtures("founding")

SECOND = "/layouts/nanjing-layout-2019/"


def section(address: str, code: int = 200) -> str:
    """The HTML of the section, or '' where the page has none."""
    answer = Client().get(address)
    assert answer.status_code == code
    return answer.content.decode().partition('<section class="changed"')[2].partition("</section>")[0]


def words(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", html)))


@pytest.mark.parametrize("address", [SECOND, "/places/320100/"])
def test_the_page_of_the_second_layout_and_of_the_city_tell_what_became_of_each_park(address: str) -> None:
    found = section(address)
    assert "与上一版相比" in found
    said = words(found)
    assert "江心洲生态科技岛：示范 → 极" in said
    assert "江北新区：中心 → 极" in said
    assert "江宁高新区：不再列名" in said
    assert "中国（南京）智谷：新列为 节点" in said
    assert "新列入 2 · 不再列名 2 · 角色改变 4" in said


def test_every_value_leads_somewhere() -> None:
    found = section(SECOND)
    for address in ("/parks/nanjing-jiangxinzhou-eco-tech-island/", "/terms/pole/", "/terms/demonstration/",
                    "/layouts/nanjing-layout-2017/", "/layouts/nanjing-layout-2017/#parts-jiangxinzhou",
                    "/places/320105/"):  # fmt: skip
        assert f'href="{address}"' in found
    assert found.count('<svg class="glyph"') == 2


def test_the_rows_that_parts_lead_to_stand_on_the_page_of_their_layout() -> None:
    page = Client().get("/layouts/nanjing-layout-2017/").content.decode()
    for key in re.findall(r'nanjing-layout-2017/#(parts-[\w-]+)"', section(SECOND)):
        assert f'id="{key}"' in page


def test_the_districts_in_which_the_parks_lie_are_folded_away() -> None:
    first, _, folded = section(SECOND).partition("<details")
    assert "建邺区：" not in words(first)
    assert "建邺区：示范 → 极" in words(folded)


def test_the_page_of_the_first_layout_tells_what_came_after_it() -> None:
    found = section("/layouts/nanjing-layout-2017/")
    assert "与后一版相比" in found
    assert "江心洲生态科技岛：示范 → 极" in words(found)


def test_any_two_layouts_of_the_subject_are_chosen_by_the_address() -> None:
    found = section("/places/330100/?before=hangzhou-layout-2018&after=hangzhou-layout-2019&unit=ha")
    assert "两个布局对照" in found
    assert "来源没有说其中一个替代了另一个" in found
    assert "杭州城东智造大走廊：新列为 主导" in words(found)
    assert '<option value="hangzhou-layout-2018" selected>' in found
    assert '<input type="hidden" name="unit" value="ha">' in found


def test_the_other_way_round_is_two_versions_and_not_the_version_before() -> None:
    found = section(f"{SECOND}?before=nanjing-layout-2019&after=nanjing-layout-2017")
    assert "两版对照" in found
    assert "江心洲生态科技岛：极 → 示范" in words(found)


def test_one_layout_beside_itself_differs_in_nothing() -> None:
    said = words(section(f"{SECOND}?before=nanjing-layout-2019&after=nanjing-layout-2019"))
    assert "没有不同" in said
    assert "未变的 6 处" in said
    assert "→" not in said


def test_one_layout_named_is_set_beside_its_neighbour_in_the_chain() -> None:
    for query in ("before=nanjing-layout-2017", "after=nanjing-layout-2019"):
        assert "江心洲生态科技岛：示范 → 极" in words(section(f"/places/320100/?{query}"))
    assert "没有上一版可比" in section("/places/320100/?after=nanjing-robot-layout-2013")


def test_a_layout_without_another_version_says_so() -> None:
    assert "没有上一版可比" in section("/layouts/shenzhen-high-tech-zone-layout-2019/")
    assert "<form" not in section("/layouts/shenzhen-high-tech-zone-layout-2019/")


def test_a_place_without_a_layout_of_its_own_says_nothing() -> None:
    assert section("/places/320105/") == ""


def test_on_a_day_before_the_second_version_the_city_says_when_it_came() -> None:
    found = section("/places/320100/?as_of=2018-06-01")
    assert "到 2018年6月1日 还没有一版替代另一版；下一版提出于 2019年6月。" in words(found)
    assert "示范 → 极" in words(section("/places/320100/?as_of=2019-06-15"))


def test_it_speaks_english() -> None:
    said = words(section(f"/en{SECOND}"))
    assert "What changed since the version before" in said
    assert "demonstration → pole" in said
    assert "江宁高新区: no longer named" in said


@pytest.mark.parametrize("query", ["before=no-such-layout", "after=hangzhou-layout-2019", "as_of=2018"])
def test_a_layout_of_another_subject_is_refused_and_explained(query: str) -> None:
    answer = Client().get(f"{SECOND}?{query}")
    assert answer.status_code == 400
    assert query.partition("=")[0] in answer.content.decode()


def test_three_versions_are_told_step_by_step() -> None:
    edit("layout", "nanjing-layout-2017", supersedes=["nanjing-robot-layout-2013"])
    assert "江宁机器人产业基地" in words(section("/layouts/nanjing-layout-2017/"))
    far = section(f"{SECOND}?before=nanjing-robot-layout-2013&after=nanjing-layout-2019")
    assert "两版对照" in far
    assert "示范 → 极" in words(section(SECOND))


def test_the_number_of_queries_does_not_grow_with_the_layouts() -> None:
    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            section(address)
        return len(captured)

    assert queries("/layouts/nanjing-layout-2019/") == queries("/layouts/shenzhen-high-tech-zone-layout-2019/")
    assert queries("/places/320100/") == queries("/places/440300/")
