"""Long work: asked for, run by one worker at a time, resumed when that worker dies.

The rows are the queue. A message to Celery only says “look at job N”; when it is lost, the sweep finds the row.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import OperationalError, transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from tracker.accounts.models import User
from tracker.values.errors import Refused, TrackerError

from . import nudge, registry
from .models import Job
from .progress import Cancelled, Clock, LeaseLost, Progress, lease_end
from .registry import Arguments

logger = logging.getLogger(__name__)

LOOK = "tracker.jobs.look"
"""Name of the Celery task that looks at one job."""

MOST_ATTEMPTS = 5
"""A job that took its worker down so often is given up rather than tried for ever."""


def enqueue(*, actor: User | None, name: str, arguments: Arguments, now: datetime) -> Job:
    """Put a job in the queue; a worker hears of it once the surrounding transaction is committed.

    :raises Invalid: no function is registered under that name.
    """
    registry.get(name)
    job = Job.objects.create(name=name, arguments=arguments, actor=actor, created_at=now)
    transaction.on_commit(lambda: nudge.tell(LOOK, job.pk))
    return job


def cancel(*, actor: User, job: Job, now: datetime) -> None:
    """Cancel a waiting job now, a running one at its next step.

    :raises Refused: the job has already ended.
    """
    row = Job.objects.filter(pk=job.pk)
    message = f"取消 cancelled by {actor.get_username()}"
    if row.filter(state=Job.State.WAITING).update(state=Job.State.CANCELLED, finished_at=now, message=message):
        return
    if not row.filter(state=Job.State.RUNNING).update(cancel_requested=True):
        raise Refused(f"{job} has already ended")


def run(job_id: int, *, clock: Clock = timezone.now) -> None:
    """Run a job that waits or whose worker died; do nothing when it has ended or another worker has it."""
    job = _lease(job_id, clock())
    if job is None:
        return
    try:
        _run(job, Progress(job, clock))
    except LeaseLost as error:
        logger.warning("%s", error)
    except OperationalError as error:
        logger.warning("the database failed during %s, the sweep will resume it: %s", job, error)


def _lease(job_id: int, now: datetime) -> Job | None:
    """Take the job, if it is to be had: one conditional UPDATE, so that only one worker gets it."""
    taken = Job.objects.due(now).filter(pk=job_id, attempts__lt=MOST_ATTEMPTS).update(
        state=Job.State.RUNNING, attempts=F("attempts") + 1, leased_until=lease_end(now),
        started_at=Coalesce("started_at", now),
    )  # fmt: skip
    return Job.objects.select_related("actor").get(pk=job_id) if taken else None


def _run(job: Job, progress: Progress) -> None:
    try:
        work = registry.get(job.name)
        message = work(actor=job.actor, arguments=job.arguments, progress=progress)
    except (LeaseLost, OperationalError):
        raise
    except Cancelled as error:
        progress.finish(Job.State.CANCELLED, str(error))
    except TrackerError as error:
        progress.finish(Job.State.FAILED, _sentences(error))
    except Exception as error:
        logger.exception("%s failed", job)
        progress.finish(Job.State.FAILED, f"程序错误 program error: {type(error).__name__}: {error}")
    else:
        progress.finish(Job.State.DONE, message)


def _sentences(error: TrackerError) -> str:
    lines = [f"{where}: {sentence}" for where, sentence in error.errors[:20]]
    more = [f"… {len(error.errors) - 20} more"] if len(error.errors) > 20 else []
    return "\n".join([error.message, *lines, *more])


def sweep(*, clock: Clock = timezone.now) -> None:
    """Run what no worker has: what the day brings, jobs never picked up, and jobs whose worker died."""
    _give_up(clock())
    _ask_for_daily(clock())
    _ask_for_due(clock())
    for job_id in Job.objects.due(clock()).order_by("id").values_list("pk", flat=True):
        run(job_id, clock=clock)


def _give_up(now: datetime) -> None:
    message = f"放弃 given up: {MOST_ATTEMPTS} workers ended while they ran it"
    exhausted = Job.objects.due(now).filter(attempts__gte=MOST_ATTEMPTS)
    exhausted.update(state=Job.State.FAILED, finished_at=now, leased_until=None, message=message)


def _ask_for_daily(now: datetime) -> None:
    """Put today's daily jobs in the queue, those that are not in it yet."""
    begins = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    asked = set(Job.objects.filter(name__in=registry.daily(), created_at__gte=begins).values_list("name", flat=True))
    for name in registry.daily():
        if name not in asked:
            enqueue(actor=None, name=name, arguments={}, now=now)


def _ask_for_due(now: datetime) -> None:
    """Put in the queue what has something to do now, unless it is there already."""
    unended = Job.objects.filter(state__in=(Job.State.WAITING, Job.State.RUNNING))
    for name in registry.due(now):
        if not unended.filter(name=name).exists():
            enqueue(actor=None, name=name, arguments={}, now=now)
