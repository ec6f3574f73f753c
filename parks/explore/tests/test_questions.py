"""The questions that Explore answers in one step; each right answer was worked out by reading the founding data."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from parks.explore.page import QUESTIONS
from tracker.testing.api import every, get

pytestmark = pytest.mark.usefixtures("founding")

CHENGDONG, SHENZHEN, HANGZHOU, NOBODY_KNOWS = (question.query for question in QUESTIONS)


def shown(client: Client, query: str) -> set[str]:
    """The keys that the pages of an answer show."""
    found: set[str] = set()
    address = f"/parks/?{query}"
    while address:
        listing = client.get(address).context["listing"]
        found |= {line.row.key for line in listing.lines}
        address = listing.next or ""
    return found


def test_the_questions_stand_on_the_page_that_nothing_narrows(client: Client) -> None:
    text = client.get("/parks/").content.decode()
    for question in QUESTIONS:
        assert question.words in text
    assert QUESTIONS[0].words not in client.get("/parks/?place=330100").content.decode()


def test_three_platforms_of_chengdong_have_more_than_ten_square_kilometres(client: Client) -> None:
    """The document's table of its platforms: 大江东 25.09, 萧山 13.83 and 余杭 11.51 km² can be developed."""
    assert shown(client, CHENGDONG) == {
        "hangzhou-dajiangdong-cluster", "hangzhou-xiaoshan-economic-development-zone",
        "hangzhou-yuhang-economic-development-zone",
    }  # fmt: skip


def test_parks_of_shenzhen_with_two_roles_are_those_that_its_layouts_name_in_two(client: Client) -> None:
    """Told again from the layouts' documents: the roles of the parts that name each park, no layout being replaced."""
    roles: dict[str, set[str]] = {}
    for layout in every("layouts/"):
        assert layout["superseded_by"] == [] or layout["subject"]["key"] != "440300"
        for part in layout["parts"]:
            for park in part["parks"]:
                roles.setdefault(park["key"], set()).add(part["role"]["key"])
    there = {park["key"] for park in every("parks/", place="440300")}
    expected = {key for key in there if len(roles.get(key, ())) >= 2}
    assert shown(client, SHENZHEN) == expected
    assert {"shenzhen-bay-park", "luohu-ai-industry-base"} <= expected
    assert "shenzhen-high-tech-zone-baoan" not in expected  # twice a park of the zone, which is one role


def test_one_park_of_hangzhou_is_known_to_have_opened_before_2018(client: Client) -> None:
    """杭州人工智能产业园, November 2017; of the others nobody says when, which is not never."""
    assert shown(client, HANGZHOU) == {"hangzhou-ai-industrial-park"}
    assert len(shown(client, f"{HANGZHOU}&unknown=include")) > 1


def test_the_parks_whose_area_nobody_knows_are_those_without_an_area(client: Client) -> None:
    without = {park["key"] for park in every("parks/") if all(area["value"] is None for area in park["areas"])}
    assert shown(client, NOBODY_KNOWS) == without
    assert len(without) == 173


@pytest.mark.parametrize("query", [CHENGDONG, SHENZHEN, HANGZHOU, NOBODY_KNOWS])
def test_the_files_hold_what_the_page_shows(client: Client, query: str) -> None:
    page = client.get(f"/parks/?{query}")
    (address,) = re.findall(r'href="(/api/v1/parks\.geojson[^"]*)"', page.content.decode())
    answer = client.get(address.replace("&amp;", "&"))
    features = json.loads(answer.getvalue())["features"]
    assert {feature["id"] for feature in features} == shown(client, query)


def test_the_api_counts_the_same(client: Client) -> None:
    for query in (CHENGDONG, SHENZHEN, HANGZHOU, NOBODY_KNOWS):
        count = client.get(f"/parks/?{query}").context["listing"].count
        assert get(f"parks/?{query}&count=true&fields=key")["count"] == count
