"""A tour as each role in a real browser: what each sees, what each is offered, and what is kept from them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.request import Request, urlopen

import pytest

from tracker.accounts.roles import LABELS, Role
from tracker.testing.browser import NARROW, Reader, overflow

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PASSWORD = "lin-jie-27-hao"
"""Of people who live as long as the test."""
LOOKING = ["首页", "待办", "来源不一", "修订", "变更"]
PROPOSING = ["首页", "待办", "来源不一", "提案", "据文件写", "新增", "导入", "修订", "变更"]
PARK = "/admin/parks/park/?q=nanjing-hexi-new-town"


def made(reader: Reader, role: Role) -> str:
    """The name of a new person of that role, made by the chief editor as such people are made."""
    page, name = reader.page(), f"tour-{role.value}"
    reader.log_in(page, Role.CHIEF_EDITOR.value)
    page.goto("/admin/tracker/user/add/")
    page.fill("#id_username", name)
    for field in ("#id_password1", "#id_password2"):
        page.fill(field, PASSWORD)
    page.locator("[name=_save]").click()
    page.locator("#id_display_name").wait_for()
    page.fill("#id_display_name", LABELS[role][0])
    page.get_by_label(LABELS[role][0], exact=False).check()
    page.set_checked("#id_is_staff", role is Role.VIEWER)
    reader.picture(page, "person")
    page.locator("[name=_save]").click()
    page.locator(".messagelist .success").wait_for()
    reader.site.passwords[name] = PASSWORD
    return name


def walk(reader: Reader, name: str, expected: list[str]) -> Page:
    """Every page of the navigation, on a desk in both languages and on a telephone; the page on the desk."""
    page, phone, english = reader.page(), reader.page(NARROW), reader.page()
    for each in (page, phone, english):
        reader.log_in(each, name)
    reader.picture(page, "desk")
    english.locator("form.language button").click()
    reader.picture(english, "desk-en")
    links = page.locator("nav.global a")
    assert links.all_inner_texts() == expected
    for path in [str(link.get_attribute("href")) for link in links.all()]:
        reader.visit(page, path)
        reader.visit(english, path, f"{path}-en")
        reader.visit(phone, path)
        assert overflow(phone) <= 0, path
    return page


def open_park(page: Page) -> list[str]:
    """The buttons on the page of a park."""
    page.goto(PARK)
    page.locator("#result_list tbody th a").first.click()
    page.locator("article.entry").wait_for()
    return page.locator(".actions .button").all_inner_texts()


def status(page: Page, path: str) -> int:
    """How an address answers this person, without going there."""
    return page.context.request.get(path, max_redirects=0).status


def test_a_viewer_looks_at_everything_and_is_offered_nothing_to_change(reader: Reader) -> None:
    page = walk(reader, made(reader, Role.VIEWER), LOOKING)
    assert open_park(page) == ["修订历史", "公开页面"]
    page.locator(".actions .button", has_text="修订历史").click()
    page.locator("form.history").wait_for()
    assert page.locator("a.button", has_text="恢复这一版").count() == 0
    closed = (
        "/admin/tracker/proposal/",
        "/admin/tracker/import/",
        "/admin/tracker/proposal/add/",
        "/admin/tracker/job/",
    )
    assert {status(page, path) for path in closed} == {403}


def test_a_contributor_proposes_and_decides_on_nothing(reader: Reader) -> None:
    page = walk(reader, Role.CONTRIBUTOR.value, PROPOSING)
    assert open_park(page) == ["修改", "撤下", "合并", "认定冲突", "修订历史", "公开页面"]
    page.locator(".actions .button", has_text="撤下").click()
    page.fill("[name=reason]", "只是看看")
    page.locator(".save-bar button").click()
    page.locator(".messagelist", has_text="已提交").wait_for()
    assert page.locator(".save-bar button[name=move]").all_inner_texts() == ["取消提案"]
    page.locator("button[name=move][value=cancel]").click()
    page.locator(".messagelist", has_text="已取消").wait_for()
    assert {status(page, path) for path in ("/admin/tracker/job/", "/admin/tracker/apitoken/",
                                            "/admin/tracker/user/")} == {403}  # fmt: skip


def test_an_editor_decides_on_what_others_proposed_and_never_on_their_own(reader: Reader) -> None:
    page = walk(reader, Role.EDITOR.value, PROPOSING)
    for path in ("/admin/tracker/job/", "/admin/tracker/proposalset/", "/admin/tracker/proposalset/batches/",
                 "/admin/tracker/import/add/", "/admin/tracker/apitoken/"):  # fmt: skip
        reader.visit(page, path)
    open_park(page)
    page.locator(".actions .button", has_text="撤下").click()
    page.fill("[name=reason]", "自己提的")
    page.locator(".save-bar button").click()
    page.locator(".messagelist", has_text="已提交").wait_for()
    assert page.locator(".save-bar button[name=move]").all_inner_texts() == ["取消提案"]
    other = reader.page()
    reader.log_in(other, Role.CHIEF_EDITOR.value)
    other.goto(page.url)
    reader.picture(other, "decide")
    assert [text.split()[0] for text in other.locator(".save-bar button[name=move]").all_inner_texts()] == [
        "批准并发布", "只批准", "请作者修改", "退回", "取消提案"]  # fmt: skip
    other.fill("#id_note", "不必撤")
    other.locator("button[value=reject]").click()
    other.locator(".messagelist", has_text="已退回").wait_for()
    assert {status(page, path) for path in ("/admin/tracker/user/", "/admin/tracker/user/add/")} == {403}


def test_a_chief_editor_keeps_the_people_and_forces_with_a_reason_that_stays(reader: Reader) -> None:
    page = walk(reader, Role.CHIEF_EDITOR.value, PROPOSING)
    reader.visit(page, "/admin/tracker/user/")
    open_park(page)
    page.locator(".actions .button", has_text="修改").click()
    page.fill("[name=note]", "主编的备注")
    page.fill("[name=reason]", "据公告")
    page.locator("button[name=do][value=submit]").click()
    page.locator(".messagelist", has_text="已提交").wait_for()
    page.locator("button[value=force]").click()
    page.locator(".messagelist .error", has_text="理由").wait_for()
    page.fill("#id_note", "编辑都在休假")
    page.locator("button[value=force]").click()
    page.locator(".messagelist", has_text="强制发布，已记录在案").wait_for()
    reader.picture(page, "forced")
    page.goto("/admin/tracker/revision/")
    assert "编辑都在休假" in page.locator("#result_list tbody tr").first.inner_text()


def test_a_partner_sends_a_proposal_with_a_token_and_an_editor_finds_it(reader: Reader) -> None:
    name, page = made(reader, Role.API_PARTNER), reader.page()
    page.goto("/account/login/?next=/account/tokens/")
    page.fill("#id_username", name)
    page.fill("#id_password", PASSWORD)
    page.locator("form.form button").click()
    page.fill("#id_name", "每日同步")
    page.check("[name=scopes][value=propose]")
    page.locator("form.form button", has_text="新建").click()
    secret = page.locator(".issued code.secret").inner_text()
    reader.picture(page, "token")
    payload = {"kind": "source", "key": "partner-notice-2026", "title": "合作方送来的通知", "date": "2026-03"}
    sent = Request(f"{reader.site.url}/api/v1/proposals/", method="POST",
                   data=json.dumps({"payload": payload, "reason": "合作方所见"}).encode(),
                   headers={"Authorization": f"Bearer {secret}", "Content-Type": "application/json"})  # fmt: skip
    with urlopen(sent, timeout=20) as answer:
        assert answer.status == 201
    assert status(page, "/admin/") == 302  # the editors' rooms are not for partners
    editor = reader.page()
    reader.log_in(editor, Role.EDITOR.value)
    editor.goto("/admin/tracker/proposal/?kind=source")
    editor.locator("#result_list a", has_text="合作方送来的通知").click()
    editor.locator("article.review").wait_for()
    assert "（经接口）" in editor.locator("dl.about").inner_text()
    reader.picture(editor, "from-a-partner")
    editor.keyboard.press("a")
    editor.locator(".messagelist", has_text="已发布 1 条").wait_for()


def test_a_site_selection_user_registers_and_keeps_a_shortlist_and_has_no_room_of_the_editors(reader: Reader) -> None:
    page = reader.page()
    page.goto("/account/register/?next=/teams/")
    page.fill("#id_email", "tour@example.org")
    page.fill("#id_password", PASSWORD)
    reader.picture(page, "register")
    page.locator("form.form button").click()
    page.wait_for_url("**/teams/")
    page.fill("#id_name", "选址一队")
    page.locator("form.form button").click()
    page.wait_for_url("**/teams/*/")
    page.goto("/shortlists/?park=nanjing-hexi-new-town")
    page.fill("#id_name", "候选")
    page.locator("form.form button").click()
    page.wait_for_url("**/shortlists/*/")
    reader.picture(page, "shortlist")
    assert "河西" in page.locator("main").inner_text()
    assert status(page, "/admin/") == 302
