"""A person limited to places and kinds: what every service refuses them, and how they are told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tracker.accounts.models import User
from tracker.accounts.roles import Role
from tracker.curation import proposals
from tracker.curation.importing import services as imports
from tracker.curation.importing.tests import bringing
from tracker.curation.models import Proposal
from tracker.curation.publish import publish
from tracker.curation.work import tasks
from tracker.curation.work.models import Task
from tracker.testing.api import send
from tracker.values.errors import Refused

from . import factories
from .factories import park, place, policy
from .sending import PATH, token_of, wish

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def map_of_two(world: None) -> None:
    """南京 with a district, and 苏州; a park in each, and one policy in 南京."""
    factories.live(place("320500", "苏州市", "city", "320000"), place("320102", "玄武区", "district", "320100"))
    factories.live(park("inside", "里园", places=["320102"]), park("outside", "外园", places=["320500"]),
                   policy("inside-policy", "意见"))  # fmt: skip


@pytest.fixture
def here(map_of_two: None) -> User:
    """An editor of 南京's parks."""
    return limited(factories.user("nanjing", Role.EDITOR), ["park"], ["320100"])


@pytest.fixture
def author(map_of_two: None) -> User:
    return factories.user("tougao", Role.CONTRIBUTOR)


def limited(user: User, kinds: list[str], places: list[str]) -> User:
    user.kinds, user.places = kinds, places
    user.save()
    return user


def changed(key: str, place_: str) -> Any:
    return park(key, "新名", places=[place_])


def test_what_lies_inside_however_deep_is_theirs(here: User, author: User) -> None:
    other = factories.user("other", Role.EDITOR)
    assert factories.change(here, other, changed("inside", "320102")).published == 1
    assert factories.change(author, here, park("inside", "再改", places=["320102"])).published == 1


@pytest.mark.parametrize(("payload", "said"), [
    (park("outside", "新名", places=["320500"]), "您只管地区 320100 .*：320500 不在其内"),
    (park("outside", "新名", places=["320100"]), "320500 不在其内"),
    (park("inside", "新名", places=["320102", "320500"]), "320500 不在其内"),
    (park("fresh", "新园", places=["320500"]), "320500 不在其内"),
    (policy("inside-policy", "新名"), "您只管 park you are limited to park"),
])  # fmt: skip
def test_proposing_beyond_is_refused_and_the_limit_is_named(here: User, payload: Any, said: str) -> None:
    with pytest.raises(Refused, match=said):
        proposals.propose(actor=here, payload=payload, reason="据公告")
    assert not Proposal.objects.filter(author=here).exists()


def test_a_draft_need_not_say_yet_where_it_lies_but_is_not_handed_over_so(here: User) -> None:
    draft = proposals.propose(actor=here, payload={"kind": "park", "key": "fresh", "name": "新园"}, reason="据公告")
    with pytest.raises(Refused, match="它不在任何地区"):
        proposals.submit(actor=here, proposal=draft)
    with pytest.raises(Refused, match="320500 不在其内"):
        proposals.edit_draft(actor=here, proposal=draft, payload=park("fresh", places=["320500"]), nature="new",
                             reason="据公告")  # fmt: skip


def test_withdrawing_merging_and_restoring_beyond_are_refused(here: User) -> None:
    entry = factories.entry("park", "outside")
    with pytest.raises(Refused, match="320500 不在其内"):
        proposals.propose_withdrawal(actor=here, entry=entry, reason="误收")
    with pytest.raises(Refused, match="320500 不在其内"):
        proposals.propose_merge(actor=here, entry=entry, successor="inside", reason="重复")
    with pytest.raises(Refused, match="320500 不在其内"):
        proposals.propose_restore(actor=here, revision=entry.revisions.get(number=1), reason="恢复")


@pytest.mark.parametrize("move", ["approve", "request_changes", "reject", "cancel", "approve_and_publish"])
def test_every_move_of_a_reviewer_beyond_is_refused(here: User, author: User, move: str) -> None:
    waiting = factories.propose(author, changed("outside", "320500"))
    with pytest.raises(Refused, match="320500 不在其内"):
        if move == "approve_and_publish":
            proposals.approve_and_publish(actor=here, proposals=[waiting])
        else:
            getattr(proposals, move)(actor=here, proposal=waiting, note="不对")
    waiting.refresh_from_db()
    assert waiting.state == Proposal.State.IN_REVIEW


def test_publishing_what_another_approved_beyond_is_refused(here: User, author: User, editor: User) -> None:
    approved = proposals.approve(actor=editor, proposal=factories.propose(author, changed("outside", "320500")))
    with pytest.raises(Refused, match="320500 不在其内"):
        publish(actor=here, proposals=[approved])


def test_forcing_ones_own_after_being_limited_is_refused(chief: User, map_of_two: None) -> None:
    waiting = factories.propose(chief, changed("outside", "320500"))
    limited(chief, [], ["320100"])
    with pytest.raises(Refused, match="320500 不在其内"):
        proposals.force(actor=chief, proposal=waiting, reason="急")


def test_a_row_of_a_file_beyond_is_reported_and_nothing_lands(here: User) -> None:
    rows = bringing.table(["key", "name", "places", "category"], [
        ("inside", "新名", "320102", "science-city"), ("outside", "新名", "320500", "science-city")])  # fmt: skip
    of = bringing.bring(here, rows, "parks.csv", "park", source="report-2021")
    assert of.state == "wrong"
    assert [(row, column, "320500 不在其内" in reason) for row, column, reason in bringing.problems(of)] == [
        (3, "key", True)]  # fmt: skip
    with pytest.raises(Refused, match="您只管 park"):
        bringing.bring(here, "key,title\na,b\n", "policies.csv", "policy")


def test_a_limit_that_comes_between_dry_run_and_batch_holds(editor: User, map_of_two: None) -> None:
    rows = bringing.table(["key", "name"], [("outside", "新名")])
    of = bringing.bring(editor, rows, "parks.csv", "park")
    limited(editor, [], ["320100"])
    done = bringing.propose(editor, of)
    assert done.job is not None
    assert done.job.state == "failed"
    assert "320500 不在其内" in done.job.message
    assert not Proposal.objects.filter(author=editor).exists()


@pytest.mark.parametrize("move", ["publish", "reject"])
def test_a_batch_beyond_is_neither_published_nor_rejected(here: User, author: User, move: str) -> None:
    rows = bringing.table(["key", "name"], [("inside", "新名"), ("outside", "新名")])
    of = bringing.propose(author, bringing.bring(author, rows, "parks.csv", "park"))
    with pytest.raises(Refused, match="park/outside：您只管地区 320100"):
        getattr(imports, move)(actor=here, of=of, note="不对", now=NOW)
    assert set(Proposal.objects.filter(batch=of.batch).values_list("state", flat=True)) == {"in_review"}


def test_tasks_beyond_are_not_taken_given_put_off_or_dismissed(here: User, editor: User) -> None:
    far, near = (Task.objects.filter(kind="park", key=key, sort="missing_field") for key in ("outside", "inside"))
    beyond: list[Callable[[], object]] = [
        lambda: tasks.assign(actor=here, tasks=far, owner=here, now=NOW),
        lambda: tasks.assign(actor=editor, tasks=far, owner=here, now=NOW),
        lambda: tasks.set_due(actor=here, tasks=far, due=NOW.date(), now=NOW),
        lambda: tasks.dismiss(actor=here, tasks=far, reason="不对", now=NOW),
    ]
    for refused in beyond:
        with pytest.raises(Refused, match="320500 不在其内"):
            refused()
    done = tasks.dismiss(actor=editor, tasks=far, reason="不对", now=NOW)
    with pytest.raises(Refused, match="320500 不在其内"):
        tasks.undo(actor=here, batch=done.batch, now=NOW)
    assert tasks.dismiss(actor=here, tasks=near, reason="不对", now=NOW).count == near.count() > 0


def test_all_that_is_filtered_leaves_out_what_is_beyond_and_says_how_much(client: Client, here: User) -> None:
    far, near = (Task.objects.filter(kind="park", key=key, sort="missing_field") for key in ("outside", "inside"))
    client.force_login(here)
    every = {"all": "yes", "query": "sort=missing_field&kind=park", "do": "dismiss", "reason": "不对"}
    answer = client.post("/admin/tracker/task/", every, follow=True)
    assert f"{far.count()} 件不在您所管的范围内" in answer.content.decode()
    assert (set(far.values_list("state", flat=True)), set(near.values_list("state", flat=True))) == (
        {"open"}, {"dismissed"})  # fmt: skip
    ticked = {"task": [task.pk for task in far], "do": "dismiss", "reason": "不对"}
    assert "320500 不在其内" in client.post("/admin/tracker/task/", ticked, follow=True).content.decode()


def test_a_partners_token_is_limited_as_its_holder_is(partner: User, map_of_two: None) -> None:
    limited(partner, [], ["320100"])
    token = token_of(partner)
    problem = send("POST", PATH, 403, token=token, body=wish(changed("outside", "320500")))
    assert "320500 不在其内" in str(problem)
    send("POST", PATH, 201, token=token, body=wish(changed("inside", "320102")))


def test_an_administrator_has_no_limits(map_of_two: None) -> None:
    root = limited(User.objects.create_superuser("root"), ["park"], ["320100"])
    assert proposals.propose(actor=root, payload=changed("outside", "320500"), reason="据公告").pk


# --- the admin ----------------------------------------------------------------------------------------------------


def page(user: User, name: str, *args: Any) -> str:
    client = Client()
    client.force_login(user)
    answer = client.get(reverse(f"admin:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_entry_beyond_says_why_it_has_no_buttons(here: User) -> None:
    far, near = (page(here, "parks_park_change", factories.entry("park", key).pk) for key in ("outside", "inside"))
    assert "您只管地区 320100" in far
    assert reverse("admin:tracker_proposal_propose", args=["park", "outside"]) not in far
    assert "您只管地区" not in near
    assert reverse("admin:tracker_proposal_propose", args=["park", "inside"]) in near


def test_a_proposal_beyond_says_why_it_has_no_moves(here: User, author: User) -> None:
    far, near = (page(here, "tracker_proposal_change", factories.propose(author, changed(key, place_)).pk)
                 for key, place_ in (("outside", "320500"), ("inside", "320102")))  # fmt: skip
    assert "您只管地区 320100" in far
    assert 'value="publish"' not in far
    assert 'value="publish"' in near


def test_every_page_says_what_one_is_limited_to_and_each_list_whether_it_is_among_it(here: User) -> None:
    assert "园区；南京市" in page(here, "index")
    assert "您只管" in page(here, "policies_policy_changelist")


# --- giving limits ------------------------------------------------------------------------------------------------


def given(chief: User, person: User, **typed: Any) -> Any:
    client = Client()
    client.force_login(chief)
    address = reverse("admin:tracker_user_change", args=[person.pk])
    return client.post(address, {"username": person.username, "is_active": "on", "is_staff": "on", **typed})


def test_the_chief_editor_limits_somebody_by_name_or_code(chief: User, author: User) -> None:
    groups = list(author.groups.values_list("pk", flat=True))
    answer = given(chief, author, kinds=["park", "source"], places="南京市\n320500 苏州市", groups=groups)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    author.refresh_from_db()
    assert (author.kinds, author.places) == (["park", "source"], ["320100", "320500"])
    shown = page(chief, "tracker_user_change", author.pk)
    assert "320100 南京市\n320500 苏州市" in shown
    assert "南京市、苏州市" in page(chief, "tracker_user_changelist")


@pytest.mark.parametrize(("typed", "said"), [
    ({"places": "320100\n乌有之乡"}, "没有叫“乌有之乡”的条目"), ({"places": "999999"}, "没有地区：999999"),
    ({"kinds": ["castle"]}, "castle"),
])  # fmt: skip
def test_an_unknown_place_or_kind_is_a_clear_error(chief: User, author: User, typed: Any, said: str) -> None:
    answer = given(chief, author, **typed)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    author.refresh_from_db()
    assert (author.kinds, author.places) == ([], [])
