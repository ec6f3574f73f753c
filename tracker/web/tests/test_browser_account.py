"""The pages of tokens in a real browser, without script and on a telephone too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tracker.testing.browser import NARROW, Reader, barriers, overflow

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def sign_in(reader: Reader, page: Page, prefix: str = "") -> None:
    reader.visit(page, f"{prefix}/account/login/", "sign-in")
    page.fill("#id_username", "contributor")
    page.fill("#id_password", reader.site.passwords["contributor"])
    page.locator("form.form button").click()
    page.wait_for_url("**/account/tokens/")


@pytest.mark.parametrize("prefix", ["", "/en"], ids=["zh", "en"])
def test_from_signing_in_to_a_revoked_token_without_script(reader: Reader, prefix: str) -> None:
    page = reader.page(NARROW, java_script_enabled=False)
    sign_in(reader, page, prefix)
    page.fill("#id_name", f"每日同步{prefix}")
    page.locator("input[value=propose]").check()
    page.locator("form.form > button").click()
    first = page.locator(".issued .secret").inner_text()
    reader.picture(page, "made")
    page.locator("table.tokens a.name", has_text=f"每日同步{prefix}").first.click()
    page.locator("form[action*=rotate] button").click()
    second = page.locator(".issued .secret").inner_text()
    reader.picture(page, "rotated")
    assert first.rpartition("_")[0][:12] == second[:12]
    assert first != second
    page.locator("details.fold summary").click()
    page.locator("form[action*=revoke] button").click()
    reader.picture(page, "revoked")
    assert page.locator("form[action*=rotate]").count() == 0
    assert page.locator(".status-ended").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_barriers_and_nothing_wider_than_the_window(reader: Reader, page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto("/account/login/")
    assert barriers(page) == []
    sign_in(reader, page)
    page.locator("details.fold summary").click()
    page.fill("#id_name", "看看")
    page.locator("form.form > button").click()
    assert barriers(page) == []
    assert overflow(page) == 0
    page.locator("table.tokens a.name").first.click()
    assert barriers(page) == []
    assert overflow(page) == 0
