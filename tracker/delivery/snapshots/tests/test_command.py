"""``manage.py snapshot``."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tracker.accounts.models import User
from tracker.delivery.snapshots.models import Snapshot
from tracker.jobs import services as jobs
from tracker.jobs.models import Job

from .making import ordered

pytestmark = pytest.mark.usefixtures("world")


def test_it_makes_one_and_says_where() -> None:
    out = StringIO()
    call_command("snapshot", stdout=out)
    assert Snapshot.objects.get().number == 1
    assert "snapshot 1 at change" in out.getvalue()
    assert out.getvalue().rstrip().endswith("/1")


def test_it_fails_when_none_was_made() -> None:
    job = ordered()
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, attempts=1, leased_until=job.created_at)
    jobs.cancel(actor=User.objects.create_user("editor"), job=job, now=job.created_at)
    with pytest.raises(CommandError, match="cancelled"):
        call_command("snapshot", stdout=StringIO())
