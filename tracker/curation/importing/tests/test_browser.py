"""The whole way in a real browser: a thousand rows, fifty of them bad; mended, handed over, published by another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tracker.testing.browser import NARROW, Reader, Site, overflow
from tracker.testing.server import database_url
from tracker.testing.workers import Workshop

from .bringing import table

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

HEADER = ["key", "name", "places", "category", "opened", "citations.1.source"]
ROWS, BAD = 1000, 50
SOURCE = "bluebook-2021"
LONG = 120_000


@pytest.fixture
def worker(site: Site) -> Iterator[None]:
    """A real worker beside the server."""
    workshop = Workshop(site.var, "", DATABASE_URL=database_url(site.database), JOB_LEASE_SECONDS="60")
    workshop.start_worker()
    yield
    workshop.close()


def park_file(folder: Path, name: str, *, bad: int) -> Path:
    """Parks in Nanjing; of the first ones the place is misspelt."""
    rows = [
        [f"tour-park-{n}", f"巡览{n}号产业园", "南景市" if n < bad else "江苏南京", "building", "2017年底", SOURCE]
        for n in range(ROWS)
    ]
    path = folder / name
    path.write_text(table(HEADER, rows), encoding="utf-8")
    return path


def upload(page: Page, path: Path) -> None:
    page.goto("/admin/tracker/import/add/?kind=park")
    page.set_input_files("#id_file", path)
    page.fill("#id_reason", "南京市产业园普查")
    page.locator("form.import button.default").click()
    page.wait_for_url("**/import/*/change/")


def press(page: Page, move: str) -> None:
    page.locator(f"button[name=move][value={move}]").click()


@pytest.mark.usefixtures("worker")
def test_a_thousand_rows_from_the_file_to_the_public_and_back(reader: Reader, tmp_path: Path) -> None:
    author = reader.page()
    reader.log_in(author, "contributor")
    reader.visit(author, "/admin/tracker/import/add/?kind=park", "form")
    upload(author, park_file(tmp_path, "普查.csv", bad=BAD))
    reader.picture(author, "checking")
    author.locator("table.report").wait_for(timeout=LONG)
    reader.picture(author, "fifty-bad")
    assert author.locator("table.report tbody tr").count() == BAD
    assert "320100 江苏省南京市" in author.locator("table.report").inner_text()
    assert author.locator(".tally .wrong strong").inner_text() == str(BAD)
    assert author.locator("button[name=move][value=propose]").count() == 0

    upload(author, park_file(tmp_path, "普查改.csv", bad=0))
    author.locator("button[name=move][value=propose]").wait_for(timeout=LONG)
    reader.picture(author, "ready")
    author.locator(".tabs a", has_text="怎样理解的").click()
    assert "2017-12~" in author.locator("table.report").inner_text()
    reader.picture(author, "as-understood")
    press(author, "propose")
    author.locator("a.batch").wait_for(timeout=LONG)
    address = author.url.partition("?")[0]

    editor = reader.page()
    reader.log_in(editor, "editor")
    editor.goto(address)
    reader.picture(editor, "for-review")
    editor.locator("a.batch").click()
    editor.locator("#result_list").wait_for()
    reader.picture(editor, "batch")
    editor.goto(address)
    press(editor, "publish")
    editor.locator("[data-progress-url]").wait_for()
    editor.wait_for_function("document.querySelector('progress')?.value > 0", timeout=LONG)
    reader.picture(editor, "publishing")
    editor.locator("button[name=move][value=revert]").wait_for(timeout=LONG)
    reader.picture(editor, "published")
    reader.visit(reader.page(), "/parks/tour-park-7/", "public")

    upload(author, park_file(tmp_path, "普查改.csv", bad=0))
    author.locator(".notice", has_text="没有要提交的").wait_for(timeout=LONG)
    reader.picture(author, "second-time")


@pytest.mark.parametrize("path", ["/admin/tracker/import/", "/admin/tracker/import/add/", "/admin/parks/park/"])
def test_no_page_of_imports_is_wider_than_a_telephone(reader: Reader, path: str) -> None:
    page = reader.page(NARROW)
    reader.log_in(page, "editor")
    reader.visit(page, path)
    assert overflow(page) <= 0


@pytest.mark.usefixtures("worker")
def test_a_report_is_read_on_a_telephone(reader: Reader, tmp_path: Path) -> None:
    page = reader.page(NARROW)
    reader.log_in(page, "contributor")
    upload(page, park_file(tmp_path, "普查.csv", bad=BAD))
    page.locator("table.report").wait_for(timeout=LONG)
    reader.picture(page, "report")
    assert overflow(page) <= 0


@pytest.mark.usefixtures("worker")
def test_without_script_the_page_comes_anew_by_itself(reader: Reader, tmp_path: Path) -> None:
    page = reader.page(java_script_enabled=False)
    reader.log_in(page, "contributor")
    upload(page, park_file(tmp_path, "普查.csv", bad=BAD))
    page.locator("table.report").wait_for(timeout=LONG)
