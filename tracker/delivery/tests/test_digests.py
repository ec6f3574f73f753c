"""Digests: equal for an equal copy, and leading to what is not."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest
from django.test import Client

from tracker.accounts.models import User
from tracker.accounts.roles import Role
from tracker.curation.tests import factories
from tracker.curation.tests.factories import change, entry, park
from tracker.delivery import feed
from tracker.testing.api import every, get, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def author() -> User:
    factories.ensure_world()
    factories.live(*(park(f"park-{number}", f"{number}号园") for number in range(12)), park("park", "园"))
    return factories.user("tougao", Role.CONTRIBUTOR)


@pytest.fixture
def editor(author: User) -> User:
    return factories.user("bianji", Role.EDITOR)


def digest(lines: list[str]) -> str:
    """As docs/partners.md tells a partner to work it out."""
    return sha256("".join(sorted(f"{line}\n" for line in lines)).encode()).hexdigest()


def copy(plural: str) -> list[str]:
    return [f"{document['key']} {document['version']}" for document in every(plural, page_size=200)]


def bucket(line: str) -> int:
    return sha256(line.partition(" ")[0].encode()).digest()[0]


def digests(**parameters: Any) -> dict[str, Any]:
    return {kind["kind"]: kind for kind in get("changes/digests/", **parameters)["kinds"]}


def test_each_kind_has_the_digest_of_its_keys_and_versions(author: User) -> None:
    answer = get("changes/digests/")
    assert answer["through"] == feed.last_number()
    found = digests()
    for kind, plural in (("park", "parks/"), ("place", "places/"), ("policy", "policies/")):
        assert found[kind] == {"kind": kind, "count": len(copy(plural)), "sha256": digest(copy(plural))}
    assert found["policy"]["sha256"] == sha256(b"").hexdigest()


def test_a_bucket_holds_the_keys_whose_hash_begins_with_its_number(author: User) -> None:
    found = digests(kind="park")["park"]
    assert found["sha256"] == digest(copy("parks/"))
    assert found["buckets"] == [digest([line for line in copy("parks/") if bucket(line) == number])
                                for number in range(256)]  # fmt: skip


def test_what_a_bucket_holds_can_be_listed(author: User) -> None:
    wanted = bucket("park-3")
    listed = digests(kind="park", bucket=wanted)["park"]["entries"]
    assert [f"{item['key']} {item['version']}" for item in listed] == [
        line for line in sorted(copy("parks/")) if bucket(line) == wanted
    ]  # fmt: skip
    assert "park-3" in [item["key"] for item in listed]


def test_only_the_bucket_of_what_changed_differs(author: User, editor: User) -> None:
    before = digests(kind="park")["park"]["buckets"]
    change(author, editor, park("park-5", "五号新园"))
    after = digests(kind="park")["park"]["buckets"]
    assert [number for number in range(256) if before[number] != after[number]] == [bucket("park-5")]


def test_what_was_withdrawn_is_not_in_it(author: User, editor: User) -> None:
    factories.withdraw(author, editor, entry("park", "park-5"))
    assert digests()["park"] == {"kind": "park", "count": 12, "sha256": digest(copy("parks/"))}


def test_those_of_an_earlier_number_stay_what_they_were(author: User, editor: User) -> None:
    number, then = feed.last_number(), digests()
    change(author, editor, park("park-5", "五号新园"))
    factories.withdraw(author, editor, entry("park", "park-6"))
    assert digests(through=number) == then
    assert digests() != then


def test_unchanged_they_are_not_sent_again_for_one_query(author: User, editor: User,
                                                         django_assert_num_queries: Any) -> None:  # fmt: skip
    client = Client()
    tag = client.get("/api/v1/changes/digests/")["ETag"]
    with django_assert_num_queries(1):
        answer = client.get("/api/v1/changes/digests/", headers={"If-None-Match": tag})
    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag)
    change(author, editor, park("park-5", "五号新园"))
    assert client.get("/api/v1/changes/digests/", headers={"If-None-Match": tag}).status_code == 200


def test_they_cost_one_query_for_all_kinds(author: User, django_assert_num_queries: Any) -> None:
    for parameters in ({}, {"kind": ["park", "place"]}, {"kind": "park", "bucket": "7"}):
        with django_assert_num_queries(2):  # and one for the last number
            get("changes/digests/", **parameters)


@pytest.mark.parametrize(
    ("parameters", "named", "said"),
    [
        ({"kind": "prak"}, "kind", "did you mean park?"),
        ({"through": "999999"}, "through", "the last feed number is"),
        ({"through": "soon"}, "through", "must be a feed number"),
        ({"bucket": "3"}, "bucket", "goes with one kind"),
        ({"bucket": "3", "kind": ["park", "place"]}, "bucket", "goes with one kind"),
        ({"bucket": "256", "kind": "park"}, "bucket", "from 0 to 255"),
        ({"bucket": "", "kind": "park"}, "bucket", "has no value"),
        ({"place": "320100"}, "place", "unknown parameter"),
    ],
)
def test_a_wrong_parameter_is_named(parameters: dict[str, Any], named: str, said: str, author: User) -> None:
    assert said in refused("changes/digests/", **parameters)[named]
