"""Pages of sets: open a document, write from it, decide on all of it; three sides; many confirmed."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tracker.accounts import roles
from tracker.accounts.models import User
from tracker.curation import proposals, sets
from tracker.curation.forms.entry import EntryForm
from tracker.curation.models import Proposal, ProposalSet
from tracker.entries.fields import Json
from tracker.entries.models import Entry
from tracker.values import canonical
from tracker.values.codes import Nature

from . import factories
from .factories import park
from .posting import posted

State = Proposal.State
ADD = "/admin/tracker/proposalset/add/"


def at(of: ProposalSet, name: str = "change") -> str:
    return reverse(f"admin:tracker_proposalset_{name}", args=[of.pk])


def handed_over(author: User, *payloads: Json) -> ProposalSet:
    made = sets.begin(actor=author, source="report-2021", note="来电：王先生")
    for payload in payloads:
        start = {"kind": payload["kind"], "key": ""}
        bare = {name: value for name, value in payload.items() if name != "citations"}
        sets.put(actor=author, of=made, before=start, after=bare, nature=Nature.NEW)
    return sets.submit(actor=author, of=made)


def seen(client: Client, of: ProposalSet) -> str:
    return str(client.get(at(of)).context["seen"])


@pytest.mark.parametrize(("sort", "typed", "facts"), [
    ("url", {"url": "https://example.org/a"}, {"url": "https://example.org/a"}),
    ("text", {"text": "原文"}, {"sha256": "f4d7c6e5"}),
    ("talk", {"note": "王先生来电"}, {"public": False}),
])  # fmt: skip
def test_a_document_is_opened_once_as_a_source_of_its_own_set(client: Client, contributor: User, sort: str,
                                                              typed: Json, facts: Json) -> None:  # fmt: skip
    client.force_login(contributor)
    answer = client.post(ADD, {"sort": sort, "title": "新通知", "date": "2024-06", **typed})
    made = ProposalSet.objects.get()
    assert answer["Location"] == at(made)
    payload = canonical.loads(sets.members(made).get().payload)
    assert (payload["kind"], payload["key"], made.source) == ("source", "xin-tong-zhi", "xin-tong-zhi")
    assert set(facts) <= set(payload)
    assert len(payload.get("sha256", "0" * 64)) == 64
    assert client.get(at(made)).status_code == 200


def test_of_a_file_only_the_hash_is_kept(client: Client, contributor: User) -> None:
    client.force_login(contributor)
    file = BytesIO(b"notice")
    file.name = "notice.pdf"
    client.post(ADD, {"sort": "file", "title": "Notice", "file": file, "date": "2024年底"})
    payload = canonical.loads(sets.members(ProposalSet.objects.get()).get().payload)
    assert payload["date"] == "2024-12~"
    assert payload["sha256"] == sha256(b"notice").hexdigest()


@pytest.mark.parametrize("typed", [{}, {"sort": "live"}, {"sort": "live", "source": "nowhere"}, {"sort": "nonsense"},
                                   {"sort": "url", "title": "x", "url": "javascript:1"}, {"sort": "file", "title": "x"},
                                   {"sort": "text", "text": "无题"},
                                   {"sort": "text", "title": "x", "text": "文", "date": "不是日期"}])  # fmt: skip
def test_what_cannot_be_opened_is_said_and_nothing_is_made(client: Client, contributor: User, typed: Json) -> None:
    client.force_login(contributor)
    answer = client.post(ADD, typed)
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode() or "sort" in answer.context["form"].errors
    assert not ProposalSet.objects.exists()


def test_the_form_of_a_set_cites_by_itself_and_comes_back_to_the_set(client: Client, contributor: User) -> None:
    made = sets.begin(actor=contributor, source="report-2021")
    client.force_login(contributor)
    address = f"/admin/tracker/proposal/add/?kind=park&set={made.pk}"
    page = client.get(address)
    assert page.status_code == 200
    typed = posted(EntryForm({"kind": "park", "key": ""}, new=True)) | {
        "name": "江畔园", "places": "320100", "category": "science-city", "at-section": "3.2", "at-table": "",
        "judged": "/category", "why": "按名称归类", "do": "draft"}  # fmt: skip
    answer = client.post(address, typed)
    assert answer.status_code == 302, answer.context["form"].general
    assert answer["Location"] == at(made)
    payload = canonical.loads(sets.members(made).get().payload)
    assert payload["citations"] == [
        {"path": "", "source": "report-2021", "locator": {"section": "3.2"}},
        {"path": "/category", "source": "editor-judgement", "reason": "按名称归类"},
    ]  # fmt: skip
    made.refresh_from_db()
    assert made.locator == {"section": "3.2"}


def test_a_set_of_somebody_else_is_not_written_in(client: Client, contributor: User, editor: User) -> None:
    made = sets.begin(actor=contributor, source="report-2021")
    client.force_login(editor)
    assert client.get(f"/admin/tracker/proposal/add/?kind=park&set={made.pk}").status_code == 404
    assert client.get("/admin/tracker/proposal/add/?kind=park&set=x").status_code == 404


def test_the_reviewer_sees_every_difference_and_what_is_touched_and_publishes_in_one_click(
    client: Client, contributor: User, editor: User
) -> None:
    made = handed_over(contributor, park(milestones=[{"key": "open", "type": "opened", "date": "2020-05"}]),
                       park(key="b", name="乙园"))  # fmt: skip
    client.force_login(editor)
    page = client.get(at(made))
    said = page.content.decode()
    assert "江畔园" in said
    assert "乙园" in said
    assert page.context["effects"] is not None
    client.post(at(made, "move"), {"move": "publish", "seen": page.context["seen"]})
    assert set(sets.members(made).values_list("state", flat=True)) == {State.PUBLISHED}


def test_what_was_not_on_the_screen_is_not_published(client: Client, contributor: User, editor: User) -> None:
    made = handed_over(contributor, park())
    client.force_login(editor)
    digest = seen(client, made)
    proposals.request_changes(actor=editor, proposal=sets.members(made).get(), note="改")
    draft = sets.members(made).get()
    before = canonical.loads(draft.payload)
    sets.put(actor=contributor, of=made, before=before, after=before | {"name": "偷换"}, nature="new", proposal=draft)
    sets.submit(actor=contributor, of=made)
    answer = client.post(at(made, "move"), {"move": "publish", "seen": digest}, follow=True)
    assert "又改过" in answer.content.decode()
    assert not Entry.objects.filter(kind="park").exists()


def test_a_set_is_scheduled_and_taken_back_on_its_page(client: Client, contributor: User, editor: User) -> None:
    made = handed_over(contributor, park())
    client.force_login(editor)
    to_come = f"{timezone.localtime() + timedelta(days=1):%Y-%m-%dT%H:%M}"
    client.post(at(made, "move"), {"move": "schedule", "at": to_come, "seen": seen(client, made)})
    made.refresh_from_db()
    assert f"{timezone.localtime(made.publish_at):%Y-%m-%dT%H:%M}" == to_come
    client.post(at(made, "move"), {"move": "unschedule"})
    made.refresh_from_db()
    assert made.publish_at is None
    for wrong in ("", "morgen", "2024-13-45T99:99"):
        answer = client.post(at(made, "move"), {"move": "schedule", "at": wrong, "seen": seen(client, made)},
                             follow=True)  # fmt: skip
        assert "日期与时间" in answer.content.decode()


def test_ten_chosen_proposals_are_one_page_and_one_click(client: Client, contributor: User, editor: User) -> None:
    waiting = [factories.propose(contributor, park(key=f"park-{n}", name=f"{n}号园")) for n in range(10)]
    client.force_login(editor)
    answer = client.post("/admin/tracker/proposal/", {"action": "review_all", "_selected_action":
                                                      [proposal.pk for proposal in waiting]})  # fmt: skip
    page = client.get(answer["Location"])
    assert len(page.context["members"]) == 10
    client.post(answer["Location"], {"ids": page.context["ids"], "seen": page.context["seen"], "move": "publish"})
    assert Entry.objects.live().filter(kind="park").count() == 10


def test_choosing_one_of_a_set_brings_the_others(client: Client, contributor: User, editor: User) -> None:
    made = handed_over(contributor, park(), park(key="b", name="乙园"))
    client.force_login(editor)
    page = client.get(f"/admin/tracker/proposal/together/?ids={sets.members(made)[0].pk}")
    assert len(page.context["members"]) == 2
    assert client.get("/admin/tracker/proposal/together/?ids=x,,999999999999999999999").status_code == 200


def test_the_second_of_two_is_shown_both_texts_and_loses_nothing(client: Client, contributor: User, editor: User,
                                                                 chief: User) -> None:  # fmt: skip
    factories.live(park())
    mine = factories.propose(contributor, park(name="乙园", positioning=["新定位"]))
    factories.change(editor, chief, park(name="甲园"))
    client.force_login(contributor)
    address = reverse("admin:tracker_proposal_rebase", args=[mine.pk])
    assert address in client.get(reverse("admin:tracker_proposal_change", args=[mine.pk])).content.decode()
    said = client.get(address).content.decode()
    for text in ("江畔园", "甲园", "乙园", "新定位"):
        assert text in said
    assert client.post(address, {}).status_code == 200  # nothing chosen: told so, nothing made
    answer = client.post(address, {"choice:/name": "theirs"})
    mine.refresh_from_db()
    made = mine.superseded_by
    assert made is not None
    assert answer["Location"] == reverse("admin:tracker_proposal_change", args=[made.pk])
    assert canonical.loads(made.payload)["name"] == "甲园"
    assert canonical.loads(made.payload)["positioning"] == ["新定位"]
    assert client.get(address).status_code == 302


def test_many_entries_of_a_list_are_confirmed(client: Client, contributor: User, editor: User) -> None:
    factories.live(park(), park(key="b", name="乙园"))
    client.force_login(contributor)
    rows = [str(pk) for pk in Entry.objects.filter(kind="park").values_list("pk", flat=True)]
    chosen = client.post("/admin/parks/park/", {"action": "confirm", "_selected_action": rows})
    page = client.get(chosen["Location"])
    assert len(page.context["entries"]) == 2
    typed = {"ids": page.context["ids"], "reason": "官网仍列", "source": "notice-2019 通告"}
    answer = client.post(chosen["Location"], typed)
    made = ProposalSet.objects.get()
    assert answer["Location"] == at(made)
    assert set(sets.members(made).values_list("action", "state")) == {("confirm", State.IN_REVIEW)}
    assert client.get(at(made)).status_code == 200


def test_comments_stand_on_the_pages(client: Client, contributor: User, editor: User) -> None:
    made = handed_over(contributor, park())
    one = sets.members(made).get()
    client.force_login(editor)
    client.post(at(made, "move"), {"move": "comment", "text": "整组看过"})
    client.post(reverse("admin:tracker_proposal_move", args=[one.pk]), {"move": "comment", "text": "<b>这条</b>存疑"})
    assert "整组看过" in client.get(at(made)).content.decode()
    said = client.get(reverse("admin:tracker_proposal_change", args=[one.pk])).content.decode()
    assert "&lt;b&gt;这条&lt;/b&gt;存疑" in said


def test_drafts_and_notes_of_a_set_are_its_authors_until_handed_over(client: Client, contributor: User,
                                                                     viewer: User) -> None:  # fmt: skip
    other = factories.user("qita", roles.Role.CONTRIBUTOR)
    made = sets.begin(actor=contributor, source="report-2021")
    client.force_login(other)
    assert client.get(at(made)).status_code == 404
    client.force_login(viewer)
    assert client.get(at(made)).status_code == 403
    assert client.get(ADD).status_code == 403


def test_the_pages_speak_english(client: Client, contributor: User) -> None:
    made = handed_over(contributor, park())
    client.force_login(contributor)
    client.cookies["django_language"] = "en"
    said = client.get(at(made)).content.decode()
    assert "Nothing else is touched" in said or "Also touched" in said
    assert "Comment" in said
