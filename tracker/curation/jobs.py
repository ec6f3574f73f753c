"""Publishing many proposals as a job, chunk by chunk, so that a worker that dies costs at most one chunk.

What is referred to is published before what refers to it, whatever the order in which it was proposed.
"""

from __future__ import annotations

import uuid

from django.db import transaction
from django.db.models import QuerySet

from tracker.accounts.models import User
from tracker.accounts.roles import may_force, may_review
from tracker.entries.inserting import insert
from tracker.jobs.collecting import rarely_collecting
from tracker.jobs.progress import Cancelled, Progress
from tracker.jobs.registry import Arguments
from tracker.values.errors import Invalid, Refused

from . import limits, ordering
from .models import Proposal, Step
from .publish import CHUNK, publish
from .via import WORKER, Way, onward, step, way

PUBLISH_BATCH = "publish-batch"
APPROVE_BATCH = "approve-batch"
State = Proposal.State


def publish_batch(*, actor: User | None, arguments: Arguments, progress: Progress) -> str:
    """Publish the approved proposals of a batch or a list; what is published already is skipped.

    :param arguments: ``{"batch": "2024-06-policies"}`` or ``{"proposals": [12, 13]}``, and ``force_reason`` where a
        chief editor publishes what its author approved.
    :raises Refused: the actor may not publish.
    :raises Invalid, Stale: as ``publish``; the chunks before stay published.
    """
    reviewer = _reviewer(actor)
    waiting = _named(arguments).filter(state=State.APPROVED)
    limits.refuse_any_beyond(reviewer, waiting)
    return _publish_all(waiting, _Publisher(reviewer, arguments), progress)


def approve_batch(*, actor: User | None, arguments: Arguments, progress: Progress) -> str:
    """Approve what is in review of a batch, and publish it with what is approved already, a chunk at a time.

    :param arguments: ``{"batch": "import-7", "note": "…"}``, and ``force_reason`` where a chief editor publishes what
        is their own.
    :raises Refused: the actor may not review, or wrote some of it and gives no reason to force it.
    :raises Invalid, Stale: as ``publish``; the chunks before stay published.
    """
    reviewer = _reviewer(actor)
    _refuse_own(reviewer, arguments)
    waiting = _named(arguments).filter(state__in=(State.IN_REVIEW, State.APPROVED))
    limits.refuse_any_beyond(reviewer, waiting)
    return _publish_all(waiting, _Approver(reviewer, arguments), progress)


def _reviewer(actor: User | None) -> User:
    if actor is None or not may_review(actor):
        raise Refused("编辑才能发布 only an editor publishes")
    return actor


def _refuse_own(actor: User, arguments: Arguments) -> None:
    """Nobody reviews their own proposals; a chief editor may force them, with a reason."""
    forced = may_force(actor) and str(arguments.get("force_reason", "")).strip()
    own = _named(arguments).filter(state=State.IN_REVIEW, author=actor)
    if not forced and own.exists():
        raise Refused("不能审自己的提案，请另一位编辑审阅 nobody reviews their own proposal: ask another editor")


def _publish_all(waiting: QuerySet[Proposal], publisher: _Publisher, progress: Progress) -> str:
    """Publish them, dependencies first."""
    left = waiting.count()
    total = progress.total or left
    done = total - left
    progress.step(done, total)
    with rarely_collecting():
        rows = waiting.only("pk", "kind", "key", "payload")
        groups = ordering.dependencies_first(rows.iterator(chunk_size=2000))
        for chunk in ordering.chunks(groups, CHUNK):
            if progress.cancelled:
                raise Cancelled(f"取消，已发布 {done}/{total} 条 cancelled, {done} of {total} published")
            with transaction.atomic():
                publisher.publish(chunk)
                done += len(chunk)
                progress.step(done, total)
    return f"已发布 {done} 条 {done} published"


def _named(arguments: Arguments) -> QuerySet[Proposal]:
    """The proposals that a job is about."""
    if arguments.get("batch"):
        return Proposal.objects.filter(batch=arguments["batch"])
    if arguments.get("proposals"):
        return Proposal.objects.filter(pk__in=arguments["proposals"])
    raise Invalid("nothing to publish is named", [("arguments", "batch or proposals is missing")])


class _Publisher:
    """Publishes chunks of what is approved."""

    def __init__(self, actor: User, arguments: Arguments) -> None:
        self.actor, self.note = actor, str(arguments.get("note", ""))
        self._force_reason = str(arguments.get("force_reason", ""))
        self._request_id = str(arguments.get("request_id") or uuid.uuid4().hex)

    def way(self) -> Way:
        """How what is done now came in: by the worker, for the request that asked for it."""
        return way({"origin": WORKER, "request_id": self._request_id})

    def publish(self, chunk: list[int]) -> None:
        approved = Proposal.objects.filter(pk__in=chunk, state=State.APPROVED)
        publish(actor=self.actor, proposals=list(approved),
                force_reason=self._force_reason, chunk=len(chunk) or 1, **onward({}, self.way()))  # fmt: skip


class _Approver(_Publisher):
    """Approves a chunk and publishes it, in the transaction of the chunk."""

    def publish(self, chunk: list[int]) -> None:
        waiting, taken = Proposal.objects.filter(pk__in=chunk, state=State.IN_REVIEW), self.way()
        steps = [step(Step.Act.APPROVED, proposal, self.actor, self.note, taken) for proposal in waiting.only("pk")]
        waiting.update(state=State.APPROVED, approver=self.actor, review_note=self.note, decided_at=taken.now)
        insert(Step, steps)
        super().publish(chunk)
