"""Many proposals at once, each judged for itself; and each request done once."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tracker.accounts.models import User
from tracker.accounts.roles import Role
from tracker.curation import proposals
from tracker.curation.models import Proposal
from tracker.curation.work.models import Task
from tracker.entries.models import Entry
from tracker.testing.api import send
from tracker.values import canonical

from . import factories
from .factories import area, park, policy
from .sending import PATH, many, named, outcomes, token_of, wish

# --- many -----------------------------------------------------------------------------------------------------------


def test_of_many_each_is_judged_for_itself(token: str) -> None:
    factories.live(park("same"))
    answer = send("POST", PATH, 207, token=token, body={"proposals": [
        wish(park("one")), wish(park("bad", opened="2017-13")), wish(park("same")), {"payload": park("two")},
        wish(park("one", name="又一个")), wish(park("late"), base_revision=3), wish({"kind": "castle", "key": "x"}),
        wish(policy()),
    ]})  # fmt: skip
    assert outcomes(answer) == [
        (201, "created"), (400, "refused"), (200, "unchanged"), (400, "refused"), (409, "refused"), (412, "refused"),
        (400, "refused"), (201, "created"),
    ]  # fmt: skip
    assert named(answer["results"][1]["problem"]) == ["payload/opened"]
    assert named(answer["results"][3]["problem"]) == ["reason"]
    assert {name: answer[name] for name in ("created", "unchanged", "checked", "refused")} == {
        "created": 2, "unchanged": 1, "checked": 0, "refused": 5,
    }  # fmt: skip
    made = Proposal.objects.filter(origin="api").order_by("id")
    assert [(proposal.kind, proposal.key) for proposal in made] == [("park", "one"), ("policy", "ai-opinions")]
    assert len({proposal.batch for proposal in made}) == 1


def test_all_or_none_when_asked_for(token: str) -> None:
    body = many(park("one"), park("bad", opened="2017-13"), park("lost", places=["999999"]))
    problem = send("POST", f"{PATH}?atomic=true", 400, token=token, body=body)
    assert named(problem) == ["proposals/1/payload/opened"] or set(named(problem)) == {
        "proposals/1/payload/opened", "proposals/2/payload/places/0",
    }  # fmt: skip
    assert not Proposal.objects.filter(origin="api").exists()
    unreadable = {"proposals": [wish(park("one")), {"payload": park("two")}]}
    assert named(send("POST", f"{PATH}?atomic=true", 400, token=token, body=unreadable)) == ["proposals/1/reason"]
    assert not Proposal.objects.filter(origin="api").exists()
    answer = send("POST", f"{PATH}?atomic=true", 207, token=token, body=many(park("one"), park("two")))
    assert answer["created"] == 2


def test_proposals_of_one_call_may_refer_to_one_another(token: str, editor: User) -> None:
    source = factories.source("notice-2026", "公告")
    new = park("new-park", citations=[{"path": "", "source": "notice-2026"}])
    within = park("part", parents=[{"key": "whole", "park": "new-park"}])
    answer = send("POST", PATH, 207, token=token, body=many(within, new, source))
    assert answer["created"] == 3
    waiting = list(Proposal.objects.filter(origin="api"))
    assert proposals.approve_and_publish(actor=editor, proposals=waiting).published == 3


def test_what_refers_to_a_refused_one_of_the_call_is_refused_too(token: str) -> None:
    bad = factories.source("notice-2026", "公告", date="2026-13")
    citing = park("citing", citations=[{"path": "", "source": "notice-2026"}])
    answer = send("POST", PATH, 207, token=token, body=many(bad, citing, park("other")))
    assert outcomes(answer) == [(400, "refused"), (400, "refused"), (201, "created")]
    assert "notice-2026" in answer["results"][1]["problem"]["errors"][0]["message"]


def test_what_the_database_refuses_is_found_among_many(token: str) -> None:
    parks = [park(f"park-{number}", areas=[area("site", -1 if number in (3, 8) else 5)]) for number in range(12)]
    answer = send("POST", PATH, 207, token=token, body=many(*parks))
    refused = [index for index, result in enumerate(answer["results"]) if result["outcome"] == "refused"]
    assert refused == [3, 8]
    assert answer["results"][3]["problem"]["errors"] == [{"name": "payload/areas", "message": "面积不能为负。"}]
    assert answer["created"] == 10


def test_a_header_of_one_entry_does_not_go_with_many(token: str) -> None:
    problem = send("POST", PATH, 400, token=token, body=many(park()), if_match='"1"')
    assert named(problem) == ["If-Match"]


def test_a_hundred_cost_hardly_more_queries_than_ten(token: str) -> None:
    counted = []
    for count in (10, 100):
        body = many(*(park(f"p{count}-{number}") for number in range(count)))
        with CaptureQueriesContext(connection) as captured:
            send("POST", f"{PATH}?dry_run=true", 207, token=token, body=body)
        counted.append(len(captured))
    assert counted[1] < counted[0] + 20


def test_what_is_sent_is_work_for_the_editors_until_it_is_decided_on(token: str, editor: User) -> None:
    send("POST", PATH, 207, token=token, body=many(park("a"), park("b", "乙园")))
    waiting = Task.objects.open().filter(sort="in_review").order_by("key")
    assert [(task.key, task.name, task.place and task.place.key) for task in waiting] == [
        ("a", "江畔园", "320100"), ("b", "乙园", "320100")]  # fmt: skip
    proposals.reject(actor=editor, proposal=Proposal.objects.get(key="a"), note="重复")
    assert [task.key for task in waiting.all()] == ["b"]


# --- once -----------------------------------------------------------------------------------------------------------


def test_a_request_sent_again_with_its_key_is_answered_the_same_and_done_once(token: str) -> None:
    client = Client(headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "sync-1"})
    body = canonical.dumps(many(park("one"), park("bad", opened="2017-13")))
    first, second = (client.post(f"/api/v1/{PATH}", body, "application/json") for _ in range(2))
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert "Idempotency-Replayed" not in first
    assert second["Idempotency-Replayed"] == "true"
    assert Proposal.objects.filter(origin="api").count() == 1


def test_one_sent_again_has_its_address_again(token: str) -> None:
    client = Client(headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "sync-1"})
    first, second = (
        client.post(f"/api/v1/{PATH}", canonical.dumps(wish(park())), "application/json") for _ in range(2)
    )
    assert first["Location"] == second["Location"]


def test_another_body_or_query_under_the_same_key_is_refused(token: str) -> None:
    send("POST", PATH, 201, token=token, body=wish(park()), idempotency_key="k")
    assert "new one" in send("POST", PATH, 422, token=token, body=wish(park("b")), idempotency_key="k")["detail"]
    send("POST", f"{PATH}?atomic=true", 422, token=token, body=wish(park()), idempotency_key="k")
    assert Proposal.objects.filter(origin="api").count() == 1


def test_a_refused_request_may_be_mended_under_its_key(token: str) -> None:
    send("POST", PATH, 400, token=token, body=wish(park(opened="2017-13")), idempotency_key="k")
    send("POST", PATH, 201, token=token, body=wish(park(opened="2017-12")), idempotency_key="k")


def test_a_key_of_another_shape_is_refused_by_name(token: str) -> None:
    assert named(send("POST", PATH, 400, token=token, body=wish(park()), idempotency_key="x" * 300)) == [
        "Idempotency-Key"
    ]
    assert not Proposal.objects.filter(origin="api").exists()


def test_a_dry_run_takes_no_key(token: str) -> None:
    send("POST", f"{PATH}?dry_run=true", 200, token=token, body=wish(park()), idempotency_key="k")
    send("POST", PATH, 201, token=token, body=wish(park()), idempotency_key="k")


def test_every_payload_of_the_founding_data_can_be_sent_as_it_is(founding: None) -> None:
    """What the fixtures hold is what partners send: the same payloads are known as unchanged."""
    partner = factories.user("partner", Role.API_PARTNER)
    rows = Entry.objects.live().exclude(kind="place").order_by("?")[:1000]
    payloads = [canonical.loads(entry.revisions.get(number=entry.revision).payload) for entry in rows]
    answer = send("POST", PATH, 207, token=token_of(partner), body=many(*payloads))
    assert answer["unchanged"] == len(payloads)
