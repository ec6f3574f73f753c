"""The pages of webhooks in a real browser, without script and on a telephone too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tracker.testing.browser import NARROW, Reader, barriers, overflow

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def sign_in(reader: Reader, page: Page, prefix: str = "") -> None:
    page.goto(f"{prefix}/account/login/?next={prefix}/account/webhooks/")
    page.fill("#id_username", "contributor")
    page.fill("#id_password", reader.site.passwords["contributor"])
    page.locator("form.form button").click()
    page.wait_for_url("**/account/webhooks/")


def fill_in(page: Page, name: str) -> None:
    page.fill("#id_name", name)
    page.fill("#id_url", "https://8.8.8.8/hook")
    page.locator("details.fold summary").click()
    page.fill("#id_places", "320100 320500")
    page.locator("input[value=park]").check()
    page.locator("input[value=world]").check()


@pytest.mark.parametrize("prefix", ["", "/en"], ids=["zh", "en"])
def test_from_a_new_webhook_to_a_test_a_pause_and_its_end_without_script(reader: Reader, prefix: str) -> None:
    page = reader.page(NARROW, java_script_enabled=False)
    sign_in(reader, page, prefix)
    name = f"园区数据库{prefix}"
    fill_in(page, name)
    reader.picture(page, "filled-in")
    page.locator("form.form > button").click()
    secret = page.locator(".issued .secret").inner_text()
    assert secret.startswith("whsec_")
    reader.picture(page, "made")
    page.locator("table.tokens a.name", has_text=name).first.click()
    page.locator("form[action*='/test/'] button").click()
    reader.picture(page, "test")
    page.locator(".crumbs a").last.click()
    page.locator("form[action*='/pause/'] button").click()
    reader.picture(page, "paused")
    page.locator("form[action*='/resume/'] button").click()
    page.locator("details.fold summary").nth(2).click()
    page.locator("form[action*='/secret/'] button").click()
    assert page.locator(".issued .secret").inner_text() != secret
    page.locator("details.fold summary").nth(3).click()
    page.locator("form[action*='/delete/'] button").click()
    assert page.locator("table.tokens a.name", has_text=name).count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_barriers_and_nothing_wider_than_the_window(reader: Reader, page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    sign_in(reader, page)
    fill_in(page, "看看")
    assert barriers(page) == []
    assert overflow(page) == 0
    page.locator("form.form > button").click()
    assert barriers(page) == []
    page.locator("table.tokens a.name").last.click()
    page.locator("form[action*='/test/'] button").click()
    assert barriers(page) == []
    assert overflow(page) == 0
    page.locator(".crumbs a").last.click()
    for fold in page.locator("details.fold summary").all():
        fold.click()
    assert barriers(page) == []
    assert overflow(page) == 0
    reader.picture(page, "open")
    page.locator("form[action*='/delete/'] button").click()
