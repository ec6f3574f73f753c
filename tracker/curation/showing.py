"""Which entries show how another looks: who refers to it, and who was merged into it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef

from tracker.entries.fields import Target
from tracker.entries.models import Entry, Redirect, Reference, State
from tracker.entries.storing import Stored


def showing(pks: set[int]) -> set[int]:
    """The entries that show how one of these looks: who refers to it, and who was merged into it."""
    return _referrers(pks) | _predecessors(pks) if pks else set()


def _predecessors(pks: set[int]) -> set[int]:
    here = Entry.objects.filter(pk__in=pks, kind=OuterRef("kind"), key=OuterRef("new_key"))
    leading_here = Redirect.objects.filter(Exists(here)).values_list("kind", "old_key")
    found: set[int] = set()
    for kind, key in leading_here:
        found |= set(Entry.objects.filter(kind=kind, key=key).values_list("pk", flat=True))
    return found


def redirected(items: Iterable[Stored]) -> dict[int, Target]:
    """For each entry that gave way to another: that other."""
    gone = {(item.entry.kind, item.entry.key): item.entry.pk for item in items if item.entry.state != State.LIVE}
    rows = Redirect.objects.filter(old_key__in=[key for _, key in gone]).values_list("kind", "old_key", "new_key")
    return {gone[kind, old]: Target(kind, new) for kind, old, new in rows if (kind, old) in gone}


def _referrers(pks: set[int]) -> set[int]:
    return set(Reference.objects.filter(target_id__in=pks).values_list("entry_id", flat=True)) if pks else set()
