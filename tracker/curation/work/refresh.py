"""Looking for causes: opens the tasks that are new, closes those whose cause is gone.

After each publication the entries concerned are looked at in its transaction; once a day, as a job, all of them: what
the passing of a day and the checks of addresses bring.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from tracker.accounts.models import User
from tracker.curation.models import Proposal
from tracker.delivery import feed
from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.entries.inserting import insert
from tracker.entries.models import Containment, Entry, Reference
from tracker.jobs.progress import Cancelled, Progress
from tracker.jobs.registry import Arguments
from tracker.values import canonical

from . import causes
from .causes import Cause, WorkSort, hashed
from .models import Sort, Task

FIND_WORK = "find-work"
CHUNK = 500
WAITING = (Proposal.State.IN_REVIEW, Proposal.State.APPROVED)
_COLUMNS = ("fingerprint", "name", "name_en", "about", "place", "state", "due", "reason", "opened_at", "ended_at")


@dataclass(frozen=True)
class Found:
    """A cause, with the sort of work it is."""

    declared: WorkSort
    cause: Cause
    entry: Entry

    @property
    def identity(self) -> str:
        return hashed(self.declared.sort, self.entry.kind, self.entry.key, self.cause.path, self.cause.mark)

    @property
    def fingerprint(self) -> str:
        return hashed(self.cause.state)


def find_work(*, actor: User | None, arguments: Arguments, progress: Progress) -> str:
    """The daily job, over all entries or those of ``{"entries": [12, 13]}``; resumed where it stopped."""
    wanted = Entry.objects.filter(pk__in=arguments["entries"]) if arguments.get("entries") else Entry.objects.all()
    total, done, last = wanted.count(), 0, int(progress.cursor.get("last", 0))
    done = wanted.filter(pk__lte=last).count() if last else 0
    while pks := list(wanted.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        if progress.cancelled:
            raise Cancelled(f"取消，已查 {done}/{total} 条 cancelled, {done} of {total} looked at")
        with transaction.atomic():
            feed.hold_numbers()  # nothing is published between finding and writing
            look_at(pks, now=timezone.now())
            done, last = done + len(pks), pks[-1]
            progress.step(done, total, cursor={"last": last})
    return f"查了 {total} 条，未了待办 {Task.objects.open().count()} 件 {total} entries looked at"


def after_publication(changed: Collection[int], *, now: datetime) -> None:
    """Look at entries whose document changed, and at those that refer to them: what they rest on may have changed."""
    referring = Reference.objects.filter(target__in=changed, target_kind="policy").values_list("entry_id", flat=True)
    look_at(set(changed).union(referring), now=now)


@transaction.atomic
def look_at(pks: Collection[int], *, now: datetime) -> None:
    """Find what is wrong with some entries, and bring their tasks in line with it."""
    today = timezone.localdate(now)
    ordered = sorted(pks)
    for chunk in (ordered[start : start + CHUNK] for start in range(0, len(ordered), CHUNK)):
        entries = Entry.objects.live().filter(pk__in=chunk).only("pk", "kind", "key", "name", "name_en")
        live = {entry.pk: entry for entry in entries}
        found = {one.identity: one for one in _found(live, today)}
        _compare(chunk, found, now)


def _found(live: Mapping[int, Entry], today: date) -> Iterator[Found]:
    for declared in causes.every():
        for cause in declared.find(list(live), today):
            yield Found(declared, cause, live[cause.entry])


def _compare(pks: Sequence[int], found: Mapping[str, Found], now: datetime) -> None:
    present = Task.objects.filter(entry__in=pks).exclude(sort=Sort.IN_REVIEW)
    tasks = {task.identity: task for task in present}
    places = _places({one.entry.pk for one in found.values()})
    fresh = [_opened(one, places, now) for identity, one in found.items() if identity not in tasks]
    insert(Task, fresh)
    changed = [task for identity, task in tasks.items() if _changes(task, found.get(identity), places, now)]
    Task.objects.bulk_update(changed, _COLUMNS, batch_size=CHUNK)


def _opened(one: Found, places: Mapping[int, int], now: datetime) -> Task:
    entry = one.entry
    return Task(
        sort=one.declared.sort, identity=one.identity, fingerprint=one.fingerprint, kind=entry.kind, key=entry.key,
        name=entry.name, name_en=entry.name_en, path=one.cause.path, about=one.cause.about, entry=entry,
        place_id=places.get(entry.pk), due=due(one.declared, now), opened_at=now,
    )  # fmt: skip


def _changes(task: Task, one: Found | None, places: Mapping[int, int], now: datetime) -> bool:
    """Bring one task in line; returns whether anything about it is different now."""
    before = {name: getattr(task, name) for name in (*_COLUMNS, "place_id") if name != "place"}
    if one is None:
        if task.state == Task.State.OPEN:
            task.state, task.ended_at = Task.State.CLOSED, now
    else:
        _renew(task, one, now)
        task.place_id = places.get(one.entry.pk)
    return any(getattr(task, name) != value for name, value in before.items())


def _renew(task: Task, one: Found, now: datetime) -> None:
    """A task whose cause is there: it is open, unless somebody dismissed this very cause."""
    same = task.fingerprint == one.fingerprint
    if task.state == Task.State.CLOSED or (task.state == Task.State.DISMISSED and not same):
        task.state, task.reason, task.ended_at = Task.State.OPEN, "", None
        task.opened_at, task.due = now, due(one.declared, now)
    task.fingerprint, task.about = one.fingerprint, one.cause.about
    task.name, task.name_en = one.entry.name, one.entry.name_en


def due(declared: WorkSort, now: datetime) -> date:
    """When a task of the sort that begins now is due."""
    days: int = settings.TASK_DUE_DAYS.get(declared.sort, declared.days)
    return timezone.localdate(now) + timedelta(days=days)


def _places(pks: Collection[int]) -> dict[int, int]:
    """The place each entry lies in directly, the first of several; of a place, itself."""
    rows = Containment.objects.filter(entry__in=pks, direct=True).exclude(level=Containment.Level.INDUSTRY)
    found: dict[int, int] = {}
    for entry, container in rows.order_by("entry_id", "id").values_list("entry_id", "container_id"):
        found.setdefault(entry, container)
    return found


# --- proposals


@transaction.atomic
def proposal_moved(proposal: Proposal, before: str, *, now: datetime) -> None:
    """Open the task of a proposal that is handed over, close that of one which no longer waits."""
    if proposal.state in WAITING and before not in WAITING:
        open_reviews([proposal], now=now)
    elif before in WAITING and proposal.state not in WAITING:
        close_reviews([proposal.pk], now=now)


def close_reviews(proposals: Collection[int] | QuerySet[Proposal], *, now: datetime) -> None:
    waiting = Task.objects.filter(sort=Sort.IN_REVIEW, proposal__in=proposals).exclude(state=Task.State.CLOSED)
    waiting.update(state=Task.State.CLOSED, ended_at=now)


def open_reviews(proposals: Sequence[Proposal], *, now: datetime) -> None:
    """Open the tasks of proposals that were handed over, some queries for all; one that comes again opens again."""
    payloads = [canonical.loads(proposal.payload) if proposal.payload else {} for proposal in proposals]
    firsts = [next(iter(payload.get("places") or []), "") for payload in payloads]
    keys: dict[str, set[str]] = {"place": set(firsts) - {""}}
    for proposal in proposals:
        keys.setdefault(proposal.kind, set()).add(proposal.key)
    rows = (Entry.objects.filter(kind=kind, key__in=found).only("pk", "kind", "key", "name", "name_en")
            for kind, found in keys.items())  # fmt: skip
    entries = {(entry.kind, entry.key): entry for each in rows for entry in each}
    opened = [_review(proposal, payload, entries.get((proposal.kind, proposal.key)), entries.get(("place", first)), now)
              for proposal, payload, first in zip(proposals, payloads, firsts, strict=True)]  # fmt: skip
    Task.objects.bulk_create(opened, batch_size=CHUNK, update_conflicts=True, unique_fields=["identity"],
                             update_fields=["kind", "key", "entry", *_COLUMNS])  # fmt: skip


def _review(proposal: Proposal, payload: Json, entry: Entry | None, place: Entry | None, now: datetime) -> Task:
    name, name_en = (payload.get(member) for member in kinds.get(proposal.kind).names)
    return Task(
        identity=hashed(Sort.IN_REVIEW, str(proposal.pk)), sort=Sort.IN_REVIEW, proposal=proposal, entry=entry,
        place=place, fingerprint=hashed(str(proposal.base_revision)), kind=proposal.kind, key=proposal.key,
        name=name or (entry.name if entry else proposal.key), name_en=name_en or (entry.name_en if entry else ""),
        due=due(causes.get(Sort.IN_REVIEW), now), opened_at=now,
    )  # fmt: skip
