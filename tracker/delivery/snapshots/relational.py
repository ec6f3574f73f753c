"""A kind as tables that refer to one another: its entries, its children, its lists of references.

Names are those of the API. ``entry`` is the key of the entry a row belongs to; ``entries`` lists those of all kinds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from tracker.delivery import columns
from tracker.delivery.columns import Column, Sort
from tracker.entries import kinds
from tracker.entries.fields import Children, Code, Field, Json, Ref, Refs
from tracker.entries.kinds import Kind
from tracker.entries.rendering import first_date
from tracker.values import canonical

Rows = Callable[[Json], Iterable[Json]]
"""From a document to what the columns of a table read, row by row."""

_ENTRY, _CHILD, _POSITION = "@entry", "@child", "@position"
"""What a row knows beside the child or reference it shows."""


class Foreign(NamedTuple):
    columns: tuple[str, ...]
    table: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    name: str
    columns: tuple[Column, ...]
    primary: tuple[str, ...]
    rows: Rows
    foreign: tuple[Foreign, ...] = ()
    label: str = ""
    """The column that names a row to people."""
    title: str = ""
    facets: tuple[str, ...] = ()
    """Columns worth counting by; those of sort LIST item by item."""
    aside: bool = False
    """It only says which entries another table lists."""

    @property
    def all_foreign(self) -> tuple[Foreign, ...]:
        """References of one column, as the columns say, and those declared."""
        own = (Foreign((column.name,), kinds.get(column.target).plural, ("key",)) for column in self.columns
               if column.target and column.sort is Sort.TEXT)  # fmt: skip
        return (*own, *self.foreign)


def of_kind(kind: Kind) -> Iterator[Table]:
    """The tables of a kind: its entries, then the children and references that they list."""
    yield Table(
        kind.plural, columns.of_kind(kind), ("key",), lambda document: [document], tuple(_to_entries(kind.all_fields)),
        kind.naming, f"{kind.zh} {kind.en}", _facets(kind),
    )  # fmt: skip
    for member in (*kind.head, *kind.fields):
        if isinstance(member, Refs):
            yield _list(kind, member)
        elif isinstance(member, Children):
            yield _children(kind, member)
            yield from (_list_in_children(kind, member, inner) for inner in member.fields if isinstance(inner, Refs))


def shared() -> Iterator[Table]:
    """The tables that hold rows of every kind."""
    yield Table("entries", _ENTRIES, ("kind", "key"), lambda document: [document], (), "name", "条目 Entries",
                ("kind", "status", "cities", "provinces"))  # fmt: skip
    yield Table("citations", _CITATIONS, ("kind", "entry", "position"), _with_entry("citations"), _OF_ENTRIES, "path",
                "引证 Citations", ("kind", "source", "rank"))  # fmt: skip
    yield Table("conflicts", _CONFLICTS, ("kind", "entry", "position"), _with_entry("conflicts"), _OF_ENTRIES, "path",
                "冲突 Conflicts", ("kind", "ruling"))  # fmt: skip


def events() -> Table:
    """The dated facts of all entries; its rows are read from events, not from documents."""
    return Table("events", _EVENTS, ("id",), lambda event: [event], _OF_ENTRIES, "title_zh", "事件 Events",
                 ("kind", "type"))  # fmt: skip


# --- lists of a kind ----------------------------------------------------------------------------------------------


def _facets(kind: Kind) -> tuple[str, ...]:
    codes = [member.name for member in kind.fields
             if isinstance(member, Code) or (isinstance(member, Ref) and member.vocabulary)]  # fmt: skip
    return tuple(codes) if kind.reference_data else (*codes, "status", "cities", "provinces")


def _to_entries(fields: Iterable[Field]) -> Iterator[Foreign]:
    """A reference that may lead to several kinds leads to the table of all."""
    for member in fields:
        if isinstance(member, Ref) and not isinstance(member, Refs) and len(member.kinds) > 1:
            yield Foreign((f"{member.name}_kind", member.name), "entries", ("kind", "key"))


def _children(kind: Kind, member: Children) -> Table:
    own = [column for inner in member.fields for column in columns.of_field(inner, _read(inner.name))]
    derived = [Column(name, _read(name), Sort.NUMBER) for name, _ in member.derived]
    codes = [inner.name for inner in member.fields if isinstance(inner, Code) or (isinstance(inner, Ref)
             and (inner.vocabulary or inner.name == "programme"))]  # fmt: skip
    return Table(
        f"{kind.plural}_{member.name}",
        (_of(kind), Column("key", _read("key")), Column("position", _read(_POSITION), Sort.INTEGER), *own, *derived),
        ("entry", "key"),
        lambda document: _numbered(document, document[member.name]),
        tuple(_to_entries(member.fields)), "", f"{kind.zh}·{member.zh} {kind.en}: {member.en}", tuple(codes),
    )  # fmt: skip


def _list(kind: Kind, member: Refs) -> Table:
    shown, foreign = _target(member)
    return Table(
        f"{kind.plural}_{member.name}", (_of(kind), Column("position", _read(_POSITION), Sort.INTEGER), *shown),
        ("entry", "position"), lambda document: _numbered(document, document[member.name]), foreign, "name",
        f"{kind.zh}·{member.zh} {kind.en}: {member.en}", aside=True,
    )  # fmt: skip


def _list_in_children(kind: Kind, children: Children, member: Refs) -> Table:
    shown, foreign = _target(member)
    of_child = f"{children.name}_key"
    owner = Foreign(("entry", of_child), f"{kind.plural}_{children.name}", ("entry", "key"))

    def rows(document: Json) -> Iterator[Json]:
        for child in document[children.name]:
            yield from (row | {_CHILD: child["key"]} for row in _numbered(document, child[member.name]))

    return Table(
        f"{kind.plural}_{children.name}_{member.name}",
        (_of(kind), Column(of_child, _read(_CHILD)), Column("position", _read(_POSITION), Sort.INTEGER), *shown),
        ("entry", of_child, "position"), rows, (owner, *foreign), "name",
        f"{kind.zh}·{children.zh}·{member.zh} {kind.en}: {children.en}: {member.en}", aside=True,
    )  # fmt: skip


def _target(member: Refs) -> tuple[list[Column], tuple[Foreign, ...]]:
    """The columns that hold one reference of a list, and where they lead."""
    name = Column("name", _read("name"))
    if len(member.kinds) == 1:
        return [Column(member.kinds[0], _read("key"), target=member.kinds[0]), name], ()
    both = [Column("kind", _read("kind")), Column("key", _read("key")), name]
    return both, (Foreign(("kind", "key"), "entries", ("kind", "key")),)


def _of(kind: Kind) -> Column:
    return Column("entry", _read(_ENTRY), target=kind.name)


def _read(name: str) -> columns.Read:
    return lambda row: row.get(name)


def _numbered(document: Json, items: Iterable[Json]) -> Iterator[Json]:
    for position, item in enumerate(items):
        yield {**item, _ENTRY: document["key"], _POSITION: position}


# --- tables of all kinds ------------------------------------------------------------------------------------------


def _with_entry(name: str) -> Rows:
    return lambda document: ({**row, "kind": document["kind"]} for row in _numbered(document, document[name]))


def _json(name: str) -> columns.Read:
    """A member of any shape, as JSON text."""
    return lambda row: None if row.get(name) is None else canonical.dumps_ordered(row[name])


def _name(suffix: str) -> columns.Read:
    return lambda document: document.get(f"name{suffix}") or document.get(f"title{suffix}")


def _within(member: str, name: str) -> columns.Read:
    return lambda row: (row.get(member) or {}).get(name)


def _main_date(document: Json) -> Any:
    return first_date(document, kinds.get(document["kind"]).main_date) or None


def _own_address(document: Json) -> str:
    return f"/api/v1/{kinds.get(document['kind']).plural}/{document['key']}/"


_OF_ENTRIES = (Foreign(("kind", "entry"), "entries", ("kind", "key")),)
_WHERE = {column.name: replace(column, member="") for column in columns.whereabouts()}
_ENTRIES = (
    Column("kind", _read("kind")), Column("key", _read("key")), Column("name", _name("")),
    Column("name_en", _name("_en")), Column("url", _own_address), Column("status", _read("status")),
    Column("date", _main_date), _WHERE["cities"], _WHERE["provinces"], Column("updated_at", _read("updated_at")),
    Column("verified_at", _read("verified_at")), Column("version", _read("version"), Sort.INTEGER),
)  # fmt: skip
_CITATIONS = (
    Column("kind", _read("kind")), Column("entry", _read(_ENTRY)), Column("position", _read(_POSITION), Sort.INTEGER),
    Column("path", _read("path")), Column("source", _within("source", "key"), target="source"),
    Column("source_title", _within("source", "title")), Column("locator", _json("locator")),
    Column("stated", _json("stated")), Column("printed", _read("printed")), Column("rank", _read("rank")),
    Column("reason", _read("reason")),
)  # fmt: skip
_CONFLICTS = (
    Column("kind", _read("kind")), Column("entry", _read(_ENTRY)), Column("position", _read(_POSITION), Sort.INTEGER),
    Column("path", _read("path")), Column("ruling", _read("ruling")), Column("reason", _read("reason")),
    Column("values", _json("values")),
)  # fmt: skip
_EVENTS = (
    Column("id", _read("id")), Column("kind", _within("entry", "kind")), Column("entry", _within("entry", "key")),
    Column("type", _read("type")), Column("date", _read("date")), Column("lower", _read("lower")),
    Column("upper", _read("upper")), Column("title_zh", _within("title", "zh")),
    Column("title_en", _within("title", "en")),
    Column("conflict", lambda event: event["conflict"] is not None, Sort.FLAG),
)  # fmt: skip
