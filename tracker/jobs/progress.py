"""How a running job says how far it is, keeps its lease, and learns that it should stop."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from .models import Job

Clock = Callable[[], datetime]


class LeaseLost(Exception):
    """Another worker has taken the job over; whatever this one was writing must be rolled back."""


class Cancelled(Exception):
    """Raised by a job's function when it stops because somebody asked it to; the message says how far it came."""


def lease_end(now: datetime) -> datetime:
    return now + timedelta(seconds=settings.JOB_LEASE_SECONDS)


class Progress:
    """The hold one worker has on one running job.

    The number of the attempt is the fence: once another worker takes the job over, every write of the first fails.
    """

    def __init__(self, job: Job, clock: Clock = timezone.now) -> None:
        self._job, self._clock = job, clock

    @property
    def cursor(self) -> dict[str, Any]:
        """Where the last ``step`` left off; empty at the first attempt."""
        return dict(self._job.cursor)

    @property
    def total(self) -> int:
        """The total that was last reported; 0 at the first attempt."""
        return self._job.total

    @property
    def cancelled(self) -> bool:
        return Job.objects.filter(pk=self._job.pk, cancel_requested=True).exists()

    def step(self, done: int, total: int, *, cursor: dict[str, Any] | None = None) -> None:
        """Record how far the job is and renew the lease.

        :raises LeaseLost: another worker has the job now.
        """
        self._job.total = total
        self._job.cursor = self._job.cursor if cursor is None else cursor
        self._write(done=done, total=total, cursor=self._job.cursor, leased_until=lease_end(self._clock()))

    def finish(self, state: Job.State, message: str) -> None:
        """
        :raises LeaseLost: another worker has the job now.
        """
        self._write(state=state, message=message, finished_at=self._clock(), leased_until=None)

    def _write(self, **columns: Any) -> None:
        mine = Job.objects.filter(pk=self._job.pk, state=Job.State.RUNNING, attempts=self._job.attempts)
        if not mine.update(**columns):
            raise LeaseLost(f"{self._job} is no longer this worker's")
