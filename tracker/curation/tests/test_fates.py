"""What became of proposals: seen by who sent them, and by nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tracker.accounts.models import User
from tracker.accounts.roles import Role
from tracker.curation import proposals
from tracker.curation.models import Proposal
from tracker.entries.fields import Json
from tracker.entries.models import Change
from tracker.testing.api import send
from tracker.values import canonical

from . import factories
from .factories import park, place, policy
from .sending import PATH, many, named, sent, token_of


def fate(token: str, proposal: Proposal) -> Json:
    found: Json = send("GET", f"{PATH}{proposal.pk}/", 200, token=token)
    return found


def test_a_partner_sees_the_fate_of_a_proposal(token: str, editor: User) -> None:
    proposal = sent(token, park())
    waiting = fate(token, proposal)
    assert (waiting["state"], waiting["published"], waiting["payload"]) == ("in_review", None, park())
    proposals.approve_and_publish(actor=editor, proposals=[proposal], note="谢谢")
    done = fate(token, proposal)
    entry = factories.entry("park", "river-park")
    assert done["state"] == "published"
    assert done["review_note"] == "谢谢"
    assert done["published"] == {"revision": 1, "seq": entry.version, "url": "/api/v1/parks/river-park/"}
    assert entry.revisions.get().origin == "api"


def test_the_number_is_that_of_its_own_change_and_not_of_what_followed(
    token: str, contributor: User, editor: User
) -> None:
    proposal = sent(token, park())
    proposals.approve_and_publish(actor=editor, proposals=[proposal])
    number = Change.objects.get(key="river-park").seq
    factories.change(
        contributor, editor, place("320100", "南京市", "city", "320000", short_name="宁", name_en="Nanking")
    )
    assert Change.objects.filter(key="river-park").count() == 2
    assert fate(token, proposal)["published"]["seq"] == number


def test_what_was_sent_back_or_rejected_says_why(token: str, editor: User) -> None:
    back, rejected = sent(token, park("a")), sent(token, park("b"))
    proposals.request_changes(actor=editor, proposal=back, note="请注明出处")
    proposals.reject(actor=editor, proposal=rejected, note="重复")
    assert [(fate(token, one)["state"], fate(token, one)["review_note"]) for one in (back, rejected)] == [
        ("changes_requested", "请注明出处"), ("rejected", "重复"),
    ]  # fmt: skip


def test_one_that_changed_nothing_when_it_was_published_has_no_number(token: str, editor: User) -> None:
    factories.live(park())
    first, second = sent(token, park(name="新园")), sent(token, park(name="江畔园", aliases=["旧名"]))
    Proposal.objects.filter(pk=second.pk).update(payload=canonical.dumps(park()))
    second.refresh_from_db()
    proposals.approve_and_publish(actor=editor, proposals=[second])
    proposals.approve_and_publish(actor=editor, proposals=[first])
    assert fate(token, first)["published"]["revision"] == 2
    assert fate(token, second)["published"] == {"revision": None, "seq": None, "url": "/api/v1/parks/river-park/"}


def test_nobody_sees_the_proposals_of_another(token: str, contributor: User, editor: User) -> None:
    mine = sent(token, park())
    in_the_admin = factories.propose(contributor, park("b"))
    other = token_of(factories.user("other", Role.API_PARTNER))
    chief = token_of(factories.user("chief", Role.CHIEF_EDITOR))
    for stranger in (other, chief, token_of(contributor)):
        assert send("GET", PATH, 200, token=stranger)["results"] == []
        send("GET", f"{PATH}{mine.pk}/", 404, token=stranger)
        send("GET", f"{PATH}{in_the_admin.pk}/", 404, token=stranger)


@pytest.mark.parametrize("pk", ["0", "999999", "9" * 30, "x", "-1"])
def test_a_proposal_that_is_not_there_is_a_404(token: str, pk: str) -> None:
    answer = Client(headers={"Authorization": f"Bearer {token}"}).get(f"/api/v1/{PATH}{pk}/")
    assert answer.status_code == 404


def test_a_list_is_paged_newest_first_and_counted_when_asked(token: str) -> None:
    made = [sent(token, park(f"p{number}")).pk for number in range(5)]
    first = send("GET", f"{PATH}?page_size=2&count=true", 200, token=token)
    second = send("GET", first["next"].removeprefix("/api/v1/"), 200, token=token)
    third = send("GET", second["next"].removeprefix("/api/v1/"), 200, token=token)
    assert [item["id"] for page in (first, second, third) for item in page["results"]] == made[::-1]
    assert first["count"] == 5 and third["next"] is None


def test_a_list_is_narrowed(token: str, editor: User) -> None:
    one, two = sent(token, park("a")), sent(token, policy())
    proposals.reject(actor=editor, proposal=two, note="重复")
    for query, expected in (("state=in_review", [one.pk]), ("kind=policy", [two.pk]), ("key=a", [one.pk]),
                            ("state=in_review&state=rejected", [two.pk, one.pk]), ("key=c", [])):  # fmt: skip
        assert [item["id"] for item in send("GET", f"{PATH}?{query}", 200, token=token)["results"]] == expected


@pytest.mark.parametrize(("query", "name"), [("state=lost", "state"), ("kind=castle", "kind"), ("colour=red", "colour"),
                                             ("cursor=x", "cursor"), ("key=%00", "key")])  # fmt: skip
def test_a_wrong_parameter_of_the_list_is_named(token: str, query: str, name: str) -> None:
    assert name in named(send("GET", f"{PATH}?{query}", 400, token=token))


def test_a_long_list_costs_the_same_few_queries(token: str, editor: User, django_assert_max_num_queries: Any) -> None:
    body = many(*(park(f"p{number}") for number in range(30)))
    send("POST", PATH, 207, token=token, body=body)
    proposals.approve_and_publish(actor=editor, proposals=list(Proposal.objects.filter(origin="api")))
    client = Client(headers={"Authorization": f"Bearer {token}"})
    with django_assert_max_num_queries(4):
        found = client.get(f"/api/v1/{PATH}?page_size=200").json()["results"]
    assert all(item["published"]["revision"] == 1 for item in found)
