"""What people do with tasks, and undo."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from tracker.accounts.models import User
from tracker.curation.tests import factories
from tracker.curation.tests.factories import park
from tracker.curation.work import tasks
from tracker.curation.work.models import Task, TaskMove
from tracker.values.errors import Refused

pytestmark = pytest.mark.usefixtures("world")
NOW = timezone.now()


@pytest.fixture
def some(world: None) -> list[Task]:
    factories.live(park(), park("other-park", "他园"))
    return list(Task.objects.open().filter(sort="missing_field").order_by("pk"))


def test_taking_a_task_leaves_who_and_when(contributor: User, some: list[Task]) -> None:
    done = tasks.assign(actor=contributor, tasks=Task.objects.filter(pk=some[0].pk), owner=contributor, now=NOW,
                        request_id="r-1")  # fmt: skip
    assert done.count == 1
    move = TaskMove.objects.get()
    assert (move.actor, move.action, move.origin, move.request_id) == (contributor, "assign", "shell", "r-1")
    assert Task.objects.get(pk=some[0].pk).owner == contributor


def test_contributors_take_tasks_and_only_editors_give_or_dismiss_them(contributor: User, editor: User, viewer: User,
                                                                       some: list[Task]) -> None:  # fmt: skip
    every = Task.objects.all()
    with pytest.raises(Refused):
        tasks.assign(actor=contributor, tasks=every, owner=editor, now=NOW)
    with pytest.raises(Refused):
        tasks.dismiss(actor=contributor, tasks=every, reason="不对", now=NOW)
    with pytest.raises(Refused):
        tasks.assign(actor=viewer, tasks=every, owner=viewer, now=NOW)
    with pytest.raises(Refused):
        tasks.assign(actor=editor, tasks=every, owner=viewer, now=NOW)
    assert not TaskMove.objects.exists()


def test_many_are_dismissed_with_one_reason_and_brought_back_by_undo(editor: User, some: list[Task]) -> None:
    with pytest.raises(Refused, match="理由"):
        tasks.dismiss(actor=editor, tasks=Task.objects.filter(sort="missing_field"), reason=" ", now=NOW)
    done = tasks.dismiss(actor=editor, tasks=Task.objects.filter(sort="missing_field"), reason="规划中", now=NOW)
    assert done.count == len(some)
    assert set(Task.objects.filter(sort="missing_field").values_list("state", "reason")) == {("dismissed", "规划中")}
    back = tasks.undo(actor=editor, batch=done.batch, now=NOW)
    assert back.count == len(some)
    restored = Task.objects.filter(sort="missing_field").order_by("pk")
    columns = ("state", "reason", "due", "owner_id", "ended_at")
    before = [tuple(getattr(task, name) for name in columns) for task in some]
    assert list(restored.values_list(*columns)) == before


def test_undo_leaves_alone_what_has_changed_since(editor: User, chief: User, some: list[Task]) -> None:
    done = tasks.set_due(actor=editor, tasks=Task.objects.filter(pk__in=[some[0].pk, some[1].pk]),
                         due=date(2030, 1, 1), now=NOW)  # fmt: skip
    tasks.set_due(actor=chief, tasks=Task.objects.filter(pk=some[1].pk), due=date(2031, 1, 1), now=NOW)
    assert tasks.undo(actor=editor, batch=done.batch, now=NOW).count == 1
    assert Task.objects.get(pk=some[0].pk).due == some[0].due
    assert Task.objects.get(pk=some[1].pk).due == date(2031, 1, 1)


def test_a_contributor_undoes_only_what_was_their_own(contributor: User, editor: User, some: list[Task]) -> None:
    done = tasks.assign(actor=editor, tasks=Task.objects.filter(pk=some[0].pk), owner=editor, now=NOW)
    with pytest.raises(Refused):
        tasks.undo(actor=contributor, batch=done.batch, now=NOW)
    with pytest.raises(Refused):
        tasks.undo(actor=editor, batch="no-such", now=NOW)


def test_too_many_at_once_are_refused(editor: User, some: list[Task], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "MOST", 1)
    with pytest.raises(Refused, match="at most 1"):
        tasks.dismiss(actor=editor, tasks=Task.objects.all(), reason="不对", now=NOW)
