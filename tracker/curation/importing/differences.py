"""What a row changes, field by field, beside what is live or was when it was published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from tracker.curation import wording
from tracker.curation.models import Proposal
from tracker.entries import kinds
from tracker.entries.diff import Difference, differences
from tracker.entries.fields import Json
from tracker.entries.models import Entry, Revision
from tracker.values import canonical

from .models import ImportRow

SHOWN = 30
"""Differences of one row; the proposal's own page has all."""
LONGEST = 200


@dataclass
class Changed:
    """A row beside what it was found to change."""

    row: ImportRow
    name: str
    differences: list[Difference] = field(default_factory=list)
    more: bool = False

    def label(self, path: str, *, english: bool) -> str:
        """A path in the words of the page."""
        if english or not kinds.known(self.row.kind):
            return path.removeprefix("/").replace("/", " › ")
        return wording.label(kinds.get(self.row.kind), path)


def changed_rows(rows: Sequence[ImportRow]) -> list[Changed]:
    """The rows with their differences from the revision they build on: two queries for all."""
    before = _before(rows)
    return [_changed(row, before.get((row.kind, row.key), ("", {}))) for row in rows]


def _before(rows: Sequence[ImportRow]) -> dict[tuple[str, str], tuple[str, Json]]:
    found: dict[tuple[str, str], tuple[str, Json]] = {}
    numbers = {(row.kind, row.key): row.base_revision for row in rows if row.base_revision}
    for kind in {kind for kind, _ in numbers}:
        entries = Entry.objects.filter(kind=kind, key__in=[key for name, key in numbers if name == kind])
        by_pk = dict(entries.values_list("pk", "key"))
        said = Revision.objects.filter(entry__in=by_pk, number__in=set(numbers.values()))
        for pk, number, name, payload in said.values_list("entry_id", "number", "entry__name", "payload"):
            if numbers[kind, by_pk[pk]] == number:
                found[kind, by_pk[pk]] = (name, canonical.loads(payload))
    return found


def _changed(row: ImportRow, before: tuple[str, Json]) -> Changed:
    name, old = before
    new: Json = canonical.loads(row.payload) if row.payload else {}
    if row.action == Proposal.Action.WITHDRAW:
        return Changed(row, name)
    found = list(islice(differences(old, new), SHOWN + 1)) if old else []
    shown = [Difference(one.path, _said(one.old), _said(one.new)) for one in found[:SHOWN]]
    named = str(new.get(kinds.get(row.kind).naming) or name or row.key) if kinds.known(row.kind) else row.key
    return Changed(row, named, shown, more=len(found) > SHOWN)


def _said(value: object) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else canonical.dumps(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
