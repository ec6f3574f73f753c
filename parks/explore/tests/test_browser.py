"""Eliminate to a list, open the map, understand one park and reach the source of a figure: in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tracker.testing.browser import NARROW, WIDE, Reader, barriers, overflow

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PARK = "/parks/nanjing-jiangxinzhou-eco-tech-island/"
PAGES = {
    "list": "/parks/", "cards": "/parks/?view=cards&place=330100&area_unit=ha", "map": "/parks/?view=map&place=440300",
    "near": "/parks/?near_platform=open-innovation-platform-city-brain&radius_km=60&place=330100",
    "ticked": "/parks/?place=320100&keys=nanjing-jiangxinzhou-eco-tech-island,hangzhou-ai-town",
    "none": "/parks/?place=330100&min_area=900000&area_unit=km2", "park": PARK, "city": "/places/320100/",
    "district": "/places/320105/", "two": "/places/compare/?keys=320100,440300", "choose": "/places/compare/",
}  # fmt: skip


def open_filters(page: Page) -> None:
    """On a telephone the facets lie in a sheet."""
    summary = page.locator("details[data-facets] > summary")
    if summary.is_visible():
        summary.click()


def close_filters(page: Page) -> None:
    button = page.locator("[data-close-facets]")
    if button.is_visible():
        button.click()


@pytest.mark.parametrize("language", ["", "/en"])
def test_from_all_parks_to_the_source_of_a_figure(reader: Reader, page: Page, language: str) -> None:
    reader.visit(page, f"{language}/parks/", "all")
    open_filters(page)
    page.locator("#f-place-320100").click()
    page.wait_for_url("**place=320100**")
    page.locator("#f-district-320105").wait_for()
    assert page.evaluate("document.activeElement.id") == "f-place-320100"  # the focus stayed
    page.locator("#f-district-320105").click()
    page.wait_for_url("**place=320105**")
    page.locator(".active a", has_text="建邺" if not language else "Jianye").first.wait_for(state="attached")
    reader.picture(page, "narrowed")
    close_filters(page)
    shown = page.locator("tbody[data-list] tr").count()
    assert str(shown) in page.locator(".result").inner_text()

    page.locator("#v-map").click()
    page.wait_for_url("**view=map**")
    page.locator(f"[data-map][data-shown0='{shown}']").wait_for()
    reader.picture(page, "map")
    page.locator(".mark").first.click()
    page.locator(".leaflet-popup-content a", has_text="江心洲").click()
    page.wait_for_url(f"**{PARK}")

    reader.picture(page, "park")
    assert "15.21" in page.locator("#areas-site").inner_text()
    mark = page.locator("#areas-site a[href^='#note-']").first
    number = mark.inner_text().strip()
    mark.click()
    assert "规划面积15.21平方公里" in page.locator(f"#note-{number}").inner_text()
    assert page.locator("#h-open").is_visible()


def test_back_leads_through_the_states_of_a_search(reader: Reader, page: Page) -> None:
    reader.visit(page, "/parks/")
    open_filters(page)
    page.locator("#f-place-440300").click()
    page.wait_for_url("**place=440300**")
    close_filters(page)
    page.locator(".active a").first.click()
    page.wait_for_url("**/parks/")
    page.go_back()
    page.wait_for_url("**place=440300**")
    page.locator(".active a").first.wait_for()  # the page comes anew: no state of it is kept in the browser


def test_an_area_is_asked_for_without_a_trace_of_what_was_left_empty(reader: Reader, page: Page) -> None:
    reader.visit(page, "/parks/")
    open_filters(page)
    page.locator("#facet-area > summary").click()
    page.select_option("#x-measure", "industrial_developable")
    page.fill("#x-min", "10")
    page.select_option("#x-unit", "km2")
    page.locator("#x-area").click()
    page.wait_for_url("**min_area=10**")
    assert "max_area" not in page.url and "q=" not in page.url
    close_filters(page)
    assert page.locator("tbody[data-list] tr").count() == 4


def test_a_layer_is_fetched_when_it_is_wanted_and_circles_are_drawn(reader: Reader) -> None:
    page = reader.page(WIDE)
    reader.visit(page, PAGES["map"], "parks")
    page.locator("[data-map][data-shown0]").wait_for()
    assert page.locator("path.area-park").count() > 0
    page.locator(".leaflet-control-layers label", has_text="创新平台").click()
    page.locator("[data-map][data-shown2]").wait_for()
    reader.picture(page, "platforms")
    assert page.locator(".mark-platform").count() > 0
    page.keyboard.press("Escape")


def test_suggestions_are_walked_with_the_keyboard(reader: Reader, page: Page) -> None:
    reader.visit(page, "/about/")
    box = page.locator("#q")
    box.fill("jxz")
    option = page.locator("#q-suggestions [role=option]").first
    option.wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    assert "拼音" in option.inner_text()
    reader.picture(page, "suggestions")
    assert barriers(page) == []
    box.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") == option.get_attribute("id")
    box.press("Escape")
    assert box.get_attribute("aria-expanded") == "false"
    assert box.input_value() == "jxz"
    box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_url(f"**{PARK}")


def test_without_script_the_facets_and_the_forms_still_work(reader: Reader) -> None:
    plain = reader.page(NARROW, java_script_enabled=False)
    reader.visit(plain, "/parks/?view=map", "map")
    assert plain.get_by_text("地图需要脚本").is_visible()
    reader.visit(plain, "/parks/", "list")
    plain.locator("#f-place-330100").click()
    plain.wait_for_url("**place=330100**")
    plain.fill("#x-positioning", "人工智能")
    plain.locator("#x-words").click()
    plain.wait_for_url("**positioning=**")
    assert plain.locator(".active li").count() == 3


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_holds_a_barrier_or_is_wider_than_the_window(reader: Reader, name: str, scheme: str) -> None:
    for width in (WIDE, NARROW):
        for language in ("", "/en"):
            page = reader.page(width, color_scheme=scheme)
            reader.visit(page, f"{language}{PAGES[name]}", f"{name}-{scheme}{language}")
            if name == "map":
                page.locator("[data-map][data-shown0]").wait_for()
            assert barriers(page) == [], (width, language)
            assert overflow(page) <= 0, (width, language)


def test_targets_are_large_enough_for_a_thumb(reader: Reader) -> None:
    page = reader.page(NARROW)
    reader.visit(page, "/parks/?place=440300")
    open_filters(page)
    reader.picture(page, "sheet")
    small = page.evaluate(
        """Array.from(document.querySelectorAll('.facets .choice, .facets summary, .facets button, .sheet-head button'))
        .filter((target) => target.offsetParent && target.getBoundingClientRect().height < 43.5)
        .map((target) => target.textContent.trim())"""
    )
    assert small == []


def test_a_wrong_value_is_explained_where_it_was_written(reader: Reader, page: Page) -> None:
    reader.visit(page, "/parks/?place=320100", "wrong value")
    open_filters(page)
    page.locator("#facet-area > summary").click()
    page.locator("#x-min").fill("abc")
    page.locator("#x-area").click()
    told = page.locator("#facet-area [role=alert]")
    told.wait_for()
    assert "min_area" in told.inner_text() and "abc" in told.inner_text()
    assert page.locator("#x-min").input_value() == "abc"
    assert page.evaluate("document.activeElement.id") == "x-min"
    assert page.url.endswith("/parks/?place=320100")
    page.locator("#x-min").fill("1")
    page.locator("#x-area").click()
    page.wait_for_url("**min_area=1**")
    assert not told.count()
    assert all("400" in trouble for trouble in reader.troubles)
    reader.troubles.clear()  # the refusal was meant
