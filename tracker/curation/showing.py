"""Questions about who shows what: by references, citations, titles, borrowed points, derived lists and containment."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from tracker.entries import kinds
from tracker.entries.models import Containment, Entry, Redirect, Reference, State
from tracker.sources.models import Citation


def referrers(pks: Collection[int]) -> set[int]:
    """Entries that refer to one of these, or cite it."""
    if not pks:
        return set()
    referring = Reference.objects.filter(target_id__in=pks).values_list("entry_id", flat=True)
    citing = Citation.objects.filter(source_id__in=pks).values_list("entry_id", flat=True)
    return {*referring, *citing}


def borrowers(pks: Collection[int]) -> set[int]:
    """Entries that may show the point of one of these: who refers to it, and what lies in it."""
    return referrers(pks) | inside(pks)


def inside(pks: Collection[int]) -> set[int]:
    """Entries that lie in one of these places or industries, however deep."""
    return set(Containment.objects.filter(container_id__in=pks).values_list("entry_id", flat=True)) if pks else set()


def naming(kind: str, titles: Iterable[str]) -> set[int]:
    """Entries that refer to one of a kind by one of these titles, folded, whether it is here or not."""
    found: set[int] = set()
    for chunk in _chunks(sorted(titles)):
        rows = Reference.objects.filter(sought__in=chunk, target_kind=kind)
        found |= set(rows.values_list("entry_id", flat=True))
    return found


def written_with(kind: str, keys: Collection[str]) -> set[int]:
    """Entries whose payload has one of these keys where the reference leads to a successor."""
    referring = Reference.objects.filter(named__in=keys, target_kind=kind).values_list("entry_id", flat=True)
    citing = Citation.objects.filter(named__in=keys, source__kind=kind).values_list("entry_id", flat=True)
    return {*referring, *citing}


def leading_to(kind: str, key: str) -> set[str]:
    """The key, and every key that gave way to it, however often."""
    found: set[str] = set()
    wave = {key}
    while wave := wave - found:
        found |= wave
        rows = Redirect.objects.filter(kind=kind, new_key__in=wave)
        wave = set(rows.values_list("old_key", flat=True))
    return found


def listing(pks: Collection[int]) -> set[int]:
    """Live entries of which some derived list may name one of these: what they refer to."""
    listed = {backref.field for kind in kinds.every() for backref in kind.backrefs}
    targets = Reference.objects.filter(entry_id__in=pks, field__in=listed, target__isnull=False)
    rows = Entry.objects.filter(pk__in=targets.values("target_id"), state=State.LIVE)
    return set(rows.values_list("pk", flat=True))


def _chunks(texts: list[str], size: int = 500) -> Iterable[list[str]]:
    return (texts[start : start + size] for start in range(0, len(texts), size))
