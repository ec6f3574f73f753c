"""How long the file and the rows of an import are kept; the import itself, its counts and its proposals stay."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from tracker.accounts.models import User
from tracker.curation import proposals
from tracker.curation.models import Proposal
from tracker.jobs.models import Job
from tracker.jobs.progress import Progress
from tracker.jobs.registry import Arguments

from . import plan
from .models import Import

TRIM_IMPORTS = "trim-imports"


def trim_imports(*, actor: User | None, arguments: Arguments, progress: Progress) -> str:
    """The daily job."""
    return f"清了 {trim(timezone.now())} 次导入的文件与行 imports trimmed"


def trim(now: datetime) -> int:
    """Forget the rows and files of imports older than ``IMPORT_DAYS`` for which nothing runs and nothing waits.

    :returns: how many imports were trimmed.
    """
    end = now - timedelta(days=settings.IMPORT_DAYS)
    unended = Job.objects.filter(pk=OuterRef("job"), state__in=(Job.State.WAITING, Job.State.RUNNING))
    waiting = Proposal.objects.filter(batch=OuterRef("batch"), state__in=proposals.OPEN).exclude(batch="")
    old = Import.objects.filter(created_at__lt=end, trimmed_at=None).exclude(Exists(unended)).exclude(Exists(waiting))
    count = 0
    for of in old.order_by("pk"):
        with transaction.atomic():
            of.rows.all().delete()
            of.stored_as, of.trimmed_at = "", now
            of.save(update_fields=["stored_as", "trimmed_at"])
        count += 1
    _clear_folder(end)
    return count


def _clear_folder(end: datetime) -> None:
    """Unlink the files that no import names; a younger one may be on its way in."""
    if not plan.folder().is_dir():
        return
    named = set(Import.objects.exclude(stored_as="").values_list("stored_as", flat=True))
    for path in plan.folder().iterdir():
        if path.name not in named and path.stat().st_mtime < end.timestamp():
            path.unlink()
