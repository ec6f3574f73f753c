"""What the tracker said at a feed number: every document and its events, however long ago that was."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q, QuerySet

from tracker.entries.models import DocumentVersion, State

BATCH = 500


def at(number: int) -> QuerySet[DocumentVersion]:
    """The versions that were public once the change of that number was made; later changes never alter the answer."""
    open_then = Q(seq_to__gt=number) | Q(seq_to__isnull=True)
    return DocumentVersion.objects.filter(open_then, seq_from__lte=number, state=State.LIVE)


def in_order(versions: QuerySet[DocumentVersion], kind: str) -> Iterator[DocumentVersion]:
    """The versions of one kind by key, a batch at a time: no query stays open while a long file is written."""
    last = ""
    while rows := list(versions.filter(kind=kind, key__gt=last).order_by("key")[:BATCH]):
        yield from rows
        last = rows[-1].key
