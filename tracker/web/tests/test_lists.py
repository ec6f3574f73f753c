"""Lists: filters that hold, facets that tell the truth, pages that miss nothing."""

from __future__ import annotations

import pytest
from django.test import Client

from tracker.entries import kinds
from tracker.entries.models import Entry

pytestmark = [pytest.mark.usefixtures("founding"), pytest.mark.urls("tracker.web.tests.addresses")]


@pytest.mark.parametrize("plural", ["policies", "parks"])
def test_every_count_of_a_facet_is_what_its_link_finds(client: Client, plural: str) -> None:
    found = client.get(f"/{plural}/").context["listing"]
    for facet in found.facets:
        for choice in [*facet.first, *facet.rest][:3]:
            assert client.get(f"/{plural}/{choice.href}").context["listing"].count == choice.count


def test_a_facet_is_counted_under_the_other_filters_and_without_its_own(client: Client) -> None:
    found = client.get("/parks/?place=440300").context["listing"]
    cities = next(facet for facet in found.facets if facet.name == "place")
    assert len(cities.first) > 1
    categories = next(facet for facet in found.facets if facet.name == "category")
    assert sum(choice.count for choice in [*categories.first, *categories.rest]) <= found.count


@pytest.mark.parametrize("order", ["date", "name", "changed"])
def test_paging_through_meets_every_entry_once_and_back_again(client: Client, order: str) -> None:
    seen: list[str] = []
    kind = "platform" if order == "date" else "policy"
    address = f"/{kinds.get(kind).plural}/?sort={order}&page_size=50"
    last = ""
    while address:
        page = client.get(address).context["listing"]
        seen += [line.key for line in page.lines]
        address, last = page.next or "", address
    assert len(seen) == len(set(seen)) == Entry.objects.live().of_kind(kind).count()
    before = client.get(client.get(last).context["listing"].previous).context["listing"]
    assert [line.key for line in before.lines] == seen[-len(before.lines) - len(seen) % 50 :][: len(before.lines)]


def test_a_filter_can_be_taken_away_by_its_link(client: Client) -> None:
    found = client.get("/parks/?place=440300&q=人工智能").context["listing"]
    assert [item.label for item in found.active] == ["检索", "地区"]
    without = client.get(f"/parks/{found.active[0].href}").context["listing"]
    assert [item.label for item in without.active] == ["地区"]


def test_repeating_a_parameter_means_or(client: Client) -> None:
    both = client.get("/parks/?place=440300&place=320100").context["listing"].count
    one = client.get("/parks/?place=440300").context["listing"].count
    other = client.get("/parks/?place=320100").context["listing"].count
    assert max(one, other) < both <= one + other


def test_a_place_holds_what_lies_in_its_districts(client: Client) -> None:
    city = client.get("/parks/?place=320100").context["listing"].count
    province = client.get("/parks/?place=320000").context["listing"].count
    assert 0 < city <= province


def test_an_empty_list_says_what_to_do_next(client: Client) -> None:
    text = client.get("/parks/?place=320100&q=没有这样的名字").content.decode()
    assert "没有符合这些条件的条目" in text
    assert "全部清除" in text


def test_what_refers_to_an_entry_can_be_listed(client: Client) -> None:
    found = client.get("/platforms/?refers=organisation/baidu").context["listing"]
    assert "open-innovation-platform-autonomous-driving" in [line.key for line in found.lines]


def test_dates_narrow_a_list_and_imprecise_ones_overlap(client: Client) -> None:
    keys = [line.key for line in client.get("/policies/?from=2017-12-15&to=2017-12-16").context["listing"].lines]
    assert "nanjing-ai-opinions-2017" in keys


def test_search_finds_by_name_first_and_shows_where_it_matched(client: Client) -> None:
    results = client.get("/search/?q=江北新区").context["results"]
    assert results[0]["line"].key == "nanjing-jiangbei-new-area"
    assert all(result["matched"] or any(piece.hit for piece in result["name"]) for result in results)


def test_search_counts_by_kind_add_up(client: Client) -> None:
    context = client.get("/search/?q=人工智能").context
    assert sum(number for _kind, number, _here, _href in context["by_kind"]) == context["total"]


def test_the_timeline_pages_through_every_event_once(client: Client) -> None:
    seen: list[str] = []
    address = "/timeline/"
    total = client.get(address).context["count"]
    while address:
        context = client.get(address).context
        seen += [item.event.id for item in context["listed"].events]
        address = context["next"] or ""
    assert len(seen) == len(set(seen)) == total


def test_the_facts_resting_on_a_source_are_counted(client: Client) -> None:
    context = client.get("/sources/bluebook-2021/").context
    assert context["fact_count"] > len(context["facts"]) > 0
    assert context["next"]
