"""Ticking parks in Explore: what is ticked stands in the address, stays while filters change, and is handed over."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

pytestmark = pytest.mark.usefixtures("founding")

ISLAND, TOWN, ZONE = "nanjing-jiangxinzhou-eco-tech-island", "hangzhou-ai-town", "shenzhen-high-tech-zone"


def ticked(text: str) -> list[str]:
    return re.findall(r'name="keys" value="([^"]+)" checked', text)


def go(text: str) -> list[str]:
    """Where the bar leads to."""
    bar = text.partition('class="picked-go"')[2].partition("</p>")[0]
    return [href.replace("&amp;", "&") for href in re.findall(r'class="go" href="([^"]+)"', bar)]


@pytest.mark.parametrize("view", ["list", "cards"])
def test_what_is_ticked_is_named_and_leads_to_comparison_and_score(client: Client, view: str) -> None:
    text = client.get(f"/parks/?view={view}&place=320100&keys={ISLAND}&keys={TOWN}").content.decode()
    assert ticked(text) == [ISLAND]
    assert f'type="hidden" name="keys" value="{TOWN}"' in text  # it stands on another page, and is sent along
    assert "已选 2 个" in text and "人工智能小镇" in text
    assert go(text) == [f"/parks/compare/?keys={ISLAND},{TOWN}", f"/parks/score/?keys={ISLAND},{TOWN}"]
    assert all(client.get(href).status_code == 200 for href in go(text))


@pytest.mark.parametrize("keys", [ISLAND, "a,b,c,d,e,f"])
def test_one_park_or_six_are_scored_and_not_compared(client: Client, keys: str) -> None:
    text = client.get(f"/parks/?keys={keys}").content.decode()
    assert go(text) == [f"/parks/score/?keys={keys}"]


def test_ticks_stay_while_filters_pages_and_views_change(client: Client) -> None:
    listing = client.get(f"/parks/?place=330100&keys={ISLAND}&page_size=5")
    text = listing.content.decode()
    links = re.findall(r'href="(\?[^"]*|/parks/\?[^"]*)"', text.partition('id="explore"')[2].partition("picked-go")[0])
    left = {link for link in links if parse_qs(urlsplit(link.replace("&amp;", "&")).query).get("keys") != [ISLAND]}
    assert len(links) > 30
    assert left == {"?place=330100&amp;page_size=5"}  # the cross beside its name
    for form in re.findall(r'<form class="filters".*?</form>', text, re.DOTALL):
        assert f'name="keys" value="{ISLAND}"' in form


def test_a_list_is_handed_over_whole_to_the_score(client: Client) -> None:
    listing = client.get("/parks/?place=330100&stage=open&from=2010&view=cards")
    address = listing.context["score_all"]
    answer = client.get(address)
    assert len(answer.context["among"].keys) == listing.context["listing"].count > 0
    text = answer.content.decode()
    assert "阶段 投用" in text
    row = "&what=stage&of=open&unit=&least=&most=&worst=&best=&must=&weight=1"
    scored = client.get(f"{address}{row}")
    shown = scored.context["shown"]
    assert len(shown.results) + len(shown.others) == listing.context["listing"].count
    pinned = scored.context["pinned"]
    assert "among" not in pinned
    again = client.get(f"/parks/score/{pinned}").context["shown"]
    assert [one.key for one in again.results] == [one.key for one in shown.results]


@pytest.mark.parametrize("among", [
    "place%3Dnope", "stage%3Dx", "place%3D330100%26min_area%3D900000%26area_unit%3Dkm2", "positioning%3D%2500",
    "view%3Dglobe", "near%3D1,2,3", "q%3D" + "x" * 101,
])  # fmt: skip
def test_a_list_that_cannot_be_meant_or_is_empty_is_explained(client: Client, among: str) -> None:
    assert client.get(f"/parks/score/?among={among}").status_code == 400


TOO_MANY = ",".join(f"k{number}" for number in range(201))


@pytest.mark.parametrize(("address", "status"), [
    (f"/parks/?keys={TOO_MANY}", 400), (f"/parks/score/?keys={TOO_MANY}", 400), ("/parks/?keys=%00", 400),
    ("/parks/?keys=,,,", 200), ("/parks/?keys=%22%3E%3Cscript%3E", 200), ("/parks/score/?anyway=2", 400),
    ("/parks/score/?among=&keys=", 200), ("/parks/?find_tenant=%00", 400), ("/parks/?find_place=%25_%5C", 200),
    (f"/parks/?find_tenant={'x' * 300}", 200), ("/parks/score/?q=" + "x" * 101, 400), ("/parks/score/?team=abc", 404),
    ("/parks/score/?list=99", 200),
])  # fmt: skip
def test_what_cannot_be_meant_is_refused_and_never_a_500(client: Client, address: str, status: int) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert "<script>" not in answer.content.decode()
