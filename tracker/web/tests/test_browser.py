"""The public pages in a real browser: a reader's ways through them, on a desk and on a telephone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from tracker.testing.browser import NARROW, Reader, barriers, overflow

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PARK = "/parks/nanjing-jiangxinzhou-eco-tech-island/"
NANJING = "/places/320100/"
PAGES = {
    "front": "/", "list": "/parks/", "policies": "/policies/", "park": PARK, "place": NANJING,
    "layouts": "/layouts/?place=320100", "timeline": "/timeline/", "search": "/search/?q=人工智能",
    "changes": "/changes/", "about": "/about/", "data": "/data/",
    "nothing-found": "/search/?q=没有这样的东西",
}  # fmt: skip


# --- from a question to its source --------------------------------------------------------------------------------


def test_from_search_to_the_source_of_a_value(reader: Reader, page: Page) -> None:
    reader.visit(page, "/")
    box = page.locator("#front-q:visible, #q:visible").last
    box.fill("江心洲")
    box.press("Enter")
    page.wait_for_url("**/search/**")
    reader.picture(page, "search")
    assert "江心洲" in page.locator("h1").inner_text()
    page.locator(".results a.name", has_text="江心洲生态科技岛").first.click()
    page.wait_for_url(f"**{PARK}")
    reader.picture(page, "park")
    assert "15.21" in page.locator("#areas-site").inner_text()

    mark = page.locator("#areas-site a[href^='#note-']").first
    number = mark.inner_text().strip()
    mark.click()
    note = page.locator(f"#note-{number}")
    assert page.url.endswith(f"#note-{number}")
    assert note.evaluate("note => note.matches(':target')")
    assert "规划面积15.21平方公里" in note.inner_text()
    source = page.locator(".source", has=note).locator("h3 a").first
    title = source.inner_text()
    source.click()
    page.wait_for_url("**/sources/**")
    reader.picture(page, "source")
    assert page.locator("h1").inner_text() == title
    assert page.locator("#h-rest .count").inner_text() != "0"

    page.go_back()
    assert page.url.endswith(f"{PARK}#note-{number}")
    page.go_back()
    page.go_back()
    assert page.locator("#q").input_value() == "江心洲"
    page.go_back()
    assert urlsplit(page.url).path == "/"


# --- filters ------------------------------------------------------------------------------------------------------


def facet(page: Page, legend: str) -> Locator:
    """The fieldset of a facet; on a telephone the filters are folded first."""
    found = page.locator("fieldset.facet").filter(has=page.locator("legend", has_text=legend))
    if not found.is_visible():
        page.locator("details[data-facets] > summary").click()
    return found


def choose(page: Page, legend: str) -> tuple[str, int]:
    """Click the first value of a facet; its words and the count that it promised."""
    choice = facet(page, legend).locator("a.choice").first
    said, promised = choice.locator(".words").inner_text(), int(choice.locator(".count").inner_text())
    with page.expect_navigation():
        choice.click()
    return said, promised


def result(page: Page) -> int:
    found = re.search(r"\d[\d,]*", page.locator("p.result").inner_text())
    assert found is not None
    return int(found[0].replace(",", ""))


def names(page: Page) -> list[str]:
    return page.locator("table.list tbody a.name").all_inner_texts()


def test_filters_keep_what_they_promise(reader: Reader, page: Page) -> None:
    reader.visit(page, "/policies/")
    everything = result(page)
    stage, at_stage = choose(page, "层级")
    reader.picture(page, "by-stage")
    assert result(page) == at_stage < everything
    city, in_city = choose(page, "城市")
    reader.picture(page, "by-stage-and-city")
    assert result(page) == in_city <= at_stage
    assert set(parse_qs(urlsplit(page.url).query)) == {"place", "level"}

    active = page.locator("ul.active li a:not(.clear)")
    said = " ".join(active.all_inner_texts())
    assert active.count() == 2 and stage in said and city in said
    with page.expect_navigation():
        active.filter(has_text=city).click()
    assert set(parse_qs(urlsplit(page.url).query)) == {"level"}
    assert result(page) == at_stage
    page.go_back()
    assert result(page) == in_city
    with page.expect_navigation():
        page.locator("ul.active a.clear").click()
    assert result(page) == everything


def test_forward_and_back_through_a_list(reader: Reader, page: Page) -> None:
    reader.visit(page, "/policies/")
    first = names(page)
    with page.expect_navigation():
        page.locator(".pager a[rel=next]").click()
    reader.picture(page, "second-page")
    second = names(page)
    assert second and not set(first) & set(second)
    with page.expect_navigation():
        page.locator(".pager a[rel=prev]").click()
    assert names(page) == first
    page.go_back()
    assert names(page) == second


# --- languages, colours, sizes ------------------------------------------------------------------------------------


def test_nanjing_in_both_languages_and_colours(reader: Reader, page: Page) -> None:
    reader.visit(page, NANJING, "zh-light")
    assert page.locator("h1").inner_text() == "南京市"
    light = paper(page)
    page.locator("header.top details[data-menu]", has_text="深色").locator("summary").click()
    page.locator("header.top a[href*='theme=dark']").click()
    page.wait_for_url(f"**{NANJING}")
    reader.picture(page, "zh-dark")
    dark = paper(page)
    assert brightness(dark) < 60 < 230 < brightness(light)
    page.locator("header.top a.tool[hreflang=en]").click()
    page.wait_for_url(f"**/en{NANJING}")
    reader.picture(page, "en-dark")
    assert page.locator("html").get_attribute("lang") == "en"
    assert "Nanjing" in page.locator("h1").inner_text()
    assert paper(page) == dark
    page.locator("header.top details[data-menu]", has=page.locator("a[href*='theme=light']")).locator("summary").click()
    page.locator("header.top a[href*='theme=light']").click()
    page.wait_for_url(f"**/en{NANJING}")
    reader.picture(page, "en-light")
    assert paper(page) == light


def paper(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def brightness(colour: str) -> float:
    return sum(float(part) for part in re.findall(r"[\d.]+", colour)[:3]) / 3


def test_colours_follow_the_system(reader: Reader) -> None:
    dark = reader.page(color_scheme="dark")
    reader.visit(dark, PARK)
    assert brightness(paper(dark)) < 60


@pytest.mark.parametrize("prefix", ["", "/en"], ids=["zh", "en"])
def test_no_page_is_wider_than_a_telephone(reader: Reader, prefix: str) -> None:
    page = reader.page(NARROW)
    source = source_page(page)
    wider = {}
    for name, path in {**PAGES, "source": source}.items():
        reader.visit(page, prefix + path, name)
        if more := overflow(page):
            wider[name] = more
    assert wider == {}


@pytest.mark.parametrize("path", ["", "collections", "collections/layouts/items",
                                  "collections/parks/items/nanjing-jiangxinzhou-eco-tech-island"])  # fmt: skip
def test_the_feature_service_shows_itself_to_people(reader: Reader, path: str) -> None:
    page = reader.page(NARROW)
    reader.visit(page, f"/ogc/{path}", path or "landing")
    assert overflow(page) <= 0
    assert barriers(page) == []
    page.locator("nav.crumbs a").first.click()
    assert page.locator("h1").inner_text().startswith("中国人工智能政策与园区追踪")


def source_page(page: Page) -> str:
    """The page of the source that a park rests on."""
    page.goto(PARK)
    return str(page.locator(".source h3 a").first.get_attribute("href"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["front", "list", "park", "place", "layouts", "timeline", "search", "data"])
def test_no_barriers(reader: Reader, name: str, scheme: str) -> None:
    page = reader.page(color_scheme=scheme)
    page.goto(PAGES[name])
    assert barriers(page) == []
    page.set_viewport_size({"width": NARROW, "height": 844})
    page.reload()
    assert barriers(page) == []


# --- without script, without a mouse ------------------------------------------------------------------------------


def test_search_and_filters_without_script(reader: Reader) -> None:
    page = reader.page(java_script_enabled=False)
    reader.visit(page, "/")
    page.fill("#q", "jiangxinzhou")
    page.press("#q", "Enter")
    page.wait_for_url("**/search/**")
    assert page.locator(".results a.name", has_text="江心洲生态科技岛").count() > 0
    page.goto("/policies/")
    everything = result(page)
    _, promised = choose(page, "城市")
    assert result(page) == promised < everything
    page.fill("#list-q", "人工智能")
    page.locator("form.filters button").click()
    page.wait_for_url("**q=%E4%BA%BA**")
    assert "place" in parse_qs(urlsplit(page.url).query)
    page.locator("header.top details[data-menu] summary").first.click()
    assert page.locator("#place-q").is_visible()


def test_the_keyboard_alone(reader: Reader) -> None:
    page = reader.page()
    reader.visit(page, PARK)
    page.keyboard.press("Tab")
    assert focused(page) == "skip"
    page.keyboard.press("Enter")
    assert focused(page) == "main"
    page.keyboard.press("/")
    assert focused(page) == "q"
    page.keyboard.type("江/心")
    assert page.locator("#q").input_value() == "江/心"
    page.keyboard.press("Escape")
    assert focused(page) == ""
    reader.visit(page, "/search/?q=人工智能")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("[...document.querySelectorAll('.results a.name')].indexOf(document.activeElement)") == 1


def focused(page: Page) -> str:
    """The id of what has the focus, or its class."""
    return str(page.evaluate("document.activeElement.id || document.activeElement.className"))


# --- for programs -------------------------------------------------------------------------------------------------


def test_the_interface_documents_itself(reader: Reader, page: Page) -> None:
    """Swagger UI draws only what is in the window when too much is open, so the groups are shown closed."""
    page.goto("/api/v1/docs/")
    page.locator(".opblock-tag").first.wait_for()
    reader.picture(page, "docs")
    known = page.evaluate("ui.specSelectors.operations().size")
    assert known > 150
    drawn = [path for tag in page.locator(".opblock-tag").all() for path in drawn_by(page, tag)]
    assert len(drawn) == known
    assert {"/api/v1/timeline/", "/api/v1/changes/", "/api/v1/indicators/{key}/"} <= set(drawn)
    page.locator("#operations-tag-changes").click()
    page.locator(".opblock", has_text="/changes/").first.locator(".opblock-summary-control").click()
    page.locator(".opblock.is-open .parameters").first.wait_for()
    reader.picture(page, "operation")
    assert "place" in page.locator(".opblock.is-open").inner_text()


def drawn_by(page: Page, tag: Locator) -> list[str]:
    """The paths of the operations that a group shows when it is opened; it is closed again."""
    tag.click()
    page.locator(".opblock").first.wait_for()
    found = [str(path.get_attribute("data-path")) for path in page.locator(".opblock-summary-path").all()]
    tag.click()
    page.locator(".opblock").first.wait_for(state="detached")
    return found
