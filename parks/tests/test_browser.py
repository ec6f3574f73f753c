"""What changed and what applies here in a real browser: on a desk, on a telephone, without script and on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from tracker.testing.browser import NARROW, Reader, barriers, overflow

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SECOND = "/layouts/nanjing-layout-2019/"
ISLAND = "/parks/nanjing-jiangxinzhou-eco-tech-island/"
PAGES = (SECOND, "/layouts/nanjing-layout-2017/", "/places/320100/?as_of=2018-06-01", "/places/330100/",
         f"{ISLAND}?as_of=2020-08-01", "/layouts/shenzhen-high-tech-zone-layout-2019/")  # fmt: skip


def test_from_the_city_to_what_became_of_the_island(reader: Reader, page: Page) -> None:
    reader.visit(page, "/places/320100/", "city")
    section = page.locator("#changed")
    line = section.locator("tr", has=page.locator("th", has_text="江心洲生态科技岛：示范 → 极"))
    assert line.is_visible()
    assert "江宁高新区：不再列名" in section.locator("tr.change-gone").first.inner_text()
    line.locator("td a[href*='nanjing-layout-2017/#parts-']").click()
    page.wait_for_url("**/layouts/nanjing-layout-2017/#parts-jiangxinzhou")
    assert page.locator("#parts-jiangxinzhou").evaluate("row => row.matches(':target')")
    reader.picture(page, "first-layout")
    assert page.locator("#h-changed").inner_text() == "与后一版相比"


def test_two_layouts_are_chosen_and_the_address_keeps_them(reader: Reader, page: Page) -> None:
    reader.visit(page, "/places/330100/", "before")
    assert page.locator("#changed .empty").is_visible()
    page.select_option("#changed-before", "hangzhou-layout-2018")
    page.select_option("#changed-after", "hangzhou-layout-2019")
    with page.expect_navigation():
        page.locator("#changed button").click()
    query = parse_qs(urlsplit(page.url).query)
    assert (query["before"], query["after"]) == (["hangzhou-layout-2018"], ["hangzhou-layout-2019"])
    assert "杭州城东智造大走廊" in page.locator("#changed tr.change-appeared").first.inner_text()
    reader.picture(page, "after")
    page.go_back()
    assert page.locator("#changed .empty").is_visible()


def test_the_glyphs_stand_side_by_side_on_a_desk_and_one_below_the_other_on_a_telephone(reader: Reader) -> None:
    def tops(width: int) -> list[float]:
        page = reader.page(width)
        page.goto(SECOND)
        return [box["y"] for glyph in page.locator("#changed svg.glyph").all() if (box := glyph.bounding_box())]

    first, second = tops(1440)
    assert first == second
    first, second = tops(NARROW)
    assert first < second


@pytest.mark.parametrize("prefix", ["", "/en"], ids=["zh", "en"])
def test_no_page_is_wider_than_a_telephone(reader: Reader, prefix: str) -> None:
    page = reader.page(NARROW)
    wider = {}
    for path in PAGES:
        reader.visit(page, prefix + path)
        wider[path] = overflow(page)
    assert not any(wider.values()), wider


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", [SECOND, f"{ISLAND}?as_of=2020-08-01"], ids=["layout", "park"])
def test_no_barriers(reader: Reader, path: str, scheme: str) -> None:
    page = reader.page(color_scheme=scheme)
    page.goto(path)
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
    assert barriers(page) == []


def test_the_day_is_chosen_without_script(reader: Reader) -> None:
    page = reader.page(java_script_enabled=False)
    reader.visit(page, ISLAND)
    page.fill("#applies-day", "2018-06-01")
    with page.expect_navigation():
        page.locator("#applies .as-of button").click()
    assert parse_qs(urlsplit(page.url).query)["as_of"] == ["2018-06-01"]
    assert "南京市关于加快人工智能产业发展的实施意见" in page.locator("#applies").inner_text()
    reader.picture(page, "on-a-day")


def test_on_paper_both_glyphs_and_the_table_are_whole_and_the_form_is_left_out(reader: Reader) -> None:
    page = reader.page()
    page.goto(SECOND)
    page.emulate_media(media="print")
    reader.picture(page, "print")
    assert not page.locator("#changed form").is_visible()
    assert page.locator("#changed svg.glyph").count() == 2
    assert page.locator("#changed tr.change-role").first.is_visible()
