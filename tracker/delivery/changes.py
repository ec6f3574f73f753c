"""Reading the feed: a page of changes, and each change as a line of JSON."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from tracker.entries.fields import Json
from tracker.entries.models import Change, ChangePlace, DocumentVersion
from tracker.values import canonical

from .interest import Interest

WINDOW = 10_000
"""How many numbers one page looks at, so that a reader of few changes never costs a search of all."""


class Page(NamedTuple):
    changes: list[Change]
    through: int
    """Whatever is of interest up to this number has been told; the next page goes on after it."""


def page(interest: Interest, *, after: int, last: int, size: int) -> Page:
    """The next changes of interest, oldest first.

    :param last: the last number given out, read before anything else: what comes meanwhile is for the next page.
    """
    until = min(last, after + WINDOW)
    looked_at = Change.objects.filter(seq__gt=after, seq__lte=until)
    found = list(interest.narrow(looked_at).order_by("seq")[: size + 1])
    if len(found) > size:
        return Page(found[:size], found[size - 1].seq)
    return Page(found, until)


def with_documents(changes: Sequence[Change], include: Collection[str],
                   inside: Collection[str] = ()) -> list[str]:  # fmt: skip
    """The changes as JSON.

    :param include: ``document``, ``events``: what they were at that number; null and empty of what left public view.
    :param inside: keys of places; each line then says whether the entry lies in one of them after the change.
    """
    versions = _versions(changes) if include else {}
    lying = _lying(changes, inside)
    return [_line(change, versions.get(change.seq), include, lying) for change in changes]


def _versions(changes: Sequence[Change]) -> dict[int, DocumentVersion]:
    entries = {change.entry_id for change in changes}
    found = DocumentVersion.objects.filter(entry_id__in=entries, seq_from__in=[change.seq for change in changes])
    return {version.seq_from: version for version in found}


def _lying(changes: Sequence[Change], places: Collection[str]) -> set[int] | None:
    """The numbers of the changes after which the entry lies in one of the places; None where no place is asked for."""
    if not places:
        return None
    rows = ChangePlace.objects.filter(place__in=places, change__in=[change.seq for change in changes], inside=True)
    return set(rows.values_list("change_id", flat=True))


def _line(change: Change, version: DocumentVersion | None, include: Collection[str], lying: set[int] | None) -> str:
    shown: Json = {
        "seq": change.seq, "action": change.action, "kind": change.kind, "key": change.key,
        "revision": change.revision, "nature": change.nature, "changed_fields": change.changed_fields,
        "recorded_at": change.recorded_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "source": change.source or None, "successor": change.successor or None,
    }  # fmt: skip
    if lying is not None:
        shown["inside"] = change.seq in lying
    public = version if change.action in (Change.Action.PUBLISHED, Change.Action.RESTORED) else None
    parts = {"document": public.document if public else "null", "events": public.events if public else "[]"}
    beside = "".join(f',"{name}":{parts[name]}' for name in include)
    return f"{canonical.dumps_ordered(shown)[:-1]}{beside}}}"
