"""What differs between two layouts, part by part. Pure: two documents in, JSON out.

Parts are compared by the place or park they name, not by their key or name: a part that names several is compared
once for each, a place inside another is another place, and parts that name neither are compared by their own name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tracker.entries.fields import Json
from tracker.entries.kinds import plain_reference
from tracker.values.codes import BilingualChoices
from tracker.values.folding import fold


class Change(BilingualChoices):
    """The first thing that differs, in this order."""

    APPEARED = "appeared", "新列入 newly named"
    GONE = "gone", "不再列名 no longer named"
    ROLE = "role", "角色改变 another role"
    PART = "part", "归入另一部分 in another part"
    POSITIONING = "positioning", "定位改变 another positioning"
    FUNCTION = "function", "功能改变 another function"
    SAME = "same", "未变 the same"


ASPECTS = (Change.ROLE, Change.PART, Change.POSITIONING, Change.FUNCTION)
Identity = tuple[str, str]


@dataclass
class _Named:
    """What the parts of one layout name, and the parts that do."""

    about: Json
    parts: list[Json] = field(default_factory=list)
    beside_parks: bool = True
    """Whether each of these parts also names parks, so that this place says where those lie."""


def differences(before: Json, after: Json) -> Json:
    """``{from, to, patterns, subjects, items, counts}`` for two layout documents.

    Each place, park or name that a part of either layout has is one item: ``{about, location, change, changes,
    before: [part], after: [part]}``, in the order in which the first layout and then the second name them.
    ``location`` is true of a place that is only named beside parks. ``counts`` has the number of items of each change.
    """
    old, new = _named(before), _named(after)
    items = [_item(old.get(identity), new.get(identity)) for identity in dict.fromkeys([*old, *new])]
    counted = Counter(item["change"] for item in items)
    return {
        "from": plain_reference(before),
        "to": plain_reference(after),
        "patterns": {"before": before["pattern"], "after": after["pattern"]},
        "subjects": {"before": before["subject"], "after": after["subject"]},
        "items": items,
        "counts": {change.value: counted[change.value] for change in Change},
    }


def _named(layout: Json) -> dict[Identity, _Named]:
    names = {part["key"]: part["name"] for part in layout["parts"]}
    found: dict[Identity, _Named] = {}
    for part in layout["parts"]:
        shown = _shown(part, names)
        for identity, about in _abouts(part).items():
            named = found.setdefault(identity, _Named(about))
            named.parts.append(shown)
            named.beside_parks &= about["kind"] == "place" and bool(part["parks"])
    return found


def _abouts(part: Json) -> dict[Identity, Json]:
    """What a part names: its places and parks, else its own name."""
    references = [*part["places"], *part["parks"]]
    if references:
        return {(reference["kind"], reference["key"]): reference for reference in references}
    return {("part", fold(part["name"])): {"kind": "part", "key": None, "name": part["name"], "name_en": None}}


def _shown(part: Json, names: Mapping[str, str]) -> Json:
    members = ("key", "role", "name", "positioning", "function", "since", "from", "to")
    return {name: part[name] for name in members} | {"within": names.get(part["part_of"])}


def _item(old: _Named | None, new: _Named | None) -> Json:
    sides = [side for side in (new, old) if side]
    before, after = (side.parts if side else [] for side in (old, new))
    changes = list(_changes(before, after))
    return {
        "about": sides[0].about,
        "location": all(side.beside_parks for side in sides),
        "change": changes[0] if changes else Change.SAME.value,
        "changes": changes,
        "before": before,
        "after": after,
    }


def _changes(before: Sequence[Json], after: Sequence[Json]) -> Iterator[str]:
    if not before or not after:
        yield (Change.GONE if before else Change.APPEARED).value
        return
    for aspect in ASPECTS:
        if _said(aspect, before) != _said(aspect, after):
            yield aspect.value


def _said(aspect: Change, parts: Sequence[Json]) -> set[Any]:
    """What some parts say together in one respect; their order and repetition say nothing."""
    match aspect:
        case Change.ROLE:
            return {part["role"]["key"] for part in parts}
        case Change.PART:
            return {(fold(part["name"]), fold(part["within"] or "")) for part in parts}
        case Change.POSITIONING:
            return {text for part in parts for text in part["positioning"]}
        case _:
            return {part["function"] for part in parts if part["function"]}
