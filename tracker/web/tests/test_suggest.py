"""Suggestions of the search box: by Chinese, pinyin and English names, each with why it matched."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

pytestmark = [pytest.mark.usefixtures("founding"), pytest.mark.urls("tracker.web.tests.addresses")]


def suggested(client: Client, words: str) -> list[tuple[str, str]]:
    """(address, text) of each option."""
    text = client.get("/search/suggest/", {"q": words}).content.decode()
    options = re.findall(r'<li role="option"[^>]*data-href="([^"]+)">(.*?)</li>', text, re.DOTALL)
    return [(href, " ".join(re.sub(r"<[^>]+>", "", body).split())) for href, body in options]


@pytest.mark.parametrize(("words", "address", "why"), [
    ("江心洲", "/parks/nanjing-jiangxinzhou-eco-tech-island/", ""),
    ("jxz", "/parks/nanjing-jiangxinzhou-eco-tech-island/", "拼音"),
    ("Zhangjiang Group", "/organisations/zhangjiang-group/", "英文名"),
    ("先導區", "/zones/guangzhou-ai-application-pilot-zone/", ""),
])  # fmt: skip
def test_names_are_found_however_they_are_typed(client: Client, words: str, address: str, why: str) -> None:
    found = dict(suggested(client, words))
    assert address in found
    assert why in found[address]


def test_at_most_eight_are_suggested_with_ids_of_their_own(client: Client) -> None:
    text = client.get("/search/suggest/", {"q": "人工智能"}).content.decode()
    ids = re.findall(r'id="(suggestion-\d+)"', text)
    assert len(ids) == len(set(ids)) == 8


@pytest.mark.parametrize("words", ["", "没有这样的东西", "%_\\", "a" * 100])
def test_nothing_found_is_an_empty_list(client: Client, words: str) -> None:
    assert suggested(client, words) == []


def test_too_long_a_query_is_refused(client: Client) -> None:
    assert client.get("/search/suggest/", {"q": "长" * 101}).status_code == 400


def test_suggesting_costs_two_queries_at_most(client: Client) -> None:
    with CaptureQueriesContext(connection) as captured:
        client.get("/search/suggest/", {"q": "人工智能"})
    assert len(captured) <= 2


def test_one_kind_alone_is_suggested_where_a_box_wants_it(client: Client) -> None:
    text = client.get("/search/suggest/", {"q": "人工智能", "kind": "park"}).content.decode()
    assert set(re.findall(r'data-href="/(\w+)/', text)) == {"parks"}
    assert 'data-key="' in text
    assert client.get("/search/suggest/", {"q": "x", "kind": "nope"}).status_code == 400


@pytest.mark.parametrize(("words", "key"), [
    ("南京", "320100"), ("Nanjing", "320100"), ("深圳", "440300"), ("shenzhen", "440300"), ("江苏", "320000"),
])  # fmt: skip
def test_a_place_named_so_is_offered_first(client: Client, words: str, key: str) -> None:
    text = client.get("/search/suggest/", {"q": words}).content.decode()
    assert text.index(f'data-key="{key}"') == text.index("data-key=")


def test_two_of_one_name_are_told_apart_by_where_they_lie(client: Client) -> None:
    text = client.get("/search/suggest/", {"q": "江北区"}).content.decode()
    assert "重庆市 · 地区" in text
    assert "宁波市 · 地区" in text


def test_what_was_found_is_offered_before_where_one_looked(client: Client) -> None:
    kinds = re.findall(
        r'data-href="(?:/en)?/(\w+)/', client.get("/search/suggest/", {"q": "人工智能"}).content.decode()
    )
    assert not {"coverages", "coverage", "sources"} & set(kinds)
