"""Deciding in a real browser: weights changed and explained, a shortlist with own values, what changed since saving."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from tracker.testing.browser import NARROW, WIDE, Reader, barriers, overflow, printed

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


def made_list(reader: Reader, page: Page, prefix: str = "", park: str = ISLAND) -> None:
    """A new person, a team, and a list with one park, from the page of that park."""
    registered(reader, page, prefix)
    page.fill("#id_name", "华东选址组")
    page.locator("form.form button").click()
    page.goto(f"{prefix}/parks/{park}/")
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
        page.locator(".criteria .last button").click()
    page.locator(".placed > li:nth-child(3):last-child").wait_for()
    page.fill("#weight-1", "3")
    page.locator(".criteria .last button").click()
    page.wait_for_url("**weight=3**")
    assert share in page.locator(".placed .reasons").first.inner_text()
    reader.picture(page, "weighted")
    assert overflow(page) == 0
    page.fill("#weight-2", "9")
    page.locator(".criteria .last button").click()
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


WEST_GATE = "beijing-peking-university-west-gate-area"
SAID = "人工智能企业总部（选址测试）"


def publish(reader: Reader, park: str, positioning: str) -> None:
    """A contributor changes what a source says of a park, an editor publishes it; each by the pages."""
    author = reader.page()
    reader.log_in(author, "contributor")
    author.goto(f"/admin/tracker/proposal/change/park/{park}/")
    author.fill("[name=positioning]", positioning)
    beside = author.locator(".input:has([name=positioning]) .beside")
    beside.locator("summary").click()
    beside.locator("fieldset.row [name$=-printed]").first.fill(positioning)
    author.fill("[name=reason]", "据公告原文改写")
    author.locator("button[name=do][value=submit]").click()
    author.wait_for_url("**/proposal/**/change/")
    editor = reader.page()
    reader.log_in(editor, "editor")
    editor.goto(author.url)
    editor.locator("button[name=move][value=publish]").click()
    editor.locator(".messagelist", has_text="已发布 1 条").wait_for()


def test_what_changed_since_saving_is_told_with_before_after_and_source(reader: Reader) -> None:
    page = reader.page()
    made_list(reader, page, park=WEST_GATE)
    where = page.url
    assert page.locator("#h-since").is_visible() and page.locator(".since").count() == 0
    publish(reader, WEST_GATE, SAID)
    kept = page.context.storage_state()
    for width in (WIDE, NARROW):
        for prefix in ("", "/en"):
            seen = reader.page(width, storage_state=kept)
            reader.visit(seen, where.replace("/shortlists/", f"{prefix}/shortlists/"), f"since{prefix}")
            (row,) = seen.locator(".since tbody tr").all()
            assert row.locator("th").inner_text() == ("Positioning" if prefix else "定位")
            before, after = (cell.inner_text() for cell in row.locator("td").all())
            assert before == "人工智能源头创新核心区"
            assert after == SAID
            assert seen.locator(".since q").all_inner_texts() == ["打造人工智能源头创新核心区", SAID]
            assert overflow(seen) == 0
            assert barriers(seen) == []
    page.goto(where)
    page.locator(".since a[href*='/sources/']").last.click()
    page.wait_for_url("**/sources/**")
    page.goto(where)
    page.locator("form[action$='freeze/'] button").click()
    assert page.locator(".since").count() == 0


@pytest.mark.parametrize("prefix", ["", "/en"], ids=["zh", "en"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_parks_are_eliminated_to_a_shortlist(reader: Reader, width: int, prefix: str) -> None:
    page = reader.page(width)
    registered(reader, page, prefix)
    page.fill("#id_name", "华东选址组")
    page.locator("form.form button").click()
    page.wait_for_url("**/teams/*/")
    reader.visit(page, f"{prefix}/parks/?place=330100&has=area&view=cards", "left")
    for at in (0, 2):
        page.locator(".cards .tick-target").nth(at).click()
        page.locator(f".picked li:nth-child({at // 2 + 1}):last-child").wait_for()
    names = page.locator(".picked li span").all_inner_texts()
    page.locator(".picked-go a").last.click()
    page.wait_for_url("**/shortlists/?park=**")
    reader.picture(page, "which-list")
    page.fill("#id_name", "杭州初选")
    page.locator("form.form button").click()
    page.wait_for_url("**/shortlists/*/")
    assert sorted(page.locator(".listed h2").all_inner_texts()) == sorted(names)
    reader.picture(page, "shortlist")
    assert overflow(page) == 0


ROWS = ("&what=area:site&of=&unit=km2&least=10&most=&worst=2&best=20&must=&weight=3"
        "&what=stage&of=open&unit=&least=&most=&worst=&best=&must=&weight=1")  # fmt: skip


@pytest.mark.parametrize(("prefix", "words"), [
    ("", ("标准:规划面积(必须满足、权重75%);阶段为投用(权重25%)", "已排除1", "江心洲生态科技岛50", "1/")),
    ("/en", ("weight75%", "Eliminated1", "江心洲生态科技岛50", "1/")),
], ids=["zh", "en"])  # fmt: skip
def test_a_printed_score_says_criteria_reasons_sources_and_address(reader: Reader, tmp_path: Path, prefix: str,
                                                                  words: tuple[str, ...]) -> None:  # fmt: skip
    page = reader.page(color_scheme="dark")
    page.goto(f"{prefix}/parks/score/?keys={THREE}{ROWS}&as_of=2021-06-01")
    text = printed(page, tmp_path / "score.pdf", most=2)
    for said in (*words, "规划面积15.21平方公里", "known_at=", "as_of=2021-06-01"):
        assert said in text, said


@pytest.mark.parametrize(("prefix", "ours"), [("", "本团队"), ("/en", "Thisteam")], ids=["zh", "en"])
def test_own_values_stand_on_the_paper_of_list_comparison_and_score(reader: Reader, tmp_path: Path, prefix: str,
                                                                   ours: str) -> None:  # fmt: skip
    page = reader.page()
    made_list(reader, page, prefix)
    page.locator("details.fold summary").click()
    page.select_option("#about-1", "area:site")
    for name, text in (("value", "18.5"), ("unit", "km2"), ("text", "已踏勘"), ("date", "2026-11")):
        page.fill(f"#{name}-1", text)
    page.locator(".value-form button").click()
    page.fill("#note-1", "电力待核实")
    page.locator(".note-form button").click()
    page.wait_for_load_state()
    text = printed(page, tmp_path / "list.pdf", most=2)
    for said in ("算力中心初选", "华东选址组", ours, "18.5", "已踏勘", "电力待核实", "/shortlists/"):
        assert said in text, said
    team = page.locator(".crumbs a").last.get_attribute("href")
    assert team is not None
    query = f"?keys={THREE}&team={team.rstrip('/').rpartition('/')[2]}"
    page.goto(f"{prefix}/parks/compare/{query}")
    compared = printed(page, tmp_path / "compared.pdf")
    assert ours in compared and "18.5" in compared and "已踏勘" in compared
    page.goto(f"{prefix}/parks/score/{query}{ROWS}")
    scored = printed(page, tmp_path / "score.pdf", most=2)
    assert ours in scored and "18.5" in scored


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
    for address in ("/teams/", "/shortlists/", f"/shortlists/?park={ISLAND}", "/parks/score/",
                    f"/parks/score/?keys={THREE}{ROWS}", f"/en/parks/score/?keys={THREE}{ROWS}"):  # fmt: skip
        page.goto(address)
        assert barriers(page) == [], address
    page.goto(where)
    page.locator("form[action$='share/'] button").click()
    link = page.locator(".secret").inner_text()
    other = reader.page()
    other.goto(link)
    assert barriers(other) == []
