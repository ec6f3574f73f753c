"""Real workers, real brokers, and what is left when a worker is killed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tracker.jobs.models import Job
from tracker.testing.workers import BROKERS, NOBODY, Workshop, wait_until

from . import slow_work

ENQUEUE = f"""
import sys
import django
django.setup()
from django.utils import timezone
from tracker.jobs import services as jobs
from tracker.jobs.tests import slow_work
arguments = {{"file": sys.argv[1], "total": int(sys.argv[2]), "seconds": float(sys.argv[3])}}
print(jobs.enqueue(actor=None, name={slow_work.COUNT!r}, arguments=arguments, now=timezone.now()).pk)
"""

pytestmark = pytest.mark.django_db(transaction=True)


class CountingWorkshop(Workshop):
    """Its workers know the job that counts into a file."""

    def __init__(self, folder: Path, broker: str) -> None:
        super().__init__(folder, broker, include=slow_work.__name__)
        self.counted = folder / "counted"

    def enqueue(self, *, total: int, seconds: float) -> int:
        done = self.python(ENQUEUE, str(self.counted), str(total), str(seconds))
        assert done.returncode == 0, done.stderr
        return int(done.stdout)

    def lines(self) -> list[int]:
        return [int(line) for line in self.counted.read_text().split()] if self.counted.exists() else []


@pytest.fixture(params=BROKERS)
def workshop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[CountingWorkshop]:
    workshop = CountingWorkshop(tmp_path, request.param)
    yield workshop
    workshop.close()


def is_done(job_id: int) -> bool:
    return Job.objects.filter(pk=job_id, state=Job.State.DONE).exists()


def test_a_job_whose_worker_is_killed_is_resumed_by_the_next_worker_where_it_stopped(
    workshop: CountingWorkshop,
) -> None:
    job_id = workshop.enqueue(total=20, seconds=0.1)
    first = workshop.start_worker()
    wait_until(lambda: len(workshop.lines()) >= 5)
    workshop.kill(first)
    counted = len(workshop.lines())
    assert counted < 20
    workshop.start_worker()
    wait_until(lambda: is_done(job_id))
    job = Job.objects.get(pk=job_id)
    assert (job.attempts, job.done, job.total, job.message) == (2, 20, 20, "counted to 20")
    assert workshop.lines()[:counted] == list(range(counted))
    assert workshop.lines()[-1] == 19
    assert len(workshop.lines()) in (19, 20)  # killed between the commit and the line, one is missing


def test_a_worker_that_is_up_hears_of_a_new_job_by_message(workshop: CountingWorkshop) -> None:
    workshop.environment["JOB_SWEEP_SECONDS"] = "3600"
    found_at_start = workshop.enqueue(total=1, seconds=0)
    workshop.start_worker()
    wait_until(lambda: is_done(found_at_start))
    heard_of = workshop.enqueue(total=1, seconds=0)
    wait_until(lambda: is_done(heard_of))


@pytest.mark.parametrize("broker", BROKERS[1:])
def test_two_trackers_on_one_broker_do_not_take_each_others_messages(broker: str, tmp_path: Path) -> None:
    ours, theirs = (CountingWorkshop(tmp_path / name, broker) for name in ("ours", "theirs"))
    try:
        for workshop in (ours, theirs):
            workshop.counted.parent.mkdir()
            workshop.environment["JOB_SWEEP_SECONDS"] = "3600"
        theirs.environment["DATABASE_URL"] = f"sqlite:///{tmp_path}/theirs.sqlite3"
        theirs.start_worker()
        found_at_start = ours.enqueue(total=1, seconds=0)
        ours.start_worker()
        wait_until(lambda: is_done(found_at_start))
        heard_of = [ours.enqueue(total=1, seconds=0) for _ in range(4)]  # brokers deal messages out in turn
        wait_until(lambda: all(is_done(job_id) for job_id in heard_of), seconds=60)
    finally:
        ours.close()
        theirs.close()


def test_without_a_broker_a_job_waits_in_the_database(tmp_path: Path) -> None:
    job_id = CountingWorkshop(tmp_path, NOBODY).enqueue(total=1, seconds=0)
    assert Job.objects.get(pk=job_id).state == Job.State.WAITING
