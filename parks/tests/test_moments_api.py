"""Comparisons and versions over the founding data, by either clock and both together."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tracker.curation.models import Proposal
from tracker.delivery.tests.test_recorded_time import edit
from tracker.testing.api import get, refused
from tracker.values import canonical

pytestmark = pytest.mark.usefixtures("founding")

HIGH_TECH, ISLAND, TOWN = "shenzhen-high-tech-zone", "nanjing-jiangxinzhou-eco-tech-island", "hangzhou-ai-town"
NANJING = "nanjing-layout-2017,nanjing-layout-2019"


def moment() -> str:
    return timezone.now().strftime("%Y-%m-%dT%H:%M:%SZ")


def after_the_edits() -> str:
    return (timezone.now() + timedelta(seconds=5)).strftime("%Y-%m-%dT%H:%M:%SZ")


def raw(address: str) -> bytes:
    answer = Client().get(f"/api/v1/{address}")
    assert answer.status_code == 200, answer.content[:300]
    return answer.content


def row(body: Any, path: str) -> Any:
    return next(found for found in body["rows"] if found["path"] == path)


# --- parks side by side -------------------------------------------------------------------------------------------


def test_the_shenzhen_high_tech_zone_has_11_square_kilometres_in_2018_and_159_in_2020() -> None:
    def site(day: str) -> list[tuple[Any, str]]:
        body = get("parks/compare/", keys=f"{HIGH_TECH},{ISLAND}", as_of=day)
        assert body["as_of"] == day
        return [(cell["value"], cell["printed"]) for cell in row(body, "/areas/site/value")["cells"]]

    island = (15_210_000, "规划面积15.21平方公里")
    assert site("2018-06-01") == [(11_520_000, "11.52平方公里规划面积"), island]
    assert site("2020-01-01") == [(159_480_000, "159.48平方公里"), island]


def test_cells_stand_in_the_order_of_the_keys_and_carry_their_citations() -> None:
    body = get("parks/compare/", keys=f"{TOWN},{HIGH_TECH},{ISLAND}")
    assert [park["key"] for park in body["parks"]] == [TOWN, HIGH_TECH, ISLAND]
    for found in body["rows"]:
        assert len(found["cells"]) == 3
        for cell in found["cells"]:
            assert (cell["state"] == "known") == (cell["value"] is not None)
            derived = found["path"] in ("/location",)
            assert bool(cell["citations"]) == (cell["state"] == "known") or derived, found["path"]


def test_without_a_day_it_is_today_and_without_a_moment_it_is_what_is_said_now() -> None:
    today = timezone.localdate().isoformat()
    plain = get("parks/compare/", keys=f"{HIGH_TECH},{ISLAND}")
    assert get("parks/compare/", keys=f"{HIGH_TECH},{ISLAND}", as_of=today) == plain
    now = get("parks/compare/", keys=f"{HIGH_TECH},{ISLAND}", known_at="2999-01-01")
    assert now.pop("known_at") is not None and plain.pop("known_at") is None
    assert now == plain


def test_a_park_and_a_park_within_it_can_be_compared() -> None:
    body = get("parks/compare/", keys=f"{HIGH_TECH},shenzhen-high-tech-zone-nanshan")
    assert [cell["state"] for cell in row(body, "/parents")["cells"]] == ["unknown", "known"]


def test_before_an_edit_the_comparison_is_byte_for_byte_what_it_was() -> None:
    keys = f"parks/compare/?keys={HIGH_TECH},{ISLAND}"
    before = moment()
    addresses = [f"{keys}&known_at={before}", f"{keys}&known_at={before}&as_of=2018-06-01"]
    then, plainly = [raw(address) for address in addresses], canonical.loads(raw(keys))
    edit("park", ISLAND, stage="open")
    edit("park", HIGH_TECH, action=Proposal.Action.WITHDRAW)
    assert [raw(address) for address in addresses] == then
    assert canonical.loads(then[0]) | {"known_at": None} == plainly


def test_after_an_edit_the_moment_decides_what_was_known() -> None:
    before = moment()
    edit("park", ISLAND, stage="open")

    def stage(known_at: str) -> Any:
        found = row(get("parks/compare/", keys=f"{ISLAND},{TOWN}", known_at=known_at, as_of="2020-01-01"), "/stage")
        return found["cells"][0]["value"]

    assert stage(before) is None
    assert stage(after_the_edits())["code"] == "open"


@pytest.mark.parametrize(("keys", "said"), [
    ("", "2 to 5 keys"),
    (ISLAND, "2 to 5 keys"),
    (f"{ISLAND},{TOWN},a,b,c,d", "not 6"),
    (f"{ISLAND},{TOWN},{ISLAND}", f"names '{ISLAND}' twice"),
    (f"{ISLAND},hangzhou-ai-towm", "'hangzhou-ai-towm'; did you mean hangzhou-ai-town?"),
    (f"{ISLAND},江心洲", "did you mean nanjing-jiangxinzhou-eco-tech-island"),
    (f"{ISLAND},nanjing-layout-2017", "no park 'nanjing-layout-2017'"),
])  # fmt: skip
def test_wrong_keys_are_named(keys: str, said: str) -> None:
    assert said in refused("parks/compare/", keys=keys)["keys"]


def test_a_withdrawn_park_is_gone_and_named() -> None:
    edit("park", TOWN, action=Proposal.Action.WITHDRAW)
    problem = get("parks/compare/", 410, keys=f"{ISLAND},{TOWN}")
    assert TOWN in problem["detail"]
    assert problem["state"] == "withdrawn"
    assert TOWN in problem["errors"][0]["message"]


def test_a_park_the_tracker_did_not_have_then_is_named() -> None:
    assert f"no park '{ISLAND}'" in refused("parks/compare/", keys=f"{ISLAND},{TOWN}", known_at="2001-01-01")["keys"]


@pytest.mark.parametrize("address", ["parks/compare/", "layouts/differences/", "layouts/nanjing-layout-2017/versions/"])
@pytest.mark.parametrize(("name", "value"), [("as_of", "2020"), ("known_at", "yesterday"), ("colour", "red")])
def test_wrong_parameters_are_refused_by_name(address: str, name: str, value: str) -> None:
    keys = {"parks/compare/": f"{ISLAND},{TOWN}", "layouts/differences/": NANJING}.get(address)
    assert name in refused(address, **({"keys": keys} if keys else {}), **{name: value})


# --- what replaced what -------------------------------------------------------------------------------------------


def changes(body: Any) -> dict[str, tuple[str, list[str], list[str]]]:
    """Each item that is not a mere location: the change, the roles before, the roles after."""
    return {item["about"]["name"]: (item["change"], [part["role"]["name"] for part in item["before"]],
                                    [part["role"]["name"] for part in item["after"]])
            for item in body["items"] if not item["location"]}  # fmt: skip


def test_between_the_two_layouts_of_nanjing_the_island_goes_from_demonstration_to_pole() -> None:
    body = get("layouts/differences/", keys=NANJING)
    assert body["patterns"] == {"before": "两中心、三片区、一示范", "after": "一带引领、两极支撑"}
    assert changes(body) == {
        "江北新区": ("role", ["中心"], ["极"]),
        "麒麟科创园": ("role", ["中心"], ["节点"]),
        "江宁高新区": ("gone", ["片区"], []),
        "新港高新园": ("gone", ["片区"], []),
        "雨花台高新区（软件谷）": ("role", ["片区"], ["节点"]),
        "江心洲生态科技岛": ("role", ["示范"], ["极"]),
        "南京市": ("appeared", [], ["带"]),
        "中国（南京）智谷": ("appeared", [], ["节点"]),
    }


def test_the_districts_in_which_named_parks_lie_are_marked_as_locations() -> None:
    body = get("layouts/differences/", keys=NANJING)
    assert {item["about"]["name"] for item in body["items"] if item["location"]} == {
        "江宁区", "栖霞区", "雨花台区", "建邺区"}  # fmt: skip


def test_any_two_layouts_can_be_held_together_and_in_either_order() -> None:
    there = get("layouts/differences/", keys="hangzhou-layout-2018,hangzhou-layout-2019")
    back = get("layouts/differences/", keys="hangzhou-layout-2019,hangzhou-layout-2018")
    assert changes(there)["杭州城东智造大走廊"][0] == "appeared"
    assert changes(back)["杭州城东智造大走廊"][0] == "gone"


def test_on_a_day_a_layout_that_had_ended_is_told_as_it_last_stood_and_one_to_come_is_refused() -> None:
    assert changes(get("layouts/differences/", keys=NANJING, as_of="2026-01-01")) == changes(
        get("layouts/differences/", keys=NANJING)
    )
    assert "nanjing-layout-2019" in refused("layouts/differences/", keys=NANJING, as_of="2018-06-01")["as_of"]


def test_before_an_edit_the_difference_is_byte_for_byte_what_it_was() -> None:
    before = moment()
    address = f"layouts/differences/?keys={NANJING}&known_at={before}"
    chain = f"layouts/nanjing-layout-2019/versions/?known_at={before}"
    then = raw(address), raw(chain)
    edit("layout", "nanjing-layout-2019", pattern="一带两极")
    later = after_the_edits()
    assert get("layouts/differences/", keys=NANJING, known_at=later)["patterns"]["after"] == "一带两极"
    edit("layout", "nanjing-layout-2017", action=Proposal.Action.WITHDRAW)
    assert len(get("layouts/nanjing-layout-2019/versions/", known_at=later)["versions"]) == 1
    assert (raw(address), raw(chain)) == then


def test_the_versions_of_a_layout_stand_in_order_with_when_each_began_and_ended() -> None:
    for key in NANJING.split(","):
        versions = get(f"layouts/{key}/versions/")["versions"]
        assert [(version["layout"]["key"], version["adopted"], version["superseded"], version["status"])
                for version in versions] == [
            ("nanjing-layout-2017", "2017-12", "2019-06", "superseded"),
            ("nanjing-layout-2019", "2019-06", None, "in_force")]  # fmt: skip
        assert [version["previous"] and version["previous"]["key"] for version in versions] == [
            None, "nanjing-layout-2017"]  # fmt: skip


def test_in_2018_the_second_version_was_not_there_and_the_first_not_replaced() -> None:
    (version,) = get("layouts/nanjing-layout-2019/versions/", as_of="2018-06-01")["versions"]
    assert (version["layout"]["key"], version["superseded"], version["status"]) == (
        "nanjing-layout-2017", None, "in_force")  # fmt: skip


def test_a_layout_that_replaced_nothing_is_its_only_version() -> None:
    (version,) = get("layouts/shenzhen-high-tech-zone-layout-2019/versions/")["versions"]
    assert (version["supersedes"], version["previous"]) == ([], None)


def test_versions_of_no_layout_are_a_404_and_of_a_withdrawn_one_a_410() -> None:
    assert get("layouts/no-such-layout/versions/", 404)["status"] == 404
    edit("layout", "nanjing-layout-2019", action=Proposal.Action.WITHDRAW)
    assert get("layouts/nanjing-layout-2019/versions/", 410)["state"] == "withdrawn"
    assert "nanjing-layout-2019" in get("layouts/differences/", 410, keys=NANJING)["detail"]
    assert len(get("layouts/nanjing-layout-2017/versions/")["versions"]) == 1


# --- cost ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("address", "most"), [
    (f"parks/compare/?keys={ISLAND},{TOWN}", 2),
    (f"parks/compare/?keys={ISLAND},{TOWN},{HIGH_TECH},nanjing-zhigu,suzhou-ai-industrial-park&as_of=2018-06-01", 2),
    (f"parks/compare/?keys={ISLAND},{TOWN}&known_at=2999-01-01", 3),
    (f"layouts/differences/?keys={NANJING}", 2),
    ("layouts/nanjing-layout-2017/versions/", 3),
    ("layouts/shenzhen-layout-ai-action-plan-2019/versions/", 3),
])  # fmt: skip
def test_the_number_of_queries_is_small_and_fixed(address: str, most: int) -> None:
    with CaptureQueriesContext(connection) as captured:
        raw(address)
    assert len(captured) <= most
