"""Who may move a proposal from where to where."""

from __future__ import annotations

import pytest

from tracker.accounts.models import User
from tracker.curation import proposals
from tracker.curation.models import Proposal
from tracker.entries.models import Change, Entry, Revision
from tracker.values.codes import Nature
from tracker.values.errors import Invalid, Refused, Stale

from . import factories
from .factories import park, propose

State = Proposal.State


def test_a_draft_remembers_the_live_revision_it_was_written_on(contributor: User) -> None:
    factories.live(park())
    draft = proposals.propose(actor=contributor, payload=park(name="江畔新园"), reason="更名", request_id="r-1")
    assert (draft.state, draft.base_revision, draft.author, draft.request_id) == (State.DRAFT, 1, contributor, "r-1")


def test_a_proposal_for_a_key_that_is_not_here_is_new(contributor: User) -> None:
    draft = proposals.propose(actor=contributor, payload=park(), nature=Nature.CORRECTION)
    assert (draft.base_revision, draft.nature) == (0, Nature.NEW)


def test_a_viewer_may_not_propose(viewer: User) -> None:
    with pytest.raises(Refused, match="只能查看"):
        proposals.propose(actor=viewer, payload=park())


def test_a_proposal_says_which_entry_it_is_of(contributor: User) -> None:
    with pytest.raises(Invalid, match="键由小写字母"):
        proposals.propose(actor=contributor, payload=park(key="江畔"))
    with pytest.raises(Invalid, match="没有这个种类"):
        proposals.propose(actor=contributor, payload={"kind": "garden", "key": "a"})


def test_an_unfinished_draft_may_be_kept_but_not_submitted(contributor: User) -> None:
    draft = proposals.propose(actor=contributor, payload={"kind": "park", "key": "a"}, reason="先记下")
    with pytest.raises(Invalid) as error:
        proposals.submit(actor=contributor, proposal=draft)
    assert "/name" in dict(error.value.errors)
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


def test_a_proposal_is_submitted_with_a_reason(contributor: User) -> None:
    draft = proposals.propose(actor=contributor, payload=park())
    with pytest.raises(Refused, match="理由"):
        proposals.submit(actor=contributor, proposal=draft)


def test_only_its_author_edits_a_draft(contributor: User, editor: User) -> None:
    draft = proposals.propose(actor=contributor, payload=park())
    with pytest.raises(Refused, match="只有作者"):
        proposals.edit_draft(actor=editor, proposal=draft, payload=park(), nature=Nature.NEW, reason="改")


def test_what_is_in_review_can_no_longer_be_edited(contributor: User) -> None:
    waiting = propose(contributor, park())
    with pytest.raises(Refused, match="不能再编辑"):
        proposals.edit_draft(actor=contributor, proposal=waiting, payload=park(), nature=Nature.NEW, reason="改")


def test_the_key_of_a_live_entry_cannot_be_changed(contributor: User) -> None:
    factories.live(park())
    draft = proposals.propose(actor=contributor, payload=park(name="新名"))
    with pytest.raises(Refused, match="键不能更改"):
        proposals.edit_draft(actor=contributor, proposal=draft, payload=park(key="other"), nature="world", reason="")


def test_a_contributor_reviews_nothing(contributor: User, editor: User) -> None:
    waiting = propose(editor, park())
    for move in (proposals.approve, proposals.reject, proposals.request_changes):
        with pytest.raises(Refused, match="编辑"):
            move(actor=contributor, proposal=waiting, note="好")


def test_nobody_approves_their_own_proposal(editor: User, chief: User) -> None:
    for author in (editor, chief):
        waiting = propose(author, park(key=author.username))
        with pytest.raises(Refused, match="自己的提案"):
            proposals.approve(actor=author, proposal=waiting)


def test_a_proposal_goes_back_with_a_note_and_comes_again(contributor: User, editor: User) -> None:
    waiting = propose(contributor, park())
    with pytest.raises(Refused, match="理由"):
        proposals.request_changes(actor=editor, proposal=waiting, note=" ")
    back = proposals.request_changes(actor=editor, proposal=waiting, note="请注明出处")
    assert (back.state, back.review_note) == (State.CHANGES_REQUESTED, "请注明出处")
    edited = proposals.edit_draft(actor=contributor, proposal=back, payload=park(name="江畔科学园"), nature="new",
                                  reason="据公告")  # fmt: skip
    assert proposals.submit(actor=contributor, proposal=edited).state == State.IN_REVIEW


def test_a_rejected_proposal_is_at_its_end(contributor: User, editor: User) -> None:
    rejected = proposals.reject(actor=editor, proposal=propose(contributor, park()), note="重复")
    with pytest.raises(Refused, match="已退回"):
        proposals.approve(actor=editor, proposal=rejected)


def test_its_author_cancels_and_an_editor_says_why(contributor: User, editor: User) -> None:
    first, second = (propose(contributor, park(key=key)) for key in ("a", "b"))
    assert proposals.cancel(actor=contributor, proposal=first).state == State.CANCELLED
    with pytest.raises(Refused, match="理由"):
        proposals.cancel(actor=editor, proposal=second)
    assert proposals.cancel(actor=editor, proposal=second, note="撤题").state == State.CANCELLED


def test_a_chief_editor_forces_their_own_and_it_is_recorded(chief: User) -> None:
    waiting = propose(chief, park(), reason="新设")
    proposals.force(actor=chief, proposal=waiting, reason="编辑休假")
    revision = Revision.objects.get(entry__key="river-park")
    assert revision.forced
    assert revision.actor == revision.approver == chief
    assert "新设" in revision.reason
    assert "编辑休假" in revision.reason


def test_a_chief_editor_who_publishes_what_another_approved_forces_nothing(contributor: User, editor: User,
                                                                            chief: User) -> None:  # fmt: skip
    approved = proposals.approve(actor=editor, proposal=propose(contributor, park()))
    proposals.approve_and_publish(actor=chief, proposals=[approved])
    assert not Revision.objects.get(entry__key="river-park").forced


def test_an_editor_forces_nothing_and_no_reason_forces_nothing(editor: User, chief: User) -> None:
    with pytest.raises(Refused, match="主编"):
        proposals.force(actor=editor, proposal=propose(editor, park()), reason="急")
    with pytest.raises(Refused, match="理由"):
        proposals.force(actor=chief, proposal=propose(chief, park(key="b")), reason="")
    assert not Entry.objects.filter(kind="park").exists()


def test_of_two_proposals_on_one_base_the_second_is_stale_and_changes_nothing(contributor: User, editor: User) -> None:
    factories.live(park())
    first = propose(contributor, park(name="甲园"))
    second = propose(contributor, park(name="乙园"))
    proposals.approve_and_publish(actor=editor, proposals=[first])
    before = (Change.objects.count(), Revision.objects.count())
    with pytest.raises(Stale, match="第 2 版"):
        proposals.approve_and_publish(actor=editor, proposals=[second])
    second.refresh_from_db()
    assert second.state == State.IN_REVIEW
    assert proposals.is_stale(second)
    assert (Change.objects.count(), Revision.objects.count()) == before
    assert factories.document("park", "river-park")["name"] == "甲园"


def test_two_proposals_for_one_entry_are_not_published_in_one_call(contributor: User, editor: User) -> None:
    both = [propose(contributor, park(name=name)) for name in ("甲园", "乙园")]
    with pytest.raises(Stale, match="同一条目"):
        proposals.approve_and_publish(actor=editor, proposals=both)
    assert not Entry.objects.filter(key="river-park").exists()


def test_drafts_of_others_are_seen_by_editors_only(contributor: User, editor: User, viewer: User) -> None:
    draft = proposals.propose(actor=editor, payload=park())
    waiting = propose(contributor, park(key="b"))
    assert set(proposals.visible_to(editor)) >= {draft, waiting}
    assert draft not in proposals.visible_to(contributor)
    assert waiting in proposals.visible_to(contributor)
    assert not proposals.visible_to(viewer).exists()
