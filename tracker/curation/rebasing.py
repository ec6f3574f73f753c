"""Two people changed the same entry: what both did, fact by fact. Pure.

``base`` is what both began with, ``theirs`` what is live now, ``mine`` what was proposed on ``base``. Facts that only
one side changed are taken from it; where both changed the same fact differently, a person chooses. Children are
compared by key; lists of texts or references are one fact.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tracker.entries.fields import Children, Group, Json
from tracker.entries.kinds import Kind
from tracker.values import canonical
from tracker.values.errors import Invalid
from tracker.values.paths import value_at

THEIRS, MINE = "theirs", "mine"
CHOICES = (THEIRS, MINE)
_EVIDENCE = ("citations", "rulings")


@dataclass(frozen=True)
class Spot:
    """One fact on three sides; what is not there is None."""

    path: str
    base: Any
    theirs: Any
    mine: Any

    @property
    def is_conflict(self) -> bool:
        return self.theirs != self.mine and self.base not in (self.theirs, self.mine)

    @property
    def is_changed(self) -> bool:
        return not self.base == self.theirs == self.mine

    @property
    def merged(self) -> Any:
        """What it is to be where no person need choose."""
        return self.mine if self.base == self.theirs else self.theirs


@dataclass(frozen=True)
class Sides:
    """The three payloads of one entry; a side that does not have the entry is empty."""

    kind: Kind
    base: Json
    theirs: Json
    mine: Json

    def spots(self) -> Iterator[Spot]:
        """Every fact that one side changed, in the order of the kind's fields."""
        for member in self.kind.all_fields:
            name = member.name
            values = [side.get(name) for side in (self.base, self.theirs, self.mine)]
            if isinstance(member, Group):
                yield from _members(f"/{name}", *values)
            elif isinstance(member, Children):
                yield from _children(f"/{name}", *values)
            elif (spot := Spot(f"/{name}", *values)).is_changed:
                yield spot

    def conflicts(self) -> list[Spot]:
        return [spot for spot in self.spots() if spot.is_conflict]

    def merged(self, choices: Mapping[str, str]) -> Json:
        """What is live, with what only the proposal changed, and the choices where both did.

        :param choices: for the path of each conflict, ``theirs`` or ``mine``.
        :raises Invalid: naming each conflict that nobody chose.
        """
        open_ones = [spot.path for spot in self.conflicts() if choices.get(spot.path) not in CHOICES]
        if open_ones:
            sentence = "请选定取哪一个 choose which of the two"
            raise Invalid(f"还有 {len(open_ones)} 处须选定 left to choose", [(path, sentence) for path in open_ones])
        payload: Json = canonical.loads(canonical.dumps(self.theirs or {**self.mine, "citations": []}))
        dropped = set()
        listed = {member.name for member in self.kind.children()}
        for spot in self.spots():
            chosen = choices[spot.path] if spot.is_conflict else ""
            value = {"": spot.merged, THEIRS: spot.theirs, MINE: spot.mine}[chosen]
            _put(payload, spot.path, value, listed)
            if chosen == THEIRS:
                dropped.add(spot.path)
        self._order_children(payload)
        payload["citations"] = self._citations(payload, dropped, choices)
        payload["rulings"] = self._rulings(payload)
        return {name: value for name, value in payload.items() if value not in (None, [], {})}

    def _order_children(self, payload: Json) -> None:
        """Mine, where only the proposal moved them."""
        for member in self.kind.children():
            order = [child["key"] for child in self.mine.get(member.name, [])]
            theirs = [child["key"] for child in self.theirs.get(member.name, [])]
            base = [child["key"] for child in self.base.get(member.name, [])]
            if theirs == base and member.name in payload:
                place = {key: number for number, key in enumerate(order)}
                payload[member.name].sort(key=lambda child: place.get(child["key"], len(place)))

    # --- evidence

    def _citations(self, payload: Json, dropped: set[str], choices: Mapping[str, str]) -> list[Json]:
        """Theirs without what the proposal took away, and what it added; a value that lost is still what was stated."""
        base, theirs, mine = (side.get("citations", []) for side in (self.base, self.theirs, self.mine))
        lost = {spot.path: spot.theirs for spot in self.conflicts() if choices.get(spot.path) == MINE}
        kept = [_stating(item, lost) if item not in base else item for item in _without(theirs, _less(base, mine))]
        added = [item for item in _less(mine, base)
                 if item not in kept and not _within(item["path"], dropped)]  # fmt: skip
        return [item for item in (*kept, *added)
                if not item["path"] or value_at(payload, item["path"]) is not None]  # fmt: skip

    def _rulings(self, payload: Json) -> list[Json]:
        base, theirs, mine = (side.get("rulings", []) for side in (self.base, self.theirs, self.mine))
        added = _less(mine, base)
        about = {item["path"] for item in added}
        kept = [item for item in _without(theirs, _less(base, mine)) if item["path"] not in about]
        return [item for item in (*kept, *added) if value_at(payload, item["path"]) is not None]


def _members(path: str, *groups: Json | None) -> Iterator[Spot]:
    names = dict.fromkeys(name for group in groups if group for name in group)
    for name in names:
        spot = Spot(f"{path}/{name}", *((group or {}).get(name) for group in groups))
        if spot.is_changed:
            yield spot


def _children(path: str, *lists: list[Json] | None) -> Iterator[Spot]:
    base, theirs, mine = ({child["key"]: child for child in children or []} for children in lists)
    for key in dict.fromkeys((*theirs, *mine, *base)):
        sides = (base.get(key), theirs.get(key), mine.get(key))
        if all(sides):
            yield from (spot for spot in _members(f"{path}/{key}", *sides) if not spot.path.endswith("/key"))
        elif (spot := Spot(f"{path}/{key}", *sides)).is_changed:
            yield spot


def _put(payload: Json, path: str, value: Any, listed: Collection[str]) -> None:
    """Set, add or take away what stands at a path of two or three parts, or one.

    :param listed: names of the lists of children.
    """
    name, *rest = path.split("/")[1:]
    if not rest:
        payload[name] = value
    elif name in listed:
        _put_child(payload.setdefault(name, []), rest, value)
    else:
        _put_member(payload.setdefault(name, {}), rest[0], value)


def _put_child(children: list[Json], rest: list[str], value: Any) -> None:
    place = next((number for number, child in enumerate(children) if child["key"] == rest[0]), None)
    if len(rest) == 2:
        if place is not None:
            _put_member(children[place], rest[1], value)
    elif place is None:
        if value is not None:
            children.append(value)
    elif value is None:
        del children[place]
    else:
        children[place] = value


def _put_member(group: Json, name: str, value: Any) -> None:
    if value is None:
        group.pop(name, None)
    else:
        group[name] = value


def _less(items: list[Json], others: list[Json]) -> list[Json]:
    """The items that the others do not have, each as often as it stands more."""
    left = Counter(canonical.dumps(item) for item in items) - Counter(canonical.dumps(item) for item in others)
    return [canonical.loads(text) for text in left.elements()]


def _without(items: list[Json], gone: list[Json]) -> list[Json]:
    left = Counter(canonical.dumps(item) for item in gone)
    kept = []
    for item in items:
        text = canonical.dumps(item)
        if left[text]:
            left[text] -= 1
        else:
            kept.append(item)
    return kept


def _within(path: str, spots: set[str]) -> bool:
    return any(path == spot or path.startswith(f"{spot}/") for spot in spots)


def _stating(citation: Json, lost: Mapping[str, Any]) -> Json:
    value = lost.get(citation["path"])
    plain = value is not None and not isinstance(value, list | dict)
    return citation | {"stated": value} if plain and "stated" not in citation else citation
