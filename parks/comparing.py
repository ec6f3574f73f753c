"""Parks side by side: a row for each declared fact, like beside like. Pure: documents in, JSON out.

What is not known is ``unknown``, never 0 or no; ``none`` says that the documents know it did not hold on the day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tracker.delivery.as_of import Told
from tracker.entries.fields import Children, Code, Field, Group, Json
from tracker.entries.kinds import Kind
from tracker.values import canonical
from tracker.values.paths import covering_paths

NOT_COMPARED = ("name", "name_en", "aliases", "note")


@dataclass(frozen=True)
class Alignment:
    """How children of several parks are set beside one another."""

    by: str
    """The member that says what a child is about: the measure of an area, the programme of a title."""
    members: tuple[str, ...]
    """Members that are compared, each in a row of its own."""
    dated: tuple[str, ...] = ()
    """Those of them that are known not to hold where the day lies before the child began or after it ended."""


ALIGNED = {
    "areas": Alignment("measure", ("value",)),
    "phases": Alignment("name", ("stage", "value", "started", "opened"), dated=("opened",)),
    "tenant_counts": Alignment("what", ("value",)),
    "milestones": Alignment("type", ("date",), dated=("date",)),
    "designations": Alignment("programme", ("wording", "approved"), dated=("wording", "approved")),
    "siting": Alignment("indicator", ("value",)),
}
POINT = ("/location", "/location/lat", "/location/lng")
LISTED = {"parents": "park", "phases": "name"}
"""Children of which one row lists a member; of children neither aligned nor listed the number is compared."""


@dataclass(frozen=True)
class Fact:
    """One value of one park."""

    path: str
    value: Any
    certain: bool = True
    unit: str | None = None
    qualifier: str | None = None
    printed: str | None = None
    nature: Json | None = None
    """Of an area: planned or actual."""

    @property
    def said(self) -> str:
        """What makes two facts differ; the order of a list does not."""
        value = sorted(map(canonical.dumps, self.value)) if isinstance(self.value, list) else self.value
        return canonical.dumps([value, self.unit, self.qualifier])


@dataclass(frozen=True)
class Label:
    zh: str
    en: str

    def of(self, *parts: Label) -> Label:
        return Label(" · ".join([self.zh, *(part.zh for part in parts)]),
                     " · ".join([self.en, *(part.en for part in parts)]))  # fmt: skip


Read = Callable[[Json], Iterable[Fact]]


@dataclass(frozen=True)
class Row:
    path: str
    label: Label
    read: Read
    """The facts of one document that belong in this row."""
    dated: bool = False
    """Whether what the document dates before or after the day is known not to hold on it."""


def compare(kind: Kind, told: Sequence[Told]) -> list[Json]:
    """``[{path, label, unit, cells: [cell], differs}]``, one cell for each park, in the order of the declaration."""
    return [_shown(row, told) for row in _rows(kind, told)]


# --- which rows there are -----------------------------------------------------------------------------------------


def _rows(kind: Kind, told: Sequence[Told]) -> Iterator[Row]:
    for member in kind.all_fields:
        if isinstance(member, Children):
            yield from _of_children(member, told)
        elif isinstance(member, Group):
            yield from _of_group(member)
        elif member.name not in NOT_COMPARED:
            path = f"/{member.name}"
            yield Row(path, _label(member), _member(member, path, lambda document: document))


def _of_group(group: Group) -> Iterator[Row]:
    """The members of a group; latitude and longitude are one point, with what it is the point of."""
    path = f"/{group.name}"
    for member in group.fields:
        if member.name == "lat":
            yield Row(path, _label(group), lambda document: _point(document, path))
        elif member.name != "lng":
            inner = f"{path}/{member.name}"
            yield Row(inner, _label(group).of(_label(member)),
                      _member(member, inner, lambda document: document.get(group.name) or {}))  # fmt: skip


def _of_children(member: Children, told: Sequence[Told]) -> Iterator[Row]:
    rows = list(_aligned(member, ALIGNED[member.name], told)) if member.name in ALIGNED else []
    path = f"/{member.name}"
    if member.name in LISTED:
        yield Row(path, _label(member), lambda document: _listed(member, document))
    elif member.name not in ALIGNED:
        recorded = Label("已收录数", "recorded")
        yield Row(path, _label(member).of(recorded), lambda document: _counted(member, document))
    elif not rows:
        yield Row(path, _label(member), lambda document: [])
    yield from rows


def _aligned(member: Children, alignment: Alignment, told: Sequence[Told]) -> Iterator[Row]:
    """A row for each sort of child that any park has, and each member of it that something is known of.

    Sorts that are codes stand in the order of their declaration, others in the order in which the parks name them.
    """
    by = _field(member, alignment.by)
    ever = [child for park in told for child in park.whole[member.name]]
    then = [child for park in told for child in park.then[member.name]]
    sorts = {_sort(child, alignment): _word(by, child[by.name]) for child in ever}
    order = by.choices.values if isinstance(by, Code) else [*sorts]
    for sort in sorted(sorts, key=order.index):
        for name in alignment.members:
            dated = name in alignment.dated
            told_of = (child for child in (ever if dated else then) if _sort(child, alignment) == sort)
            if any(child[name] is not None for child in told_of):
                compared = _field(member, name)
                label = _label(member).of(sorts[sort], *([_label(compared)] if len(alignment.members) > 1 else []))
                yield Row(f"/{member.name}/{sort}/{name}", label, _children(member, alignment, sort, compared), dated)


def _sort(child: Json, alignment: Alignment) -> str:
    value = child[alignment.by]
    return str(value["key"] if isinstance(value, dict) else value)


def _field(member: Children, name: str) -> Field:
    return next(field for field in member.fields if field.name == name)


def _label(member: Field) -> Label:
    return Label(member.zh, member.en)


def _word(member: Field, value: Any) -> Label:
    """A value in words, for a label."""
    if isinstance(member, Code):
        choice: Any = member.choices(value)
        return Label(choice.zh, choice.en)
    if isinstance(value, dict):
        return Label(value["name"], value["name_en"] or value["name"])
    return Label(value, value)


# --- what stands in them ------------------------------------------------------------------------------------------


def _member(member: Field, path: str, holder: Callable[[Json], Json]) -> Read:
    def read(document: Json) -> Iterator[Fact]:
        value = holder(document).get(member.name)
        if value not in (None, "", []):
            yield Fact(path, _value(member, value))

    return read


def _children(member: Children, alignment: Alignment, sort: str, compared: Field) -> Read:
    def read(document: Json) -> Iterator[Fact]:
        for child in document[member.name]:
            if _sort(child, alignment) == sort and child[compared.name] is not None:
                path, certain = f"/{member.name}/{child['key']}/{compared.name}", child.get("certain", True)
                if compared.name == "value":
                    yield _quantity(member, child, path)
                else:
                    yield Fact(path, _value(compared, child[compared.name]), certain)

    return read


def _quantity(member: Children, child: Json, path: str) -> Fact:
    """A quantity; an area in m², with the words of the source or else its value and unit as stated beside."""
    printed = child["printed"] or " ".join(filter(None, [canonical.dumps(child["value"]), child["unit"]]))
    square_metres = child.get("value_m2")
    value, unit = (child["value"], child["unit"]) if square_metres is None else (square_metres, "m2")
    nature = _value(_field(member, "state"), child["state"]) if child.get("state") else None
    return Fact(path, value, child.get("certain", True), unit, child["qualifier"], printed, nature)


def _value(member: Field, value: Any) -> Any:
    if isinstance(member, Code):
        word = _word(member, value)
        return {"code": value, "zh": word.zh, "en": word.en}
    return value


def _point(document: Json, path: str) -> Iterator[Fact]:
    location = document["location"]
    if location["lat"] is not None:
        yield Fact(path, {name: location[name] for name in ("lat", "lng", "precision", "of")})


def _listed(member: Children, document: Json) -> Iterator[Fact]:
    children = document[member.name]
    if children:
        listed = [child[LISTED[member.name]] for child in children]
        yield Fact(f"/{member.name}", listed, _all_certain(children))


def _counted(member: Children, document: Json) -> Iterator[Fact]:
    children = document[member.name]
    if children:
        yield Fact(f"/{member.name}", len(children), _all_certain(children))


def _all_certain(children: Sequence[Json]) -> bool:
    return all(child.get("certain", True) for child in children)


# --- how they look ------------------------------------------------------------------------------------------------


def _shown(row: Row, told: Sequence[Told]) -> Json:
    facts = [sorted(row.read(park.then), key=lambda fact: not fact.certain) for park in told]
    states = [_state(row, park, found) for park, found in zip(told, facts, strict=True)]
    told_of = (found for found, state in zip(facts, states, strict=True) if state != "unknown")
    said = [sorted(fact.said for fact in found) for found in told_of]
    units = {fact.unit for found in facts for fact in found}
    return {
        "path": row.path,
        "label": {"zh": row.label.zh, "en": row.label.en},
        "unit": units.pop() if len(units) == 1 else None,
        "cells": [_cell(state, found, park.then) for state, found, park in zip(states, facts, told, strict=True)],
        "differs": any(one != said[0] for one in said),
    }


def _state(row: Row, park: Told, facts: Sequence[Fact]) -> str:
    if facts:
        return "known"
    return "none" if row.dated and any(True for _ in row.read(park.whole)) else "unknown"


def _cell(state: str, facts: Sequence[Fact], document: Json) -> Json:
    if not facts:
        return {"state": state} | _NO_FACT | {"more": []}
    first, *more = (_fact(fact, document) for fact in facts)
    return {"state": state} | first | {"more": more}


_NO_FACT: Json = {"path": None, "value": None, "unit": None, "qualifier": None, "printed": None, "nature": None,
                  "certain": None, "citations": [], "conflict": None}  # fmt: skip


def _fact(fact: Fact, document: Json) -> Json:
    return {
        "path": fact.path, "value": fact.value, "unit": fact.unit, "qualifier": fact.qualifier,
        "printed": fact.printed, "nature": fact.nature, "certain": fact.certain,
        "citations": cited(document["citations"], fact.path),
        "conflict": next((conflict for conflict in document["conflicts"] if _meets(conflict["path"], fact.path)), None),
    }  # fmt: skip


def cited(citations: Sequence[Json], path: str) -> list[Json]:
    """The citations of a fact and of what stands below it, else those of the nearest path that contains it.

    A point has only its own: where no source gives one it is a gazetteer's.
    """
    if path == POINT[0]:
        return [citation for citation in citations if citation["path"] in POINT]
    own = [citation for citation in citations if _within(citation["path"], path)]
    if own:
        return own
    for containing in covering_paths(path):
        if found := [citation for citation in citations if citation["path"] == containing]:
            return found
    return []


def _within(path: str, container: str) -> bool:
    return path == container or path.startswith(f"{container}/")


def _meets(path: str, fact: str) -> bool:
    return _within(path, fact) or (path != "" and path in covering_paths(fact))
