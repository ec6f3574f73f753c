"""Every page answers, in both languages, strictly by the rules of a page."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.test import Client

pytestmark = [pytest.mark.usefixtures("founding"), pytest.mark.urls("tracker.web.tests.addresses")]

PAGES = [
    "/", "/policies/", "/parks/?place=440300", "/places/", "/sources/", "/terms/?vocabulary=layout-role",
    "/policies/nanjing-ai-opinions-2017/", "/parks/nanjing-jiangbei-new-area/?unit=km2",
    "/layouts/shenzhen-layout-ai-action-plan-2019/", "/platforms/open-innovation-platform-city-brain/",
    "/series/nanjing-core-companies/", "/organisations/baidu/", "/industries/artificial-intelligence/",
    "/places/100000/", "/places/320100/", "/places/440300/", "/places/320105/", "/places/yangtze-river-delta/",
    "/timeline/", "/timeline/?place=320100&kind=policy&from=2017&to=2019", "/search/", "/search/?q=江北新区",
    "/search/?q=zgc", "/changes/", "/changes/?kind=policy&nature=new", "/sources/bluebook-2021/", "/about/",
]  # fmt: skip
VOID = {"meta", "link", "input", "br", "img", "hr", "use"}


class Reader(HTMLParser):
    """Collects what a strict page must not have, and what it must."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.ids: list[str] = []
        self.anchors: list[str] = []
        self.links: set[str] = set()
        self.tags: set[str] = set()
        self.lang = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.add(tag)
        if tag == "html":
            self.lang = given.get("lang") or ""
        if "style" in given or any(name.startswith("on") for name in given):
            self.wrong.append(f"{tag} {given}")
        data = given.get("type") == "application/ld+json"  # read by machines, never run
        if tag == "style" or (tag == "script" and not given.get("src") and not data):
            self.wrong.append(tag)
        for name in ("src", "href"):
            self._link(tag, name, given)
        if identity := given.get("id"):
            self.ids.append(identity)
        if tag not in VOID:
            self.open.append(tag)

    def _link(self, tag: str, name: str, given: dict[str, str | None]) -> None:
        target = given.get(name) or ""
        if target.startswith("#"):
            self.anchors.append(target[1:])
        elif target.startswith("/"):
            self.links.add(target)
        elif target.startswith("http") and tag != "a":
            self.wrong.append(f"{tag} asks {target}")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.wrong.append(f"</{tag}> closes {self.open[-1:]}")


def read(client: Client, address: str) -> Reader:
    answer = client.get(address)
    assert answer.status_code == 200, address
    reader = Reader()
    reader.feed(answer.content.decode())
    return reader


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_a_page_is_well_formed_and_has_no_inline_style_script_or_foreign_request(
    client: Client, address: str, language: str
) -> None:
    page = read(client, address if language == "zh-Hans" else f"/en{address}")
    assert not page.wrong
    assert not page.open
    assert page.lang == language
    assert {"main", "header", "footer", "nav", "h1"} <= page.tags
    assert len(page.ids) == len(set(page.ids)), "an id stands twice"
    assert not set(page.anchors) - set(page.ids), "a mark leads nowhere"


def test_links_of_the_main_pages_lead_somewhere(client: Client) -> None:
    links: set[str] = set()
    for address in ("/", "/places/320100/", "/layouts/shenzhen-layout-ai-action-plan-2019/", "/about/"):
        links |= read(client, address).links
    outside = ("/api/", "/admin/", "/static/", "/display/")
    inside = sorted(link for link in links if not link.startswith(outside))
    dead = [link for link in inside[:: max(1, len(inside) // 40)] if client.get(link).status_code != 200]
    assert not dead


def test_the_policy_of_the_page_forbids_everything_foreign(client: Client) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_an_english_page_has_no_chinese_words_of_the_interface(client: Client) -> None:
    text = client.get("/en/about/").content.decode()
    visible = re.sub(r'<[^>]+lang="zh-Hans"[^>]*>[^<]*<', "<", text)
    visible = re.sub(r"<[^>]*>", "", visible)
    found = set(re.findall(r"[\u3400-\u9fff]+", visible))
    assert not found


def test_the_language_switch_leads_to_the_same_page(client: Client) -> None:
    assert 'href="/en/places/320100/"' in client.get("/places/320100/").content.decode()
    assert 'href="/places/320100/"' in client.get("/en/places/320100/").content.decode()


def test_values_carry_marks_that_lead_to_their_source(client: Client) -> None:
    text = client.get("/policies/nanjing-ai-opinions-2017/").content.decode()
    assert '<a href="#note-1"' in text
    assert "上海市人工智能技术协会、金地威新" in text


def test_sources_that_disagree_are_both_shown_with_their_marks(client: Client) -> None:
    text = client.get("/policies/nanjing-ai-opinions-2017/").content.decode()
    conflict = re.search(r'<div class="conflict">.*?</div>', text)
    assert conflict is not None
    assert "2017年12月" in conflict[0] and "2017年9月" in conflict[0]


def test_unknown_is_said_and_never_left_blank(client: Client) -> None:
    text = client.get("/parks/nanjing-jiangbei-new-area/").content.decode()
    assert "— </span>" in text or "未知" in text
    assert "没有记载的栏目" in text


def test_a_date_says_its_exact_form_on_hover(client: Client) -> None:
    assert 'title="EDTF 2017-12"' in client.get("/policies/nanjing-ai-opinions-2017/").content.decode()


def test_the_city_page_shows_its_layouts_in_order_with_what_replaced_what(client: Client) -> None:
    text = client.get("/places/320100/").content.decode()
    first, second = text.index("两中心、三片区、一示范"), text.index("一带引领、两极支撑")
    assert first < second
    assert "被替代" in text


def test_districts_side_by_side_tell_their_part_in_the_layouts_of_their_city(client: Client) -> None:
    text = client.get("/places/compare/?keys=320113,440303").content.decode()
    layouts, positions = text.partition('id="h-layouts"')[2].split('id="h-positions"')
    assert "布局中的角色" in layouts
    assert "未知" not in layouts
    assert "未知" not in positions


def test_figures_stand_side_by_side_only_where_they_are_of_the_same(client: Client) -> None:
    rows = client.get("/places/compare/?keys=320100&keys=440300").context["comparison"].figures
    sides = {(figure.indicator_key, figure.name.text): [each is not None for each in row.figures]
             for row in rows for figure in row.figures if figure}  # fmt: skip
    shares = {name: both for (indicator, name), both in sides.items() if indicator.startswith("share-of-")}
    assert sides["core-companies", "南京人工智能核心企业数量"] == [True, True]
    assert sides["companies-count", "深圳“AI+新药研发”AI企业数量"] == [True, True]
    assert len(shares) == 5
    assert [True, True] not in shares.values()


def test_the_measure_of_a_phase_is_told_in_words(client: Client) -> None:
    for language, word in (("", "建筑面积"), ("/en", "floor area")):
        text = client.get(f"{language}/parks/suzhou-international-science-park/").content.decode()
        phases = text.partition('id="phases-phase-5"')[2].partition("</tr>")[0]
        assert f"<td>{word}</td>" in phases


def test_the_front_page_counts_fifteen_open_platforms_in_five_cities(client: Client) -> None:
    groups = client.get("/").context["platforms"]
    assert {group.name.text: len(group.lines) for group in groups} == {
        "北京": 7, "深圳": 3, "杭州": 2, "上海": 2, "合肥": 1,
    }  # fmt: skip


def test_the_robots_are_told_what_not_to_read(client: Client) -> None:
    answer = client.get("/robots.txt")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert "Disallow: /admin/" in answer.content.decode()
