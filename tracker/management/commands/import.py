"""``manage.py import FILE``: the same service that the admin uses, here and now."""
# ruff: noqa: N999 - the file is named as the command is

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tracker.accounts.models import User
from tracker.curation.importing import services
from tracker.curation.importing.models import Import
from tracker.entries import kinds
from tracker.jobs import services as jobs
from tracker.jobs.models import Job
from tracker.values.codes import Nature
from tracker.values.errors import TrackerError

BLOCK = 1024 * 1024
PAUSE_SECONDS = 1


class Command(BaseCommand):
    help = "Check a file row by row; with --propose hand it over as one batch of proposals for review."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--kind", default="", choices=["", *(kind.name for kind in kinds.every())])
        parser.add_argument("--actor", required=True, help="the user who brings it")
        parser.add_argument("--reason", required=True, help="why; it stays with every revision")
        parser.add_argument(
            "--nature", default=Nature.CORRECTION.value, choices=[one.value for one in services.NATURES]
        )
        parser.add_argument("--source", default="", help="key of the source that rows without a citation rest on")
        parser.add_argument("--encoding", default="", help="detected unless told")
        parser.add_argument("--propose", action="store_true", help="make the batch if every row is right")

    def handle(self, *args: Any, file: Path, actor: str, propose: bool, **options: Any) -> None:
        user = User.objects.filter(username=actor).first()
        if user is None:
            raise CommandError(f"there is no user {actor!r}")
        if not file.is_file():
            raise CommandError(f"there is no file {file}")
        told = {name: options[name] for name in ("kind", "reason", "nature", "source", "encoding")}
        request_id = f"shell-{timezone.now():%Y%m%d%H%M%S}"
        try:
            found = services.begin(actor=user, blocks=_blocks(file), name=file.name, request_id=request_id, **told)
            self._finish(found)
            self._report(found)
            if propose and found.state == Import.State.READY:
                self._finish(services.propose(actor=user, of=found, request_id=request_id))
        except TrackerError as error:
            raise CommandError(
                "\n".join([error.message, *(f"{where}: {text}" for where, text in error.errors)])
            ) from error
        if found.state in (Import.State.WRONG, Import.State.UNREADABLE):
            raise CommandError("nothing was proposed")

    def _finish(self, of: Import) -> None:
        """Do the job here, or wait for the worker that has taken it up."""
        assert of.job is not None
        job: Job = of.job
        jobs.run(job.pk)
        job.refresh_from_db()
        while job.state in (Job.State.WAITING, Job.State.RUNNING):
            self.stdout.write(f"a worker does it: {job.done} of {job.total}")
            time.sleep(PAUSE_SECONDS)
            job.refresh_from_db()
        if job.state != Job.State.DONE:
            raise CommandError(job.message)
        self.stdout.write(job.message)
        of.refresh_from_db()

    def _report(self, of: Import) -> None:
        for text in of.trouble:
            self.stderr.write(text)
        for row in services.wrong_rows(of).iterator():
            for column, value, reason in row.problems:
                self.stderr.write(f"{row.number}\t{column}\t{value}\t{reason}")


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block
