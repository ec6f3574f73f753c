"""Explore: facets that tell the truth, filters that can be taken away, pages that miss nothing, and stay cheap."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from parks.explore.asked import SORTS, VIEWS
from parks.explore.facets import MOST, Facet
from policies.models import AreaMeasure
from tracker.curation.tests import factories
from tracker.entries.models import Entry
from tracker.web.language import label

pytestmark = pytest.mark.usefixtures("founding")

EVERYTHING = (
    "place=330100&category=industrial-park&stage=open&industry=application-layer&positioning=人工智能&q=人工智能"
    "&min_area=1&area_unit=万m2&measure=floor&from=2015&to=2019&has=area&layout_roles_min=1&measure_subject=talent"
)  # fmt: skip
MOST_QUERIES = 48
"""One for each filter in force, one or two for each facet."""
HEAVIEST = 150_000


def queries(client: Client, address: str) -> int:
    cache.clear()
    client.get("/about/")  # fills the place switcher, which is kept for minutes
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    "address", ["/parks/", "/parks/?place=330100", "/parks/?q=人工智能&view=cards", "/parks/?unknown=include"]
)
def test_every_count_of_a_facet_is_what_its_link_finds(client: Client, address: str) -> None:
    path, _, query = address.partition("?")
    for facet in client.get(address).context["listing"].facets:
        chosen_before = [name for name in query.split("&") if name.startswith(f"{facet.name}=")]
        for choice in [] if chosen_before or facet.name == "district" else [*facet.first, *facet.rest][:2]:
            found = client.get(f"{path}{choice.href}").context["listing"]
            assert found.count == choice.count, (facet.name, choice.id)


@pytest.mark.parametrize(("query", "counts"), [
    ("", {"rent": 2, "power": 1}), ("siting_max=30", {"rent": 1, "power": 1}), ("siting_min=90", {"rent": 1}),
    ("siting_max=30&unknown=include", {"rent": 2, "power": 3}),
    ("siting_min=90&unknown=include", {"rent": 2, "power": 2}),
])  # fmt: skip
def test_a_siting_indicator_counts_within_the_bounds_asked_for(
    client: Client, query: str, counts: dict[str, int]
) -> None:
    factories.ensure_world()
    factories.live(
        *({"kind": "indicator", "key": key, "name": key, "citations": factories.WHOLE} for key in ("rent", "power")),
        *(factories.park(f"site-{at}", f"{at}号园", places=["659001"],
                         siting=[{"key": key, "indicator": key, "value": value} for key, value in facts.items()])
          for at, facts in enumerate(({"rent": 20, "power": 10}, {"rent": 95}, {}))),
    )  # fmt: skip
    address = f"/parks/?place=659001&{query}"
    (siting,) = [facet for facet in client.get(address).context["listing"].facets if facet.name == "siting"]
    assert {choice.id.removeprefix("f-siting-"): choice.count for choice in siting.first} == counts
    for choice in siting.first:
        assert client.get(f"/parks/{choice.href}").context["listing"].count == choice.count


def test_every_count_of_what_is_known_is_what_its_link_finds(client: Client) -> None:
    for address in ("/parks/?place=330100", "/parks/?has=area&lacks=opened"):
        for fact in client.get(address).context["listing"].facts:
            for choice in fact.pair:
                if not choice.chosen:
                    assert client.get(f"/parks/{choice.href}").context["listing"].count == choice.count, choice.id


def test_districts_are_offered_once_a_city_is_chosen_and_narrow_it(client: Client) -> None:
    assert "district" not in [facet.name for facet in client.get("/parks/").context["listing"].facets]
    found = client.get("/parks/?place=330100").context["listing"]
    (districts,) = [facet for facet in found.facets if facet.name == "district"]
    narrowed = client.get(f"/parks/{districts.first[0].href}").context["listing"]
    assert narrowed.count == districts.first[0].count < found.count
    (cities,) = [facet for facet in narrowed.facets if facet.name == "place"]
    assert [choice.id for choice in [*cities.first, *cities.rest] if choice.chosen] == ["f-place-330100"]
    (again,) = [facet for facet in narrowed.facets if facet.name == "district"]
    (chosen,) = [choice for choice in again.first if choice.chosen]
    assert client.get(f"/parks/{chosen.href}").context["listing"].count == found.count


@pytest.mark.parametrize("sort", SORTS)
def test_paging_through_meets_every_park_once(client: Client, sort: str) -> None:
    seen: list[str] = []
    address = f"/parks/?sort={sort}&page_size=45"
    while address:
        listing = client.get(address).context["listing"]
        seen += [line.row.key for line in listing.lines]
        address = listing.next or ""
    assert len(seen) == len(set(seen)) == Entry.objects.live().of_kind("park").count()


def test_each_filter_in_force_can_be_taken_away_alone(client: Client) -> None:
    address = f"/parks/?{EVERYTHING}&near_platform=open-innovation-platform-city-brain&radius_km=80&unknown=include"
    active = client.get(address).context["listing"].active
    assert len(active) == 14
    for item in active:
        left = client.get(f"/parks/{item.href}").context["listing"].active
        assert {(other.label, other.value) for other in left} == {
            (other.label, other.value) for other in active if other is not item
        }


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("language", ["", "/en"])
def test_each_view_stands_in_both_languages_and_is_light(client: Client, view: str, language: str) -> None:
    for query in ("", "&place=440300&area_unit=亩", "&" + EVERYTHING):
        answer = client.get(f"{language}/parks/?view={view}{query}")
        assert answer.status_code == 200
        assert len(answer.content) < HEAVIEST
        sources = re.findall(r'(?:src|href)="(https?://[^"]+)"', re.sub(r"<a [^>]*>", "", answer.content.decode()))
        assert {urlsplit(source).netloc for source in sources} <= {"testserver"}


@pytest.mark.parametrize("address", [
    "/parks/?min_area=x", "/parks/?near_platform=nope", "/parks/?view=globe", "/parks/?sort=random", "/parks/?lacks=x",
    "/parks/?place=999999", "/parks/?from=2017-13", "/parks/?layout_roles_min=-1", "/parks/?near=1,2,3",
    "/parks/?q=%00", "/parks/?area_unit=acre", "/parks/?cursor=x", "/parks/map/parks.json?place=nope",
    "/parks/?radius_km=x&near=1,2",
])  # fmt: skip
def test_what_cannot_be_meant_is_explained(client: Client, address: str) -> None:
    for language in ("", "/en"):
        assert client.get(language + address).status_code == 400


@pytest.mark.parametrize(("query", "said", "without"), [
    ("place=320100&min_area=-5", "“-5”", "/parks/?place=320100"), ("from=2021&to=2017", "“2021”", "/parks/?to=2017"),
    ("date_from=2021&date_to=2017", "“2021”", "/parks/?date_to=2017"),
])  # fmt: skip
def test_what_is_wrong_can_be_taken_away_alone(client: Client, query: str, said: str, without: str) -> None:
    for language in ("", "/en"):
        text = client.get(f"{language}/parks/?{query}").content.decode()
        assert said in text
        assert f'href="{language}{without}"' in text
    assert 'data-wrong="' in text  # what the page's script looks for


def test_an_empty_answer_says_that_unknown_is_not_no(client: Client) -> None:
    text = client.get("/parks/?place=330100&min_area=900000&area_unit=km2").content.decode()
    assert "没有符合这些条件的园区" in text
    (href,) = re.findall(r'href="(\?[^"]*unknown=include[^"]*)"', text)
    assert client.get(f"/parks/{href.replace('&amp;', '&')}").context["listing"].count > 0


def test_areas_are_shown_in_the_unit_that_is_chosen(client: Client) -> None:
    (line,) = client.get("/parks/?q=杭州人工智能产业园&area_unit=ha&has=area").context["listing"].lines[:1]
    assert "公顷" in line.area.value
    assert ">8<" in line.area.value


@pytest.mark.parametrize("address", ["/parks/", f"/parks/?{EVERYTHING}", "/parks/?view=map"])
def test_the_number_of_queries_does_not_depend_on_the_data(client: Client, address: str) -> None:
    joined = "&" if "?" in address else "?"
    few, all_ = queries(client, f"{address}{joined}page_size=1"), queries(client, f"{address}{joined}page_size=200")
    assert few == all_ <= MOST_QUERIES


# --- the map ------------------------------------------------------------------------------------------------------


def test_a_layer_draws_the_parks_that_the_list_shows_with_how_far_they_may_be(client: Client) -> None:
    query = "place=440300&layout_roles_min=2"
    features = json.loads(client.get(f"/parks/map/parks.json?{query}").content)["features"]
    listing = client.get(f"/parks/?view=map&{query}").context["listing"]
    assert len(features) == listing.count - listing.nowhere > 0
    by_precision = {feature["properties"]["precision"]: feature["properties"]["km"] for feature in features}
    assert by_precision["district"] == 15.0


@pytest.mark.parametrize("layer", ["parks", "zones", "platforms", "layouts", "cities"])
def test_each_layer_is_small_and_leads_to_pages(client: Client, layer: str) -> None:
    answer = client.get(f"/parks/map/{layer}.json")
    features = json.loads(answer.content)["features"]
    assert features and len(answer.content) < HEAVIEST
    assert client.get(features[0]["properties"]["href"]).status_code == 200


def test_there_is_no_other_layer(client: Client) -> None:
    assert client.get("/parks/map/roads.json").status_code == 404


def test_the_map_asks_other_hosts_for_nothing_unless_that_is_set(client: Client) -> None:
    policy = client.get("/parks/?view=map").headers["Content-Security-Policy"]
    assert "http" not in policy
    for name in ("map.js", "explore.js"):
        script = Path("tracker/web/static/tracker", name).read_text()
        assert "https://" not in script


# --- more values than are offered ---------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["百度", "baidu"])
def test_a_value_beyond_those_that_are_offered_is_found_by_searching_in_its_facet(client: Client, words: str) -> None:
    def tenants(address: str) -> Facet:
        (found,) = [facet for facet in client.get(address).context["listing"].facets if facet.name == "tenant"]
        return cast("Facet", found)

    whole = tenants("/parks/?place=320500")
    assert whole.find is None  # so few that all of them stand there
    cut = tenants("/parks/")
    assert cut.find == "" and len([*cut.first, *cut.rest]) == MOST
    address = f"/parks/?has=tenants&find_tenant={words}"
    text = client.get(address).content.decode()
    form = text.partition('class="filters find-in"')[2].partition("</form>")[0]
    assert 'name="has" value="tenants"' in text.partition('id="facet-tenant"')[2].partition("</form>")[0]
    assert form.count("find_") == 1  # the words for another facet are not sent along
    searched = tenants(address)
    assert "f-tenant-baidu" in [choice.id for choice in [*searched.first, *searched.rest]]
    assert len([*searched.first, *searched.rest]) < 10
    (baidu,) = [choice for choice in searched.first if choice.id == "f-tenant-baidu"]
    assert client.get(f"/parks/{baidu.href}").context["listing"].count == baidu.count
    nothing = tenants("/parks/?find_tenant=没有这样的机构")
    assert (nothing.first, nothing.find) == ([], "没有这样的机构")


# --- what a list shows of what was asked for ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "query", ["min_area=1&area_unit=km2", "max_area=50&area_unit=ha", "min_area=2000&area_unit=亩"]
)
def test_the_area_that_is_shown_is_one_that_was_asked_for(client: Client, query: str) -> None:
    listing = client.get(f"/parks/?{query}").context["listing"]
    assert listing.lines
    for line in listing.lines:
        measures = {label(AreaMeasure(area["measure"])) for area in line.row.document["areas"]
                    if area["value"] is not None and listing.asked.filterset.fits_area(area["value_m2"])}  # fmt: skip
        assert line.area.measure in measures, line.row.key


def test_platforms_that_are_not_offered_are_counted_and_the_chosen_one_always_is(client: Client) -> None:
    context = client.get("/parks/").context
    whole = Entry.objects.live().of_kind("platform").filter(lat__isnull=False).order_by("name_folded", "key")
    assert context["platforms_more"] == whole.count() - len(context["platforms"]) > 0
    last = whole.last()
    assert last is not None
    chosen = client.get(f"/parks/?near_platform={last.key}&radius_km=20").context
    assert [option.value for option in chosen["platforms"] if option.chosen] == [last.key]
    assert client.get("/parks/?place=320100").context["platforms_more"] == 0
