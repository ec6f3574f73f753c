"""The filters of parks over the founding data: yes, no and unknown kept apart; the same rules as elsewhere."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from parks import applies
from parks.filters import FACTS
from tracker.entries.models import Entry
from tracker.testing.api import every

pytestmark = pytest.mark.usefixtures("founding")

CORRIDOR = "hangzhou-chengdong-manufacturing-corridor"
TODAY = date(2026, 11, 28)


def keys(**parameters: str) -> set[str]:
    return {park["key"] for park in every("parks/", fields="key", **parameters)}


ALL = 232


def test_yes_no_and_unknown_areas_are_all_parks() -> None:
    bounds = {"min_area": "10", "area_unit": "km2", "measure": "site"}
    yes, no, unknown = (keys(**bounds, area=answer) for answer in ("yes", "no", "unknown"))
    assert yes and no and unknown
    assert len(yes) + len(no) + len(unknown) == len(yes | no | unknown) == ALL
    assert keys(**bounds) == yes
    assert keys(**bounds, unknown="include") == yes | unknown


def test_a_bound_may_be_given_in_any_unit() -> None:
    by_unit = {unit: keys(min_area=amount, area_unit=unit, measure="industrial_developable")
               for unit, amount in (("m2", "10000000"), ("km2", "10"), ("ha", "1000"), ("亩", "15000"))}  # fmt: skip
    assert len(by_unit["km2"]) == 4
    assert all(found == by_unit["km2"] for found in by_unit.values())


@pytest.mark.parametrize("fact", FACTS)
def test_each_fact_is_known_or_nobody_knows_it(fact: str) -> None:
    known, unknown = keys(has=fact), keys(lacks=fact)
    assert not known & unknown
    assert len(known) + len(unknown) == ALL


def test_what_lies_in_a_park_is_found_however_deep() -> None:
    inside = keys(parent="shenzhen-high-tech-zone")
    assert "shenzhen-bay-park" in inside
    assert "shenzhen-high-tech-zone" not in inside


def test_distances_from_a_platform_are_yes_maybe_no_or_unknown() -> None:
    near = {"near_platform": "open-innovation-platform-city-brain", "radius_km": "120"}
    found = {answer: keys(**near, distance=answer) for answer in ("yes", "maybe", "no", "unknown")}
    assert all(found.values())
    assert sum(map(len, found.values())) == ALL == len(set().union(*found.values()))
    assert keys(**near) == found["yes"] | found["maybe"]
    assert keys(place="110000") & found["no"] == keys(place="110000") - found["unknown"]


def test_a_point_near_by_itself_decides_as_before() -> None:
    near = {"near": "30.27,120.15", "radius_km": "60"}
    assert keys(**near) <= keys(**near, distance="maybe") | keys(**near, distance="yes")


def subjects(answer: Any) -> set[str]:
    return {measure["subject"]["key"] for standing in ("confirmed", "unverified") for group in answer[standing]
            for policy in group["policies"] for measure in policy["measures"]}  # fmt: skip


def test_measures_apply_in_the_parks_for_which_the_policies_say_so() -> None:
    """The filter asks for all parks at once what the page of each park tells of it alone."""
    parks = Entry.objects.live().of_kind("park").order_by("key")
    told = {park.key: subjects(applies.on(park, TODAY)) for park in parks}
    for subject in sorted(set().union(*told.values())):
        expected = {key for key, granted in told.items() if subject in granted}
        assert keys(measure_subject=subject, as_of=TODAY.isoformat()) == expected, subject


def test_positioning_is_searched_in_the_texts_of_positioning_alone() -> None:
    found = every("parks/", positioning="智能网联", fields="name,positioning")
    assert len(found) == 3
    assert all(any("智能网联" in text for text in park["positioning"]) for park in found)


def test_the_largest_area_comes_first_and_the_unknown_last() -> None:
    def largest(park: Any) -> float:
        return max((float(area["value_m2"]) for area in park["areas"] if area["value"] is not None), default=-1)

    found = [largest(park) for park in every("parks/", ordering="-area", page_size="37")]
    assert found == sorted(found, reverse=True)
    assert len(found) == ALL


@pytest.mark.parametrize("query", [
    "near_platform=nope", "distance=yes", "distance=near&near=30,120", "area=perhaps", "min_area=x", "area_unit=acre",
    "siting=rent", "siting_min=x", "layout_roles_min=0", "layout_role=nope", "has=nothing", "lacks=x", "refers=x",
    "parent=nope", "operator=nope", "tenant=nope", "measure_subject=nope", "radius_km=5", "positioning=" + "长" * 101,
    "ordering=area_m2", "min_area=" + "9" * 30, "area=", "distance=&near=30,120", "has=", "stage=", "measure=",
])  # fmt: skip
def test_a_value_that_cannot_be_meant_is_refused_by_name(client: Client, query: str) -> None:
    answer = client.get(f"/api/v1/parks/?{query}")
    assert answer.status_code == 400
    assert query.partition("=")[0] in answer.json()["detail"]


def test_the_filters_stand_in_the_contract(client: Client) -> None:
    answer = client.get("/api/v1/schema/", headers={"Accept": "application/vnd.oai.openapi+json"})
    document = answer.json()
    shared = document["components"]["parameters"]
    asked = document["paths"]["/api/v1/parks/"]["get"]["parameters"]
    names = {(shared[each["$ref"].rpartition("/")[2]] if "$ref" in each else each)["name"] for each in asked}
    added = "parent operator tenant positioning siting measure_subject layout_role layout_roles_min near_platform"
    assert {*added.split(), "distance", "has", "lacks", "area", "area_unit", "refers"} <= names
