"""A worker killed with -9 in the middle of a check, of a publication: the next one goes on, and nothing is twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from tracker.accounts.roles import Role
from tracker.curation import checking
from tracker.curation.importing import services
from tracker.curation.importing.models import Import
from tracker.curation.models import Proposal
from tracker.curation.tests import factories
from tracker.entries.models import Change, Entry, Revision
from tracker.jobs.models import Job
from tracker.testing.workers import BROKERS, Workshop, wait_until
from tracker.values import canonical

ROWS = 3000
pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=BROKERS[1:])
def workshop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Workshop]:
    workshop = Workshop(tmp_path, request.param, IMPORT_DIR=str(settings.IMPORT_DIR), JOB_LEASE_SECONDS="20")
    yield workshop
    workshop.close()


def lines() -> Iterator[bytes]:
    for number in range(ROWS):
        yield canonical.dumps(factories.park(f"park-{number}", f"{number}号园")).encode() + b"\n"


def job_of(of: Import) -> Job:
    of.refresh_from_db()
    assert of.job is not None
    return Job.objects.get(pk=of.job.pk)


def killed_in_the_middle(workshop: Workshop, of: Import) -> Job:
    """The job of an import, done by two workers of which the first was killed half-way."""
    worker = workshop.start_worker()
    wait_until(lambda: 0 < job_of(of).done < job_of(of).total, 120)
    workshop.kill(worker)
    assert job_of(of).state == Job.State.RUNNING
    workshop.close()
    second = workshop.start_worker()
    wait_until(lambda: job_of(of).state not in (Job.State.RUNNING, Job.State.WAITING), 240)
    workshop.kill(second)
    return job_of(of)


def test_check_and_publication_go_on_where_a_killed_worker_stopped(workshop: Workshop) -> None:
    factories.ensure_world()
    author, reviewer = factories.user("zuozhe", Role.CONTRIBUTOR), factories.user("shenhe", Role.EDITOR)
    of = services.begin(actor=author, blocks=lines(), name="parks.jsonl", kind="park", reason="据公告",
                        now=timezone.now())  # fmt: skip
    job = killed_in_the_middle(workshop, of)
    assert (job.state, job.attempts > 1) == ("done", True)
    of.refresh_from_db()
    assert (of.state, of.counts["rows"], of.counts["insert"]) == ("ready", ROWS, ROWS)

    run_whole(workshop, services.propose(actor=author, of=of, now=timezone.now()))
    assert Proposal.objects.filter(batch=f"import-{of.pk}", state="in_review").count() == ROWS

    before = Change.objects.count()
    job = killed_in_the_middle(workshop, services.publish(actor=reviewer, of=of, now=timezone.now()))
    assert (job.state, job.attempts > 1, job.done) == ("done", True, ROWS)
    assert Entry.objects.live().filter(kind="park").count() == ROWS
    assert Revision.objects.filter(entry__kind="park").count() == ROWS
    assert Change.objects.count() == before + ROWS
    assert list(checking.everything()) == []


def run_whole(workshop: Workshop, of: Import) -> None:
    worker = workshop.start_worker()
    wait_until(lambda: job_of(of).state not in (Job.State.RUNNING, Job.State.WAITING), 120)
    workshop.kill(worker)
    assert job_of(of).state == "done"
