"""The entries that were merged into one: each with its reason and its own history, told on its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tracker.entries import kinds, rendering, successors
from tracker.entries.models import Entry, State

from .language import Spoken, spoken


@dataclass(frozen=True)
class Earlier:
    """An entry that gave way to the one shown."""

    key: str
    name: Spoken
    reason: str
    when: datetime
    revisions: int
    history: str
    """Where its own revisions are."""
    asked: bool
    """Whether the reader came by its address."""


def of(entry: Entry, asked: str) -> list[Earlier]:
    """What the entry stands for besides itself; one query where there is nothing."""
    rows = successors.given_way_to(entry.kind, entry.key)
    if not rows:
        return []
    kind = kinds.get(entry.kind)
    merged = Entry.objects.filter(kind=entry.kind, key__in=[row.old_key for row in rows], state=State.MERGED)
    found = {row.key: row for row in merged}
    return [
        Earlier(
            key=row.old_key, name=spoken(found[row.old_key].name, found[row.old_key].name_en), reason=row.reason,
            when=row.recorded_at, revisions=found[row.old_key].revision,
            history=f"{rendering.url_of(kind, row.old_key)}revisions/", asked=row.old_key == asked,
        )
        for row in rows if row.old_key in found
    ]  # fmt: skip
