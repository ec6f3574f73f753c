"""How long a large file takes to become one batch, and the batch to become public; how much memory that needs."""

from __future__ import annotations

import os
import resource
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils import timezone

from tracker.accounts.roles import Role
from tracker.jobs import services as jobs
from tracker.jobs.models import Job
from tracker.values import canonical

from . import bench
from .importing import services
from .importing.models import Import

BROUGHT = "bench-importer"
WATCH_SECONDS = 15


@dataclass(frozen=True)
class Stage:
    """What one job did and what it cost."""

    name: str
    seconds: float
    cpu: float
    """Seconds of processor that this process took; the rest is the database, and who else uses the machine."""
    message: str
    peak: int
    """Megabytes of this process so far."""
    load: float
    """How many processes wanted a processor at a time, in the last minute."""


Say = Callable[[str], None]


def run(rows: int, *, now: datetime, say: Say) -> Iterator[Stage]:
    """Bring a file of made-up entries, hand it over and publish it, as a contributor and an editor would."""
    author, reviewer = bench.person(BROUGHT, Role.CONTRIBUTOR), bench.person(bench.BENCH, Role.EDITOR)
    of = services.begin(actor=author, blocks=_lines(rows), name="bench.jsonl", reason=bench.REASON, now=now)
    yield _done(of, "check", say)
    of.refresh_from_db()
    if of.state != Import.State.READY:
        say(f"not ready: {of.state} {of.counts} {of.trouble}")
        return
    services.propose(actor=author, of=of, now=timezone.now())
    of.refresh_from_db()
    yield _done(of, "propose", say)
    services.publish(actor=reviewer, of=of, now=timezone.now())
    of.refresh_from_db()
    yield _done(of, "publish", say)


def _lines(rows: int) -> Iterator[bytes]:
    """JSON Lines; keys begin anew each time, so that the same rows are brought again."""
    return (canonical.dumps(payload).encode() + b"\n" for payload in bench.payloads(rows, bench.sites()))


def _done(of: Import, name: str, say: Say) -> Stage:
    assert of.job is not None
    started, used = time.monotonic(), time.process_time()
    with _watched(of.job.pk, started, say):
        jobs.run(of.job.pk)
    job = Job.objects.get(pk=of.job.pk)
    seconds, cpu = time.monotonic() - started, time.process_time() - used
    return Stage(name, seconds, cpu, f"{job.state}: {job.message}", _peak(), os.getloadavg()[0])


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


@contextmanager
def _watched(job: int, started: float, say: Say) -> Iterator[None]:
    """Say every few seconds how far the job is, as the page would show it."""
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(WATCH_SECONDS):
            done, total = Job.objects.values_list("done", "total").get(pk=job)
            say(f"  {done:,} of {total:,} after {time.monotonic() - started:.0f} s, {_peak()} MB")
        connection.close()

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield
    finally:
        ended.set()
        watching.join()
