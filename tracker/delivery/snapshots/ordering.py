"""Asking for a snapshot: by hand at any time, by the clock once a day when something has changed."""

from __future__ import annotations

from datetime import datetime

from tracker.accounts.models import User
from tracker.accounts.roles import may_review
from tracker.delivery import feed
from tracker.jobs import services as jobs
from tracker.jobs.models import Job
from tracker.values.errors import Refused

from .models import Snapshot
from .plan import SNAPSHOT


def order(*, actor: User | None, now: datetime) -> Job:
    """Ask for a snapshot; while one is being made, that one is it.

    :param actor: who asks; None for whoever may run commands on the machine.
    :raises Refused: the actor is no editor.
    """
    if actor is not None and not may_review(actor):
        raise Refused("编辑才能制作快照 only an editor makes snapshots")
    unfinished = Job.objects.filter(name=SNAPSHOT, state__in=(Job.State.WAITING, Job.State.RUNNING)).order_by("id")
    return unfinished.first() or jobs.enqueue(actor=actor, name=SNAPSHOT, arguments={}, now=now)


def order_if_changed(*, now: datetime) -> Job | None:
    """Ask for a snapshot unless the newest one says all there is to say."""
    newest = Snapshot.objects.kept().order_by("-number").first()
    if newest is not None and newest.seq == feed.last_number():
        return None
    return order(actor=None, now=now)
