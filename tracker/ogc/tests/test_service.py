"""OGC API - Features, requirement by requirement."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from openapi_spec_validator import OpenAPIV30SpecValidator

from tracker.accounts.roles import Role
from tracker.curation.models import Proposal
from tracker.curation.tests import factories
from tracker.delivery.tests.test_recorded_time import edit
from tracker.testing import api

from .asking import ask, definition, every, refused

pytestmark = pytest.mark.usefixtures("founding")

COLLECTIONS = ("parks", "zones", "layouts", "platforms", "places")
NANJING = "118.3,31.2,119.3,32.7"


def ids(features: list[Any]) -> list[str]:
    return [feature["id"] for feature in features]


# --- what the service is ------------------------------------------------------------------------------------------


def test_the_landing_page_leads_to_definition_conformance_and_data() -> None:
    links = {link["rel"]: link for link in ask("")["links"]}
    assert {"self", "alternate", "service-desc", "conformance", "data", "license"} <= set(links)
    assert links["service-desc"]["type"] == "application/vnd.oai.openapi+json;version=3.0"
    for rel in ("service-desc", "conformance", "data"):
        answer = Client().get(links[rel]["href"], headers={"accept": links[rel]["type"]})
        assert (answer.status_code, answer["Content-Type"]) == (200, links[rel]["type"])


def test_it_conforms_to_core_geojson_and_openapi_3() -> None:
    classes = {address.rpartition("/")[2] for address in ask("conformance")["conformsTo"]}
    assert classes == {"core", "geojson", "oas30"}


def test_the_definition_is_valid_openapi_3_0() -> None:
    document = Client().get("/ogc/api").json()
    assert document["openapi"].startswith("3.0")
    OpenAPIV30SpecValidator(document).validate()


def test_a_collection_is_described_the_same_alone_and_among_all() -> None:
    listed = ask("collections")["collections"]
    assert [collection["id"] for collection in listed] == list(COLLECTIONS)
    for collection in listed:
        alone = ask(f"collections/{collection['id']}")
        for name in ("id", "title", "description", "extent", "itemType"):
            assert alone[name] == collection[name]
        assert {(link["rel"], link["type"]) for link in collection["links"]} >= {
            ("items", "application/geo+json"), ("items", "text/html"), ("license", "text/html"),
        }  # fmt: skip


@pytest.mark.parametrize("name", COLLECTIONS)
def test_the_extent_holds_every_geometry(name: str) -> None:
    west, south, east, north = ask(f"collections/{name}")["extent"]["spatial"]["bbox"][0]
    for feature in every(f"collections/{name}/items", limit=200):
        if feature["geometry"]:
            points = feature["geometry"]["coordinates"]
            for lng, lat in points if feature["geometry"]["type"] == "MultiPoint" else [points]:
                assert float(west) <= float(lng) <= float(east) and float(south) <= float(lat) <= float(north)


def test_every_answer_names_licence_and_attribution() -> None:
    for path in ("", "collections", "collections/parks/items?limit=1", "collections/parks/items?x=1"):
        answer = Client().get(f"/ogc/{path}")
        assert 'rel="license"' in answer["Link"] and "GeoNames" in answer["X-Attribution"]


# --- items --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", COLLECTIONS[:4])
@pytest.mark.parametrize("limit", [7, 200])
def test_pages_hold_every_entry_of_the_api_once(name: str, limit: int) -> None:
    first = ask(f"collections/{name}/items", limit=limit)
    assert first["numberReturned"] == len(first["features"]) <= limit
    entries = [item["key"] for item in api.every(f"{name}/", ordering="key", page_size=200, fields="key")]
    assert first["numberMatched"] == len(entries)
    assert ids(every(f"collections/{name}/items", limit=limit)) == entries


def test_a_feature_says_whose_point_it_is_drawn_at_and_how_exact_that_is() -> None:
    park = ask("collections/parks/items/nanjing-jiangxinzhou-eco-tech-island")
    location = api.get("parks/nanjing-jiangxinzhou-eco-tech-island/")["location"]
    assert park["geometry"] == {"type": "Point", "coordinates": [location["lng"], location["lat"]]}
    assert (park["properties"]["precision"], park["properties"]["of"]) == ("district", "320105")
    layout = ask("collections/layouts/items/china-eight-ai-cities-two-tiers")
    assert layout["geometry"]["type"] == "MultiPoint"
    said = layout["properties"]
    assert said["of"][0] == "place/110000" and said["precision"][0] == "city"
    assert len(said["of"]) == len(said["of_parts"]) == len(layout["geometry"]["coordinates"])


def test_a_feature_is_the_same_alone_and_among_all() -> None:
    for feature in ask("collections/zones/items", limit=5)["features"]:
        alone = ask(f"collections/zones/items/{feature['id']}")
        assert {name: alone[name] for name in feature} == feature
        assert {"self", "alternate", "collection"} <= {link["rel"] for link in alone["links"]}


def test_more_than_the_maximum_is_the_maximum() -> None:
    assert ask("collections/places/items", limit=10_000)["numberReturned"] == 200
    assert "limit" in refused("collections/places/items", limit=0)


@pytest.mark.parametrize("name", ["parks", "platforms"])
def test_a_box_gives_what_lies_in_it_and_what_lies_nowhere(name: str) -> None:
    found = ids(every(f"collections/{name}/items", bbox=NANJING, limit=200))
    same = api.every(f"{name}/", bbox=NANJING, unknown="include", ordering="key", page_size=200, fields="key")
    assert found == [item["key"] for item in same]
    assert 0 < len(found) < ask(f"collections/{name}/items")["numberMatched"]


@pytest.mark.parametrize("name", ["layouts", "zones"])
def test_a_box_gives_what_has_a_point_in_it(name: str) -> None:
    west, south, east, north = (float(side) for side in NANJING.split(","))

    def meets(feature: Any) -> bool:
        points = (feature["geometry"] or {"coordinates": []})["coordinates"]
        return not points or any(west <= lng <= east and south <= lat <= north for lng, lat in points)

    everything = every(f"collections/{name}/items", limit=200)
    found = every(f"collections/{name}/items", limit=200, bbox=NANJING)
    assert ids(found) == [feature["id"] for feature in everything if meets(feature)]
    assert len(found) < len(everything)


def test_a_layout_is_where_the_park_is_that_took_the_place_of_the_one_it_names() -> None:
    factories.ensure_world()
    factories.live(factories.park("old", "旧园", location={"lat": 10, "lng": 10}),
                   factories.park("new", "新园", location={"lat": 20, "lng": 20}),
                   {"kind": "layout", "key": "drawn", "title": "布局", "subject": "place/320100",
                    "parts": [{"key": "core", "role": "core", "name": "核", "parks": ["old"]}],
                    "citations": factories.WHOLE})  # fmt: skip
    author, reviewer = (factories.user(name, Role.EDITOR) for name in ("one", "other"))
    factories.merge(author, reviewer, factories.entry("park", "old"), "new")
    layout = ask("collections/layouts/items/drawn")
    assert (layout["geometry"]["coordinates"], layout["properties"]["of"]) == ([[20, 20]], ["park/new"])
    assert "drawn" in ids(every("collections/layouts/items", bbox="19,19,21,21"))
    assert "drawn" not in ids(every("collections/layouts/items", bbox="9,9,11,11"))
    assert ask("collections/layouts")["extent"]["spatial"]["bbox"][0][0] == 20


def test_heights_are_ignored_and_a_box_may_cross_the_date_line() -> None:
    west, south, east, north = NANJING.split(",")
    flat = ids(every("collections/parks/items", bbox=NANJING))
    assert ids(every("collections/parks/items", bbox=f"{west},{south},-5,{east},{north},100")) == flat
    around = ids(every("collections/parks/items", bbox="118.3,-90,-170,90", limit=200))
    assert ids(every("collections/parks/items", bbox="118.3,-90,180,90", limit=200)) == around


def test_an_instant_is_as_of_that_day() -> None:
    same = api.every("zones/", as_of="2020-12-31", ordering="key", page_size=200, fields="key")
    for moment in ("2020-12-31T08:00:00Z", "2020-12-31", "2020-12-30T17:00:00Z"):
        assert ids(every("collections/zones/items", datetime=moment)) == [item["key"] for item in same]
    assert 0 < len(same) < ask("collections/zones/items")["numberMatched"]


def test_an_interval_gives_what_was_there_in_it() -> None:
    until = set(ids(every("collections/zones/items", datetime="../2020-12-31T23:59:59Z")))
    assert until == set(ids(every("collections/zones/items", datetime="/2020-12-31")))
    assert until >= set(ids(every("collections/zones/items", datetime="2020-12-31")))
    since = set(ids(every("collections/zones/items", datetime="2020-12-31/..")))
    assert since | until == set(ids(every("collections/zones/items", limit=200)))


@pytest.mark.parametrize(("name", "filters"), [
    ("parks", {"place": "320100"}), ("parks", {"category": ["island", "corridor"]}),
    ("parks", {"status": "in_operation"}), ("parks", {"measure": "site", "min_area": "10000000"}),
    ("zones", {"programme": "national-ai-innovation-application-pilot-zone"}), ("layouts", {"subject": "320100"}),
    ("layouts", {"basis": "official", "place": "440300"}), ("places", {"level": "province"}),
])  # fmt: skip
def test_the_filters_of_the_list_mean_the_same_here(name: str, filters: dict[str, Any]) -> None:
    found = every(f"collections/{name}/items", limit=200, **filters)
    same = api.every(f"{name}/", ordering="key", page_size=200, fields="key", **filters)
    assert ids(found) == [item["key"] for item in same] != []


def test_an_answer_costs_the_same_few_queries_however_many_features_it_has(django_assert_max_num_queries: Any) -> None:
    client = Client()
    for name in COLLECTIONS:
        for limit in (1, 200):
            with django_assert_max_num_queries(8):
                assert client.get(f"/ogc/collections/{name}/items?limit={limit}").status_code == 200


# --- what is refused ----------------------------------------------------------------------------------------------


def test_an_unknown_parameter_is_refused_by_name_everywhere() -> None:
    for path in ("", "conformance", "api", "collections", "collections/parks", "collections/parks/items",
                 "collections/parks/items/nanjing-jiangxinzhou-eco-tech-island"):  # fmt: skip
        assert "foo" in refused(path, foo="1"), path


@pytest.mark.parametrize(("name", "value"), [
    ("limit", "-1"), ("limit", "x"), ("limit", "1.5"), ("bbox", "1,2,3"), ("bbox", "a,b,c,d"), ("bbox", "nan,0,1,1"),
    ("bbox", "0,10,1,5"), ("bbox", "-181,0,1,1"), ("bbox", "0,0,inf,1"), ("datetime", "yesterday"),
    ("datetime", "../.."), ("datetime", "2020-12-31/2019-01-01"), ("datetime", "2020-13-01"), ("datetime", "2020/x"),
    ("f", "xml"), ("cursor", "x"), ("status", "nice"), ("category", "no-such"), ("place", "999999"),
    ("as_of", "2020-01-01"), ("page_size", "5"), ("offset", "5"), ("fields", "key"), ("near", "91,0"),
    ("radius_km", "5"),
])  # fmt: skip
def test_a_wrong_value_is_refused_by_name(name: str, value: str) -> None:
    assert name in refused("collections/parks/items", **{name: value})


def test_a_cursor_of_another_query_is_refused() -> None:
    following = next(link["href"] for link in ask("collections/parks/items", limit=1)["links"] if link["rel"] == "next")
    assert "cursor" in refused(following, place="320100")


def test_what_is_not_here_is_a_problem_and_what_was_withdrawn_is_gone() -> None:
    assert Client().get("/ogc/collections/policies").status_code == 404
    assert Client().get("/ogc/collections/policies/items")["Content-Type"] == "application/problem+json"
    assert ask("collections/parks/items/no-such-park", 404)["status"] == 404
    edit("park", "nanjing-jiangxinzhou-eco-tech-island", action=Proposal.Action.WITHDRAW)
    assert ask("collections/parks/items/nanjing-jiangxinzhou-eco-tech-island", 410)["state"] == "withdrawn"
    assert "nanjing-jiangxinzhou-eco-tech-island" not in ids(every("collections/parks/items", limit=200))


def test_nothing_can_be_written() -> None:
    assert Client().post("/ogc/collections/parks/items", {}).status_code == 405


# --- for people ---------------------------------------------------------------------------------------------------

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize("path", ["", "conformance", "collections", "collections/parks", "collections/layouts/items",
                                  "collections/zones/items/beijing-ai-application-pilot-zone"])  # fmt: skip
def test_a_browser_is_shown_a_page_and_a_program_json(path: str) -> None:
    page = Client().get(f"/ogc/{path}", headers={"accept": BROWSER})
    assert page["Content-Type"].startswith("text/html")
    assert "<h1>" in page.content.decode()
    assert Client().get(f"/ogc/{path}", headers={"accept": "*/*"})["Content-Type"].endswith("json")
    assert Client().get(f"/ogc/{path}?f=json", headers={"accept": BROWSER})["Content-Type"].endswith("json")
    assert Client().get(f"/ogc/{path}?f=html")["Content-Type"].startswith("text/html")


def test_the_definition_names_every_parameter_that_is_taken() -> None:
    for name in COLLECTIONS:
        taken = {parameter.get("name") or parameter["$ref"].rpartition("/")[2]
                 for parameter in definition()["paths"][f"/collections/{name}/items"]["get"]["parameters"]}  # fmt: skip
        assert {"limit", "bbox", "datetime", "cursor", "f", "place", "status"} <= taken
        for parameter in taken - {"limit", "bbox", "datetime", "cursor", "f"}:
            answer = Client().get(f"/ogc/collections/{name}/items", {parameter: "\x01"})
            assert answer.status_code in (200, 400)
            assert b"unknown parameter" not in answer.content
