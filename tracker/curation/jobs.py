"""Publishing many proposals as a job, chunk by chunk, so that a worker that dies costs at most one chunk."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone

from tracker.accounts.models import User
from tracker.accounts.roles import may_review
from tracker.entries import kinds
from tracker.jobs.progress import Cancelled, Progress
from tracker.jobs.registry import Arguments
from tracker.values.errors import Invalid, Refused

from .models import Proposal
from .publish import CHUNK, publish

PUBLISH_BATCH = "publish-batch"


def publish_batch(*, actor: User | None, arguments: Arguments, progress: Progress) -> str:
    """Publish the approved proposals of a batch or a list; what is published already is skipped.

    :param arguments: ``{"batch": "2024-06-policies"}`` or ``{"proposals": [12, 13]}``, and ``force_reason`` where a
        chief editor publishes what its author approved.
    :raises Refused: the actor may not publish.
    :raises Invalid, Stale: as ``publish``; the chunks before stay published.
    """
    if actor is None or not may_review(actor):
        raise Refused("编辑才能发布 only an editor publishes")
    waiting = _approved(arguments)
    total = progress.total or len(waiting)
    done = total - len(waiting)
    for chunk in _chunks(waiting):
        if progress.cancelled:
            raise Cancelled(f"取消，已发布 {done}/{total} 条 cancelled, {done} of {total} published")
        with transaction.atomic():
            _publish(actor, chunk, str(arguments.get("force_reason", "")))
            done += len(chunk)
            progress.step(done, total)
    return f"已发布 {done} 条 {done} published"


def _approved(arguments: Arguments) -> list[int]:
    """Ids of the proposals still to publish, in the order in which kinds load."""
    rows = Proposal.objects.filter(state=Proposal.State.APPROVED)
    if arguments.get("batch"):
        rows = rows.filter(batch=arguments["batch"])
    elif arguments.get("proposals"):
        rows = rows.filter(pk__in=arguments["proposals"])
    else:
        raise Invalid("nothing to publish is named", [("arguments", "batch or proposals is missing")])
    found = rows.values_list("kind", "key", "pk")
    return [pk for _, _, pk in sorted(found, key=lambda row: (kinds.get(row[0]).order, row[1]))]


def _chunks(waiting: list[int]) -> Iterator[list[int]]:
    return (waiting[start : start + CHUNK] for start in range(0, len(waiting), CHUNK))


def _publish(actor: User, chunk: list[int], force_reason: str) -> None:
    approved = Proposal.objects.filter(pk__in=chunk, state=Proposal.State.APPROVED)
    proposals = approved.select_related("author", "approver")
    publish(actor=actor, proposals=list(proposals), force_reason=force_reason, now=timezone.now())
