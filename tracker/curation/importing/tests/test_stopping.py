"""What runs is cancelled between two chunks and goes on from there; what is public is taken back as one batch."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from tracker.accounts.models import User
from tracker.curation import checking
from tracker.curation.importing import services
from tracker.curation.importing.models import Import
from tracker.curation.models import Proposal
from tracker.curation.tests import factories
from tracker.entries.models import Entry
from tracker.jobs import services as jobs
from tracker.jobs.models import Job
from tracker.jobs.progress import Progress
from tracker.values.errors import Refused

from .bringing import bring, done, propose, publish, table

pytestmark = pytest.mark.usefixtures("world")
HEADER = ["key", "name", "places", "category", "citations.1.source"]
ROWS = [[f"park-{number}", f"{number}号园", "320100", "science-city", "report-2021"] for number in range(7)]


@pytest.fixture
def stopped_after_two_steps(monkeypatch: Any) -> None:
    """Chunks of two rows; whoever looks for a wish to stop the third time finds one."""
    for module in ("tracker.curation.jobs", "tracker.curation.importing.checking"):
        monkeypatch.setattr(f"{module}.CHUNK", 2)
    looks = iter([False, False, True])
    monkeypatch.setattr(Progress, "cancelled", property(lambda progress: next(looks, False)))


def job_of(of: Import) -> Job:
    of.refresh_from_db()
    assert of.job is not None
    return of.job


@pytest.mark.usefixtures("stopped_after_two_steps")
def test_a_check_that_was_cancelled_goes_on_where_it_stopped(contributor: User) -> None:
    of = bring(contributor, table(HEADER, ROWS), "parks.csv", "park")
    assert (job_of(of).state, of.state, of.rows.count()) == ("cancelled", "checking", 4)
    of = done(services.resume(actor=contributor, of=of, now=timezone.now()))
    assert (of.state, of.counts["insert"]) == ("ready", 7)


def test_a_publication_that_was_cancelled_keeps_its_chunks_and_goes_on(contributor: User, editor: User,
                                                                      request: Any) -> None:  # fmt: skip
    of = propose(contributor, bring(contributor, table(HEADER, ROWS), "parks.csv", "park"))
    request.getfixturevalue("stopped_after_two_steps")
    of = publish(editor, of)
    assert job_of(of).state == "cancelled"
    assert Entry.objects.filter(kind="park").count() == 4
    assert Proposal.objects.filter(batch=of.batch, state="in_review").count() == 3
    with pytest.raises(Refused):
        services.resume(actor=contributor, of=of, now=timezone.now())
    of = done(services.resume(actor=editor, of=of, now=timezone.now()))
    assert (job_of(of).state, job_of(of).done) == ("done", 7)
    assert Entry.objects.filter(kind="park").count() == 7
    assert list(checking.everything()) == []


def test_a_waiting_check_is_cancelled_at_once_by_its_author_or_an_editor(contributor: User, editor: User) -> None:
    for person in (contributor, editor):
        of = services.begin(actor=contributor, blocks=[table(HEADER, ROWS).encode()], name="parks.csv", kind="park",
                            reason="据公告", now=timezone.now())  # fmt: skip
        services.cancel(actor=person, of=of, now=timezone.now())
        assert job_of(of).state == "cancelled"
    stranger = factories.user("bieren", None)
    with pytest.raises(Refused):
        services.cancel(actor=stranger, of=of, now=timezone.now())


def test_what_runs_is_not_asked_for_twice(contributor: User, editor: User) -> None:
    of = bring(contributor, table(HEADER, ROWS), "parks.csv", "park")
    of = services.propose(actor=contributor, of=of, now=timezone.now())
    with pytest.raises(Refused):
        services.propose(actor=contributor, of=of, now=timezone.now())
    of = done(of)
    for _ in range(2):  # a job that is looked at again does nothing more
        jobs.run(job_of(of).pk)
    assert Proposal.objects.filter(batch=of.batch).count() == 7
    with pytest.raises(Refused):
        services.publish(actor=contributor, of=of, now=timezone.now())
    assert not Entry.objects.filter(kind="park").exists()


def test_an_import_is_of_its_author_until_it_is_a_batch(contributor: User, editor: User) -> None:
    of = bring(contributor, table(HEADER, ROWS), "parks.csv", "park")
    with pytest.raises(Refused):
        services.propose(actor=editor, of=of, now=timezone.now())
    with pytest.raises(Refused):
        services.check_again(actor=editor, of=of, now=timezone.now())
    with pytest.raises(Refused):
        services.revert(actor=contributor, of=of, reason="还没有", now=timezone.now())
