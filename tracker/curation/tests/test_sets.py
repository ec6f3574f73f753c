"""Proposals of one sitting: written from one source, reviewed together, published whole or not at all."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tracker.accounts import roles
from tracker.accounts.models import User
from tracker.accounts.roles import Role
from tracker.curation import proposals, scheduling, sets
from tracker.curation.models import Proposal, ProposalSet, Step
from tracker.entries.fields import Json
from tracker.entries.models import Change, Entry, Revision
from tracker.jobs import services as jobs
from tracker.jobs.models import Job
from tracker.values import canonical
from tracker.values.codes import Nature
from tracker.values.errors import Invalid, Refused

from . import factories
from .factories import park

State = Proposal.State


def bare(**facts: Any) -> Json:
    """A park as somebody types it in a set: without citations."""
    return {name: value for name, value in park(**facts).items() if name != "citations"}


def put(author: User, of: ProposalSet, payload: Json, **details: Any) -> Proposal:
    start = {"kind": payload["kind"], "key": ""}
    assert "citations" not in payload
    return sets.put(actor=author, of=of, before=start, after=payload, nature=Nature.NEW, **details)


@pytest.fixture
def sitting(contributor: User) -> ProposalSet:
    """A set on the report, at a place of it."""
    made = sets.begin(actor=contributor, source="report-2021")
    return sets.go_to(actor=contributor, of=made, locator={"section": "3.2", "table": " 4 ", "row": ""})


def citations(proposal: Proposal) -> list[Json]:
    found: list[Json] = canonical.loads(proposal.payload)["citations"]
    return found


def test_what_is_saved_cites_the_source_where_one_has_come_to(contributor: User, sitting: ProposalSet) -> None:
    draft = put(contributor, sitting, bare())
    assert citations(draft) == [
        {"path": "", "source": "report-2021", "locator": {"section": "3.2", "table": "4"}}
    ]  # fmt: skip
    assert (draft.proposal_set, draft.state, draft.reason) == (sitting, State.DRAFT, "据《报告》")


def test_a_later_fact_cites_the_later_place_and_a_judged_one_the_judgement(contributor: User,
                                                                          sitting: ProposalSet) -> None:  # fmt: skip
    draft = put(contributor, sitting, bare())
    sets.go_to(actor=contributor, of=sitting, locator={"section": "5"})
    before = canonical.loads(draft.payload)
    after = before | {"positioning": ["科创中心"], "areas": [factories.area("site-2024", 3)]}
    edited = sets.put(actor=contributor, of=sitting, before=before, after=after, nature=Nature.NEW, proposal=draft,
                      judged=["/positioning"], why="编者归纳")  # fmt: skip
    by_path = {citation["path"]: citation for citation in citations(edited)}
    assert by_path["/areas/site-2024"]["locator"] == {"section": "5"}
    assert by_path["/positioning"] == {"path": "/positioning", "source": "editor-judgement", "reason": "编者归纳"}
    assert by_path[""]["locator"] == {"section": "3.2", "table": "4"}


def test_a_judgement_needs_a_reason(contributor: User, sitting: ProposalSet) -> None:
    with pytest.raises(Refused, match="依据"):
        put(contributor, sitting, bare(), judged=["/name"])


def test_a_new_source_and_what_rests_on_it_refer_to_each_other_and_are_published_together(
    contributor: User, editor: User
) -> None:
    made = sets.begin(actor=contributor, new_source=factories.source("notice-2024", title="新通知"))
    one, two = (put(contributor, made, bare(key=key, name=key)) for key in ("park-one", "park-two"))
    parent = put(contributor, made, bare(key="a-park", name="子园", parents=[{"key": "first", "park": "park-two"}]))
    sets.submit(actor=contributor, of=made)
    outcome = sets.approve_and_publish(actor=editor, of=made)
    assert outcome.published == 4
    keys = list(Change.objects.order_by("-seq").values_list("key", flat=True)[:4])[::-1]
    assert keys[0] == "notice-2024"
    assert keys.index("park-two") < keys.index("a-park")  # dependencies first, within one kind too
    published = Proposal.objects.filter(state=State.PUBLISHED).values_list("pk", flat=True)
    assert {one.pk, two.pk, parent.pk} <= set(published)


def test_a_set_with_one_wrong_member_is_not_handed_over_and_names_it(contributor: User, sitting: ProposalSet) -> None:
    put(contributor, sitting, bare())
    put(contributor, sitting, bare(key="lost", name="迷园", parents=[{"key": "first", "park": "nowhere"}]))
    with pytest.raises(Invalid) as error:
        sets.submit(actor=contributor, of=sitting)
    assert [where.startswith("park/lost/") for where, _ in error.value.errors] == [True]
    assert not sets.members(sitting).filter(state=State.IN_REVIEW).exists()


def test_part_of_a_set_is_never_published_alone(contributor: User, editor: User, sitting: ProposalSet) -> None:
    first, _ = put(contributor, sitting, bare()), put(contributor, sitting, bare(key="b", name="乙"))
    sets.submit(actor=contributor, of=sitting)
    first.refresh_from_db()
    with pytest.raises(Refused, match="同属一组"):
        proposals.approve_and_publish(actor=editor, proposals=[first])
    assert not Entry.objects.filter(kind="park").exists()


def test_a_rejected_member_leaves_the_others_free(contributor: User, editor: User, sitting: ProposalSet) -> None:
    first, _ = put(contributor, sitting, bare()), put(contributor, sitting, bare(key="b", name="乙"))
    sets.submit(actor=contributor, of=sitting)
    proposals.reject(actor=editor, proposal=first, note="重复")
    assert sets.approve_and_publish(actor=editor, of=sitting).published == 1


def test_a_publication_that_fails_changes_nothing(contributor: User, editor: User, sitting: ProposalSet) -> None:
    factories.live(park(key="old", name="旧园"))
    put(contributor, sitting, bare())
    changed = canonical.loads(Revision.objects.get(entry__key="old").payload) | {"name": "新园"}
    before = canonical.loads(Revision.objects.get(entry__key="old").payload)
    sets.put(actor=contributor, of=sitting, before=before, after=changed, nature=Nature.CORRECTION)
    sets.submit(actor=contributor, of=sitting)
    factories.change(contributor, editor, before | {"name": "别名"})
    counted = Revision.objects.count()
    with pytest.raises(Exception, match="第 2 版"):
        sets.approve_and_publish(actor=editor, of=sitting)
    assert Revision.objects.count() == counted
    assert set(sets.members(sitting).values_list("state", flat=True)) == {State.IN_REVIEW}


def test_nobody_else_writes_in_a_set_and_its_author_does_not_review_it(editor: User, contributor: User,
                                                                       sitting: ProposalSet) -> None:  # fmt: skip
    with pytest.raises(Refused, match="只有作者"):
        put(editor, sitting, bare())
    put(contributor, sitting, bare())
    sets.submit(actor=contributor, of=sitting)
    with pytest.raises(Refused, match="审稿"):
        sets.approve_and_publish(actor=contributor, of=sitting)


def test_a_set_goes_back_to_its_author_and_every_step_is_kept(contributor: User, editor: User,
                                                             sitting: ProposalSet) -> None:  # fmt: skip
    draft = put(contributor, sitting, bare())
    sets.submit(actor=contributor, of=sitting, origin="admin", request_id="r-1")
    sets.request_changes(actor=editor, of=sitting, note="出处不清", origin="admin", request_id="r-2")
    sets.comment(actor=contributor, of=sitting, text="已补")
    sets.submit(actor=contributor, of=sitting)
    sets.approve_and_publish(actor=editor, of=sitting)
    acts = list(draft.steps.values_list("act", "actor__username"))
    assert acts == [("submitted", "tougao"), ("changes_requested", "bianji"), ("submitted", "tougao"),
                    ("approved", "bianji"), ("published", "bianji")]  # fmt: skip
    assert list(sitting.steps.values_list("act", flat=True)) == [
        "edited", "submitted", "changes_requested", "commented", "submitted", "published"]  # fmt: skip
    assert Step.objects.filter(request_id="r-2", text="出处不清").count() == 2


def test_a_chief_editor_forces_their_own_set_and_nobody_else_any(contributor: User, editor: User, chief: User) -> None:
    made = sets.begin(actor=chief, source="report-2021")
    put(chief, made, bare())
    for stranger, reason, words in ((editor, "急", "只有作者"), (chief, " ", "理由")):
        with pytest.raises(Refused, match=words):
            sets.force(actor=stranger, of=made, reason=reason)
    sets.force(actor=chief, of=made, reason="编辑休假")
    revision = Revision.objects.get(entry__key=bare()["key"])
    assert (revision.forced, revision.approver) == (True, chief)
    assert "编辑休假" in revision.reason
    own = sets.begin(actor=editor, source="report-2021")
    put(editor, own, bare() | {"key": "b"})
    with pytest.raises(Refused, match="主编"):
        sets.force(actor=editor, of=own, reason="急")


def test_the_source_of_a_set_keeps_its_key_and_a_long_note_is_refused(contributor: User) -> None:
    made = sets.begin(actor=contributor, new_source=factories.source("notice-2024", title="新通知"))
    draft = sets.members(made).get()
    before = canonical.loads(draft.payload)
    with pytest.raises(Refused, match="不能改键"):
        sets.put(actor=contributor, of=made, before=before, after=before | {"key": "b"}, nature="new", proposal=draft)
    with pytest.raises(Refused, match="最多"):
        sets.cancel(actor=contributor, of=made, note="长" * 3000)


# --- on a day to come


def due(of: ProposalSet, editor: User) -> datetime:
    """Schedule a set, and let its moment come."""
    sets.schedule(actor=editor, of=of, at=timezone.now() + timedelta(hours=1))
    ProposalSet.objects.filter(pk=of.pk).update(publish_at=timezone.now() - timedelta(minutes=1))
    return timezone.now()


def test_a_scheduled_set_is_published_by_the_sweep_when_its_moment_comes(contributor: User, editor: User,
                                                                        sitting: ProposalSet) -> None:  # fmt: skip
    put(contributor, sitting, bare())
    sets.submit(actor=contributor, of=sitting)
    sets.schedule(actor=editor, of=sitting, at=timezone.now() + timedelta(hours=1))
    jobs.sweep()
    assert not Entry.objects.filter(kind="park").exists()
    due(sitting, editor)
    jobs.sweep()
    assert Job.objects.get(name=scheduling.PUBLISH_DUE).state == Job.State.DONE
    assert factories.document("park", "river-park")["name"] == "江畔园"
    sitting.refresh_from_db()
    assert (sitting.publish_at, sitting.refusal) == (None, "")
    published = Step.objects.get(act=Step.Act.PUBLISHED, proposal__isnull=False)
    assert (published.actor, published.origin) == (editor, "worker")


def test_a_scheduled_set_that_is_refused_stays_and_says_why(contributor: User, editor: User,
                                                           sitting: ProposalSet) -> None:  # fmt: skip
    put(contributor, sitting, bare())
    sets.submit(actor=contributor, of=sitting)
    due(sitting, editor)
    roles.give(editor, Role.VIEWER)
    jobs.sweep()
    sitting.refresh_from_db()
    assert "无权发布" in sitting.refusal or "编辑" in sitting.refusal
    assert sitting.publish_at is None
    assert sets.members(sitting).get().state == State.APPROVED
    assert list(sitting.steps.values_list("act", flat=True))[-1] == Step.Act.REFUSED
    jobs.sweep()
    assert Job.objects.filter(name=scheduling.PUBLISH_DUE).count() == 1  # it is not tried for ever


def test_a_schedule_is_taken_back_and_must_lie_ahead(contributor: User, editor: User, sitting: ProposalSet) -> None:
    put(contributor, sitting, bare())
    sets.submit(actor=contributor, of=sitting)
    with pytest.raises(Refused, match="今后"):
        sets.schedule(actor=editor, of=sitting, at=timezone.now() - timedelta(minutes=1))
    due(sitting, editor)
    sets.unschedule(actor=editor, of=sitting)
    jobs.sweep()
    assert not Entry.objects.filter(kind="park").exists()


def test_who_wrote_a_set_does_not_schedule_it(editor: User) -> None:
    made = sets.begin(actor=editor, source="report-2021")
    put(editor, made, bare())
    sets.submit(actor=editor, of=made)
    with pytest.raises(Refused, match="自己的提案"):
        sets.schedule(actor=editor, of=made, at=timezone.now() + timedelta(hours=1))


# --- checked, still true


def test_many_are_confirmed_as_one_reviewed_action(contributor: User, editor: User) -> None:
    factories.live(park(), park(key="b", name="乙园"))
    found = list(Entry.objects.filter(kind="park"))
    before = {entry.key: (entry.verified_at or timezone.now(), entry.updated_at) for entry in found}
    made = sets.confirm(actor=contributor, entries=found, reason="电话核实")
    assert {entry.revision for entry in Entry.objects.filter(kind="park")} == {1}
    sets.approve_and_publish(actor=editor, of=made)
    for entry in Entry.objects.filter(kind="park"):
        verified, updated = before[entry.key]
        assert entry.verified_at and entry.verified_at > verified
        assert entry.updated_at == updated
        revision = entry.revisions.get(number=2)
        assert (revision.nature, revision.payload) == (Nature.EVIDENCE, entry.revisions.get(number=1).payload)


def test_a_confirmation_cites_what_was_looked_at(contributor: User, editor: User) -> None:
    factories.live(park())
    made = sets.confirm(actor=contributor, entries=[factories.entry("park", "river-park")], reason="官网仍列",
                        source="notice-2019")  # fmt: skip
    sets.approve_and_publish(actor=editor, of=made)
    said = canonical.loads(factories.entry("park", "river-park").revisions.get(number=2).payload)
    assert said["citations"][-1] == {"path": "", "source": "notice-2019", "reason": "官网仍列"}


def test_what_left_public_view_is_not_confirmed(contributor: User, editor: User) -> None:
    factories.live(park())
    factories.withdraw(contributor, editor, factories.entry("park", "river-park"))
    with pytest.raises(Refused):
        sets.confirm(actor=contributor, entries=[factories.entry("park", "river-park")], reason="核实")
    assert not ProposalSet.objects.exists()


# --- comments


def test_people_who_see_a_proposal_talk_about_it(contributor: User, editor: User, viewer: User) -> None:
    draft = factories.propose(contributor, park())
    proposals.comment(actor=editor, proposal=draft, text=" 面积含不含二期？ ")
    proposals.comment(actor=contributor, proposal=draft, text="不含")
    said = list(draft.steps.filter(act=Step.Act.COMMENTED).values_list("text", flat=True))
    assert said == ["面积含不含二期？", "不含"]
    for text in ("  ", "长" * 2001):
        with pytest.raises(Refused):
            proposals.comment(actor=editor, proposal=draft, text=text)
    with pytest.raises(Refused):
        proposals.comment(actor=viewer, proposal=draft, text="我也看看")
