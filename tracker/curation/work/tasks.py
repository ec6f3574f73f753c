"""What people do with tasks: take them, give them, put them off, dismiss them — many at once, and undo all of it.

Each is one function and one transaction, and leaves a ``TaskMove`` for every task it changed.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Unpack

from django.db import transaction
from django.db.models import QuerySet

from tracker.accounts import roles
from tracker.accounts.models import User
from tracker.curation import limits
from tracker.curation.via import Via, Way, way
from tracker.entries.fields import Json
from tracker.values.errors import Refused

from .models import Task, TaskMove

MOST = 1000
"""Tasks that are changed in one go."""


@dataclass(frozen=True)
class Done:
    """What was done in one go: its name, for undoing, and with how many tasks."""

    batch: str
    count: int


def assign(*, actor: User, tasks: QuerySet[Task], owner: User | None, **via: Unpack[Via]) -> Done:
    """Say who does it: oneself, somebody else, or nobody.

    :raises Refused: the actor may not, or the other person cannot edit.
    """
    _refuse(actor, others=owner is not None and owner.pk != actor.pk)
    if owner is not None and not roles.may_propose(owner):
        raise Refused(f"{owner} 不能编辑，接不了待办 cannot edit, and so not take tasks")
    if owner is not None and owner.pk != actor.pk:
        _refuse_beyond(owner, tasks.select_related("proposal")[: MOST + 1])
    return _change(actor, tasks.filter(state=Task.State.OPEN), TaskMove.Action.ASSIGN, "", via,
                   lambda task: {"owner": owner.pk if owner else None})  # fmt: skip


def set_due(*, actor: User, tasks: QuerySet[Task], due: date, **via: Unpack[Via]) -> Done:
    """Say until when it should be done."""
    _refuse(actor)
    return _change(actor, tasks.filter(state=Task.State.OPEN), TaskMove.Action.SET_DUE, "", via,
                   lambda task: {"due": due.isoformat()})  # fmt: skip


def dismiss(*, actor: User, tasks: QuerySet[Task], reason: str, **via: Unpack[Via]) -> Done:
    """Say that there is nothing to be done; they stay away as long as their causes are what they are now.

    :raises Refused: without a reason; only editors dismiss.
    """
    _refuse(actor, others=True)
    why = reason.strip()
    if not why:
        raise Refused("免去待办须写明理由 say why there is nothing to be done")
    if len(why) > 300:
        raise Refused(f"理由最多 300 字，现有 {len(why)} 字 the reason is too long")
    taken = way(via)
    after = {"state": Task.State.DISMISSED.value, "reason": why, "ended_at": taken.now.isoformat()}
    return _change(actor, tasks.filter(state=Task.State.OPEN), TaskMove.Action.DISMISS, why, taken.again,
                   lambda task: after)  # fmt: skip


def reopen(*, actor: User, tasks: QuerySet[Task], **via: Unpack[Via]) -> Done:
    """Take a dismissal back."""
    _refuse(actor, others=True)
    return _change(actor, tasks.filter(state=Task.State.DISMISSED), TaskMove.Action.REOPEN, "", via,
                   lambda task: {"state": Task.State.OPEN.value, "reason": "", "ended_at": None})  # fmt: skip


@transaction.atomic
def undo(*, actor: User, batch: str, **via: Unpack[Via]) -> Done:
    """Put the tasks back as they were before something that was done in one go.

    A task that has changed since is left as it is.

    :raises Refused: there is no such doing, or it was somebody else's and the actor is no editor.
    """
    moves = list(TaskMove.objects.filter(batch=batch).exclude(action=TaskMove.Action.UNDO).select_related("task"))
    if not moves:
        raise Refused("没有可撤销的操作 there is nothing to undo")
    _refuse(actor, others=any(move.actor_id != actor.pk for move in moves))
    rows = Task.objects.select_for_update().filter(pk__in=[move.task_id for move in moves]).order_by("pk")
    locked = {task.pk: task for task in rows}
    _refuse_beyond(actor, locked.values())
    back = [(locked[move.task_id], move) for move in moves if _standing(locked[move.task_id], move.after) == move.after]
    for task, move in back:
        _set(task, move.before)
    _save([task for task, _move in back])
    name, taken = uuid.uuid4().hex, way(via)
    TaskMove.objects.bulk_create(
        TaskMove(task=task, batch=name, action=TaskMove.Action.UNDO, before=move.after, after=move.before, actor=actor,
                 reason=batch, **_how(taken))
        for task, move in back
    )  # fmt: skip
    return Done(name, len(back))


@transaction.atomic
def _change(actor: User, tasks: QuerySet[Task], action: TaskMove.Action, reason: str, via: Via,
            wanted: Callable[[Task], Json]) -> Done:  # fmt: skip
    batch, taken = uuid.uuid4().hex, way(via)
    locked = list(tasks.select_for_update(of=("self",)).select_related("proposal").order_by("pk")[: MOST + 1])
    if len(locked) > MOST:
        raise Refused(f"一次最多 {MOST} 件，请先筛选 at most {MOST} at once: filter first")
    _refuse_beyond(actor, locked)
    moves: list[TaskMove] = []
    changed: list[Task] = []
    for task in locked:
        after = wanted(task)
        before = _standing(task, after)
        if before != after:
            _set(task, after)
            changed.append(task)
            moves.append(TaskMove(task=task, batch=batch, action=action, before=before, after=after, reason=reason,
                                  actor=actor, **_how(taken)))  # fmt: skip
    _save(changed)
    TaskMove.objects.bulk_create(moves, batch_size=400)
    return Done(batch, len(changed))


def within_limits(actor: User, found: QuerySet[Task]) -> tuple[QuerySet[Task], int]:
    """Those of the tasks that are about what the actor may touch, and how many are not."""
    if limits.of(actor) is None:
        return found, 0
    rows = found.select_related("proposal").order_by("pk").iterator(chunk_size=limits.CHUNK)
    inside, outside = list[int](), 0
    while chunk := list(islice(rows, limits.CHUNK)):
        refused = limits.beyond(actor, [_about(task) for task in chunk])
        inside += [task.pk for index, task in enumerate(chunk) if index not in refused]
        outside += len(refused)
    return Task.objects.filter(pk__in=inside[: MOST + 1]), outside


def _how(taken: Way) -> Json:
    return {"origin": taken.origin, "request_id": taken.request_id, "made_at": taken.now}


def _refuse_beyond(actor: User, changing: Iterable[Task]) -> None:
    """:raises Refused: one of the tasks is about what lies beyond the limits of the actor; naming it."""
    tasks = list(changing)
    for index, error in limits.beyond(actor, [_about(task) for task in tasks]).items():
        raise Refused(f"“{tasks[index].name}”：{error.message}")


def _about(task: Task) -> limits.Subject:
    return task.proposal or limits.Standing(task.kind, task.key)


def _standing(task: Task, names: Json) -> Json:
    """How the named columns of a task stand, as JSON."""
    columns: Json = {
        "owner": task.owner_id, "due": task.due.isoformat(), "state": task.state, "reason": task.reason,
        "ended_at": task.ended_at and task.ended_at.isoformat(),
    }  # fmt: skip
    return {name: columns[name] for name in names}


def _set(task: Task, values: Json) -> None:
    for name, value in values.items():
        match name:
            case "owner":
                task.owner_id = value
            case "due":
                task.due = date.fromisoformat(value)
            case "ended_at":
                task.ended_at = value and datetime.fromisoformat(value)
            case _:
                setattr(task, name, value)


def _save(changed: Sequence[Task]) -> None:
    Task.objects.bulk_update(changed, ["owner", "due", "state", "reason", "ended_at"], batch_size=400)


def _refuse(actor: User, *, others: bool = False) -> None:
    """Contributors take tasks and put off their due dates; what concerns others is for editors."""
    if not (roles.may_review(actor) if others else roles.may_propose(actor)):
        raise Refused("这一步须由编辑来做 only an editor may do this")
