"""The queue of work in a real browser: filtered, dismissed in bulk with a reason, and brought back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tracker.testing.browser import NARROW, Reader, overflow

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PAGE = "/admin/tracker/task/?kind=park&sort=conflict"


def count(page: Page) -> int:
    """How many tasks the filter finds."""
    return page.locator(".doing tbody tr").count()


def test_the_queue_is_filtered_dismissed_in_bulk_and_brought_back(reader: Reader) -> None:
    page = reader.page()
    reader.log_in(page, "editor")
    assert page.locator(".desk-work section").first.locator("h2").inner_text().startswith("待办")
    reader.picture(page, "front")
    page.locator(".work .by-sort a", has_text="来源不一").click()
    page.locator(".narrowing a", has_text="园区").click()
    page.wait_for_url("**sort=conflict**")
    reader.picture(page, "filtered")
    before = count(page)
    assert before > 1

    page.check("[data-tick-all]")
    assert page.locator("input[name=task]:checked").count() == before
    page.locator("button[value=dismiss]").click()
    page.locator(".messagelist .error", has_text="理由").wait_for()
    page.check("[data-tick-all]")
    page.fill("#reason", "同一份文件里的两种写法")
    page.locator("button[value=dismiss]").click()
    page.locator(".messagelist .success", has_text="已免").wait_for()
    assert count(page) == 0
    reader.picture(page, "dismissed")

    page.locator(".undo button").click()
    page.locator(".messagelist .success", has_text="恢复原状").wait_for()
    assert count(page) == before
    page.locator(".doing td.what a").first.click()
    page.locator("form.ruling").wait_for()
    reader.picture(page, "ruling")


def test_a_citation_is_added_where_the_value_is(reader: Reader) -> None:
    page = reader.page()
    reader.log_in(page, "contributor")
    page.goto("/admin/tracker/proposal/change/park/nanjing-hexi-new-town/")
    beside = page.locator(".input:has(> [name=opened]) .beside")
    beside.locator("button.cite").click()
    row = beside.locator("fieldset.row")
    assert row.locator("[name$=-path]").input_value() == "/opened"
    assert row.locator("[name$=-source]").evaluate("input => input === document.activeElement")
    reader.picture(page, "cited")


PAGES = [
    "/admin/", PAGE, "/admin/tracker/conflict/", "/admin/tracker/source/facts/bluebook-2021/",
    "/admin/tracker/conflict/rule/policy/nanjing-ai-opinions-2017/?path=/issued",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_no_page_of_the_work_is_wider_than_a_telephone(reader: Reader, path: str) -> None:
    page = reader.page(NARROW)
    reader.log_in(page, "editor")
    reader.visit(page, path)
    assert overflow(page) <= 0


def test_the_queue_works_without_script(reader: Reader) -> None:
    page = reader.page(java_script_enabled=False)
    reader.log_in(page, "editor")
    page.goto("/admin/tracker/task/?sort=unmatched_name")
    page.locator("input[name=task]").first.check()
    page.locator("button[value=take]").click()
    assert "归您了" in page.locator(".messagelist").inner_text()


@pytest.mark.parametrize("path", ["/quality/", "/quality/?place=320100&kind=park", "/en/quality/"])
@pytest.mark.parametrize("width", [1440, NARROW])
def test_the_page_on_quality_fits(reader: Reader, path: str, width: int) -> None:
    page = reader.page(width)
    reader.visit(page, path)
    assert overflow(page) <= 0
