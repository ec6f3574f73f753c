"""What else a proposal touches: events it adds or removes, conflicts it raises or settles, documents it renders again.

Found by rehearsing the publication in a savepoint that is rolled back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tracker.entries.fields import Json
from tracker.entries.models import Entry
from tracker.timeline.rules import events_of
from tracker.values import canonical
from tracker.values.codes import Nature

from .models import Proposal
from .publish import Touched, rehearse

Told = tuple[str, str, str]
"""Date, title in Chinese, title in English."""


@dataclass
class Effects:
    """What becomes different in public beside the facts proposed."""

    events_added: list[Told] = field(default_factory=list)
    events_removed: list[Told] = field(default_factory=list)
    conflicts_raised: list[tuple[Touched, str]] = field(default_factory=list)
    conflicts_settled: list[tuple[Touched, str]] = field(default_factory=list)
    rendered_again: list[Touched] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.events_added or self.events_removed or self.conflicts_raised or self.conflicts_settled
                    or self.rendered_again)  # fmt: skip


def of(proposals: Sequence[Proposal]) -> Effects:
    """
    :raises TrackerError, DatabaseError: it could not be published as it is.
    """
    touched = rehearse(proposals)
    rows = Entry.objects.filter(pk__in=[each.entry_id for each in touched]).values_list("pk", "document")
    before = {pk: canonical.loads(document) if document else {} for pk, document in rows}
    effects = Effects()
    for each in touched:
        old, new = before.get(each.entry_id, {}), each.document or {}
        _note_events(effects, old, new)
        _note_conflicts(effects, each, old, new)
        if each.nature == Nature.DERIVED:
            effects.rendered_again.append(each)
    return effects


def _note_events(effects: Effects, old: Json, new: Json) -> None:
    told, telling = _events(old), _events(new)
    effects.events_added += [event for event in telling if event not in told]
    effects.events_removed += [event for event in told if event not in telling]


def _events(document: Json) -> list[Told]:
    found = events_of(document) if document else []
    return [(event["date"], event["title"]["zh"], event["title"]["en"]) for event in found]


def _note_conflicts(effects: Effects, each: Touched, old: Json, new: Json) -> None:
    had, has = ({conflict["path"] for conflict in document.get("conflicts", []) if not conflict["ruling"]}
                for document in (old, new))  # fmt: skip
    effects.conflicts_raised += [(each, path) for path in sorted(has - had)]
    effects.conflicts_settled += [(each, path) for path in sorted(had - has)]
