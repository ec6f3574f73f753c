"""The timeline with ten thousand entries more: still a picture, still light, and every count true."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tracker.testing.browser import NARROW, WIDE, Reader, barriers, overflow, swapped

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

BIG_CITIES = "&".join(f"place={key}" for key in (110000, 310000, 440300, 320500, 320100, 330100))
VIEWS = {
    "all": "/timeline/", "cities": "/timeline/?lanes=city", "years": "/timeline/?from=2018&to=2021&lanes=city",
    "year": "/timeline/?from=2019&to=2019", "month": "/timeline/?from=2019-03&to=2019-03",
    "day": "/timeline/?from=2019-03-12&to=2019-03-12", "as-of": "/timeline/?as_of=2019-06-01",
    "future": "/timeline/?future=include", "side": f"/timeline/?side=cities&{BIG_CITIES}",
}  # fmt: skip
HEAVIEST = 300_000
"""Bytes of a page, and well under it."""


def number(text: str) -> int:
    found = re.search(r"\d[\d,]*", text)
    assert found is not None
    return int(found[0].replace(",", ""))


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_ten_thousand_events_make_a_light_page_without_barriers(crowded_reader: Reader, width: int) -> None:
    page = crowded_reader.page(width)
    found: dict[str, object] = {}
    for name, path in VIEWS.items():
        answer = page.goto(path)
        assert answer is not None and answer.ok
        crowded_reader.picture(page, name)
        weight = len(answer.body())
        found |= {name: weight} if weight > HEAVIEST else {}
        found |= {f"{name} overflows": True} if overflow(page) > 0 else {}
        found |= {f"{name}: {barrier}": True for barrier in barriers(page)}
    assert found == {}


def test_the_counts_of_the_lanes_add_up_to_more_than_ten_thousand(crowded_reader: Reader) -> None:
    page = crowded_reader.page()
    page.goto("/timeline/")
    lanes = sum(number(text) for text in page.locator(".lane .count").all_inner_texts())
    assert lanes == number(page.locator("p.result").inner_text()) > 10_000
    assert cells(page) == lanes


def cells(page: Page) -> int:
    """What the numbers in the cells of the wide drawings say, with the marks of single events."""
    numbers = page.locator(".lane-marks .marks-wide .mark.many > text:not(.conflict-mark)").all_text_contents()
    return sum(map(int, numbers)) + page.locator(".lane-marks .marks-wide .mark.one").count()


def test_from_ten_thousand_events_to_one(crowded_reader: Reader) -> None:
    page = crowded_reader.page()
    page.goto("/timeline/?kind=policy&type=issued")
    for _ in range(8):
        many = page.locator(".lane-marks .mark.many:visible")
        if not many.count():
            break
        before = page.url
        many.nth(many.count() // 2).click()
        swapped(page, before)
        crowded_reader.picture(page, "closer")
    page.locator(".lane-marks .mark.one:visible").first.hover()
    assert "EDTF" in page.locator(".card").inner_text()
