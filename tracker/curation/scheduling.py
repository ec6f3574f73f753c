"""Publishing what was put off to a moment that has come: asked for by the sweep, in the name of who scheduled it."""

from __future__ import annotations

from datetime import datetime

from django.db import DatabaseError, OperationalError, transaction
from django.utils import timezone

from tracker.accounts.models import User
from tracker.jobs.progress import Progress
from tracker.jobs.registry import Arguments
from tracker.values.errors import TrackerError

from . import sets
from .models import ProposalSet
from .via import WORKER

PUBLISH_DUE = "publish-due"


def is_due(now: datetime) -> bool:
    return sets.due(now).exists()


def publish_due(*, actor: User | None, arguments: Arguments, progress: Progress) -> str:
    """Publish every set whose moment has come, each in its own transaction; one that is refused stays and says why."""
    published = refused = 0
    for of in list(sets.due(timezone.now()).select_related("scheduler")):
        if _publish(of):
            published += 1
        else:
            refused += 1
        progress.step(published + refused, published + refused)
    return f"定时发布 {published} 组，{refused} 组未能发布 {published} sets published, {refused} refused"


def _publish(of: ProposalSet) -> bool:
    """Whether it was; publishing it takes its moment away, so that no worker publishes it again."""
    assert of.scheduler is not None
    try:
        with transaction.atomic():
            sets.approve_and_publish(actor=of.scheduler, of=of, note="定时 scheduled", origin=WORKER)
    except OperationalError:
        raise
    except TrackerError as error:
        lines = [error.message, *(f"{where}：{said}" for where, said in error.errors[:20])]
        sets.refuse_due(of=of, why="\n".join(lines), origin=WORKER)
        return False
    except DatabaseError as error:
        sets.refuse_due(of=of, why=str(error).splitlines()[0], origin=WORKER)
        return False
    return True
