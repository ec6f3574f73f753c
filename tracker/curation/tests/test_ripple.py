"""What a publication changes beside its own entries: everything that shows, borrows, names or lists them."""

from __future__ import annotations

from random import Random

import pytest

from tracker.accounts.models import User
from tracker.accounts.roles import Role
from tracker.curation import checking, proposals
from tracker.entries.fields import Json
from tracker.entries.models import Containment, Entry, Reference, Revision, State
from tracker.testing.api import get
from tracker.values import canonical
from tracker.values.errors import Refused

from . import factories, turmoil
from .factories import change, document, entry, park, place, policy, relation

REGION = place("delta", "长三角", "region", members=["320000"])


def last_facts(kind: str, key: str) -> Json:
    """The payload as it was last published."""
    found = entry(kind, key)
    facts: Json = canonical.loads(Revision.objects.get(entry=found, number=found.revision).payload)
    return facts


def where(key: str) -> set[str]:
    return Containment.objects.places_of([entry("park", key).pk])[entry("park", key).pk]


# --- what is shown ------------------------------------------------------------------------------------------------


def test_a_renamed_source_is_renamed_in_every_citation(contributor: User, editor: User) -> None:
    factories.live(park())
    change(contributor, editor, factories.source(title="二〇二一年报告", date="2022"))
    [citation] = document("park", "river-park")["citations"]
    assert (citation["source"]["title"], citation["source"]["date"]) == ("二〇二一年报告", "2022")
    assert document("park", "river-park")["stale_after"].startswith("2025")


def test_a_point_that_moves_moves_for_all_who_borrow_it(contributor: User, editor: User) -> None:
    base = park("base", "母园", location={"lat": 31, "lng": 118})
    factories.live(base, park(parents=[{"key": "in", "park": "base"}]), place("320115", "江宁区", "district", "320100"),
                   park("district-park", "区园", places=["320115"]))  # fmt: skip
    change(contributor, editor, base | {"location": {"lat": 31.5, "lng": 118}})
    assert str(document("park", "river-park")["location"]["lat"]) == "31.5"
    change(contributor, editor, base | {"location": None})
    assert document("park", "river-park")["location"]["of"] is None
    change(contributor, editor, last_facts("place", "320100") | {"point": {"lat": 32, "lng": 118}})
    located = document("park", "district-park")["location"]
    assert (located["lat"], located["precision"], located["of"]) == (32, "city", "320100")


def test_a_district_shows_the_city_it_comes_to_whatever_the_order_of_their_keys(contributor: User,
                                                                               editor: User) -> None:  # fmt: skip
    factories.live(place("a-district", "甲区", "district", "320100"), place("z-city", "乙市", "city", "320000"),
                   park(places=["a-district"]))  # fmt: skip
    both = [place("a-district", "甲区", "district", "z-city"), place("z-city", "乙新市", "city", "320000")]
    proposals.approve_and_publish(actor=editor, proposals=[factories.propose(contributor, one) for one in both])
    assert document("park", "river-park")["places"][0]["city"]["name"] == "乙新市"
    assert list(checking.everything()) == []


# --- titles -------------------------------------------------------------------------------------------------------


@pytest.fixture
def named(world: None) -> None:
    """A policy that names another by its title."""
    factories.live(policy("plan", "国家规划"), policy(relations=[relation("implements", {"title": "国家规划"})]))


def shown() -> Json:
    found: Json = document("policy", "ai-opinions")["relations"][0]["policy"]
    return found


def test_a_title_leads_nowhere_once_its_bearer_has_another(named: None, contributor: User, editor: User) -> None:
    assert shown()["key"] == "plan"
    change(contributor, editor, policy("plan", "国家新规划"))
    assert (shown()["key"], shown()["name"]) == (None, "国家规划")
    assert document("policy", "plan")["implemented_by"] == []


def test_a_title_leads_nowhere_once_its_bearer_is_withdrawn_and_back_when_it_returns(
    named: None, contributor: User, editor: User
) -> None:
    factories.withdraw(contributor, editor, entry("policy", "plan"))
    assert shown()["key"] is None
    factories.restore(contributor, editor, entry("policy", "plan"), 1)
    assert shown()["key"] == "plan"


def test_of_several_bearers_the_title_leads_to_the_oldest(named: None, contributor: User, editor: User) -> None:
    change(contributor, editor, policy("another-plan", "另一规划", aliases=["国家规划"]))
    assert shown()["key"] == "plan"
    factories.withdraw(contributor, editor, entry("policy", "plan"))
    assert shown()["key"] == "another-plan"


# --- successors ---------------------------------------------------------------------------------------------------


@pytest.fixture
def merged(contributor: User, editor: User) -> None:
    """Two parks, one merged into the other; a part, a policy and a layout were written with the key that is gone."""
    factories.live(
        park(), park("lake-park", "湖畔园"), park("part", "分园", parents=[{"key": "in", "park": "river-park"}]),
        policy(parks=["river-park"]),
        {"kind": "layout", "key": "spread", "title": "布局", "subject": "park/river-park", "places": ["320100"],
         "citations": factories.WHOLE})  # fmt: skip
    factories.merge(contributor, editor, entry("park", "river-park"), "lake-park")


def test_the_key_of_the_successor_finds_what_was_written_with_the_old_one(merged: None) -> None:
    assert [one["key"] for one in get("layouts/", subject="lake-park")["results"]] == ["spread"]
    referring = Entry.objects.referring_to("park", ["lake-park"])
    assert set(referring.values_list("key", flat=True)) == {"part", "ai-opinions", "spread"}
    assert [part["key"] for part in document("park", "lake-park")["sub_parks"]] == ["part"]


def test_payloads_keep_the_key_as_written(merged: None) -> None:
    assert last_facts("policy", "ai-opinions")["parks"] == ["river-park"]
    assert Reference.objects.get(entry__key="ai-opinions", field="parks").named == "river-park"
    assert list(checking.everything()) == []


def test_a_merge_of_the_successor_leads_on(merged: None, contributor: User, editor: User) -> None:
    factories.live(park("sea-park", "海园"))
    factories.merge(contributor, editor, entry("park", "lake-park"), "sea-park")
    assert document("policy", "ai-opinions")["parks"][0]["key"] == "sea-park"
    assert [part["key"] for part in document("park", "sea-park")["sub_parks"]] == ["part"]
    factories.restore(contributor, editor, entry("park", "lake-park"), 1)
    assert document("policy", "ai-opinions")["parks"][0]["key"] == "lake-park"
    assert list(checking.everything()) == []


def test_what_returns_is_what_its_key_leads_to_again(merged: None, contributor: User, editor: User) -> None:
    factories.restore(contributor, editor, entry("park", "river-park"), 1)
    assert document("policy", "ai-opinions")["parks"][0]["key"] == "river-park"
    assert document("park", "lake-park")["sub_parks"] == []
    assert get("layouts/", subject="lake-park")["results"] == []
    assert list(checking.everything()) == []


def test_what_lay_in_a_place_that_is_merged_lies_in_its_successor(contributor: User, editor: User) -> None:
    factories.live(place("320500", "苏州市", "city", "320000"), place("320505", "虎丘区", "district", "320500"),
                   park(places=["320505"]))  # fmt: skip
    factories.merge(contributor, editor, entry("place", "320500"), "320100")
    assert where("river-park") == {"320505", "320100", "320000", "100000"}
    assert document("park", "river-park")["places"][0]["city"]["key"] == "320100"


def test_two_entries_of_one_batch_do_not_succeed_each_other(contributor: User, editor: User) -> None:
    factories.live(park(), park("lake-park", "湖畔园"))
    drafts = [proposals.propose_merge(actor=contributor, entry=entry("park", gone), successor=other, reason="重复")
              for gone, other in (("river-park", "lake-park"), ("lake-park", "river-park"))]  # fmt: skip
    waiting = [proposals.submit(actor=contributor, proposal=draft) for draft in drafts]
    with pytest.raises(Refused, match="同批"):
        proposals.approve_and_publish(actor=editor, proposals=waiting)
    assert Entry.objects.filter(kind="park", state=State.LIVE).count() == 2


# --- where things lie ---------------------------------------------------------------------------------------------


def test_a_member_published_alone_still_lies_in_its_region(contributor: User, editor: User) -> None:
    factories.live(REGION, park())
    change(contributor, editor, last_facts("place", "320000") | {"name_en": "Jiangsu"})
    assert Entry.objects.within(["delta"]).filter(key="320000").exists()
    assert "delta" in where("river-park")


def test_what_lies_in_a_former_member_lies_in_the_region_no_longer(contributor: User, editor: User) -> None:
    factories.live(REGION, park(), place("310000", "上海市", "province", "100000"))
    assert "delta" in where("river-park")
    change(contributor, editor, REGION | {"members": ["310000"]})
    assert "delta" not in where("river-park")


# --- everything at once -------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(2))
def test_whatever_editors_do_everything_stays_whole(seed: int) -> None:
    turmoil.begin()
    people = factories.user("tougao", Role.CONTRIBUTOR), factories.user("bianji", Role.EDITOR)
    editors = turmoil.Editors(Random(seed), *people)
    for _ in range(6):
        for _ in range(8):
            editors.act()
        assert list(checking.everything()) == [], editors.done
    assert editors.done["put"] > 10
