"""What a token's limits leave: which kinds and places are beyond them."""

from __future__ import annotations

from collections.abc import Collection

from .models import Containment


def kinds_beyond(kinds: Collection[str], limits: Collection[str]) -> set[str]:
    """The kinds that are none of the limits; without limits none is beyond them."""
    return set(kinds) - set(limits) if limits else set()


def places_beyond(places: Collection[str], limits: Collection[str]) -> set[str]:
    """The places that lie in none of the limits, however deep and through regions too; one query."""
    if not limits or not places:
        return set()
    inside = Containment.objects.filter(container__kind="place", container__key__in=limits,
                                        entry__kind="place", entry__key__in=places)  # fmt: skip
    return set(places) - set(inside.values_list("entry__key", flat=True))
