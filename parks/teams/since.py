"""What changed of a shortlist's parks since it was saved: each fact before and now, its sources, the changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from parks import comparison
from parks.comparison import Row
from parks.kinds import PARK
from parks.models import Shortlist
from tracker.delivery import recorded
from tracker.delivery.as_of import Told
from tracker.entries.fields import Json
from tracker.entries.models import Change, Entry, State
from tracker.values import canonical
from tracker.web.dossier import nature_label
from tracker.web.language import Spoken, spoken
from tracker.web.notes import SourceNotes


@dataclass(frozen=True)
class Step:
    """One change of the feed."""

    number: int
    nature: str
    change: Change


@dataclass(frozen=True)
class Changed:
    """What became of one park."""

    key: str
    name: Spoken
    gone: str
    """The state of a park that is no longer public; '' else."""
    rows: list[Row]
    """Facts that differ: the first cell as saved, the second as it is now."""
    sources: list[SourceNotes]
    steps: list[Step]

    @property
    def id(self) -> str:
        return f"since-{self.key}"


def changed(shortlist: Shortlist, keys: Sequence[str], today: date) -> list[Changed]:
    """The parks that changed, in the order of the list; three queries."""
    then = {row.key: canonical.loads(row.document)
            for row in recorded.at(shortlist.number).filter(kind=PARK.name, key__in=keys)}  # fmt: skip
    now = {entry.key: entry for entry in Entry.objects.of_kind(PARK.name).filter(key__in=keys)}
    steps: dict[str, list[Step]] = {}
    for change in Change.objects.filter(kind=PARK.name, key__in=keys, seq__gt=shortlist.number).order_by("seq"):
        steps.setdefault(change.key, []).append(Step(change.seq, nature_label(change.nature), change))
    found = (_changed(then[key], now[key], steps.get(key, [])) for key in keys if key in then and key in now)
    return [one for one in found if one.rows or one.gone or one.steps]


def _changed(then: Json, entry: Entry, steps: list[Step]) -> Changed:
    name = spoken(entry.name, entry.name_en)
    if entry.state != State.LIVE:
        return Changed(entry.key, name, entry.state, [], [], steps)
    document = canonical.loads(entry.document)
    table = comparison.table([Told(then, then), Told(document, document)], "")
    rows = [row for row in table.rows if _said(row, 0) != _said(row, 1)]
    shown = {number for row in rows for cell in row.cells for value in cell.values for number in value.notes}
    noted = ((group.source, [note for note in group.notes if note.number in shown]) for group in table.sources)
    return Changed(entry.key, name, "", rows, [SourceNotes(source, notes) for source, notes in noted if notes], steps)


def _said(row: Row, at: int) -> list[str]:
    cell = row.cells[at]
    return [cell.state, *(f"{value.plain} {value.aside}" for value in cell.values)]
