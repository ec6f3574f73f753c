"""What applies follows merges: references go on pointing to the entry that gave way."""

from __future__ import annotations

from typing import Any

import pytest

from tracker.accounts.models import User
from tracker.accounts.roles import Role
from tracker.curation.tests import factories
from tracker.curation.tests.factories import WHOLE, park, policy, term
from tracker.entries.successors import successors
from tracker.testing.api import get

Json = dict[str, Any]
ZONE: Json = {"kind": "zone", "key": "pilot", "name": "先导区", "places": ["320100"], "parks": ["old"],
              "designations": [{"key": "first", "programme": "titles", "approved": "2019"}],
              "citations": WHOLE}  # fmt: skip
TITLES: Json = {"kind": "programme", "key": "titles", "name": "认定计划", "legal_basis": "basis", "citations": WHOLE}
LAYOUT: Json = {"kind": "layout", "key": "plan", "title": "布局", "places": ["320100"], "subject": "place/320100",
                "adopted": "2018", "parts": [{"key": "core", "role": "core", "name": "核", "parks": ["old"]}],
                "citations": WHOLE}  # fmt: skip


@pytest.fixture
def people(db: None) -> tuple[User, User]:
    factories.ensure_world()
    factories.live(
        term("core", "layout-role", "核"),
        *(park(key, key) for key in ("old", "new")),
        park("inner", "inner", parents=[{"key": "first", "park": "old", "from": "2017"}]),
        policy("names-old", "点名旧园的意见", level="zone", parks=["old"]),
        policy("names-new", "点名新园的意见", level="zone", parks=["new"]),
        policy("basis", "依据", places=[]), policy("basis-again", "同一依据", places=[]), TITLES, ZONE, LAYOUT,
    )  # fmt: skip
    return factories.user("tougao", Role.CONTRIBUTOR), factories.user("bianji", Role.EDITOR)


def merge(people: tuple[User, User], kind: str, old: str, new: str) -> None:
    factories.merge(*people, factories.entry(kind, old), new)


def reasons(key: str) -> dict[str, list[tuple[str, str]]]:
    """Why each policy applies to a park."""
    body = get(f"parks/{key}/policies/", as_of="2020-01-01")
    return {item["policy"]["key"]: [(reason["type"], reason["through"]["key"]) for reason in item["because"]]
            for name in ("confirmed", "unverified") for group in body[name] for item in group["policies"]}  # fmt: skip


def test_before_a_merge_each_park_has_its_own(people: tuple[User, User]) -> None:
    assert set(reasons("old")) == {"names-old", "basis"}
    assert set(reasons("new")) == {"names-new"}


def test_a_policy_that_names_the_old_entry_applies_to_its_successor(people: tuple[User, User]) -> None:
    merge(people, "park", "old", "new")
    found = reasons("new")
    assert found["names-old"] == [("named", "new")]
    assert found["names-new"] == [("named", "new")]


def test_a_park_inside_the_old_entry_lies_in_its_successor(people: tuple[User, User]) -> None:
    merge(people, "park", "old", "new")
    assert reasons("inner")["names-new"] == [("named", "new")]
    assert reasons("inner")["names-old"] == [("named", "new")]


def test_zones_and_layout_parts_of_the_old_entry_are_those_of_its_successor(people: tuple[User, User]) -> None:
    merge(people, "park", "old", "new")
    body = get("parks/new/policies/", as_of="2020-01-01")
    assert [(zone["zone"]["key"], zone["through"]["key"]) for zone in body["zones"]] == [("pilot", "new")]
    assert [part["because"]["type"] for layout in body["layouts"] for part in layout["parts"]] == ["named"]


def test_a_title_rests_on_what_took_the_place_of_its_legal_basis(people: tuple[User, User]) -> None:
    merge(people, "policy", "basis", "basis-again")
    assert reasons("old")["basis-again"] == [("designation", "pilot")]


def test_one_merge_after_another_leads_to_the_last(people: tuple[User, User]) -> None:
    factories.live(park("newest", "newest"))
    merge(people, "park", "old", "new")
    merge(people, "park", "new", "newest")
    assert {"names-old", "names-new"} <= set(reasons("newest"))
    pks = {key: factories.entry("park", key).pk for key in ("old", "new", "newest")}
    assert successors(["park"]) == {pks["old"]: pks["newest"], pks["new"]: pks["newest"]}


def test_an_entry_that_is_restored_stands_for_itself_again(people: tuple[User, User]) -> None:
    merge(people, "park", "old", "new")
    factories.restore(*people, factories.entry("park", "old"), 1)
    assert successors(["park"]) == {}
    assert set(reasons("new")) == {"names-new"}
