"""A place's profile: how much the tracker holds there, its figures and its layouts."""

from __future__ import annotations

from django.db.models import Count

from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.entries.models import Entry, Reference, State
from tracker.values import canonical


def profile(place: Entry) -> Json:
    """``{place, counts: {kind: n}, series: […], layouts: […]}``; layouts oldest first."""
    inside = Entry.objects.live().within([place.key]).exclude(kind="place")
    counted = inside.order_by().values("kind").annotate(n=Count("pk")).values_list("kind", "n")
    counts = dict.fromkeys((kind.name for kind in kinds.entry_kinds()), 0) | dict(counted)
    return {
        "place": canonical.loads(place.reference),
        "counts": counts,
        "series": _about(place, "series"),
        "layouts": _about(place, "layout"),
    }


def _about(place: Entry, kind: str) -> list[Json]:
    rows = Reference.objects.filter(target=place, field="subject", entry__kind=kind, entry__state=State.LIVE)
    ordered = rows.order_by("entry__undated", "entry__date_sort", "entry__key")
    return [canonical.loads(text) for text in ordered.values_list("entry__document", flat=True)]
