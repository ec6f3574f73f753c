"""Comparing in a real browser: chosen without script, read at a desk and on a telephone, printed and read back."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from tracker.testing.browser import NARROW, WIDE, Reader, barriers, overflow, printed

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

TWO = "?keys=shenzhen-high-tech-zone,nanjing-jiangxinzhou-eco-tech-island"
THREE = f"{TWO},hangzhou-ai-town"


@pytest.mark.parametrize("prefix", ["", "/en"], ids=["zh", "en"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_two_parks_are_found_chosen_and_compared_without_script(reader: Reader, width: int, prefix: str) -> None:
    page = reader.page(width, java_script_enabled=False)
    reader.visit(page, f"{prefix}/parks/compare/", "empty")
    for words, name in (("深圳高新区", "深圳高新区"), ("jiangxinzhou", "江心洲")):
        page.fill("#add-q", words)
        page.locator(".add button").click()
        reader.picture(page, "found")
        page.locator(".offers a.name", has_text=name).first.click()
    assert page.locator("table.compare thead th").count() == 3
    reader.picture(page, "compared")
    assert overflow(page) == 0
    page.locator(".chosen li").first.locator(".move a").first.click()
    assert "江心洲" in page.locator("table.compare thead th").nth(1).inner_text()


def test_the_first_column_stays_in_sight_on_a_telephone(reader: Reader) -> None:
    page = reader.page(NARROW)
    page.goto(f"/parks/compare/{THREE}")
    frame = page.locator(".compare-frame")
    frame.evaluate("frame => { frame.scrollLeft = 200 }")
    left = page.locator("table.compare tbody th").first.bounding_box()
    around = frame.bounding_box()
    assert left is not None and around is not None
    assert abs(left["x"] - around["x"]) < 2


@pytest.mark.parametrize("prefix", ["", "/en"], ids=["zh", "en"])
def test_the_file_that_the_page_offers_is_the_comparison(reader: Reader, page: Page, prefix: str) -> None:
    page.goto(f"{prefix}/parks/compare/{THREE}&unit=km2")
    with page.expect_download() as waited:
        page.locator("a[download]").click()
    book: Any = load_workbook(BytesIO(Path(waited.value.path()).read_bytes()))
    rows = [(row[0], row[2], row[5], row[8]) for row in book.worksheets[0].iter_rows(values_only=True)]
    assert ("Areas · planned site" if prefix else "面积 · 规划面积", 159.48, 15.21, 3.43) in rows


@pytest.mark.parametrize(
    ("prefix", "words"), [("", ("比较园区", "未知", "截至")), ("/en", ("Compareparks", "unknown"))]
)
def test_what_is_printed_reads_back_with_sources_address_and_day(reader: Reader, tmp_path: Path, prefix: str,
                                                                 words: tuple[str, ...]) -> None:  # fmt: skip
    page = reader.page(color_scheme="dark")
    page.goto(f"{prefix}/parks/compare/{THREE}&as_of=2021-06-01")
    text = printed(page, tmp_path / "compared.pdf")
    assert all(word in text for word in words)
    for said in ("159.5", "15.21", "3.43", "规划面积15.21平方公里", "known_at=", "as_of=2021-06-01", "1/"):
        assert said in text, said


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path",
    [
        "/parks/compare/",
        f"/parks/compare/{THREE}",
        f"/en/parks/compare/{THREE}",
        "/parks/compare/?keys=shenzhen-high-tech-zone,shenzhen-high-tech-zone-nanshan&q=江北",
    ],
)
def test_no_barriers(reader: Reader, path: str, scheme: Any) -> None:
    page = reader.page(color_scheme=scheme)
    page.goto(path)
    assert barriers(page) == []
