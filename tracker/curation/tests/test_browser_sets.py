"""A sitting in a real browser: a notice of twelve fields, five targets, three new parks; its review; two at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tracker.testing.browser import NARROW, Reader, overflow

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

FACTS = {
    "title": "江北新区人工智能产业行动通知", "title_en": "Jiangbei AI action notice", "aliases": "江北通知",
    "places": "320100 南京市", "doc_number": "宁新发〔2026〕12号", "issued": "2026-03-02", "effective": "2026-04-01",
    "expires": "2028-12-31", "period": "2026/2028", "industries": "artificial-intelligence", "note": "附三个新园区",
}  # fmt: skip
TARGETS = ("企业数", "产值", "算力", "人才", "平台数")
PARKS = ("浏览器一号园", "浏览器二号园", "浏览器三号园")


def save(page: Page) -> None:
    page.locator("button[name=do][value=draft].default").click()
    page.wait_for_url("**/proposalset/*/change/")


def open_document(reader: Reader, page: Page, title: str) -> str:
    page.goto("/admin/tracker/proposalset/add/")
    page.check("[name=sort][value=url]")
    reader.picture(page, "document")
    page.fill("[name=title]", title)
    page.fill("[name=date]", "2026-03-02")
    page.fill("[name=url]", "https://example.org/notice-2026")
    page.locator(".save-bar button").click()
    page.wait_for_url("**/proposalset/*/change/")
    return page.url


def add(page: Page, kind: str) -> None:
    page.select_option("#id_kind", kind)
    page.locator(".pair-line button", has_text="新增").click()
    page.locator("form.payload").wait_for()


def write_notice(reader: Reader, page: Page) -> None:
    add(page, "policy")
    page.fill("[name=at-section]", "一、总体目标")
    for name, text in FACTS.items():
        page.fill(f"[name={name}]", text)
    page.select_option("[name=category]", index=1)
    for number, subject in enumerate(TARGETS):
        page.locator("[data-list=targets] button.add").click()
        row = page.locator("[data-list=targets] fieldset.row").nth(number)
        for name, text in (("name", subject), ("value", str(10 + number)), ("unit", "个"), ("by", "2028")):
            row.locator(f"[name$='-{name}']").fill(text)
    reader.picture(page, "notice")
    save(page)


def write_park(page: Page, name: str) -> None:
    add(page, "park")
    page.fill("[name=at-section]", f"附件 {name}")
    page.fill("[name=name]", name)
    page.fill("[name=places]", "320100")
    page.check("[name=judged][value='/category']")
    page.select_option("[name=category]", index=1)
    page.fill("[name=why]", "按名称归类")
    save(page)


def test_a_notice_is_entered_in_one_sitting_and_published_in_one_click(reader: Reader) -> None:
    page = reader.page()
    reader.log_in(page, "contributor")
    address = open_document(reader, page, "江北新区通知 2026")
    write_notice(reader, page)
    for name in PARKS:
        write_park(page, name)
    reader.picture(page, "sitting")
    assert page.locator("article.member").count() == 5  # the source, the notice, three parks
    page.locator("button[name=move][value=submit]").click()
    page.locator(".messagelist", has_text="已提交").wait_for()

    editor = reader.page()
    reader.log_in(editor, "editor")
    editor.goto("/admin/tracker/proposalset/")
    reader.picture(editor, "sets")
    editor.locator("#result_list a", has_text="江北新区通知 2026").click()
    editor.wait_for_url(address)
    reader.picture(editor, "review")
    said = editor.locator(".columns .main").inner_text()
    for text in (*FACTS.values(), *PARKS):
        assert text.split()[0] in said
    assert "一、总体目标" in said
    assert said.count("江北新区通知 2026") > 5  # the proof beside the values
    phone = reader.page(NARROW)
    reader.log_in(phone, "editor")
    reader.visit(phone, address, "review")
    assert overflow(phone) <= 0
    english = reader.page()
    reader.log_in(english, "editor")
    english.locator("form.language button").click()
    reader.visit(english, address, "review-en")
    editor.fill("#id_text", "目标数已核对")
    editor.locator("form.say button").click()
    editor.locator(".comment", has_text="目标数已核对").wait_for()
    editor.locator("h1").click()
    editor.keyboard.press("a")
    editor.locator(".messagelist", has_text="已发布 5 条").wait_for()
    reader.picture(editor, "published")
    public = reader.page()
    public.goto("/search/?q=浏览器二号园")
    assert "浏览器二号园" in public.locator("main").inner_text()


def propose(page: Page, key: str, **typed: str) -> str:
    """Change facts of a park, each with its citation as it is; the address of the proposal."""
    page.goto(f"/admin/tracker/proposal/change/park/{key}/")
    for name, text in typed.items():
        page.fill(f"[name={name}]", text)
    page.fill("[name=reason]", "据公告")
    page.locator("button[name=do][value=submit]").click()
    page.wait_for_url("**/proposal/**/change/")
    return page.url


def test_two_browsers_edit_the_same_park_and_nothing_is_lost(reader: Reader) -> None:
    key = "nanjing-hexi-new-town"
    first, second = reader.page(), reader.page()
    reader.log_in(first, "contributor")
    reader.log_in(second, "chief-editor")
    one = propose(first, key, note="甲说的备注", name_en="Hexi New Town A")
    other = propose(second, key, note="乙说的备注")
    editor = reader.page()
    reader.log_in(editor, "editor")
    editor.goto(one)
    editor.locator("button[name=move][value=publish]").click()
    editor.locator(".messagelist", has_text="已发布 1 条").wait_for()
    editor.goto(other)
    assert "不能按此发布" in editor.locator(".notice").first.inner_text()
    editor.locator("button[name=move][value=publish]").click()
    editor.locator(".messagelist .error", has_text="请按现版重新提出").wait_for()
    reader.picture(editor, "refused")

    second.goto(other)
    second.locator("a.button", has_text="三方对照").click()
    second.locator("form.three").wait_for()
    said = second.locator("form.three").inner_text()
    for text in ("甲说的备注", "乙说的备注", "Hexi New Town A"):
        assert text in said
    reader.picture(second, "three-sides")
    narrow = reader.page(NARROW)
    reader.log_in(narrow, "chief-editor")
    reader.visit(narrow, second.url, "three-sides")
    assert overflow(narrow) <= 0
    second.check("input[name='choice:/note'][value=mine]")
    second.locator("form.three .save-bar button").click()
    second.locator(".messagelist", has_text="新草稿").wait_for()
    reader.picture(second, "rewritten")
    second.locator("button[name=move][value=submit]").click()
    second.locator(".messagelist", has_text="已提交").wait_for()
    editor.goto(second.url)
    editor.locator("button[name=move][value=publish]").click()
    editor.locator(".messagelist", has_text="已发布 1 条").wait_for()
    public = reader.page()
    public.goto(f"/parks/{key}/")
    said = public.locator("main").inner_text()
    assert "乙说的备注" in said


def test_ten_are_confirmed_and_approved_in_one_go(reader: Reader) -> None:
    page = reader.page()
    reader.log_in(page, "contributor")
    page.goto("/admin/parks/park/")
    for number in range(10):
        page.locator("input.action-select").nth(number).check()
    page.select_option("select[name=action]", "confirm")
    page.locator("button[name=index]").click()
    page.fill("[name=reason]", "官网名录仍列")
    reader.picture(page, "confirm")
    page.locator(".save-bar button").click()
    page.wait_for_url("**/proposalset/*/change/")
    editor = reader.page()
    reader.log_in(editor, "editor")
    editor.goto("/admin/tracker/proposal/?kind=park")
    for number in range(10):
        editor.locator("input.action-select").nth(number).check()
    editor.select_option("select[name=action]", "review_all")
    editor.locator("button[name=index]").click()
    editor.locator("article.member").first.wait_for()
    reader.picture(editor, "ten")
    editor.keyboard.press("a")
    editor.locator(".messagelist", has_text="已发布 10 条").wait_for()
