"""A kind's payload as columns, and back: pure.

One convention for CSV, XLSX and the templates:

- a fact is a column of its name (``issued``), a member of a group a column with a dot (``location.lat``);
- several texts or references stand in one cell, ``A | B``; where an item itself has a bar, as a JSON list;
- a reference to what is not here yet, by its title, is ``title:…``;
- a list of children is one column with JSON (``areas``), or a column for each member of the first, second … child
  (``areas.1.measure``); in XLSX it is a sheet of that name, with the entry's key in the column ``entry``;
- ``citations`` and ``rulings`` are such lists too.

Columns may bear the Chinese names (``成文日期``, ``面积.1.口径``) as well. A column that the file lacks leaves its fact
as it is; an empty cell empties it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from tracker.entries import kinds
from tracker.entries.fields import Children, Code, Field, Group, Json, Number, Ref, Refs, Text, Texts
from tracker.entries.kinds import Kind
from tracker.values import canonical
from tracker.values.codes import Rank

SEPARATOR = " | "
TITLE = "title:"
KEY = Text(name="key", zh="键", en="Key", required=True, cited=False, max_length=80)
KIND = Text(name="kind", zh="种类", en="Kind", cited=False, max_length=24)
REVISION = Number(name="revision", zh="所据修订", en="Revision", integer=True, minimum=0, cited=False,
                  help="the revision the row was exported at; leave it as it is, empty for new entries")  # fmt: skip
ENTRY = "entry"
"""The column of a child's sheet that says whose child it is."""


@dataclass(frozen=True, kw_only=True)
class Loose(Field):
    """A value of any type: what a source states, a row of a table."""


_CITATION = (
    Text(name="path", zh="事实", en="Path", help="/areas/site or empty for the whole entry", cited=False),
    Ref(name="source", zh="来源", en="Source", kinds=("source",), required=True),
    Group(name="locator", zh="出处", en="Locator", fields=tuple(
        Loose(name=name, zh=zh, en=name.title())
        for name, zh in (("section", "节"), ("table", "表"), ("row", "行"), ("column", "列"), ("span", "范围")))),
    Loose(name="stated", zh="该来源的说法", en="Stated"),
    Text(name="printed", zh="原文", en="As printed", max_length=40),
    Code(name="rank", zh="地位", en="Rank", choices=Rank),
    Text(name="reason", zh="理由", en="Reason"),
)  # fmt: skip
_RULING = (
    Text(name="path", zh="事实", en="Path", required=True),
    Text(name="action", zh="裁定方式", en="Action", required=True),
    Text(name="reason", zh="理由", en="Reason", required=True),
)


@dataclass(frozen=True)
class Listed:
    """A member that is a list of rows: children, citations or rulings."""

    name: str
    zh: str
    en: str
    fields: tuple[Field, ...]


def plain_of(kind: Kind) -> tuple[Field, ...]:
    """The members that stand in the row itself."""
    return _plain_of(kind.name)


@lru_cache(maxsize=100)
def _plain_of(name: str) -> tuple[Field, ...]:
    return tuple(member for member in kinds.get(name).all_fields if not isinstance(member, Children))


def lists_of(kind: Kind) -> dict[str, Listed]:
    """The members that are lists of rows, by name."""
    return _lists_of(kind.name)


@lru_cache(maxsize=100)
def _lists_of(name: str) -> dict[str, Listed]:
    kind = kinds.get(name)
    found = [Listed(member.name, member.zh, member.en, (KEY, *member.fields)) for member in kind.children()]
    found.append(Listed("citations", "来源引证", "Citations", _CITATION))
    if not kind.reference_data:
        found.append(Listed("rulings", "冲突裁定", "Rulings", _RULING))
    return {listed.name: listed for listed in found}


# --- what a header means ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Spot:
    """Where the cells of a column belong."""

    column: str
    """As the file calls it."""
    steps: tuple[str | int, ...]
    """``("location", "lat")``, ``("areas", 0, "measure")``, ``("areas",)``."""
    field: Field | None
    """None: JSON of a whole list."""


_INDEX = re.compile(r"^\d{1,3}$")


def spot(kind: Kind, column: str) -> Spot | None:
    """What a column of a kind's table means; None when it means nothing."""
    head, *rest = (part.strip() for part in column.split("."))
    if not rest and (special := _named(head, (KEY, REVISION, KIND))):
        return Spot(column, (special.name,), special)
    listed = _named(head, tuple(lists_of(kind).values()))
    if listed:
        if not rest:
            return Spot(column, (listed.name,), None)
        if len(rest) < 2 or not _INDEX.match(rest[0]) or rest[0] == "0":
            return None
        inner = _inside(column, listed.fields, rest[1:])
        return inner and Spot(column, (listed.name, int(rest[0]) - 1, *inner.steps), inner.field)
    return _inside(column, plain_of(kind), [head, *rest])


def child_spot(listed: Listed, column: str) -> Spot | None:
    """What a column of a child's own sheet means."""
    parts = [part.strip() for part in column.split(".")]
    if parts == [ENTRY] or parts == ["条目"]:
        return Spot(column, (ENTRY,), KEY)
    return _inside(column, listed.fields, parts)


def _inside(column: str, fields: Sequence[Field], parts: Sequence[str]) -> Spot | None:
    found = _named(parts[0], tuple(fields))
    if found is None:
        return None
    if isinstance(found, Group):
        inner = _named(parts[1], found.fields) if len(parts) == 2 else None
        return inner and Spot(column, (found.name, inner.name), inner)
    return Spot(column, (found.name,), found) if len(parts) == 1 else None


def _named(word: str, among: Sequence[Any]) -> Any:
    """The field or list of that name, Chinese or English."""
    folded = word.casefold()
    for one in among:
        if folded in (one.name, one.zh, f"{one.zh} {one.en}".casefold(), f"{one.zh} {one.name}"):
            return one
    return None


def suggestion(kind: Kind, column: str) -> str:
    """The column that was perhaps meant; '' where nothing is near."""
    known = {name: name for name in names(kind)}
    known |= {heading.zh: heading.name for heading in headings(kind)}
    near = get_close_matches(column, known, n=1, cutoff=0.5)
    return known[near[0]] if near else ""


@dataclass(frozen=True)
class Heading:
    """One column of the table that templates and exports have."""

    name: str
    zh: str
    en: str
    field: Field | None
    required: bool = False


def headings(kind: Kind) -> tuple[Heading, ...]:
    """The columns of a kind's table, lists as one column each."""
    found = [_heading(KEY), _heading(REVISION)]
    for member in plain_of(kind):
        found += _headings(member)
    found += [Heading(listed.name, listed.zh, listed.en, None) for listed in lists_of(kind).values()]
    return tuple(found)


def child_headings(listed: Listed) -> tuple[Heading, ...]:
    """The columns of a child's sheet, after ``entry``."""
    return tuple(heading for member in listed.fields for heading in _headings(member))


def _heading(member: Field, prefix: str = "", zh: str = "") -> Heading:
    return Heading(prefix + member.name, zh + member.zh, member.en, member, member.required)


def _headings(member: Field) -> list[Heading]:
    if isinstance(member, Group):
        return [_heading(inner, f"{member.name}.", f"{member.zh}.") for inner in member.fields]
    return [_heading(member)]


def names(kind: Kind) -> list[str]:
    return [heading.name for heading in headings(kind)]


# --- from payload to cells ----------------------------------------------------------------------------------------


def cells(kind: Kind, payload: Json, revision: int) -> Json:
    """The cells of an entry's row by column: texts, numbers, flags or None; lists of children as JSON."""
    row: Json = {"key": payload["key"], "revision": revision}
    for member in plain_of(kind):
        row |= _cells(member, payload.get(member.name))
    for name in lists_of(kind):
        value = payload.get(name)
        row[name] = canonical.dumps(value) if value else None
    return row


def child_cells(listed: Listed, child: Json) -> Json:
    """The cells of a child's row in its own sheet."""
    row: Json = {}
    for member in listed.fields:
        row |= _cells(member, child.get(member.name))
    return row


def _cells(member: Field, value: Any) -> Json:
    if isinstance(member, Group):
        return {f"{member.name}.{inner.name}": written(inner, (value or {}).get(inner.name)) for inner in member.fields}
    return {member.name: written(member, value)}


def written(member: Field, value: Any) -> Any:
    """A value as one cell."""
    if value is None:
        return None
    if isinstance(member, Refs | Texts):
        return _joined(value)
    if isinstance(value, dict) and isinstance(member, Ref):
        return f"{TITLE}{value['title']}"
    if isinstance(member, Loose):
        return _loose(value)
    return value


def _joined(items: list[Any]) -> str | None:
    if not items:
        return None
    plain = all(isinstance(item, str) and item == item.strip() and not set(item) & set("|\n") for item in items)
    if not plain or items[0].startswith("["):
        return canonical.dumps(items)
    return SEPARATOR.join(items)


def _loose(value: Any) -> str:
    if isinstance(value, str) and value == value.strip() and unjson(value) is _NOT_JSON:
        return value
    return canonical.dumps(value)


_NOT_JSON = object()


def unjson(text: str) -> Any:
    """The value of a JSON text; a marker of its own when it is none."""
    try:
        return canonical.loads(text)
    except (ValueError, RecursionError):
        return _NOT_JSON


def loosely(text: str) -> Any:
    """A loose cell: JSON where it is JSON, else the text."""
    value = unjson(text)
    return text if value is _NOT_JSON else value


# --- from cells to a tree of texts --------------------------------------------------------------------------------


def tree(filled: Iterator[tuple[Spot, Any]]) -> Json:
    """The cells of one row nested as a payload is; whole lists still as their JSON text, empty cells as None."""
    found: Json = {}
    for at, value in filled:
        _put(found, at.steps, value)
    return {name: _packed(value) for name, value in found.items()}


def _put(into: Json, steps: Sequence[str | int], value: Any) -> None:
    head, *rest = steps
    if not rest:
        into[head] = value  # type: ignore[index]
    elif value is not None:
        _put(into.setdefault(head, {}), rest, value)  # type: ignore[arg-type]
    elif not isinstance(into.get(head), dict):  # type: ignore[arg-type]
        into.setdefault(head, {})  # type: ignore[arg-type]


def _packed(value: Any) -> Any:
    """Numbered rows as a list, without those that have nothing in them."""
    if isinstance(value, dict) and value and all(isinstance(name, int) for name in value):
        return [value[index] for index in sorted(value) if value[index]]
    return value
