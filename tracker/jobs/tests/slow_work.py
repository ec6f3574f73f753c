"""A job for tests that takes its time: a worker started with ``--include`` of this module knows it."""

from __future__ import annotations

import time
from pathlib import Path

from django.db import transaction

from tracker.accounts.models import User
from tracker.jobs import registry
from tracker.jobs.progress import Progress
from tracker.jobs.registry import Arguments

COUNT = "test-count"


def count(*, actor: User | None, arguments: Arguments, progress: Progress) -> str:
    """Write the numbers up to ``total`` into a file, one line each with its process, resuming at the cursor."""
    total = arguments["total"]
    for number in range(progress.cursor.get("next", 0), total):
        time.sleep(arguments["seconds"])
        with transaction.atomic():
            progress.step(number + 1, total, cursor={"next": number + 1})
        with Path(arguments["file"]).open("a") as file:
            file.write(f"{number}\n")
    return f"counted to {total}"


registry.register(COUNT, count)
