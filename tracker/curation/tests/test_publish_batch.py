"""Publishing a batch as a job: in chunks, in order, resumable."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import Group

from tracker.accounts.models import User
from tracker.accounts.roles import Role
from tracker.curation import jobs as curation_jobs
from tracker.curation.models import Proposal
from tracker.entries.models import Entry
from tracker.jobs import services as jobs
from tracker.jobs.models import Job
from tracker.values import canonical

pytestmark = pytest.mark.django_db

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)


def person(role: Role) -> User:
    user = User.objects.create_user(role.value)
    user.groups.add(Group.objects.get_or_create(name=role.value)[0])
    return user


@pytest.fixture
def editor() -> User:
    return person(Role.EDITOR)


def propose(approver: User, key: str, **columns: Any) -> Proposal:
    payload = {"kind": "term", "key": key, "name": key, "vocabulary": "test-words"}
    columns = {"state": Proposal.State.APPROVED, "batch": "words", **columns}
    return Proposal.objects.create(kind="term", key=key, payload=canonical.dumps(payload), approver=approver,
                                   created_at=NOW, **columns)  # fmt: skip


def publish_batch(actor: User | None, **arguments: Any) -> Job:
    job = jobs.enqueue(actor=actor, name=curation_jobs.PUBLISH_BATCH, arguments=arguments, now=NOW)
    jobs.run(job.pk)
    return Job.objects.get(pk=job.pk)


def published() -> list[str]:
    words = Entry.objects.filter(kind="term", key__in=["one", "two", "draft", "other-batch"])
    return list(words.order_by("key").values_list("key", flat=True))


def test_the_approved_proposals_of_a_batch_are_published(editor: User) -> None:
    propose(editor, "one")
    propose(editor, "two")
    propose(editor, "draft", state=Proposal.State.DRAFT)
    propose(editor, "other-batch", batch="others")
    job = publish_batch(editor, batch="words")
    assert (job.state, job.done, job.total, job.message) == ("done", 2, 2, "已发布 2 条 2 published")
    assert published() == ["one", "two"]


def test_a_list_of_proposals_is_published(editor: User) -> None:
    one = propose(editor, "one")
    propose(editor, "two")
    assert publish_batch(editor, proposals=[one.pk]).state == "done"
    assert published() == ["one"]


def test_a_resumed_job_publishes_only_what_is_left(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(curation_jobs, "CHUNK", 1)
    propose(editor, "one")
    propose(editor, "two", base_revision=7)
    stopped = publish_batch(editor, batch="words")
    assert (stopped.state, stopped.done, published()) == ("failed", 1, ["one"])
    assert "revision" in stopped.message
    Proposal.objects.filter(key="two").update(base_revision=0)
    Job.objects.filter(pk=stopped.pk).update(state="running", leased_until=NOW)
    jobs.run(stopped.pk)
    resumed = Job.objects.get(pk=stopped.pk)
    assert (resumed.state, resumed.done, resumed.total, published()) == ("done", 2, 2, ["one", "two"])


def test_a_contributor_cannot_publish(editor: User) -> None:
    propose(editor, "one")
    job = publish_batch(person(Role.CONTRIBUTOR), batch="words")
    assert job.state == "failed"
    assert published() == []


def test_a_job_that_names_nothing_fails(editor: User) -> None:
    assert publish_batch(editor).message == "nothing to publish is named\narguments: batch or proposals is missing"
