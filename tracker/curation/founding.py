"""Loading the founding data: through ``publish``, in one transaction, only into an empty database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import F

from tracker.entries.inserting import analyze
from tracker.entries.models import Entry, Revision
from tracker.values import canonical
from tracker.values.codes import Nature
from tracker.values.errors import Invalid

from . import fixtures, rebuilding
from .fixtures import FixtureEntry
from .models import Proposal
from .publish import Outcome, publish
from .via import Way, way

ORIGIN = "founding"
REASON = "创始数据，按规则批准 founding data, approved by rule"


@dataclass(frozen=True)
class Drift:
    """How the fixtures differ from what is live; nothing is applied."""

    same: int
    changed: tuple[tuple[str, str], ...]
    missing: tuple[tuple[str, str], ...]


def load(folder: Path, *, now: datetime | None = None) -> Outcome:
    """Publish every fixture below a folder in one transaction.

    :raises Invalid: with file, entry and field of everything wrong; the database stays as it was.
    """
    entries = fixtures.read(folder)
    problems = fixtures.problems_in(entries)
    if problems:
        raise Invalid(f"{len(problems)} problems in {folder.name}", [_located(problem) for problem in problems])
    with transaction.atomic():
        rebuilding.mark()
        outcome = publish(actor=None, proposals=_proposals(entries, way({"now": now})), now=now,
                          chunk=len(entries) or 1)  # fmt: skip
    analyze()
    return outcome


def _located(problem: fixtures.FixtureProblem) -> tuple[str, str]:
    kind, key = problem.identity
    return f"{problem.file} {kind}/{key}{problem.problem.path}", problem.problem.message


def _proposals(entries: Sequence[FixtureEntry], taken: Way) -> list[Proposal]:
    return Proposal.objects.bulk_create(
        (Proposal(kind=entry.payload["kind"], key=entry.payload["key"], state=Proposal.State.APPROVED,
                  payload=canonical.dumps(entry.payload), nature=Nature.NEW, origin=ORIGIN, batch=ORIGIN,
                  reason=REASON, request_id=taken.request_id, created_at=taken.now)
         for entry in entries), batch_size=200,
    )  # fmt: skip


def drift(folder: Path) -> Drift:
    """Compare the fixtures with the live entries."""
    rows = Revision.objects.filter(number=F("entry__revision")).values_list("entry__kind", "entry__key", "payload")
    live = {(kind, key): payload for kind, key, payload in rows}
    changed, missing, same = [], [], 0
    for entry in fixtures.read(folder):
        payload = live.get(entry.identity)
        if payload is None:
            missing.append(entry.identity)
        elif payload == canonical.dumps(entry.payload):
            same += 1
        else:
            changed.append(entry.identity)
    return Drift(same, tuple(changed), tuple(missing))


def is_empty() -> bool:
    return not Entry.objects.exists()
