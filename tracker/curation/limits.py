"""What a token's limits leave of many proposals: every place of an entry must lie inside, as it is and as it is meant.

Sources may always be proposed, unless kinds are limited: without them nothing can be cited. What else lies in no place
lies in none of the places of a token that is limited to some.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.entries.limits import kinds_beyond, places_beyond
from tracker.entries.models import Containment, Entry
from tracker.values.errors import Refused

ANYWHERE = ("source",)


@dataclass(frozen=True)
class Limits:
    """Kinds and places that proposals are limited to; empty: no limit."""

    kinds: tuple[str, ...] = ()
    places: tuple[str, ...] = ()

    def refuse_kind(self, kind: str) -> None:
        """:raises Refused: the kind is none of these."""
        if kinds_beyond([kind], self.kinds):
            raise Refused(f"令牌只限 {'、'.join(self.kinds)} this token is limited to {', '.join(self.kinds)}")

    def refusals(self, payloads: Sequence[tuple[Json, Entry | None]]) -> dict[int, Refused]:
        """Which payloads, each with the live entry it is of, lie beyond the places; by their index, in two queries."""
        if not self.places:
            return {}
        live = _live_places([entry for _, entry in payloads if entry])
        lying = [_proposed_places(payload, entry) | (live.get(entry.pk, set()) if entry else set())
                 for payload, entry in payloads]  # fmt: skip
        beyond = places_beyond(set().union(*lying), self.places)
        refused = {}
        for index, (payload, _) in enumerate(payloads):
            outside = sorted(lying[index] & beyond)
            if payload["kind"] not in ANYWHERE and (outside or not lying[index]):
                refused[index] = self._refused(outside)
        return refused

    def _refused(self, outside: Iterable[str]) -> Refused:
        named = ", ".join(outside)
        lies = f"{named} 不在其内 {named} lies outside" if named else "它不在任何地区 it lies in no place"
        return Refused(f"令牌只限地区 {'、'.join(self.places)} this token is limited to these places：{lies}")


def _proposed_places(payload: Json, entry: Entry | None) -> set[str]:
    """Where a payload puts its entry: in its places; a place lies in itself, a new one in its parent."""
    if payload["kind"] == "place":
        return {payload["key"]} if entry else _texts([payload.get("parent")])
    return _texts(payload.get("places")) if not kinds.get(payload["kind"]).reference_data else set()


def _texts(found: object) -> set[str]:
    return {item for item in found if isinstance(item, str)} if isinstance(found, list) else set()


def _live_places(entries: Sequence[Entry]) -> dict[int, set[str]]:
    """The places that entries stand in directly."""
    located = [entry.pk for entry in entries if entry.kind != "place"]
    rows = Containment.objects.filter(entry_id__in=located, direct=True, container__kind="place")
    found: dict[int, set[str]] = {}
    for pk, key in rows.values_list("entry_id", "container__key"):
        found.setdefault(pk, set()).add(key)
    return found
