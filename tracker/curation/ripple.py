"""What a batch changes beside its own entries: whatever shows, borrows, names or lists what is different after it.

Entries are *reached* when their document may differ. They are *restated* when a reference of theirs leads elsewhere
now, because a title or a successor came or went, and *relocated* when they lie in other places than before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal

from django.db.models import F

from tracker.entries import rendering, storing
from tracker.entries.fields import Json, Target
from tracker.entries.models import Containment, Entry, Revision
from tracker.entries.storing import Stored
from tracker.entries.world import Names, Point, own_point
from tracker.values import canonical

from . import showing
from .item import Item


class Ripple:
    """Made of a batch whose world knows it; then, in this order: store, ``contain``, ``reach_lists``, render."""

    def __init__(self, items: Sequence[Item], world: Names, restated: Collection[int] = ()) -> None:
        self.items, self.world = items, world
        self._own = {item.entry.pk for item in items}
        self._reached: dict[int, Stored] = {item.entry.pk: item for item in items}
        self._changed = set(self._own)
        self._restated = self._led_elsewhere().union(restated) - self._own
        self.relocated: set[int] = set()
        self._spread()
        self._listed_before = showing.listing(self._changed)

    @property
    def affected(self) -> list[Stored]:
        """Whatever is reached outside the batch."""
        return [stored for pk, stored in self._reached.items() if pk not in self._own]

    @property
    def restated(self) -> list[Stored]:
        return [self._reached[pk] for pk in sorted(self._restated)]

    # --- how things look

    def _spread(self) -> None:
        """From what looks different to what shows it, until nothing more looks different."""
        different = self._look_again(self.items)
        wave = self._restated | showing.referrers(different) | showing.borrowers(self._moved_points())
        while wave or different:
            reached = self.reach(wave)
            depending = [stored for stored in self._reached.values() if self._looks_like(stored, different)]
            different = self._look_again([*reached, *depending])
            wave = showing.referrers(different)
        self._changed |= self._restated

    def _look_again(self, entries: Iterable[Stored]) -> set[int]:
        """Work out how each entry looks to others; returns those that look different now."""
        different = set()
        for stored in sorted(entries, key=lambda stored: (stored.kind.order, stored.entry.key)):
            entry = stored.entry
            reference = rendering.reference(entry, stored.payload, self.world)
            self.world.learn(entry.kind, entry.key, entry.pk, reference)
            text = canonical.dumps_ordered(reference)
            if text != entry.reference:
                different.add(entry.pk)
                entry.reference = text
        self._changed |= different
        return different

    def _looks_like(self, stored: Stored, different: set[int]) -> bool:
        """Whether its look depends on one of those."""
        return stored.kind.look_is_derived and any(
            self.world.pk(wanted.target) in different for wanted in stored.wanted
        )

    def reach(self, pks: set[int]) -> list[Stored]:
        """Take in what is not reached yet."""
        entries = list(Entry.objects.filter(pk__in=pks - set(self._reached)).order_by("kind", "key"))
        payloads = payloads_of(entries)
        reached = [Stored(entry, payloads[entry.pk]) for entry in entries]
        self.world.load(Target(entry.kind, entry.key) for entry in entries)  # one that is gone leads to its successor
        self.world.load(target for stored in reached for target in targets_of(stored))
        self._reached |= {stored.entry.pk: stored for stored in reached}
        return reached

    def _moved_points(self) -> set[int]:
        return {
            item.entry.pk for item in self.items if not item.fresh and own_point(item.entry) != point_in(item.payload)
        }

    # --- where references lead

    def _led_elsewhere(self) -> set[int]:
        """Entries with a title that leads elsewhere now, or the key of what gave way or returned."""
        found: set[int] = set()
        for kind, titles in self._changed_titles().items():
            found |= showing.naming(kind, titles)
        found |= showing.referrers({item.entry.pk for item in self.items if item.successor})
        for item in self.items:
            if item.returns:
                found |= showing.written_with(item.entry.kind, showing.leading_to(item.entry.kind, item.entry.key))
        return found

    def _changed_titles(self) -> dict[str, set[str]]:
        """By kind, the names that entries of this batch take or give up, folded."""
        found: dict[str, set[str]] = defaultdict(set)
        for item in self.items:
            found[item.entry.kind] |= item.names_before ^ item.names
        return found

    # --- where things lie

    def contain(self) -> dict[int, set[str]]:
        """Write anew where everything lies that moved, or lies in what moved; returns the places it lay in before."""
        moving: list[Stored] = [*self.items, *self.restated]
        pks = {stored.entry.pk for stored in moving}
        carried = Entry.objects.filter(pk__in=showing.inside(self._containers(moving)) - pks)
        everything = [*moving, *(Stored(entry, {}) for entry in carried)]
        others = {stored.entry.pk for stored in everything} - self._own
        before = Containment.objects.places_of(others.union(item.entry.pk for item in self.items if not item.fresh))
        storing.contain(everything)
        after = Containment.objects.places_of(others)
        self.relocated = {pk for pk in others if before[pk] != after[pk]}
        self.reach(self.relocated)
        return before

    def _containers(self, moving: Iterable[Stored]) -> set[int]:
        """The places and industries among these that moved, and the members of the regions among them."""
        found = set()
        for stored in moving:
            if stored.kind.containers == "parent" and not _stays(stored):
                found.add(stored.entry.pk)
                members = (self.world.pk(Target("place", key)) for key in stored.payload.get("members", []))
                found |= {pk for pk in members if pk}
        return found

    # --- what lists them

    def reach_lists(self) -> None:
        """Take in the entries whose derived lists (superseded_by, sub_parks …) show what changed, before or now."""
        self.reach(self._listed_before | showing.listing(self._changed))


def _stays(stored: Stored) -> bool:
    """Whether it says of itself what it said before on where it lies and what lies in it."""
    return isinstance(stored, Item) and all(stored.before.get(name) == stored.payload.get(name)
                                            for name in ("level", "parent", "members"))  # fmt: skip


def point_in(payload: Json) -> Point | None:
    """The point a payload gives its entry."""
    point = payload.get("location") or payload.get("point") or {}
    return None if point.get("lat") is None else (Decimal(point["lat"]), Decimal(point["lng"]))


def targets_of(stored: Stored) -> Iterable[Target]:
    """Everything a payload refers to or cites."""
    yield from (wanted.target for wanted in stored.wanted)
    yield from (Target("source", citation["source"]) for citation in stored.payload.get("citations", []))


def payloads_of(entries: Iterable[Entry]) -> dict[int, Json]:
    """What the last revision of each entry says."""
    rows = Revision.objects.filter(entry__in=[entry.pk for entry in entries], number=F("entry__revision"))
    return {pk: canonical.loads(payload) for pk, payload in rows.values_list("entry_id", "payload")}
