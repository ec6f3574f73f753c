"""Proposals over REST: what a partner may send, and on what it was written."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tracker.accounts import roles
from tracker.accounts.models import User
from tracker.accounts.roles import Role
from tracker.curation.models import Proposal
from tracker.entries.fields import Json
from tracker.entries.models import Entry
from tracker.testing.api import send
from tracker.values import canonical

from . import factories
from .factories import area, park, place, policy
from .sending import PATH, many, named, token_of, wish

State = Proposal.State


def entry_tag(kind: str, key: str) -> str:
    return f'"{factories.entry(kind, key).version}"'


# --- one ------------------------------------------------------------------------------------------------------------


def test_a_proposal_arrives_in_review_under_the_name_of_the_holder(token: str, partner: User) -> None:
    answer = send("POST", PATH, 201, token=token, body=wish(park()), x_request_id="partner-sync-17")
    made = Proposal.objects.get(pk=answer["id"])
    assert (made.state, made.origin, made.author, made.request_id) == (
        State.IN_REVIEW,
        "api",
        partner,
        "partner-sync-17",
    )
    assert (made.kind, made.key, made.nature, made.base_revision, made.reason) == (
        "park",
        "river-park",
        "new",
        0,
        "据公告",
    )
    assert canonical.loads(made.payload) == park()
    assert not Entry.objects.filter(key="river-park").exists()


def test_its_address_is_in_the_answer(token: str) -> None:
    client = Client(headers={"Authorization": f"Bearer {token}"})
    answer = client.post(f"/api/v1/{PATH}", canonical.dumps(wish(park())), content_type="application/json")
    assert answer["Location"] == answer.json()["url"]
    assert answer["Cache-Control"] == "no-store"
    assert client.get(answer["Location"]).status_code == 200


def test_what_the_entry_says_already_makes_no_proposal(token: str) -> None:
    factories.live(park())
    assert send("POST", PATH, 200, token=token, body=wish(park(aliases=[])))["outcome"] == "unchanged"
    assert not Proposal.objects.filter(origin="api").exists()


def test_a_dry_run_checks_and_stores_nothing(token: str) -> None:
    assert send("POST", f"{PATH}?dry_run=true", 200, token=token, body=wish(park()))["outcome"] == "checked"
    problem = send("POST", f"{PATH}?dry_run=true", 400, token=token, body=wish(park(places=["999999"])))
    assert named(problem) == ["payload/places/0"]
    assert not Proposal.objects.filter(origin="api").exists()


@pytest.mark.parametrize(("facts", "name"), [
    ({"areas": [{"key": "a", "measure": "sky", "value": 1}]}, "payload/areas/0/measure"),
    ({"areas": [{"key": "a", "measure": "site"}]}, "payload/areas/0/value"),
    ({"opened": "2017-13"}, "payload/opened"), ({"places": ["320999"]}, "payload/places/0"),
    ({"citations": []}, "payload/name"), ({"colour": "red"}, "payload"), ({"name": 5}, "payload/name"),
    ({"areas": [area("a", -1)]}, "payload/areas"), ({"category": "plan"}, "payload/category"),
    ({"citations": [{"path": "", "source": "rumour"}]}, "payload/citations/0/source"),
    ({"kind": "castle"}, "/kind"), ({"key": "No Key"}, "/key"), ({"kind": 5}, "/kind"), ({"key": ["a"]}, "/key"),
])  # fmt: skip
def test_what_is_wrong_with_a_payload_is_named_by_path(token: str, facts: Json, name: str) -> None:
    assert name in named(send("POST", PATH, 400, token=token, body=wish(park(**facts))))
    assert not Proposal.objects.filter(origin="api").exists()


@pytest.mark.parametrize(("body", "name"), [
    ({}, "payload"), ([], "body"), ("x", "body"), (5, "body"),
    ({"payload": park()}, "reason"), ({"payload": park(), "reason": "  "}, "reason"),
    ({"payload": park(), "reason": "x" * 241}, "reason"), ({"payload": [], "reason": "x"}, "payload"),
    ({"payload": park(), "reason": "x", "nature": "derived"}, "nature"),
    ({"payload": park(), "reason": "x", "author": "chief"}, "author"),
    ({"payload": park(), "reason": "x", "base_revision": -1}, "base_revision"),
    ({"payload": park(), "reason": "x", "base_revision": 10**12}, "base_revision"),
    ({"payload": park(), "reason": "x", "base_revision": True}, "base_revision"),
    ({"payload": park(), "reason": "x", "if_match": "*"}, "if_match"),
    ({"payload": park(), "reason": "x", "if_match": '"1"', "base_revision": 1}, "if_match"),
    ({"proposals": []}, "proposals"), ({"proposals": {}}, "proposals"),
    ({"proposals": [{}] * 1001}, "proposals"), ({"proposals": [5]}, "proposals/0"),
    ({"proposals": [wish(park())], "payload": park()}, "payload"),
])  # fmt: skip
def test_a_body_of_another_shape_is_refused_by_name(token: str, body: Any, name: str) -> None:
    assert name in named(send("POST", PATH, 400, token=token, body=body))
    assert not Proposal.objects.filter(origin="api").exists()


@pytest.mark.parametrize("query", ["atomic=yes", "dry_run=1", "colour=red", "atomic"])
def test_parameters_are_strict(token: str, query: str) -> None:
    send("POST", f"{PATH}?{query}", 400, token=token, body=wish(park()))


@pytest.mark.parametrize("raw", [
    b"null", b"\xff\xfe", b"{", b'{"payload": ' + b"[" * 3000, b'{"payload": {"name": "\\u0000"}, "reason": "x"}',
    b'{"payload": {"stated": 1e999999999}, "reason": "x"}', b'{"payload": {"a": 1' + b"0" * 6000 + b"}}",
])  # fmt: skip
def test_hostile_bodies_are_bad_requests(token: str, raw: bytes) -> None:
    answer = Client(headers={"Authorization": f"Bearer {token}"}).post(f"/api/v1/{PATH}", raw, "application/json")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert not Proposal.objects.filter(origin="api").exists()


def test_ten_megabytes_are_too_large(token: str) -> None:
    raw = b'{"payload": {"name": "' + b"x" * 10_000_000 + b'"}, "reason": "x"}'
    answer = Client(headers={"Authorization": f"Bearer {token}"}).post(f"/api/v1/{PATH}", raw, "application/json")
    assert answer.status_code == 413
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "media", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
def test_another_media_type_is_refused(token: str, media: str) -> None:
    answer = Client(headers={"Authorization": f"Bearer {token}"}).post(f"/api/v1/{PATH}", b"a=1", media)
    assert answer.status_code == 415


# --- who may --------------------------------------------------------------------------------------------------------


def test_without_a_token_nobody_proposes_or_looks(world: None, contributor: User) -> None:
    for method in ("POST", "GET"):
        assert send(method, PATH, 401, body=wish(park()) if method == "POST" else None)["status"] == 401
    client = Client()
    client.force_login(contributor)
    assert client.get(f"/api/v1/{PATH}").status_code == 401


def test_a_token_without_the_scope_does_not_propose(partner: User) -> None:
    reading = token_of(partner, "read")
    for method in ("POST", "GET"):
        send(method, PATH, 403, token=reading, body=wish(park()) if method == "POST" else None)


def test_a_holder_who_may_no_longer_propose_does_not(partner: User, token: str) -> None:
    roles.give(partner, Role.VIEWER)
    send("POST", PATH, 403, token=token, body=wish(park()))


def test_a_token_limited_to_kinds_proposes_no_other(partner: User) -> None:
    limited = token_of(partner, kinds=["park"])
    send("POST", PATH, 201, token=limited, body=wish(park()))
    assert "policy" not in send("POST", PATH, 403, token=limited, body=wish(policy()))["detail"]


@pytest.fixture
def two_cities(world: None) -> None:
    factories.live(place("310000", "上海市", "province", "100000"), place("320105", "建邺区", "district", "320100"))


def test_a_token_limited_to_places_stays_inside_them(partner: User, two_cities: None) -> None:
    limited = token_of(partner, places=["320100"])
    answer = send("POST", PATH, 207, token=limited, body=many(
        park("inside"), park("deeper", places=["320105"]), park("outside", places=["310000"]),
        park("both", places=["320100", "310000"]), park("nowhere", places=[]),
        factories.source("a-source"), factories.term("a-term", "park-category", "词"),
        place("320106", "鼓楼区", "district", "320100"), place("310101", "黄浦区", "district", "310000"),
    ))  # fmt: skip
    assert [result["status"] for result in answer["results"]] == [201, 201, 403, 403, 403, 201, 403, 201, 403]
    assert "310000" in answer["results"][2]["problem"]["detail"]


def test_an_entry_outside_is_not_drawn_inside(partner: User, two_cities: None) -> None:
    factories.live(park("theirs", places=["310000"]))
    limited = token_of(partner, places=["320100"])
    send("POST", PATH, 403, token=limited, body=wish(park("theirs", places=["320100"])))


# --- on what it was written -----------------------------------------------------------------------------------------


def test_a_proposal_on_the_live_entry_is_taken_with_its_tag(token: str) -> None:
    factories.live(park())
    tag = entry_tag("park", "river-park")
    for number, given in enumerate((tag, f"W/{tag}", f'"{tag.strip(chr(34))}-0123456789abcdef"')):
        body = wish(park(name=f"江畔{number}园"))
        answer = send("POST", PATH, 201, token=token, body=body, if_match=given)
        assert Proposal.objects.get(pk=answer["id"]).base_revision == 1


def test_a_proposal_on_what_has_changed_meanwhile_is_a_412(token: str, contributor: User, editor: User) -> None:
    factories.live(park())
    tag = entry_tag("park", "river-park")
    factories.change(contributor, editor, park(name="江畔新园"))
    problem = send("POST", PATH, 412, token=token, body=wish(park(name="乙园")), if_match=tag)
    assert "revision 2" in problem["detail"]
    send("POST", PATH, 412, token=token, body=wish(park(name="乙园"), base_revision=1))
    send("POST", PATH, 201, token=token, body=wish(park(name="乙园"), base_revision=2))
    assert Proposal.objects.filter(origin="api").count() == 1


def test_a_tag_from_before_a_change_of_others_names_still_holds(token: str, contributor: User, editor: User) -> None:
    factories.live(park())
    tag = entry_tag("park", "river-park")
    factories.change(
        contributor, editor, place("320100", "南京市", "city", "320000", short_name="宁", name_en="Nanking")
    )
    assert entry_tag("park", "river-park") != tag
    send("POST", PATH, 201, token=token, body=wish(park(name="乙园")), if_match=tag)


@pytest.mark.parametrize("given", ['"999999"', '"1"'])
def test_a_tag_of_something_else_is_a_412(token: str, given: str) -> None:
    factories.live(park())
    send("POST", PATH, 412, token=token, body=wish(park(name="乙园")), if_match=given)


def test_what_must_be_new_is_refused_where_there_is_one(token: str) -> None:
    send("POST", PATH, 201, token=token, body=wish(park(), base_revision=0))
    factories.live(park())
    send("POST", PATH, 412, token=token, body=wish(park(name="乙园"), base_revision=0))


@pytest.mark.parametrize("given", ["nonsense", "*", '""', ""])
def test_a_header_that_is_no_tag_is_refused_by_name(token: str, given: str) -> None:
    assert "if_match" in named(send("POST", PATH, 400, token=token, body=wish(park()), if_match=given))


def test_a_withdrawn_entry_is_not_changed(token: str, contributor: User, editor: User) -> None:
    factories.live(park())
    factories.withdraw(contributor, editor, factories.entry("park", "river-park"))
    send("POST", PATH, 403, token=token, body=wish(park(name="乙园")))
