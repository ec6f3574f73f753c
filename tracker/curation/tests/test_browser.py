"""The editors' rooms in a real browser: what a contributor proposes, an editor publishes, and the public reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tracker.testing.browser import NARROW, Reader, overflow

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PARK = "/parks/nanjing-jiangxinzhou-eco-tech-island/"
SAID = "以人工智能与智慧城市为主题的示范岛（浏览器测试）"


def open_park(page: Page) -> None:
    """By the list and its search, as editors do."""
    page.goto("/admin/parks/park/")
    page.fill("#searchbar", "jiangxinzhou")
    page.press("#searchbar", "Enter")
    page.locator("#result_list a", has_text="江心洲生态科技岛").click()
    page.locator("article.entry").wait_for()


def propose(reader: Reader, page: Page) -> str:
    """Change a fact and its citation; the address of the proposal."""
    open_park(page)
    reader.picture(page, "entry")
    page.locator("a.button", has_text="修改").click()
    page.locator("form.payload").wait_for()
    reader.picture(page, "form")
    page.fill("[name=positioning]", SAID)
    beside = page.locator(".input:has([name=positioning]) .beside")
    beside.locator("summary").click()
    row = beside.locator("fieldset.row")
    row.locator("[name$=-printed]").fill(SAID)
    page.fill("[name=reason]", "据公告原文改写")
    page.locator("button[name=do][value=submit]").click()
    page.wait_for_url("**/proposal/**/change/")
    assert "已提交，等待另一位编辑审阅。" in page.locator(".messagelist").inner_text()
    reader.picture(page, "submitted")
    return page.url


def test_one_proposes_another_publishes(reader: Reader) -> None:
    contributor = reader.page()
    reader.log_in(contributor, "contributor")
    reader.picture(contributor, "desk")
    address = propose(reader, contributor)
    public = reader.page()
    public.goto(PARK)
    assert SAID not in public.locator("main").inner_text()

    assert contributor.locator("button[name=move][value=publish], button[name=move][value=approve]").count() == 0
    press(contributor, "publish")
    contributor.goto(address)
    reader.picture(contributor, "refused")
    assert contributor.locator(".chips .chip").first.inner_text() == "待审"

    editor = reader.page()
    reader.log_in(editor, "editor")
    reader.picture(editor, "desk-of-editor")
    editor.locator(".queue a", has_text="江心洲生态科技岛").click()
    editor.wait_for_url(address)
    reader.picture(editor, "difference")
    changed = editor.locator("tr.changed")
    assert SAID in changed.locator("td.new").first.inner_text()
    assert "集研发设计" in changed.locator("td.old").first.inner_text()
    editor.locator("button[name=move][value=publish]").click()
    editor.locator(".messagelist", has_text="已发布 1 条").wait_for()
    reader.picture(editor, "published")

    reader.visit(public, PARK, "public")
    assert SAID in public.locator("main").inner_text()
    assert "contributor" not in public.locator("main").inner_text()
    reader.visit(public, "/changes/")
    assert "江心洲生态科技岛" in public.locator("main").inner_text()


def press(page: Page, move: str) -> None:
    """Send a move for which the page has no button."""
    form = page.locator("form.save-bar")
    answer = page.context.request.post(
        str(form.evaluate("form => form.action")),
        form={"move": move, "note": "", "seen": form.locator("[name=seen]").input_value(),
              "csrfmiddlewaretoken": form.locator("[name=csrfmiddlewaretoken]").input_value()},
        headers={"Referer": page.url},
    )  # fmt: skip
    assert "已发布" not in answer.text()


@pytest.mark.parametrize("path", ["/admin/", "/admin/parks/park/", "/admin/tracker/proposal/add/?kind=policy",
                                  "/admin/tracker/proposal/", "/admin/tracker/revision/"])  # fmt: skip
def test_no_page_is_wider_than_a_telephone(reader: Reader, path: str) -> None:
    page = reader.page(NARROW)
    reader.log_in(page, "editor")
    reader.visit(page, path)
    assert overflow(page) <= 0


def test_a_form_survives_without_script(reader: Reader) -> None:
    page = reader.page(java_script_enabled=False)
    reader.log_in(page, "contributor")
    page.goto("/admin/tracker/proposal/change/park/nanjing-hexi-new-town/")
    page.fill("[name=note]", "没有脚本")
    page.locator("button[name=add][value=areas]").click()
    page.locator("[name=areas-0-value]").wait_for()
    assert page.input_value("[name=note]") == "没有脚本"
