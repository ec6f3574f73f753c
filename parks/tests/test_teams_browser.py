"""Deciding in a real browser: weights changed and explained, a shortlist with own values, what changed since saving."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from tracker.testing.browser import NARROW, WIDE, Reader, barriers, overflow

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ISLAND = "nanjing-jiangxinzhou-eco-tech-island"
THREE = f"shenzhen-high-tech-zone,{ISLAND},hangzhou-ai-town"
PASSWORD = "un-mot-de-passe-7"


def registered(reader: Reader, page: Page, prefix: str = "") -> None:
    page.goto(f"{prefix}/account/register/?next={prefix}/teams/")
    page.fill("#id_email", f"{uuid4().hex}@example.org")
    page.fill("#id_password", PASSWORD)
    page.locator("form.form button").click()
    page.wait_for_url("**/teams/")


def made_list(reader: Reader, page: Page, prefix: str = "") -> None:
    """A new person, a team, and a list with one park, from the page of that park."""
    registered(reader, page, prefix)
    page.fill("#id_name", "华东选址组")
    page.locator("form.form button").click()
    page.goto(f"{prefix}/parks/{ISLAND}/")
    page.locator(".actions a").last.click()
    page.fill("#id_name", "算力中心初选")
    page.locator("form.form button").click()
    page.wait_for_url("**/shortlists/*/")


@pytest.mark.parametrize(("prefix", "share"), [("", "权重 75%"), ("/en", "weight 75%")], ids=["zh", "en"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_weights_are_changed_and_the_explanation_read_without_script(reader: Reader, width: int, prefix: str,
                                                                     share: str) -> None:  # fmt: skip
    page = reader.page(width, java_script_enabled=False)
    reader.visit(page, f"{prefix}/parks/score/?keys={THREE}", "empty")
    for what in ("area:site", "stage"):
        page.select_option("#add", what)
        page.locator(".criteria button").click()
    assert page.locator(".placed > li").count() == 3
    page.fill("#weight-1", "3")
    page.locator(".criteria button").click()
    assert share in page.locator(".placed .reasons").first.inner_text()
    assert "weight=3" in page.url
    reader.picture(page, "weighted")
    assert overflow(page) == 0
    page.fill("#weight-2", "9")
    page.locator(".criteria button").click()
    assert page.locator("section[aria-labelledby=h-swings] li").count() > 0


@pytest.mark.parametrize("prefix", ["", "/en"], ids=["zh", "en"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_team_keeps_a_list_with_a_value_of_its_own(reader: Reader, width: int, prefix: str) -> None:
    page = reader.page(width)
    made_list(reader, page, prefix)
    page.locator("details.fold summary").click()
    page.fill("#label-1", "报价租金")
    page.fill("#value-1", "1.8")
    page.fill("#unit-1", "元/m2/日")
    page.locator(".value-form button").click()
    assert "1.8" in page.locator(".own-list").inner_text()
    page.locator(".own-list button").click()
    assert page.locator(".own-list").count() == 0
    page.locator(".told button").click()
    assert page.locator(".own-list li").count() == 1
    reader.picture(page, "shortlist")
    assert overflow(page) == 0
    assert barriers(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_barriers(reader: Reader, scheme: str) -> None:
    page = reader.page(color_scheme="dark" if scheme == "dark" else "light")
    page.goto("/account/register/")
    assert barriers(page) == []
    made_list(reader, page)
    where = page.url
    assert barriers(page) == []
    page.locator(".crumbs a").last.click()
    assert barriers(page) == []
    rows = "&what=area:site&of=&unit=km2&least=10&most=&worst=2&best=20&must=&weight=3"
    for address in ("/teams/", "/shortlists/", f"/shortlists/?park={ISLAND}", "/parks/score/",
                    f"/parks/score/?keys={THREE}{rows}", f"/en/parks/score/?keys={THREE}{rows}"):  # fmt: skip
        page.goto(address)
        assert barriers(page) == [], address
    page.goto(where)
    page.locator("form[action$='share/'] button").click()
    link = page.locator(".secret").inner_text()
    other = reader.page()
    other.goto(link)
    assert barriers(other) == []
