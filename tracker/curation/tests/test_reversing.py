"""Undoing a set or a batch as one reviewed action."""

from __future__ import annotations

import pytest

from tracker.accounts.models import User
from tracker.curation import proposals, reversing, sets
from tracker.curation.models import ProposalSet
from tracker.values.errors import Refused

from . import factories
from .factories import park, policy

pytestmark = pytest.mark.usefixtures("world")


def published_set(author: User, editor: User) -> ProposalSet:
    """A park changed and a policy added, from one document."""
    factories.live(park())
    made = sets.begin(actor=author, source="report-2021")
    sets.put(actor=author, of=made, before=park(), after=park(name="新名"), nature="correction", reason="据报告")
    sets.put(actor=author, of=made, before={}, after=policy(), nature="new", reason="据报告")
    sets.submit(actor=author, of=made)
    sets.approve_and_publish(actor=editor, of=made)
    return made


def test_a_set_is_undone_by_another_set_that_is_reviewed(contributor: User, editor: User) -> None:
    made = published_set(contributor, editor)
    back = reversing.revert(actor=contributor, of=made, reason="搞错了", origin="admin", request_id="r-9")
    assert set(back.proposals.values_list("kind", "action", "state", "request_id")) == {
        ("park", "restore", "in_review", "r-9"), ("policy", "withdraw", "in_review", "r-9")}  # fmt: skip
    sets.approve_and_publish(actor=editor, of=back)
    entry = factories.entry("park", "river-park")
    assert entry.revisions.get(number=entry.revision).payload == entry.revisions.get(number=1).payload
    assert factories.entry("policy", "ai-opinions").state == "withdrawn"


def test_what_was_changed_since_is_left_and_named(contributor: User, editor: User) -> None:
    made = published_set(contributor, editor)
    factories.change(contributor, editor, park(name="更新的名"))
    back = reversing.revert(actor=contributor, of=made, reason="搞错了")
    assert list(back.proposals.values_list("kind", flat=True)) == ["policy"]
    assert "park/river-park" in back.note


def test_a_batch_is_undone_by_its_name(contributor: User, editor: User) -> None:
    waiting = [factories.propose(contributor, payload, batch="cat_x/1") for payload in (park(), policy())]
    proposals.approve_and_publish(actor=editor, proposals=waiting)
    back = reversing.revert(actor=contributor, of="cat_x/1", reason="搞错了")
    sets.approve_and_publish(actor=editor, of=back)
    assert {factories.entry(*each).state for each in (("park", "river-park"), ("policy", "ai-opinions"))} == {
        "withdrawn"}  # fmt: skip


def test_nothing_is_undone_without_a_reason_twice_or_by_who_may_only_look(contributor: User, editor: User,
                                                                         viewer: User) -> None:  # fmt: skip
    made = published_set(contributor, editor)
    for actor, reason in ((contributor, " "), (viewer, "搞错了")):
        with pytest.raises(Refused):
            reversing.revert(actor=actor, of=made, reason=reason)
    sets.approve_and_publish(actor=editor, of=reversing.revert(actor=contributor, of=made, reason="搞错了"))
    with pytest.raises(Refused, match="没有可撤回的"):
        reversing.revert(actor=contributor, of=made, reason="再来")
    with pytest.raises(Refused, match="无可撤回"):
        reversing.revert(actor=contributor, of="", reason="x")
