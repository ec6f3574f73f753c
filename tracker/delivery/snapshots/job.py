"""Making a snapshot as a job: part by part, resumed where a worker died, public only when it is whole."""

from __future__ import annotations

import shutil
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from tracker.accounts.models import User
from tracker.delivery import feed, recorded
from tracker.entries.fields import Json
from tracker.entries.models import Counter
from tracker.jobs.progress import Cancelled, Progress
from tracker.jobs.registry import Arguments
from tracker.values import canonical

from . import files, folder, keeping, metadata, parts
from .models import Snapshot
from .parts import Part
from .plan import SNAPSHOT, Plan
from .pulse import Pulse

MANIFEST = "manifest.json"


def make(*, actor: User | None, arguments: Arguments, progress: Progress) -> str:
    """Make a snapshot of what is public now; it stands at the feed number at which it was begun."""
    plan = _planned(progress)
    if not Snapshot.objects.filter(number=plan.number).exists():
        try:
            _publish(plan, _files(plan, progress), progress)
        except Cancelled:
            shutil.rmtree(plan.folder, ignore_errors=True)
            raise
    keeping.keep_newest(now=timezone.now())
    return (
        f"快照 {plan.number}：{plan.documents} 份文档，停在变更 {plan.seq} snapshot {plan.number} at change {plan.seq}"
    )


# --- the plan -----------------------------------------------------------------------------------------------------


def _planned(progress: Progress) -> Plan:
    """The plan of the first attempt: its number and its feed number are kept in the job."""
    if not progress.cursor:
        _begin(progress, timezone.now())
    kept = progress.cursor
    plan = Plan(kept["number"], kept["seq"], datetime.fromisoformat(kept["begun_at"]), kept["counts"],
                kept["with_events"], folder.part(kept["number"]), Pulse(progress))  # fmt: skip
    plan.pulse.total = parts.total(plan)
    return plan


def _begin(progress: Progress, now: datetime) -> None:
    with transaction.atomic():
        counter, _ = Counter.objects.select_for_update().get_or_create(name=SNAPSHOT)
        counter.value += 1
        counter.save(update_fields=["value"])
        seq = feed.last_number()
        versions = recorded.at(seq)
        counts = versions.order_by("kind").values_list("kind").annotate(n=Count("pk"))
        progress.step(0, 0, cursor={
            "number": counter.value, "seq": seq, "begun_at": now.isoformat(), "counts": dict(counts),
            "with_events": versions.exclude(events="[]").count(), "files": [],
        })  # fmt: skip


# --- the files ----------------------------------------------------------------------------------------------------


def _files(plan: Plan, progress: Progress) -> list[Json]:
    """Write the parts that are not there yet; returns what is known of all files."""
    listed: list[Json] = progress.cursor["files"]
    if folder.is_whole(plan.number):
        return listed  # a worker died between naming the folder and saying so
    plan.folder.mkdir(parents=True, exist_ok=True)
    lost = {file["part"] for file in listed if not (plan.folder / file["name"]).exists()}
    listed = [file for file in listed if file["part"] not in lost]
    finished = {file["part"] for file in listed}
    for part in parts.every():
        plan.pulse.stop_if_asked()
        if part.name in finished:
            plan.pulse.done += part.weight(plan)
        else:
            listed = _written(plan, part, listed, progress)
    return listed


def _written(plan: Plan, part: Part, listed: list[Json], progress: Progress) -> list[Json]:
    """Write one part; a worker that has lost the job in the meantime changes nothing."""
    path = files.unnamed(plan.folder)
    rows = part.write(plan, path)
    drafts = [files.draft(path, part.name)]
    if part.compress:
        drafts.append(files.compressed(path, part.name, plan.pulse.during(files.blocks(path))))
    listed = [*listed, *(_said(part, draft, rows) for draft in drafts)]
    with transaction.atomic():
        progress.step(plan.pulse.done, plan.pulse.total, cursor={**progress.cursor, "files": listed})
        for draft in drafts:
            draft.settle()
    return listed


def _said(part: Part, draft: files.Draft, rows: int) -> dict[str, Any]:
    zipped = draft.name.endswith(".gz")
    return {
        "name": draft.name, "part": part.name, "kind": part.kind or None, "format": part.format,
        "compression": "gzip" if zipped else None, "count": rows, "bytes": draft.bytes, "sha256": draft.sha256,
        "media_type": "application/gzip" if zipped else parts.MEDIA[part.format],
    }  # fmt: skip


# --- the end ------------------------------------------------------------------------------------------------------


def _publish(plan: Plan, listed: list[Json], progress: Progress) -> None:
    """Name the folder and say so: until then nobody sees any of it."""
    shown = [{name: value for name, value in file.items() if name != "part"} for file in listed]
    contents = metadata.manifest(plan, shown)
    text = canonical.dumps_ordered(contents)
    if not folder.is_whole(plan.number):
        files.remove_unnamed(plan.folder)
        files.write_text(plan.folder / MANIFEST, [text, "\n"])
    with transaction.atomic():
        progress.step(plan.pulse.total, plan.pulse.total)
        folder.publish(plan.number)
        Snapshot.objects.create(number=plan.number, seq=plan.seq, made_at=plan.begun_at, documents=plan.documents,
                                size=contents["bytes"], manifest=text)  # fmt: skip
