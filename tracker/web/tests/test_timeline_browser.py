"""The timeline in a real browser: looking, moving in time, one event close up; with keys, by touch, without script."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from tracker.testing.browser import NARROW, SCREENSHOTS, WIDE, Reader, barriers, overflow, says, swapped

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

VIEWS = {
    "all": "/timeline/", "cities": "/timeline/?lanes=city", "year": "/timeline/?from=2019&to=2019",
    "month": "/timeline/?from=2019-03&to=2019-03", "nanjing": "/timeline/?place=320100",
    "as-of": "/timeline/?as_of=2019-06-01", "future": "/timeline/?future=include&place=110000",
    "side": "/timeline/?side=cities&place=320100&place=320500", "one-side": "/timeline/?side=cities&place=320100",
    "empty": "/timeline/?place=320100&from=2014-02&to=2014-03",
}  # fmt: skip
SMALLEST_TARGET = 44
PRESSED = (
    ".lane-marks .mark", ".rows a", ".segments a", "a.move", ".lane-name a", ".feeds a", "summary", ".filters button",
    ".filters select", ".filters input:not([type=checkbox])", ".filters label:has(input[type=checkbox])",
)  # fmt: skip
TOO_SMALL = """([pressed, least]) => [...document.querySelectorAll(pressed)]
  .filter(one => one.getClientRects().length && !one.closest('header'))
  .map(one => [one, (one.querySelector('.hit, .cell') || one).getBoundingClientRect()])
  .filter(([one, box]) => box.height < least || (one.matches('.mark') && box.width < least))
  .map(([one, box]) => `${one.outerHTML.slice(0, 90)} ${box.width} x ${box.height}`)
"""


def number(text: str) -> int:
    found = re.search(r"\d[\d,]*", text)
    assert found is not None
    return int(found[0].replace(",", ""))


def total(page: Page) -> int:
    return number(page.locator("p.result").inner_text())


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def marks(page: Page) -> Locator:
    return page.locator(".lane-marks .mark:visible")


# --- to look at -------------------------------------------------------------------------------------------------------


def wrong(reader: Reader, page: Page, paths: dict[str, str]) -> list[str]:
    """What is too wide or a barrier in the views."""
    found = []
    for name, path in paths.items():
        reader.visit(page, path, name)
        found += [f"{name} is {more} px too wide" for more in [overflow(page)] if more > 0]
        found += [f"{name}: {barrier}" for barrier in barriers(page)]
    return found


def test_every_view_is_whole_and_has_no_barriers(reader: Reader, page: Page) -> None:
    assert wrong(reader, page, VIEWS) == []


@pytest.mark.parametrize("prefix", ["", "/en"], ids=["zh", "en"])
def test_it_is_as_whole_in_the_dark_and_in_english(reader: Reader, prefix: str) -> None:
    for width in (WIDE, NARROW):
        page = reader.page(width, color_scheme="dark")
        views = {name: prefix + VIEWS[name] for name in ("all", "nanjing", "as-of", "side")}
        assert wrong(reader, page, views) == []
    light = reader.page(NARROW)
    for name in ("all", "nanjing"):
        reader.visit(light, prefix + VIEWS[name], f"{name}-light")


def test_lanes_add_up_to_the_number_above(reader: Reader, page: Page) -> None:
    reader.visit(page, "/timeline/")
    assert sum(number(text) for text in page.locator(".lane .count").all_inner_texts()) == total(page) > 250


def test_everything_that_is_pressed_on_a_telephone_is_large_enough(reader: Reader) -> None:
    page = reader.page(NARROW)
    small: list[str] = []
    for name in ("all", "year", "month", "nanjing", "side"):
        page.goto(VIEWS[name])
        page.locator("[data-filters] > summary").click()
        small += page.evaluate(TOO_SMALL, [", ".join(PRESSED), SMALLEST_TARGET])
    assert small == []


def test_places_side_by_side_share_one_axis(reader: Reader, page: Page) -> None:
    """The same year stands at the same place in both: the ground behind them is one drawing."""
    reader.visit(page, VIEWS["side"])
    assert page.locator(".lane-place").all_inner_texts()[0].startswith("南京市")
    edges = page.evaluate(
        """() => [...document.querySelectorAll('.lane-section')].map(section => {
             const drawing = [...section.querySelectorAll('.lane-marks > *')].find(one => one.getClientRects().length);
             const box = drawing.getBoundingClientRect();
             return [Math.round(box.left), Math.round(box.width)];
           })"""
    )
    assert len(edges) == 2 and edges[0] == edges[1]
    ground = page.locator(".ground:visible").bounding_box()
    assert ground is not None
    assert [round(ground["x"]), round(ground["width"])] == edges[0]


# --- moving in time ---------------------------------------------------------------------------------------------------


def test_from_all_years_to_one_month_and_back(reader: Reader, page: Page) -> None:
    reader.visit(page, "/timeline/?place=310000")
    everything = total(page)
    for zoom in ("年", "月", "日"):
        before = page.url
        page.locator("[data-zoom]", has_text=re.compile(f"^{zoom}$")).click()
        swapped(page, before)
        reader.picture(page, zoom)
        assert page.locator("[data-zoom][aria-current]").inner_text() == zoom
        assert page.locator("[data-zoom][aria-current]").evaluate("link => link === document.activeElement")
        assert asked(page)["place"] == ["310000"]
    before, month = page.url, asked(page)
    page.locator("[data-earlier]").click()
    swapped(page, before)
    assert asked(page)["from"] < month["from"]
    page.go_back()
    page.wait_for_url(f"**from={month['from'][0]}**")
    for _ in range(3):
        before = page.url
        page.go_back()
        swapped(page, before)
    says(page, "p.result", str(everything))


def test_a_full_cell_leads_closer_until_each_event_has_its_title(reader: Reader, page: Page) -> None:
    reader.visit(page, "/timeline/?kind=policy")
    for _ in range(6):
        cells = page.locator(".lane-marks .mark.many:visible")
        if not cells.count():
            break
        before = page.url
        cells.last.click()
        swapped(page, before)
        reader.picture(page, "closer")
    assert page.locator(".mark .label:visible, .rows a:visible").count() == total(page) > 0


def test_a_brush_over_the_years_chooses_the_window(reader: Reader) -> None:
    page = reader.page()
    reader.visit(page, "/timeline/?kind=policy")
    whole = page.locator(".overviews").bounding_box()
    first = page.locator(".overview:visible text", has_text="2016").bounding_box()
    last = page.locator(".overview:visible text", has_text="2020").bounding_box()
    assert whole and first and last
    before, height = page.url, whole["y"] + 15
    page.mouse.move(first["x"] + 2, height)
    page.mouse.down()
    page.mouse.move((first["x"] + last["x"]) / 2, height)
    page.mouse.move(last["x"] + 2, height)
    reader.picture(page, "brushing")
    page.mouse.up()
    swapped(page, before)
    reader.picture(page, "brushed")
    found = asked(page)
    assert found["from"][0].startswith("2016") and found["to"][0].startswith("2020")
    assert found["kind"] == ["policy"]


def test_as_of_a_day_the_whole_page_changes(reader: Reader) -> None:
    page = reader.page()
    reader.visit(page, "/timeline/?place=320100")
    today = total(page)
    page.fill("#t-day", "2019-06-15")
    page.locator(".as-of.quick button").click()
    page.wait_for_url("**as_of=2019-06-15**")
    reader.picture(page, "as-of")
    then = total(page)
    assert then < today
    assert "截至 2019年6月15日" in page.locator("p.result").inner_text().replace(
        " 2019 年 6 月 15 日", " 2019年6月15日"
    )
    assert page.locator(".scale:visible .day").text_content() == "截至 2019年6月15日"
    assert page.locator(".lane-marks .mark.possible:visible").count() > 0
    assert page.locator(".event-list .possibly").count() > 0
    years = [int(text) for text in page.locator(".event-list h3").all_inner_texts()]
    assert max(years) <= 2019
    before = page.url
    page.locator(".active a", has_text="截至").click()
    swapped(page, before)
    assert "as_of" not in asked(page)
    assert "截至" not in page.locator("p.result").inner_text()
    assert total(page) > then


def test_from_one_place_to_several_side_by_side_by_their_names(reader: Reader, page: Page) -> None:
    reader.visit(page, "/timeline/?place=南京")
    page.locator(".controls .segments a", has_text="几地并列").click()
    page.locator(".hint").wait_for()
    reader.picture(page, "hint")
    page.fill("#t-place", "苏州")
    page.locator(".filters button").click()
    page.wait_for_url("**place=%E8%8B%8F%E5%B7%9E**")
    reader.picture(page, "side")
    assert [text.split()[0] for text in page.locator(".lane-place").all_inner_texts()] == ["南京市", "苏州市"]


def test_names_are_offered_while_typing(reader: Reader) -> None:
    page = reader.page()
    page.goto("/timeline/")
    page.locator("[data-filters] > summary").click()
    page.locator("#t-organisation").press_sequentially("寒武")
    page.locator("#t-organisation-names option[value*='寒武纪']").first.wait_for(state="attached")


# --- one event close up -----------------------------------------------------------------------------------------------


def test_the_pointer_shows_what_an_event_is_and_where_it_is_told(reader: Reader) -> None:
    page = reader.page()
    reader.visit(page, "/timeline/?place=320100")
    page.locator(".mark.one:visible", has_text="人工智能产业发展的实施意见").hover()
    card = page.locator(".card")
    card.wait_for()
    reader.picture(page, "card")
    text = card.inner_text().replace(" ", "")
    for words in (
        "2017年12月",
        "EDTF2017-12",
        "《南京市关于加快人工智能产业发展的实施意见》发布",
        "政策·发布·南京",
        "日期说法不一",
    ):
        assert words in text
    source = card.locator(".marks a").first
    href = source.get_attribute("href")
    assert href is not None
    assert page.locator(href).count() == 1
    card.locator("a.open").click()
    page.wait_for_url("**/policies/nanjing-ai-opinions-2017/#event-policy-nanjing-ai-opinions-2017-issued")
    assert page.locator(":target").inner_text().startswith("2017")


def test_a_tap_shows_first_and_the_card_leads_on(reader: Reader) -> None:
    page = reader.page(NARROW, has_touch=True, is_mobile=True)
    reader.visit(page, "/timeline/?from=2019&to=2019")
    page.locator(".mark.one:visible").first.tap()
    page.locator(".card").wait_for()
    reader.picture(page, "card")
    assert urlsplit(page.url).path == "/timeline/"
    box = page.locator(".card").bounding_box()
    assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= NARROW
    page.locator(".card a.open").tap()
    page.wait_for_url(lambda url: urlsplit(url).path != "/timeline/")


def test_the_keyboard_moves_between_marks_and_in_time(reader: Reader) -> None:
    page = reader.page()
    reader.visit(page, "/timeline/?place=320100&from=2017&to=2019")
    first = marks(page).first
    first.focus()
    titles = [page.evaluate("document.activeElement.getAttribute('aria-label')")]
    for key in ("ArrowDown", "ArrowDown", "ArrowUp"):
        page.keyboard.press(key)
        titles.append(page.evaluate("document.activeElement.getAttribute('aria-label')"))
    assert titles[3] == titles[1] != titles[2]
    assert page.locator(".card .card-title").inner_text()[:6] in titles[3]
    reader.picture(page, "focused")
    page.keyboard.press("Escape")
    assert page.locator(".card").count() == 0
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == titles[3]
    tabbable = page.evaluate(
        "[...document.querySelectorAll('[data-lanes] .mark')].filter(one => one.tabIndex === 0).length"
    )
    assert tabbable == 1, "one mark stands in the order of Tab"

    before = page.url
    page.keyboard.press("+")
    swapped(page, before)
    assert page.locator("[data-zoom][aria-current]").inner_text() == "日"
    before = page.url
    page.keyboard.press("[")
    swapped(page, before)
    before = page.url
    page.keyboard.press("-")
    swapped(page, before)
    assert page.locator("[data-zoom][aria-current]").inner_text() == "月"


def test_the_card_is_reached_with_tab(reader: Reader) -> None:
    page = reader.page()
    page.goto("/timeline/?place=320100")
    marks(page).first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.card') !== null")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('.mark')")


# --- without script, on paper -----------------------------------------------------------------------------------------


def test_everything_works_without_script(reader: Reader) -> None:
    page = reader.page(java_script_enabled=False)
    reader.visit(page, "/timeline/", "no-script")
    everything = total(page)
    cell = page.locator(".lane-marks .mark.many:visible").first
    label = cell.get_attribute("aria-label") or ""
    href = cell.get_attribute("href") or ""
    page.goto(f"/timeline/{href}")
    assert "件" in label and 0 < total(page) < everything
    page.locator("[data-zoom]", has_text="月").click()
    page.locator(".beside [rel=prev]").click()
    reader.picture(page, "earlier")
    assert {"from", "to"} <= asked(page).keys()

    page.goto("/timeline/")
    page.locator("[data-filters] > summary").click()
    page.fill("#t-place", "南京")
    page.fill("#t-from", "2017")
    page.select_option("#t-zoom", "year")
    page.check(".filters input[name=kind][value=policy]")
    page.locator(".filters button").click()
    reader.picture(page, "filtered")
    assert page.locator(".active li").count() == 4
    assert page.locator(".event-list .events li").count() == total(page) > 0
    page.fill("#t-day", "2018-06-30")
    page.locator(".as-of.quick button").click()
    assert "2018" in page.locator("p.result").inner_text()


def test_on_paper_it_is_black_on_white_with_its_address_and_day(reader: Reader) -> None:
    page = reader.page(color_scheme="dark")
    reader.visit(page, "/timeline/?place=310000&as_of=2019-06-01")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator(".controls").is_visible()
    assert page.locator(".lane-marks .marks-wide").first.is_visible()
    foot = page.locator(".foot .print-only").inner_text()
    assert "/timeline/?place=310000&as_of=2019-06-01" in foot
    assert "2019" in foot.rpartition("截至")[2]
    page.pdf(path=SCREENSHOTS / "timeline-print.pdf", format="A4")
