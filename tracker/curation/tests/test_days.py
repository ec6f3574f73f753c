"""What the passing of days does to public documents."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from tracker.accounts.models import User
from tracker.curation import checking, days, proposals
from tracker.curation.publish import Outcome, publish
from tracker.entries.fields import Json
from tracker.entries.models import Change, Counter
from tracker.jobs import services as jobs
from tracker.jobs.models import Job
from tracker.values.codes import Nature

from . import factories
from .factories import document, policy

pytestmark = pytest.mark.usefixtures("world")

TODAY = timezone.localdate()


def on(offset: int) -> date:
    return TODAY + timedelta(days=offset)


def morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 1, tzinfo=UTC)


def pass_until(day: date) -> int:
    return sum(days.pass_day(due, now=morning(due)) for due in days.days_due(day))


def told(key: str) -> list[tuple[str, list[str]]]:
    rows = Change.objects.filter(kind="policy", key=key).order_by("seq")
    return [(row.nature, row.changed_fields) for row in rows]


def fresh_policy(**dates: str) -> Json:
    """A policy that a source of today tells of."""
    return policy(issued=TODAY.isoformat(), citations=[{"path": "", "source": "today"}], **dates)


@pytest.fixture(autouse=True)
def source(world: None) -> None:
    factories.live(factories.source("today", "今日公报", date=TODAY.isoformat()))


@pytest.fixture
def coming() -> Outcome:
    """A policy that comes into force in two days, ends its planning period in four and expires in six."""
    period = f"{on(2).isoformat()}/{on(4).isoformat()}"
    return factories.live(fresh_policy(effective=on(2).isoformat(), period=period, expires=on(6).isoformat()))


def test_each_day_brings_its_own_derived_change(coming: Outcome) -> None:
    seen = [document("policy", "ai-opinions")["status"]]
    for offset in range(1, 8):
        pass_until(on(offset))
        seen.append(document("policy", "ai-opinions")["status"])
    assert seen == ["not_yet", "not_yet", *["in_force"] * 4, "ended", "ended"]
    assert told("ai-opinions") == [
        (Nature.NEW, told("ai-opinions")[0][1]),
        (Nature.DERIVED, ["/status"]), (Nature.DERIVED, ["/period_ended"]), (Nature.DERIVED, ["/status"]),
    ]  # fmt: skip


def test_missed_days_are_caught_up_in_order_and_told_as_they_would_have_come(coming: Outcome) -> None:
    assert pass_until(on(7)) == 3
    assert [fields for nature, fields in told("ai-opinions") if nature == Nature.DERIVED] == [
        ["/status"], ["/period_ended"], ["/status"],
    ]  # fmt: skip
    assert document("policy", "ai-opinions")["status"] == "ended"


def test_the_passing_of_a_day_is_no_editorial_revision_and_moves_no_date(coming: Outcome) -> None:
    before = document("policy", "ai-opinions")
    pass_until(on(7))
    after = document("policy", "ai-opinions")
    kept = ("revision", "updated_at", "verified_at", "published_at")
    assert [after[name] for name in kept] == [before[name] for name in kept]
    assert after["version"] > before["version"]


def test_a_day_is_passed_once(coming: Outcome) -> None:
    pass_until(on(7))
    last = Change.objects.latest("seq").seq
    assert pass_until(on(7)) == 0
    assert days.pass_day(on(2), now=morning(on(7))) == 0
    assert Change.objects.latest("seq").seq == last


def test_what_was_published_since_is_not_set_back_by_a_missed_day(contributor: User, editor: User) -> None:
    factories.live(fresh_policy(effective=on(2).isoformat(), expires=on(9).isoformat()))
    proposal = factories.propose(contributor, fresh_policy(effective=on(2).isoformat(), expires=on(10).isoformat()))
    approved = proposals.approve(actor=editor, proposal=proposal)
    publish(actor=editor, proposals=[approved], now=morning(on(3)))
    assert document("policy", "ai-opinions")["status"] == "in_force"
    pass_until(on(5))
    assert len(told("ai-opinions")) == 2
    assert document("policy", "ai-opinions")["status"] == "in_force"


def test_evidence_that_goes_stale_ends_being_in_force() -> None:
    factories.live(fresh_policy(effective=on(-1).isoformat(), expires="2099"))
    last = date.fromisoformat(document("policy", "ai-opinions")["stale_after"])
    Counter.objects.create(name=days.COUNTER, value=last.toordinal() - 1)
    pass_until(last)
    assert document("policy", "ai-opinions")["status"] == "in_force"
    pass_until(last + timedelta(days=1))
    assert document("policy", "ai-opinions")["status"] == "unverified"


def test_after_the_days_everything_is_whole(coming: Outcome) -> None:
    pass_until(on(3))
    assert [finding for finding in checking.everything() if "policy/" in finding] == []


def test_the_sweep_asks_for_the_daily_job_once_a_day(coming: Outcome) -> None:
    jobs.sweep()
    jobs.sweep()
    asked = Job.objects.filter(name=days.PASS_DAYS)
    assert [job.state for job in asked] == [Job.State.DONE]
    tomorrow = timezone.now() + timedelta(days=1)
    jobs.sweep(clock=lambda: tomorrow)
    assert len(asked.all()) == 2


def test_before_anything_is_published_no_day_is_due() -> None:
    Change.objects.all().delete()
    Counter.objects.all().delete()
    assert list(days.days_due(on(3))) == []
