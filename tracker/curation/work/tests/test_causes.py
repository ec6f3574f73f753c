"""Each sort of work opens with its cause and closes when the cause is gone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from tracker.accounts.models import User
from tracker.curation import proposals
from tracker.curation.links.models import SourceCheck
from tracker.curation.tests import factories
from tracker.curation.tests.factories import WHOLE, area, entry, park, policy, relation, source
from tracker.curation.work import causes, refresh, tasks
from tracker.curation.work.models import Sort, Task
from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.entries.models import Entry

pytestmark = pytest.mark.usefixtures("world")
CITED_TWICE = [*WHOLE, {"path": "/opened", "source": "report-2021", "stated": "2019"},
               {"path": "/opened", "source": "notice-2019", "stated": "2020"}]  # fmt: skip


def open_tasks(sort: str, key: str = "river-park") -> list[str]:
    """Paths of the open tasks of a sort on an entry."""
    return sorted(Task.objects.open().filter(sort=sort, key=key).values_list("path", flat=True))


def test_every_sort_is_registered_and_says_what_is_to_be_done() -> None:
    assert [declared.sort for declared in causes.every()] == list(Sort)


def test_every_expected_field_is_one_of_its_kind() -> None:
    for kind in kinds.every():
        assert [kind.field(name).name for name in kind.expected] == list(kind.expected)
    assert all(kind.expected for kind in kinds.entry_kinds())


def test_a_field_that_is_expected_and_not_known_is_work_until_it_is(contributor: User, editor: User) -> None:
    factories.live(park())
    assert "/areas" in open_tasks(Sort.MISSING_FIELD)
    assert "/category" not in open_tasks(Sort.MISSING_FIELD)
    factories.change(contributor, editor, park(areas=[area("site-2021", 12)]))
    assert "/areas" not in open_tasks(Sort.MISSING_FIELD)
    assert Task.objects.get(key="river-park", path="/areas").state == Task.State.CLOSED


def test_a_conflict_is_work_until_an_editor_has_ruled(contributor: User, editor: User) -> None:
    factories.live(park(opened="2020", citations=CITED_TWICE))
    assert open_tasks(Sort.CONFLICT) == ["/opened"]
    ruled = [{"path": "/opened", "action": "rule", "reason": "通告在后"}]
    factories.change(contributor, editor, park(opened="2020", citations=CITED_TWICE, rulings=ruled))
    assert open_tasks(Sort.CONFLICT) == []


def test_evidence_goes_stale_with_the_day_and_is_fresh_again_with_a_new_source(contributor: User, editor: User) -> None:
    day = timezone.localdate()
    factories.live(source("new-report", "新报告", date=day.isoformat()))
    fresh = [{"path": "", "source": "new-report"}]
    factories.live(park(citations=fresh))
    assert open_tasks(Sort.STALE) == []
    later = timezone.now() + timedelta(days=366 * 3 + 40)
    refresh.look_at([entry("park", "river-park").pk], now=later)
    assert open_tasks(Sort.STALE) == [""]
    refresh.look_at([entry("park", "river-park").pk], now=timezone.now())
    assert open_tasks(Sort.STALE) == []


def test_a_fact_that_rests_on_judgement_alone_is_work_and_a_classification_is_not(
    contributor: User, editor: User
) -> None:
    factories.live(factories.term("editorial-judgement", "source-category", "编者判断"),
                   source("judgement", "编者判断", category="editorial-judgement"))  # fmt: skip
    judged = {"source": "judgement", "reason": "据常识"}
    named = [{"path": path, "source": "report-2021"} for path in ("/name", "/opened")]
    sorted_ = [*named, {"path": "/category", **judged}, {"path": "/places", **judged}]
    factories.live(park(opened="2020", citations=sorted_))
    assert open_tasks(Sort.MISSING_SOURCE) == ["/places"]
    mended = [*sorted_, {"path": "/places", "source": "report-2021"}]
    factories.change(contributor, editor, park(opened="2020", citations=mended))
    assert open_tasks(Sort.MISSING_SOURCE) == []


def test_a_name_without_an_entry_is_work_until_the_entry_comes() -> None:
    tenants = [{"key": "first", "organisation": {"title": "大江智能公司"}}]
    factories.live(park(tenants=tenants))
    assert open_tasks(Sort.UNMATCHED_NAME) == ["/tenants/first/organisation"]
    factories.live({"kind": "organisation", "key": "dajiang", "name": "大江智能公司", "citations": WHOLE})
    assert open_tasks(Sort.UNMATCHED_NAME) == []


def test_a_planning_period_that_is_over_is_work_until_the_plan_has_ended(contributor: User, editor: User) -> None:
    factories.live(policy(period="2018/2020"))
    assert open_tasks(Sort.PERIOD_ENDED, "ai-opinions") == ["/period"]
    factories.change(contributor, editor, policy(period="2018/2020", expires="2021-01-01"), nature="world")
    assert open_tasks(Sort.PERIOD_ENDED, "ai-opinions") == []


def test_what_implements_a_policy_is_work_when_another_amends_it() -> None:
    factories.live(policy(), policy("rules", "实施细则", relations=[relation("implements", "ai-opinions")]))
    assert open_tasks(Sort.AMENDED_PARENT, "rules") == []
    factories.live(policy("amendment", "修改决定", relations=[relation("amends", "ai-opinions")]))
    assert open_tasks(Sort.AMENDED_PARENT, "rules") == ["/relations/first/policy"]
    assert open_tasks(Sort.AMENDED_PARENT, "amendment") == []
    factories.live(policy("second", "再次修改", relations=[relation("amends", "ai-opinions")]))
    assert open_tasks(Sort.AMENDED_PARENT, "rules") == ["/relations/first/policy"]


def checked(key: str, **columns: object) -> SourceCheck:
    now = timezone.now()
    found, _made = SourceCheck.objects.update_or_create(
        source=entry("source", key), defaults={"url": "https://example.org/", "due_at": now, **columns}
    )
    refresh.look_at(list(Entry.objects.values_list("pk", flat=True)), now=now)
    return found


def test_a_source_that_is_lost_reopens_exactly_the_facts_that_cite_it() -> None:
    only_opened = [*WHOLE, {"path": "/opened", "source": "notice-2019"}]
    factories.live(park(opened="2020", citations=only_opened), park("other-park", "他园"))
    checked("notice-2019", state="broken", failing_since=timezone.now(), status=404)
    assert open_tasks(Sort.BROKEN_LINK, "notice-2019") == ["/url"]
    lost = Task.objects.open().filter(sort=Sort.SOURCE_LOST)
    assert list(lost.values_list("key", "path")) == [("river-park", "/opened")]
    checked("notice-2019", state="fine", failing_since=None, status=200)
    assert not lost.exists()
    assert open_tasks(Sort.BROKEN_LINK, "notice-2019") == []


def test_a_source_that_changed_reopens_its_facts_until_each_is_looked_at_again(contributor: User, editor: User) -> None:
    cited = [*WHOLE, {"path": "/opened", "source": "notice-2019"}, {"path": "/positioning", "source": "notice-2019"}]
    facts: Json = {"opened": "2020", "positioning": ["示范"], "citations": cited}
    factories.live(park(**facts))
    checked("notice-2019", state="fine", changed_at=timezone.now())
    assert open_tasks(Sort.SOURCE_CHANGED) == ["/opened", "/positioning"]
    factories.change(contributor, editor, park(**{**facts, "opened": "2020-05"}))
    assert open_tasks(Sort.SOURCE_CHANGED) == ["/positioning"]
    confirmed = [*cited, {"path": "/name", "source": "report-2021"}]
    factories.change(contributor, editor, park(**{**facts, "opened": "2020-05", "citations": confirmed}))
    assert open_tasks(Sort.SOURCE_CHANGED) == []


def test_a_proposal_is_work_from_its_submission_to_its_publication(contributor: User, editor: User) -> None:
    draft = proposals.propose(actor=contributor, payload=park(), reason="新园区")
    assert open_tasks(Sort.IN_REVIEW) == []
    waiting = proposals.submit(actor=contributor, proposal=draft)
    task = Task.objects.get(sort=Sort.IN_REVIEW)
    assert (task.state, task.entry, task.name, task.proposal) == ("open", None, "江畔园", waiting)
    assert Task.objects.within(["320000"]).filter(sort=Sort.IN_REVIEW).get() == task
    proposals.approve_and_publish(actor=editor, proposals=[waiting])
    task.refresh_from_db()
    assert task.state == Task.State.CLOSED


def test_a_proposal_that_is_sent_back_waits_for_its_author_and_comes_again(contributor: User, editor: User) -> None:
    waiting = factories.propose(contributor, park())
    proposals.request_changes(actor=editor, proposal=waiting, note="补面积")
    assert open_tasks(Sort.IN_REVIEW) == []
    proposals.submit(actor=contributor, proposal=waiting)
    assert open_tasks(Sort.IN_REVIEW) == [""]


def test_what_leaves_public_view_needs_no_work(contributor: User, editor: User) -> None:
    factories.live(park())
    assert Task.objects.open().filter(key="river-park").exists()
    factories.withdraw(contributor, editor, entry("park", "river-park"))
    assert not Task.objects.open().filter(key="river-park").exists()


def test_what_was_dismissed_stays_away_until_its_cause_is_another(contributor: User, editor: User) -> None:
    factories.live(policy(period="2018/2020"))
    now = datetime(2026, 1, 1, tzinfo=UTC)
    task = Task.objects.get(sort=Sort.PERIOD_ENDED)
    tasks.dismiss(actor=editor, tasks=Task.objects.filter(pk=task.pk), reason="已有后续规划", now=now)
    refresh.look_at([entry("policy", "ai-opinions").pk], now=now)
    task.refresh_from_db()
    assert (task.state, task.reason) == (Task.State.DISMISSED, "已有后续规划")
    factories.change(contributor, editor, policy(period="2018/2022"))
    task.refresh_from_db()
    assert (task.state, task.reason) == (Task.State.OPEN, "")


def test_looking_again_changes_nothing() -> None:
    factories.live(park(opened="2020", citations=CITED_TWICE), policy(period="2018/2020"))
    before = list(Task.objects.order_by("pk").values())
    refresh.look_at(list(Entry.objects.values_list("pk", flat=True)), now=timezone.now() + timedelta(days=1))
    assert list(Task.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("days", [{"colour": 3}, {"stale": -1}])
def test_a_setting_that_names_no_sort_stops_the_program(days: dict[str, int]) -> None:
    causes.refuse_strange_days({"stale": 60})
    with pytest.raises(ImproperlyConfigured, match="TASK_DUE_DAYS"):
        causes.refuse_strange_days(days)


def test_a_due_date_follows_the_sort_and_the_setting(settings: object) -> None:
    settings.TASK_DUE_DAYS = {"missing_field": 5}  # type: ignore[attr-defined]
    now = datetime(2026, 3, 1, 4, tzinfo=UTC)
    assert refresh.due(causes.get(Sort.MISSING_FIELD), now) == date(2026, 3, 6)
    assert refresh.due(causes.get(Sort.IN_REVIEW), now) == date(2026, 3, 4)
