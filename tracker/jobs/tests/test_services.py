"""The queue in the database: leases, resuming, failing, cancelling, giving up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from tracker.accounts.models import User
from tracker.jobs import registry
from tracker.jobs import services as jobs
from tracker.jobs.models import Job
from tracker.jobs.progress import Cancelled, Progress
from tracker.values.errors import Invalid, Refused

pytestmark = pytest.mark.django_db

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def at_now() -> datetime:
    return NOW


def at_later() -> datetime:
    return LATER


def name_people(*, actor: User | None, arguments: dict[str, Any], progress: Progress) -> str:
    """Create one user a step, from the cursor on; ``stop_at`` and ``fail_at`` say where it goes wrong."""
    names: list[str] = arguments["names"]
    for number in range(progress.cursor.get("next", 0), len(names)):
        if progress.cancelled:
            raise Cancelled(f"{number} of {len(names)} named")
        if number == arguments.get("fail_at"):
            raise Invalid("a name is wrong", [(f"/names/{number}", "has blanks")])
        with transaction.atomic():
            User.objects.create_user(names[number])
            progress.step(number + 1, len(names), cursor={"next": number + 1})
    return f"{len(names)} named"


def run_itself(*, actor: User | None, arguments: dict[str, Any], progress: Progress) -> str:
    """A second worker that hears of the job while the first runs it."""
    job = Job.objects.get(name="test-run-itself")
    jobs.run(job.pk, clock=at_now)
    return f"attempt {Job.objects.get(pk=job.pk).attempts}"


def overslept(*, actor: User | None, arguments: dict[str, Any], progress: Progress) -> str:
    """A worker that was away for so long that another took its job over."""
    Job.objects.filter(name="test-overslept").update(attempts=2)
    with transaction.atomic():
        User.objects.create_user("written-too-late")
        progress.step(1, 1)
    return "done"


def stumble(*, actor: User | None, arguments: dict[str, Any], progress: Progress) -> str:
    return str(1 // 0)


registry.register("test-name-people", name_people)
registry.register("test-run-itself", run_itself)
registry.register("test-overslept", overslept)
registry.register("test-stumble", stumble)


def enqueue(name: str = "test-name-people", **arguments: Any) -> Job:
    return jobs.enqueue(actor=None, name=name, arguments={"names": ["li", "wang"], **arguments}, now=NOW)


def reread(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def names() -> list[str]:
    return list(User.objects.order_by("pk").values_list("username", flat=True))


def test_a_job_is_run_once_and_says_what_it_did() -> None:
    job = enqueue()
    jobs.run(job.pk, clock=at_now)
    jobs.run(job.pk, clock=at_now)
    ended = reread(job)
    assert (ended.state, ended.message, ended.done, ended.total, ended.attempts) == ("done", "2 named", 2, 2, 1)
    assert (ended.started_at, ended.finished_at, ended.leased_until) == (NOW, NOW, None)
    assert names() == ["li", "wang"]


def test_a_job_without_a_function_is_refused_when_it_is_asked_for() -> None:
    with pytest.raises(Invalid, match="no job 'test-nothing'"):
        enqueue("test-nothing")
    assert not Job.objects.exists()


def test_two_workers_never_run_one_job() -> None:
    job = enqueue("test-run-itself")
    jobs.run(job.pk, clock=at_now)
    assert reread(job).message == "attempt 1"


def test_a_worker_that_lost_its_job_writes_nothing_more() -> None:
    job = enqueue("test-overslept")
    jobs.run(job.pk, clock=at_now)
    assert names() == []
    assert reread(job).state == Job.State.RUNNING


def test_a_wrong_fact_fails_the_job_with_its_place_and_keeps_the_steps_before() -> None:
    job = enqueue(fail_at=1)
    jobs.run(job.pk, clock=at_now)
    assert reread(job).state == Job.State.FAILED
    assert reread(job).message == "a name is wrong\n/names/1: has blanks"
    assert names() == ["li"]


def test_a_program_error_fails_the_job_and_says_so() -> None:
    job = enqueue("test-stumble")
    jobs.run(job.pk, clock=at_now)
    assert reread(job).state == Job.State.FAILED
    assert "ZeroDivisionError" in reread(job).message


def test_the_sweep_runs_what_was_never_picked_up() -> None:
    job = enqueue()
    jobs.sweep(clock=at_now)
    assert reread(job).state == Job.State.DONE


def test_the_sweep_resumes_at_its_cursor_a_job_whose_lease_is_past() -> None:
    job = enqueue()
    Job.objects.filter(pk=job.pk).update(state="running", attempts=1, leased_until=NOW, cursor={"next": 1}, done=1)
    jobs.sweep(clock=at_later)
    assert names() == ["wang"]
    assert (reread(job).state, reread(job).attempts) == (Job.State.DONE, 2)


def test_the_sweep_leaves_a_job_alone_while_its_lease_runs() -> None:
    job = enqueue()
    Job.objects.filter(pk=job.pk).update(state="running", attempts=1, leased_until=LATER)
    jobs.sweep(clock=at_now)
    assert (reread(job).state, names()) == (Job.State.RUNNING, [])


def test_a_job_that_took_down_five_workers_is_given_up() -> None:
    job = enqueue()
    Job.objects.filter(pk=job.pk).update(state="running", attempts=5, leased_until=NOW)
    jobs.sweep(clock=at_later)
    assert reread(job).state == Job.State.FAILED
    assert "given up" in reread(job).message


def test_a_waiting_job_is_cancelled_at_once() -> None:
    job, user = enqueue(), User.objects.create_user("editor")
    jobs.cancel(actor=user, job=job, now=NOW)
    jobs.run(job.pk, clock=at_now)
    assert (reread(job).state, names()) == (Job.State.CANCELLED, ["editor"])


def test_a_running_job_is_cancelled_at_its_next_step() -> None:
    job, user = enqueue(), User.objects.create_user("editor")
    Job.objects.filter(pk=job.pk).update(state="running", attempts=1, leased_until=NOW)
    jobs.cancel(actor=user, job=job, now=NOW)
    jobs.run(job.pk, clock=at_later)
    assert (reread(job).state, reread(job).message) == (Job.State.CANCELLED, "0 of 2 named")


def test_a_job_that_has_ended_cannot_be_cancelled() -> None:
    job, user = enqueue(), User.objects.create_user("editor")
    jobs.run(job.pk, clock=at_now)
    with pytest.raises(Refused, match="already ended"):
        jobs.cancel(actor=user, job=job, now=NOW)


def test_a_message_goes_out_only_after_the_commit(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        enqueue()
    assert len(callbacks) == 1
