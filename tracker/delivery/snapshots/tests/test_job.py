"""A snapshot as a job: one moment, never half public, resumed, cancelled, and at last dropped."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tracker.accounts.roles import Role
from tracker.curation.tests import factories
from tracker.delivery import feed
from tracker.delivery.snapshots import folder, ordering, tasks
from tracker.delivery.snapshots.models import Snapshot
from tracker.entries.models import Entry
from tracker.jobs import services as jobs
from tracker.jobs.models import Job
from tracker.testing.api import get
from tracker.values.errors import Refused

from .making import Made, made, newest, ordered

pytestmark = pytest.mark.usefixtures("world")


class Death(BaseException):
    """What happens to a worker that is killed: nothing more is done, nothing is said."""


def dying_after(steps: int) -> Callable[[], datetime]:
    """A clock that ends its worker when it is looked at once more; each look is one step of the job."""
    looks = count()

    def clock() -> datetime:
        if next(looks) == steps:
            raise Death
        return timezone.now()

    return clock


def an_hour_later() -> datetime:
    return timezone.now() + timedelta(hours=1)


def resumed(job: Job) -> Made:
    jobs.run(job.pk, clock=an_hour_later)
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.message
    return newest()


def contents(snapshot: Made) -> dict[str, bytes]:
    """The files whose bytes depend on nothing but the data; the others name the snapshot's number."""
    return {path.name: path.read_bytes() for path in snapshot.folder.iterdir() if path.suffix in (".jsonl", ".csv")}


def test_it_says_how_far_it_is_with_a_number() -> None:
    made()
    job = Job.objects.get()
    assert 0 < job.done == job.total
    assert job.message == f"快照 1：{Entry.objects.count()} 份文档，停在变更 {feed.last_number()} " \
                          f"snapshot 1 at change {feed.last_number()}"  # fmt: skip


@pytest.mark.parametrize("steps", [2, 3, 20, 38])
def test_a_worker_that_dies_leaves_nothing_public_and_the_next_one_goes_on(steps: int, tmp_path: Path) -> None:
    whole = contents(made())
    job = ordered()
    with pytest.raises(Death):
        jobs.run(job.pk, clock=dying_after(steps))
    assert [item["number"] for item in get("snapshots/")["results"]] == [1]
    assert not folder.of(2).exists()
    finished = {path: path.stat().st_mtime_ns for path in folder.part(2).iterdir() if not path.name.endswith(".tmp")}
    found = resumed(job)
    assert contents(found) == whole
    for path, written in finished.items():
        assert (found.folder / path.name).stat().st_mtime_ns == written, "what was finished is not written again"
    assert not [name for name in found.folder.iterdir() if name.name.startswith(".")]
    assert {path.name for path in tmp_path.iterdir()} == {"1", "2"}


def test_a_worker_that_dies_between_naming_the_folder_and_saying_so_is_followed_by_one_that_says_so() -> None:
    job = ordered()
    with pytest.raises(Death):
        jobs.run(job.pk, clock=dying_at_the_end)
    folder.publish(1)
    assert resumed(job).manifest["number"] == 1


def dying_at_the_end() -> datetime:
    """A clock that ends its worker at the step that would publish."""
    if (folder.part(1) / "manifest.json").exists():
        raise Death
    return timezone.now()


def test_what_is_published_while_it_is_made_is_not_in_it() -> None:
    factories.live(factories.park())
    job = ordered()
    with pytest.raises(Death):
        jobs.run(job.pk, clock=dying_after(3))
    before, seq = factories.entry("park", "river-park").document, feed.last_number()
    author, reviewer = (factories.user(name, Role.EDITOR) for name in ("author", "reviewer"))
    factories.change(author, reviewer, factories.park(name="新名"))
    factories.live(factories.park("second"))
    found = resumed(job)
    assert found.manifest["seq"] == seq
    assert found.lines("parks") == [before]
    assert [row["name"] for row in found.rows("parks")] == ["江畔园"]


def test_cancelled_it_leaves_no_file_and_its_number_is_not_used_again(tmp_path: Path) -> None:
    job = ordered()
    with pytest.raises(Death):
        jobs.run(job.pk, clock=dying_after(5))
    jobs.cancel(actor=factories.user("editor", Role.EDITOR), job=job, now=timezone.now())
    jobs.run(job.pk, clock=an_hour_later)
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED
    assert list(tmp_path.iterdir()) == []
    assert made().manifest["number"] == 2


def test_a_worker_that_lost_its_job_gives_no_file_its_name() -> None:
    job = ordered()
    looks = count()

    def clock() -> datetime:
        if next(looks) == 6:
            Job.objects.filter(pk=job.pk).update(attempts=2)
        return timezone.now()

    jobs.run(job.pk, clock=clock)
    job.refresh_from_db()
    named = {path.name for path in folder.part(1).iterdir() if not path.name.startswith(".")}
    assert named == {file["name"] for file in job.cursor["files"]}
    found = resumed(job)
    for file in found.manifest["files"]:
        assert (found.folder / file["name"]).stat().st_size == file["bytes"]


# --- keeping ------------------------------------------------------------------------------------------------------


def test_only_the_newest_are_kept_and_the_others_say_that_they_were_dropped(settings: Any, tmp_path: Path) -> None:
    settings.SNAPSHOT_KEEP = 2
    (tmp_path / "notes").mkdir()
    (tmp_path / ".9.part").mkdir()
    for _ in range(3):
        made()
    assert {path.name for path in tmp_path.iterdir()} == {"2", "3", "notes"}
    assert [item["number"] for item in get("snapshots/")["results"]] == [3, 2]
    assert get("snapshots/1/", 410)["successor"] == "/api/v1/snapshots/latest/"
    assert get("snapshots/1/parks.jsonl", 410)["status"] == 410
    assert get("snapshots/4/", 404)["status"] == 404


def test_clearing_up_leaves_alone_what_another_worker_is_making() -> None:
    other = ordered()
    with pytest.raises(Death):
        jobs.run(other.pk, clock=dying_after(5))
    made()
    assert folder.part(1).is_dir()
    resumed(other)
    assert sorted(Snapshot.objects.values_list("number", flat=True)) == [1, 2]


# --- asking for one -----------------------------------------------------------------------------------------------


def test_an_editor_may_ask_for_one_and_a_contributor_may_not() -> None:
    with pytest.raises(Refused):
        ordering.order(actor=factories.user("contributor", Role.CONTRIBUTOR), now=timezone.now())
    job = ordering.order(actor=factories.user("editor", Role.EDITOR), now=timezone.now())
    assert job.state == Job.State.WAITING


def test_asking_twice_makes_one() -> None:
    editor = factories.user("editor", Role.EDITOR)
    first = ordering.order(actor=editor, now=timezone.now())
    assert ordering.order(actor=editor, now=timezone.now()) == first


def test_once_a_day_one_is_made_if_anything_has_changed() -> None:
    made()
    tasks.daily()
    assert Job.objects.count() == 1
    factories.live(factories.park())
    tasks.daily()
    assert Job.objects.count() == 2
