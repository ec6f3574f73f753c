"""The editors' admin: who may see and do what, and what happens then."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tracker.accounts.models import User
from tracker.accounts.roles import Role
from tracker.curation import proposals
from tracker.curation.admin import shown
from tracker.curation.forms.entry import EntryForm
from tracker.curation.forms.text import pretty
from tracker.curation.models import Proposal
from tracker.entries.models import Entry, Revision
from tracker.jobs.models import Job
from tracker.values import canonical

from . import factories
from .factories import area, entry, park, policy, propose
from .posting import posted

State = Proposal.State


def _as(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def people(viewer: User, contributor: User, editor: User, chief: User) -> dict[str, User]:
    return {"viewer": viewer, "contributor": contributor, "editor": editor, "chief": chief,
            "nobody": factories.user("wuming")}  # fmt: skip


@pytest.fixture
def waiting(people: dict[str, User]) -> Proposal:
    """A change of a public park, handed over by the contributor."""
    factories.live(park(), policy(parks=["river-park"]))
    return propose(people["contributor"], park(name="江畔科学城", areas=[area("site-2021", 12)]))


def _addresses(waiting: Proposal) -> dict[str, str]:
    found = entry("park", "river-park")
    revision = found.revisions.get(number=1)
    return {
        "index": reverse("admin:index"),
        "parks": reverse("admin:parks_park_changelist"),
        "park": reverse("admin:parks_park_change", args=[found.pk]),
        "policies": reverse("admin:policies_policy_changelist"),
        "places": reverse("admin:tracker_place_changelist"),
        "revisions": reverse("admin:tracker_revision_changelist"),
        "history": reverse("admin:tracker_revision_of", args=[found.pk]),
        "changes": reverse("admin:tracker_change_changelist"),
        "queue": reverse("admin:tracker_proposal_changelist"),
        "proposal": reverse("admin:tracker_proposal_change", args=[waiting.pk]),
        "new": reverse("admin:tracker_proposal_add") + "?kind=park",
        "kinds": reverse("admin:tracker_proposal_add"),
        "change": reverse("admin:tracker_proposal_propose", args=["park", "river-park"]),
        "withdraw": reverse("admin:tracker_proposal_withdraw", args=["park", "river-park"]),
        "merge": reverse("admin:tracker_proposal_merge", args=["park", "river-park"]),
        "restore": reverse("admin:tracker_revision_restore", args=[revision.pk]),
        "suggest": reverse("admin:tracker_proposal_suggest") + "?kinds=place&q=南京",
        "date": reverse("admin:tracker_proposal_date") + "?text=十四五",
        "jobs": reverse("admin:tracker_job_changelist"),
        "users": reverse("admin:tracker_user_changelist"),
    }  # fmt: skip


LOOKING = {"index", "parks", "park", "policies", "places", "revisions", "history", "changes"}
PROPOSING = {"queue", "proposal", "new", "kinds", "change", "withdraw", "merge", "restore", "suggest", "date"}
MAY = {
    "nobody": set(), "viewer": LOOKING, "contributor": LOOKING | PROPOSING,
    "editor": LOOKING | PROPOSING | {"jobs"}, "chief": LOOKING | PROPOSING | {"jobs", "users"},
}  # fmt: skip


@pytest.mark.parametrize("role", MAY)
def test_each_role_sees_its_pages_and_no_others(role: str, people: dict[str, User], waiting: Proposal) -> None:
    client = _as(people[role])
    seen = {name for name, url in _addresses(waiting).items() if client.get(url).status_code == 200}
    assert seen == MAY[role]


def test_nobody_sees_anything_without_logging_in(people: dict[str, User], waiting: Proposal) -> None:
    for url in _addresses(waiting).values():
        response = Client().get(url)
        assert response.status_code == 302
        assert "login" in response["Location"]


MOVES = ("submit", "approve", "publish", "request_changes", "reject", "cancel", "force")
MAY_MOVE = {
    "nobody": (), "viewer": (), "contributor": ("cancel",),
    "editor": ("approve", "publish", "request_changes", "reject", "cancel"),
    "chief": ("approve", "publish", "request_changes", "reject", "cancel"),
}  # fmt: skip


@pytest.mark.parametrize("role", MAY_MOVE)
@pytest.mark.parametrize("move", MOVES)
def test_each_role_moves_what_it_may(role: str, move: str, people: dict[str, User], waiting: Proposal) -> None:
    _move(people[role], waiting, move, "因为")
    waiting.refresh_from_db()
    assert (waiting.state != State.IN_REVIEW) == (move in MAY_MOVE[role])


def _move(user: User, proposal: Proposal, move: str, note: str = "", seen: str = "") -> str:
    """Press the button, and read the page that answers."""
    data = {"move": move, "note": note, "seen": seen or canonical.digest(proposal.payload)}
    client, url = _as(user), reverse("admin:tracker_proposal_move", args=[proposal.pk])
    return client.post(url, data, follow=True).content.decode()


def test_no_entry_revision_or_change_is_added_changed_or_deleted_by_hand(chief: User, waiting: Proposal) -> None:
    client = _as(chief)
    found = entry("park", "river-park")
    for name, pk in (("parks_park", found.pk), ("tracker_revision", Revision.objects.first().pk),  # type: ignore[union-attr]
                     ("tracker_change", found.version), ("tracker_proposal", waiting.pk)):  # fmt: skip
        assert client.post(reverse(f"admin:{name}_delete", args=[pk]), {"post": "yes"}).status_code == 403
    assert client.post(reverse("admin:parks_park_change", args=[found.pk]), {"name": "x"}).status_code == 200
    assert entry("park", "river-park").name == "江畔园"


def test_an_editor_sees_the_difference_the_proof_and_what_it_touches(editor: User, waiting: Proposal) -> None:
    page = _as(editor).get(reverse("admin:tracker_proposal_change", args=[waiting.pk])).content.decode()
    for words in ("江畔园", "江畔科学城", "site-2021", "报告 · 3.3", "人工智能意见", "批准并发布", "请作者修改"):
        assert words in page
    assert 'value="force"' not in page


def test_a_contributor_sees_their_proposal_without_the_reviewers_buttons(contributor: User, waiting: Proposal) -> None:
    page = _as(contributor).get(reverse("admin:tracker_proposal_change", args=[waiting.pk])).content.decode()
    assert "取消提案" in page
    assert "批准并发布" not in page


def test_what_was_edited_since_it_was_opened_is_not_approved(editor: User, waiting: Proposal) -> None:
    assert "又改过" in _move(editor, waiting, "publish", seen="another")
    waiting.refresh_from_db()
    assert waiting.state == State.IN_REVIEW


def test_a_stale_proposal_is_marked_and_refused_with_a_message(people: dict[str, User], waiting: Proposal) -> None:
    factories.change(people["contributor"], people["editor"], park(name="另一个名字"))
    client = _as(people["editor"])
    assert "底本已变" in client.get(reverse("admin:tracker_proposal_changelist")).content.decode()
    assert "另有改动" in client.get(reverse("admin:tracker_proposal_change", args=[waiting.pk])).content.decode()
    assert "请按现版重新提出" in _move(people["editor"], waiting, "publish")
    assert entry("park", "river-park").name == "另一个名字"


def _publish_together(user: User, chosen: list[Proposal]) -> str:
    """Choose in the list, look at all of it on one page, press once."""
    client = _as(user)
    data = {"action": "review_all", "_selected_action": [str(proposal.pk) for proposal in chosen]}
    page = client.post(reverse("admin:tracker_proposal_changelist"), data, follow=True)
    said = {"ids": page.context["ids"], "seen": page.context["seen"], "move": "publish"}
    return client.post(reverse("admin:tracker_proposal_together"), said, follow=True).content.decode()


def test_many_are_approved_and_published_in_one_go(people: dict[str, User], waiting: Proposal) -> None:
    others = [propose(people["contributor"], park(f"park-{number}", f"园{number}")) for number in range(9)]
    assert "已发布 10 条" in _publish_together(people["editor"], [waiting, *others])
    assert Entry.objects.live().filter(kind="park").count() == 10


def test_of_many_none_is_published_when_one_cannot_be(people: dict[str, User], waiting: Proposal) -> None:
    own = propose(people["editor"], park("own-park", "自己的园"))
    assert "不能审自己的提案" in _publish_together(people["editor"], [waiting, own])
    assert entry("park", "river-park").name == "江畔园"


def test_a_contributor_has_no_bulk_action(contributor: User, waiting: Proposal) -> None:
    data = {"action": "review_all", "_selected_action": [str(waiting.pk)]}
    _as(contributor).post(reverse("admin:tracker_proposal_changelist"), data)
    address = f"{reverse('admin:tracker_proposal_together')}?ids={waiting.pk}"
    assert _as(contributor).get(address).status_code == 403
    waiting.refresh_from_db()
    assert waiting.state == State.IN_REVIEW


# --- the form over HTTP -------------------------------------------------------------------------------------------


def _submit(user: User, url: str, form: EntryForm, do: str, **inputs: str) -> Any:
    return _as(user).post(url, {**posted(form), "reason": "据公告", "do": do, **inputs}, follow=True)


def test_a_change_is_proposed_through_the_form(contributor: User) -> None:
    factories.live(park())
    url = reverse("admin:tracker_proposal_propose", args=["park", "river-park"])
    page = _submit(contributor, url, EntryForm(park()), "submit", opened="2019年底", nature="world")
    assert "已提交" in page.content.decode()
    made = Proposal.objects.get(author=contributor)
    assert (made.state, made.nature, made.base_revision, made.reason) == (State.IN_REVIEW, "world", 1, "据公告")
    assert canonical.loads(made.payload) == park(opened="2019-12~")
    assert made.request_id


def test_a_wrong_form_keeps_what_was_typed_and_saves_nothing(contributor: User) -> None:
    factories.live(park())
    url = reverse("admin:tracker_proposal_propose", args=["park", "river-park"])
    page = _submit(contributor, url, EntryForm(park()), "submit", name="", note="打了一半的字").content.decode()
    assert "打了一半的字" in page
    assert "必填" in page
    assert not Proposal.objects.filter(author=contributor).exists()


def test_an_unfinished_draft_is_saved_and_taken_up_again(contributor: User) -> None:
    factories.live(park())
    url = reverse("admin:tracker_proposal_propose", args=["park", "river-park"])
    assert "草稿已保存" in _submit(contributor, url, EntryForm(park()), "draft", name="").content.decode()
    draft = Proposal.objects.get(author=contributor)
    again = _as(contributor).get(url)
    assert again["Location"] == reverse("admin:tracker_proposal_edit", args=[draft.pk])
    payload = canonical.loads(draft.payload)
    _submit(contributor, again["Location"], EntryForm(payload), "submit", name="江畔新园")
    draft.refresh_from_db()
    assert draft.state == State.IN_REVIEW


def test_submitting_without_a_change_says_so(contributor: User) -> None:
    factories.live(park())
    url = reverse("admin:tracker_proposal_propose", args=["park", "river-park"])
    assert "没有可提交的改动" in _submit(contributor, url, EntryForm(park()), "submit").content.decode()


def test_submitting_without_a_reason_says_so_and_leaves_no_draft(contributor: User) -> None:
    factories.live(park())
    url = reverse("admin:tracker_proposal_propose", args=["park", "river-park"])
    page = _submit(contributor, url, EntryForm(park()), "submit", name="新名", reason="")
    assert "请写明理由" in page.content.decode()
    assert not Proposal.objects.filter(author=contributor).exists()


def test_a_new_entry_may_not_take_a_key_that_is_there(contributor: User) -> None:
    factories.live(park())
    start = {"kind": "park", "key": "", "citations": [{"path": "", "source": ""}]}
    url = reverse("admin:tracker_proposal_add") + "?kind=park"
    inputs = {"name": "另一个", "places": "南京市", "citations-0-source": "报告"}
    page = _submit(contributor, url, EntryForm(start, new=True), "draft", key="river-park", **inputs)
    assert "已有键为“river-park”的园区" in page.content.decode()
    assert "已提交" in _submit(contributor, url, EntryForm(start, new=True), "submit", **inputs).content.decode()
    assert Proposal.objects.get(author=contributor).key == "ling-yi-ge"


def test_a_row_is_added_by_the_button_without_saving(contributor: User) -> None:
    factories.live(park())
    url = reverse("admin:tracker_proposal_propose", args=["park", "river-park"])
    data = {**posted(EntryForm(park())), "add": "areas", "note": "还在打字"}
    page = _as(contributor).post(url, data).content.decode()
    assert 'name="areas-0-value"' in page
    assert "还在打字" in page


def test_experts_edit_json_and_come_back_to_the_form(contributor: User) -> None:
    factories.live(park())
    client, url = _as(contributor), reverse("admin:tracker_proposal_propose", args=["park", "river-park"])
    answer = client.post(url, {**posted(EntryForm(park(opened="2018"))), "do": "json"}).content.decode()
    assert "&quot;opened&quot;: &quot;2018&quot;" in answer  # what was typed comes along
    page = client.post(url, {"json": pretty(park(opened="2018")), "do": "form"}).content.decode()
    assert 'value="2018"' in page
    for wrong, said in (("{", "不是 JSON"), ("[]", "须是一个对象"), (pretty(park(key="x")), "键不能更改"),
                        (pretty(park(places=["999999"])), "没有 place“999999”")):  # fmt: skip
        assert said in client.post(url, {"json": wrong, "do": "submit", "reason": "因"}).content.decode()
    client.post(url, {"json": pretty(park(opened="2018")), "do": "submit", "reason": "因"})
    assert canonical.loads(Proposal.objects.get(author=contributor).payload)["opened"] == "2018"


def test_a_draft_no_form_can_show_is_edited_as_json(contributor: User) -> None:
    draft = proposals.propose(actor=contributor, payload={"kind": "park", "key": "a", "colour": "green"})
    page = _as(contributor).get(reverse("admin:tracker_proposal_edit", args=[draft.pk])).content.decode()
    assert "colour" in page
    assert 'name="json"' in page
    assert _as(contributor).get(reverse("admin:tracker_proposal_change", args=[draft.pk])).status_code == 200


def test_nobody_opens_the_draft_of_another(contributor: User, editor: User) -> None:
    draft = proposals.propose(actor=editor, payload=park())
    assert _as(contributor).get(reverse("admin:tracker_proposal_change", args=[draft.pk])).status_code == 404
    assert _as(contributor).get(reverse("admin:tracker_proposal_edit", args=[draft.pk])).status_code == 404
    mine = proposals.propose(actor=contributor, payload=park("b"))
    assert _as(editor).get(reverse("admin:tracker_proposal_edit", args=[mine.pk])).status_code == 403


# --- leaving, coming back, history --------------------------------------------------------------------------------


def test_an_entry_is_withdrawn_merged_and_restored_by_proposals(people: dict[str, User], waiting: Proposal) -> None:
    factories.live(park("lake-park", "湖畔园"))
    client = _as(people["contributor"])
    urls = _addresses(waiting)
    assert "已提交" in client.post(urls["withdraw"], {"reason": "误收"}, follow=True).content.decode()
    page = client.post(urls["merge"], {"reason": "重复", "successor": "湖畔园"}, follow=True).content.decode()
    assert "湖畔园" in page
    merging = Proposal.objects.get(action="merge")
    assert (merging.successor, merging.state) == ("lake-park", State.IN_REVIEW)
    assert client.post(urls["merge"], {"reason": "重复"}).status_code == 200  # asks for the successor
    assert "已提交" in client.post(urls["restore"], {"reason": "恢复"}, follow=True).content.decode()


def test_any_two_revisions_are_compared(people: dict[str, User], waiting: Proposal) -> None:
    proposals.approve_and_publish(actor=people["editor"], proposals=[waiting])
    page = _as(people["viewer"]).get(_addresses(waiting)["history"] + "?a=1&b=2").content.decode()
    assert "江畔科学城" in page
    assert "恢复这一版" not in page  # a viewer only looks
    assert "恢复这一版" in _as(people["contributor"]).get(_addresses(waiting)["history"]).content.decode()


def test_lists_are_searched_and_filtered(editor: User) -> None:
    factories.live(park(), park("lake-park", "湖畔园", places=["320000"], category="science-city"))
    client, url = _as(editor), reverse("admin:parks_park_changelist")
    for query, found in (("?q=江畔", "江畔园"), ("?q=jiangpan", "江畔园"), ("?place=南京", "江畔园"),
                         ("?q=lake-p", "湖畔园"), ("?place=320100", "江畔园")):  # fmt: skip
        page = client.get(url + query).content.decode()
        assert found in page, query
        assert ("湖畔园" in page) == (found == "湖畔园"), query
    assert "0 " in client.get(url + "?state=withdrawn").content.decode()


def test_suggestions_name_key_and_name(contributor: User) -> None:
    factories.live(park())
    url = reverse("admin:tracker_proposal_suggest")
    client = _as(contributor)
    assert client.get(url, {"kinds": "place", "q": "nanjing"}).json()["results"][0]["value"] == "320100 南京市"
    several = client.get(url, {"kinds": "place,park", "q": "江畔"}).json()["results"]
    assert several[0]["value"] == "park/river-park 江畔园"
    assert client.get(url, {"kinds": "nonsense", "q": "南京"}).json() == {"results": []}


def test_the_date_endpoint_says_what_it_understood(contributor: User) -> None:
    url = reverse("admin:tracker_proposal_date")
    assert _as(contributor).get(url, {"text": "十四五"}).json() == {"edtf": "2021/2025", "said": "2021年至2025年"}
    assert _as(contributor).get(url, {"text": "去年"}).json()["edtf"] is None


def test_a_job_is_cancelled_by_an_editor_only(contributor: User, editor: User) -> None:
    from_queue = Job.objects.create(name="bench", created_at=timezone.now())
    url = reverse("admin:tracker_job_cancel", args=[from_queue.pk])
    assert _as(contributor).post(url).status_code == 403
    _as(editor).post(url)
    from_queue.refresh_from_db()
    assert from_queue.state == Job.State.CANCELLED


def test_a_chief_editor_gives_roles_but_makes_no_superuser(chief: User, contributor: User) -> None:
    client = _as(chief)
    root = User.objects.create_superuser("root")
    page = client.get(reverse("admin:tracker_user_change", args=[contributor.pk])).content.decode()
    assert "主编" in page
    assert "is_superuser" not in page
    data = {"username": "tougao", "is_active": "on", "is_staff": "on", "is_superuser": "on",
            "groups": [str(group.pk) for group in chief.groups.model.objects.filter(name=Role.EDITOR)]}  # fmt: skip
    client.post(reverse("admin:tracker_user_change", args=[contributor.pk]), data)
    contributor.refresh_from_db()
    assert not contributor.is_superuser
    assert [group.name for group in contributor.groups.all()] == ["editor"]
    assert client.get(reverse("admin:auth_user_password_change", args=[root.pk])).status_code == 403


def test_every_kind_has_its_page(editor: User) -> None:
    for found in Entry.objects.filter(key__in=["320100", "report-2021", "science-city", "city-government"]):
        assert _as(editor).get(shown.entry_url(found)).status_code == 200
