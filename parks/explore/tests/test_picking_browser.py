"""Ticking parks in a real browser: at once with script, by a button without, with keys alone, and on a telephone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tracker.testing.browser import NARROW, WIDE, Reader, barriers, overflow

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def ticked(page: Page, number: int) -> None:
    """Wait until so many parks stand in the bar."""
    page.locator(f".picked li:nth-child({number}):last-child").wait_for()


@pytest.mark.parametrize("language", ["", "/en"], ids=["zh", "en"])
def test_two_parks_are_ticked_under_different_filters_and_compared(reader: Reader, page: Page, language: str) -> None:
    reader.visit(page, f"{language}/parks/?place=320100&view=cards", "none")
    page.locator(".cards .tick-target").first.click()
    ticked(page, 1)
    assert "keys=" in page.url
    assert page.evaluate("document.activeElement.id").startswith("tick-")  # the focus stayed
    page.locator("#v-list").click()
    page.locator("table.list").wait_for()
    page.locator(".active a").first.click()
    page.wait_for_url(lambda address: "place" not in address)
    boxes = page.locator("tbody .tick-target")
    for at in (0, 1):
        boxes.nth(at).click()
        ticked(page, at + 2)
    bar = page.locator(".picked").bounding_box()
    height = (page.viewport_size or {"height": 0})["height"]
    assert bar is not None and bar["y"] + bar["height"] <= height + 1  # in sight wherever the page stands
    reader.picture(page, "three")
    assert overflow(page) == 0
    assert barriers(page) == []
    page.locator(".picked li a").first.click()
    ticked(page, 2)
    page.locator(".picked-go .go").first.click()
    page.wait_for_url("**/parks/compare/**")
    assert page.locator("table.compare thead th").count() == 3


def test_the_keyboard_ticks_and_reaches_the_bar(reader: Reader) -> None:
    page = reader.page()
    reader.visit(page, "/parks/?place=330100")
    page.locator("tbody .tick-target input").first.focus()
    page.keyboard.press("Space")
    ticked(page, 1)
    page.locator(".picked-go .go").last.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/parks/score/?keys=**")
    assert page.locator(".chosen li").count() == 1


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_without_script_what_is_ticked_is_sent_by_a_button(reader: Reader, width: int) -> None:
    page = reader.page(width, java_script_enabled=False)
    reader.visit(page, "/parks/?place=330100", "plain")
    for at in (0, 1):
        page.locator("tbody .tick-target input").nth(at).check()
    page.locator(".ticks-sent button").click()
    assert page.locator(".picked li").count() == 2
    reader.picture(page, "sent")
    page.locator(".picked-go .go").first.click()
    assert page.locator("table.compare thead th").count() == 3


@pytest.mark.parametrize("language", ["", "/en"], ids=["zh", "en"])
def test_a_park_is_added_to_a_score_by_a_suggestion_and_what_was_typed_stays(reader: Reader, page: Page,
                                                                            language: str) -> None:  # fmt: skip
    reader.visit(page, f"{language}/parks/score/?keys=zhongguancun-science-city&add=area:site", "one")
    page.fill("#best-1", "77")
    for words in ("jxz", "shenzhengaoxinqu"):
        page.fill("#add-q", words)
        page.locator("#add-q-suggestions [role=option]").first.wait_for()
        reader.picture(page, "suggested")
        page.locator("#add-q").press("ArrowDown")
        with page.expect_navigation():
            page.locator("#add-q").press("Enter")
    assert page.locator(".chosen li").count() == 3
    assert page.input_value("#best-1") == "77"
    assert page.locator(".placed > li").count() == 3
    reader.picture(page, "chosen")
    assert overflow(page) == 0
    assert barriers(page) == []
    reader.visit(page, f"{language}/parks/score/?keys=shenzhen-high-tech-zone,shenzhen-high-tech-zone-nanshan"
                       "&what=stage&of=open&unit=&least=&most=&worst=&best=&must=&weight=1", "part")  # fmt: skip
    assert page.locator(".caution").is_visible() and page.locator(".placed").count() == 0
    page.locator(".caution .go").click()
    page.locator(".placed").wait_for()
    reader.visit(page, f"{language}/parks/score/?among=place%3D330100%26stage%3Dopen", "among")
