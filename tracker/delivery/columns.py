"""A kind's documents as the rows of one table: the columns of CSV and XLSX, of the properties of GeoJSON, of SQLite.

One member of a document gives one column or a few: a reference its key and its names, a list of references their keys
and their names, a group a column for each of its members, a list of children one line of text for people to read. The
children whole are in JSON and in the tables of the SQLite file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache, singledispatch
from typing import Any

from tracker.entries.fields import Children, Field, Flag, Group, Json, Number, Ref, Refs, Texts
from tracker.entries.kinds import Kind
from tracker.values import canonical

Read = Callable[[Json], Any]
"""From a document, or a child in it, to the value of one of its members; None where it is unknown."""

SEPARATOR = " | "
LOCATION = ("lat", "lng", "precision", "of", "address")


class Sort(StrEnum):
    """What a column holds."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    FLAG = "flag"
    LIST = "list"


@dataclass(frozen=True)
class Column:
    name: str
    read: Read = field(compare=False)
    sort: Sort = Sort.TEXT
    title: str = ""
    """What it is called, Chinese and English."""
    target: str = ""
    """The kind whose keys stand in it, where that is one."""
    member: str = ""
    """The member of the document it shows."""


def text(value: Any) -> str:
    """A value as a cell of text: exact decimals, lists in one line."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return canonical.plain(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return SEPARATOR.join(map(text, value))
    return str(value)


@lru_cache(maxsize=100)
def of_kind(kind: Kind) -> tuple[Column, ...]:
    """The columns of a kind, in the order of its documents' members; a source has an address of its own as ``url``."""
    return tuple({column.name: column for column in _columns(kind)}.values())


def _columns(kind: Kind) -> Iterable[Column]:
    return (
        *(_plain(name) for name in ("kind", "key", "url")),
        *_members(kind.head),
        *(whereabouts() if not kind.reference_data else ()),
        *(() if kind.reference_data else (_plain("status", "状态 Status"),)),
        *_members(kind.fields),
        *(column for name, schema in kind.derived for column in _derived(name, schema)),
        *(column for backref in kind.backrefs
          for column in _references(backref.name, f"{backref.zh} {backref.en}", _get(backref.name), backref.kind)),
        _plain("note", "编者注 Editor's note"),
        *(_plain(name, sort=Sort.INTEGER) for name in ("version", "revision")),
        *(_plain(name) for name in ("published_at", "updated_at", "verified_at", "stale_after")),
        *(Column(name, _length(name), Sort.INTEGER, title, member=name)
          for name, title in (("citations", "引证数 Citations"), ("conflicts", "冲突数 Conflicts"))),
    )  # fmt: skip


def _members(fields: Iterable[Field]) -> Iterator[Column]:
    for member in fields:
        for column in of_field(member, _get(member.name)):
            yield replace(column, member=member.name)


def _plain(name: str, title: str = "", *, sort: Sort = Sort.TEXT) -> Column:
    return Column(name, _get(name), sort, title, member=name)


def whereabouts() -> Iterator[Column]:
    """The names of the cities and provinces that an entry's places lie in, each once: for sorting and counting."""
    for name, member, title in (("cities", "city", "城市 Cities"), ("provinces", "province", "省份 Provinces")):
        yield Column(name, _around(member), Sort.LIST, title, member="places")


# --- reading ------------------------------------------------------------------------------------------------------


def _get(name: str) -> Read:
    return lambda row: row.get(name)


def _inside(read: Read, name: str) -> Read:
    return lambda row: (read(row) or {}).get(name)


def _each(read: Read, name: str) -> Read:
    return lambda row: [item.get(name) for item in read(row) or []]


def _length(name: str) -> Read:
    return lambda row: len(row.get(name) or [])


def _around(member: str) -> Read:
    return lambda row: list(dict.fromkeys(
        place[member]["name"] for place in row.get("places") or [] if place.get(member)))  # fmt: skip


# --- from fields to columns ---------------------------------------------------------------------------------------


@singledispatch
def of_field(member: Field, read: Read) -> list[Column]:
    """The columns of one member, read from the document or child by ``read``."""
    return [Column(member.name, read, title=_title(member))]


@of_field.register
def _number(member: Number, read: Read) -> list[Column]:
    return [Column(member.name, read, Sort.INTEGER if member.integer else Sort.NUMBER, _title(member))]


@of_field.register
def _flag(member: Flag, read: Read) -> list[Column]:
    return [Column(member.name, read, Sort.FLAG, _title(member))]


@of_field.register
def _texts(member: Texts, read: Read) -> list[Column]:
    return [Column(member.name, read, Sort.LIST, _title(member))]


@of_field.register
def _ref(member: Ref, read: Read) -> list[Column]:
    target = member.kinds[0] if len(member.kinds) == 1 else ""
    return list(_reference(member.name, _title(member), read, target, with_kind=not target))


@of_field.register
def _refs(member: Refs, read: Read) -> list[Column]:
    return list(_references(member.name, _title(member), read, member.kinds[0] if len(member.kinds) == 1 else ""))


@of_field.register
def _group(member: Group, read: Read) -> list[Column]:
    if member.name == "location":
        return [Column(f"location_{name}", _inside(read, name), Sort.NUMBER if name in ("lat", "lng") else Sort.TEXT,
                       _title(member)) for name in LOCATION]  # fmt: skip
    return [replace(column, name=f"{member.name}_{column.name}")
            for inner in member.fields for column in of_field(inner, _inside(read, inner.name))]  # fmt: skip


@of_field.register
def _children(member: Children, read: Read) -> list[Column]:
    return [Column(member.name, lambda row: " | ".join(_line(member, child) for child in read(row) or []),
                   title=_title(member))]  # fmt: skip


def _title(member: Field) -> str:
    return f"{member.zh} {member.en}"


def _reference(name: str, title: str, read: Read, target: str = "", *, with_kind: bool = False) -> Iterator[Column]:
    if with_kind:
        yield Column(f"{name}_kind", _inside(read, "kind"), title=title)
    yield Column(name, _inside(read, "key"), title=title, target=target)
    for suffix in ("name", "name_en"):
        yield Column(f"{name}_{suffix}", _inside(read, suffix), title=title)


def _references(name: str, title: str, read: Read, target: str) -> Iterator[Column]:
    yield Column(name, _each(read, "key"), Sort.LIST, title, target, member=name)
    yield Column(f"{name}_names", _each(read, "name"), Sort.LIST, title, member=name)


def _line(member: Children, child: Json) -> str:
    """A child in words: its members in order, without its key and the words of the source."""
    said = (_said(child.get(inner.name)) for inner in member.fields if inner.name != "printed")
    return " ".join(filter(None, said))


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return str(value.get("name") or value.get("key") or "")
    if isinstance(value, list):
        return "、".join(map(_said, value))
    return text(value)


# --- derived members ----------------------------------------------------------------------------------------------

_SORTS = {"number": Sort.NUMBER, "integer": Sort.INTEGER, "boolean": Sort.FLAG}


def _derived(name: str, schema: Json) -> Iterator[Column]:
    """The columns of a member that a kind derives, from the schema that declares it."""
    for column in _of_schema(name, schema, _get(name)):
        yield replace(column, member=name)


def _of_schema(name: str, schema: Json, read: Read) -> Iterator[Column]:
    if "anyOf" in schema:
        yield from _reference(name, "", read)
    elif "properties" in schema:
        for inner, described in schema["properties"].items():
            yield from _of_schema(f"{name}_{inner}", described, _inside(read, inner))
    else:
        types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        yield Column(name, read, next((_SORTS[type_] for type_ in types if type_ in _SORTS), Sort.TEXT))
