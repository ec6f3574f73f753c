"""The language in which a kind of entry says what its payload holds.

A payload is facts by natural key. Each field knows six things about its value: its JSON Schema, what a check finds
wrong in it, the columns it is stored in, how it is read back from them, which entries it refers to, and how it looks
in the public document. A kind is a list of such fields; everything generic — validation, fixtures, forms, diffs,
documents, pages — walks that list and knows no kind by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar, NamedTuple, Protocol

from django.db import models

from tracker.values import edtf
from tracker.values.units import SQUARE_METRES, to_square_metres

KEY_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
KEY_MAX = 80

Json = dict[str, Any]
Problem = Callable[[str, str], None]
"""Called with a path and a sentence when a check finds something wrong."""


class Target(NamedTuple):
    """An entry somebody refers to; ``key`` is '' when only its title is known."""

    kind: str
    key: str
    title: str = ""


class Wanted(NamedTuple):
    """One reference found in a payload."""

    field: str  # "operators", "parts/parks": the path without keys
    child: str  # the key of the child it stands in, or ""
    path: str  # "/parts/core-1/parks/0": where an error is shown
    target: Target
    role: str = ""  # the child's own type, e.g. "supersedes" of a relation


class World(Protocol):
    """What a field may ask while it stores or renders: the entries it refers to."""

    def pk(self, target: Target) -> int | None: ...

    def key(self, target: Target) -> str: ...

    def reference(self, target: Target) -> Json: ...

    def point(self, target: Target) -> tuple[Decimal, Decimal] | None: ...


class Row(Protocol):
    """A stored row being read back into a payload."""

    def column(self, name: str) -> Any: ...

    def targets(self, field: str) -> list[Target]: ...

    def children(self, field: Children) -> Sequence[Row]: ...


@dataclass(frozen=True, kw_only=True)
class Field:
    name: str
    zh: str
    en: str
    required: bool = False
    help: str = ""
    column: str = ""
    cited: bool = True
    """False for the few leaves that need no citation (keys, English names, pinyin, points)."""
    indexed: bool = False
    many: ClassVar[bool] = False

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.column or self.name,)

    def schema(self) -> Json:
        raise TypeError(f"{type(self).__name__} has no schema")

    def described(self) -> Json:
        return {"title": f"{self.zh} {self.en}", **self.schema(), **({"description": self.help} if self.help else {})}

    def check(self, value: Any, path: str, problem: Problem) -> None:
        """Report what the schema cannot say."""

    def wanted(self, value: Any, path: str, prefix: str, child: str) -> Iterator[Wanted]:
        yield from ()

    def store(self, value: Any, world: World) -> Json:
        """Column values for the row; ``None`` is unknown."""
        return {self.columns[0]: value}

    def read(self, row: Row) -> Any:
        """The payload value the row holds, or ``None`` when it is unknown."""
        return row.column(self.columns[0])

    def render(self, value: Any, world: World) -> Any:
        return value

    def leaves(self, value: Any, path: str) -> Iterator[str]:
        """Paths of the facts that need a citation."""
        if self.cited:
            yield path

    def document_schema(self) -> Json:
        schema = self.schema()
        if "type" in schema:
            kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
            schema = {**schema, "type": [*kinds, "null"]}
            if "enum" in schema:
                schema["enum"] = [*schema["enum"], None]
            schema.pop("pattern", None)
            schema.pop("minLength", None)
        return {"title": f"{self.zh} {self.en}", **schema}


@dataclass(frozen=True, kw_only=True)
class Text(Field):
    max_length: int = 300
    words: type[models.TextChoices] | None = None
    """Codes that the text may be without having to; pages show them in words."""

    def schema(self) -> Json:
        return {"type": "string", "minLength": 1, "maxLength": self.max_length}

    def check(self, value: Any, path: str, problem: Problem) -> None:
        if value != value.strip():
            problem(path, "has blanks at its beginning or end")

    def store(self, value: Any, world: World) -> Json:
        return {self.columns[0]: value or ""}

    def read(self, row: Row) -> Any:
        return row.column(self.columns[0]) or None


@dataclass(frozen=True, kw_only=True)
class Texts(Field):
    """A list of short texts, such as positionings or aliases."""

    max_length: int = 300
    many: ClassVar[bool] = True

    def schema(self) -> Json:
        item = {"type": "string", "minLength": 1, "maxLength": self.max_length}
        return {"type": "array", "items": item, "uniqueItems": True}

    def store(self, value: Any, world: World) -> Json:
        return {self.columns[0]: value or []}

    def read(self, row: Row) -> Any:
        return row.column(self.columns[0]) or None

    def render(self, value: Any, world: World) -> Any:
        return value or []

    def document_schema(self) -> Json:
        return {"title": f"{self.zh} {self.en}", "type": "array", "items": {"type": "string"}}


@dataclass(frozen=True, kw_only=True)
class Code(Field):
    """One of a fixed set of codes on which the program's behaviour depends (vocabularies are ``Ref`` to terms)."""

    choices: type[models.TextChoices]

    def schema(self) -> Json:
        return {"type": "string", "enum": list(self.choices.values)}

    def store(self, value: Any, world: World) -> Json:
        return {self.columns[0]: value or ""}

    def read(self, row: Row) -> Any:
        return row.column(self.columns[0]) or None


@dataclass(frozen=True, kw_only=True)
class Number(Field):
    minimum: int | None = None
    maximum: int | None = None
    integer: bool = False

    def schema(self) -> Json:
        schema: Json = {"type": "integer" if self.integer else "number"}
        if self.minimum is not None:
            schema["minimum"] = self.minimum
        if self.maximum is not None:
            schema["maximum"] = self.maximum
        return schema

    def check(self, value: Any, path: str, problem: Problem) -> None:
        number = Decimal(value)
        exponent = number.as_tuple().exponent
        if not isinstance(exponent, int) or exponent < -6 or abs(number) >= Decimal(10) ** 18:
            problem(path, "has more than 6 decimals or is too large")

    def read(self, row: Row) -> Any:
        value = row.column(self.columns[0])
        if value is None or self.integer:
            return value
        return _shortest(value)


def _shortest(value: Decimal) -> Decimal | int:
    whole = value.to_integral_value()
    return int(whole) if whole == value else value.normalize()


@dataclass(frozen=True, kw_only=True)
class Flag(Field):
    def schema(self) -> Json:
        return {"type": "boolean"}


@dataclass(frozen=True, kw_only=True)
class Date(Field):
    """An EDTF value."""

    def schema(self) -> Json:
        return {"type": "string", "format": "edtf", "maxLength": 32}

    def check(self, value: Any, path: str, problem: Problem) -> None:
        try:
            edtf.parse(value)
        except edtf.InvalidEdtf as error:
            problem(path, str(error))

    def store(self, value: Any, world: World) -> Json:
        return {self.columns[0]: value or ""}

    def read(self, row: Row) -> Any:
        return row.column(self.columns[0]) or None


@dataclass(frozen=True, kw_only=True)
class Ref(Field):
    """A reference to one entry: its key, or ``kind/key`` where several kinds may stand.

    With ``or_title`` the payload may name an entry that is not here yet: ``{"title": "…"}``; the reference resolves
    itself when an entry of that title or alias is published.
    """

    kinds: tuple[str, ...]
    or_title: bool = False
    vocabulary: str = ""
    """For references to terms: the vocabulary the term must belong to."""

    @property
    def columns(self) -> tuple[str, ...]:
        name = self.column or self.name
        return (f"{name}_id", f"{name}_title") if self.or_title else (f"{name}_id",)

    def schema(self) -> Json:
        prefix = "" if len(self.kinds) == 1 else f"({'|'.join(self.kinds)})/"
        key: Json = {"type": "string", "pattern": f"^{prefix}{KEY_PATTERN[1:]}", "maxLength": KEY_MAX + 20}
        if self.vocabulary:
            key["description"] = f"a term of the vocabulary {self.vocabulary}"
        if not self.or_title:
            return key
        title = {"type": "object", "properties": {"title": {"type": "string", "minLength": 1, "maxLength": 300}},
                 "required": ["title"], "additionalProperties": False}  # fmt: skip
        return {"anyOf": [key, title]}

    def target(self, value: Any) -> Target:
        if isinstance(value, dict):
            return Target(self.kinds[0], "", value["title"])
        if len(self.kinds) == 1:
            return Target(self.kinds[0], value)
        kind, _, key = value.partition("/")
        return Target(kind, key)

    def payload_value(self, target: Target) -> Any:
        if not target.key:
            return {"title": target.title}
        return target.key if len(self.kinds) == 1 else f"{target.kind}/{target.key}"

    def wanted(self, value: Any, path: str, prefix: str, child: str) -> Iterator[Wanted]:
        yield Wanted(prefix + self.name, child, path, self.target(value))

    def store(self, value: Any, world: World) -> Json:
        if value is None:
            return dict(zip(self.columns, (None, ""), strict=False))
        target = self.target(value)
        return dict(zip(self.columns, (world.pk(target), target.title), strict=False))

    def read(self, row: Row) -> Any:
        found = row.targets(self.name)
        return self.payload_value(found[0]) if found else None

    def render(self, value: Any, world: World) -> Any:
        return None if value is None else world.reference(self.target(value))

    def document_schema(self) -> Json:
        return {"title": f"{self.zh} {self.en}", "anyOf": [{"$ref": "#/components/schemas/Reference"},
                                                           {"type": "null"}]}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Refs(Ref):
    """A list of references in order."""

    many: ClassVar[bool] = True

    @property
    def columns(self) -> tuple[str, ...]:
        return ()

    def schema(self) -> Json:
        return {"type": "array", "items": super().schema(), "uniqueItems": True}

    def wanted(self, value: Any, path: str, prefix: str, child: str) -> Iterator[Wanted]:
        for index, item in enumerate(value):
            yield Wanted(prefix + self.name, child, f"{path}/{index}", self.target(item))

    def store(self, value: Any, world: World) -> Json:
        return {}

    def read(self, row: Row) -> Any:
        return [self.payload_value(target) for target in row.targets(self.name)] or None

    def render(self, value: Any, world: World) -> Any:
        return [world.reference(self.target(item)) for item in value or []]

    def document_schema(self) -> Json:
        items = {"$ref": "#/components/schemas/Reference"}
        return {"title": f"{self.zh} {self.en}", "type": "array", "items": items}


@dataclass(frozen=True, kw_only=True)
class Group(Field):
    """A nested object whose members are columns of the same row, such as a location."""

    fields: tuple[Field, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(column for member in self.fields for column in member.columns)

    def schema(self) -> Json:
        return object_schema(self.fields)

    def check(self, value: Any, path: str, problem: Problem) -> None:
        for member in self.fields:
            if value.get(member.name) is not None:
                member.check(value[member.name], f"{path}/{member.name}", problem)

    def wanted(self, value: Any, path: str, prefix: str, child: str) -> Iterator[Wanted]:
        for member in self.fields:
            if value.get(member.name) is not None:
                yield from member.wanted(value[member.name], f"{path}/{member.name}", f"{prefix}{self.name}/", child)

    def store(self, value: Any, world: World) -> Json:
        stored: Json = {}
        for member in self.fields:
            stored |= member.store((value or {}).get(member.name), world)
        return stored

    def read(self, row: Row) -> Any:
        value = {member.name: member.read(row) for member in self.fields}
        return {name: item for name, item in value.items() if item is not None} or None

    def render(self, value: Any, world: World) -> Any:
        if value is None:
            return None
        return {member.name: member.render(value.get(member.name), world) for member in self.fields}

    def leaves(self, value: Any, path: str) -> Iterator[str]:
        for member in self.fields:
            if self.cited and value.get(member.name) is not None:
                yield from member.leaves(value[member.name], f"{path}/{member.name}")

    def document_schema(self) -> Json:
        return {"title": f"{self.zh} {self.en}", "type": ["object", "null"],
                "properties": {member.name: member.document_schema() for member in self.fields}}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Children(Field):
    """A list of nested objects, each with a key that is unique in the list and never reused; one table each."""

    model: str  # "parks.Area"
    fields: tuple[Field, ...]
    derive: Callable[[Json], Json] | None = field(default=None, compare=False)
    """Adds read-only members to the rendered child, such as value_m2."""
    derived: tuple[tuple[str, Json], ...] = field(default=(), compare=False)
    most: int = 500
    many: ClassVar[bool] = True

    @property
    def columns(self) -> tuple[str, ...]:
        return ()

    @property
    def window(self) -> tuple[tuple[str, ...], str]:
        """The members that say from when a child holds, the first known of them, and until when; empty without one."""
        present = {member.name for member in self.fields} | {name for name, _ in self.derived}
        starts = ("from", "approved", "approved_within", "date", "opened", "since")
        ends = ("to", "withdrawn")
        return (tuple(name for name in starts if name in present),
                next((name for name in ends if name in present), ""))  # fmt: skip

    def schema(self) -> Json:
        item = object_schema(self.fields)
        item["properties"] = {"key": {"type": "string", "pattern": KEY_PATTERN, "maxLength": KEY_MAX},
                              **item["properties"]}  # fmt: skip
        item["required"] = ["key", *item.get("required", [])]
        return {"type": "array", "items": item, "maxItems": self.most}

    def check(self, value: Any, path: str, problem: Problem) -> None:
        seen: set[str] = set()
        for child in value:
            if child["key"] in seen:
                problem(f"{path}/{child['key']}", "two children have this key")
            seen.add(child["key"])
            for member in self.fields:
                if child.get(member.name) is not None:
                    member.check(child[member.name], f"{path}/{child['key']}/{member.name}", problem)

    def wanted(self, value: Any, path: str, prefix: str, child: str) -> Iterator[Wanted]:
        for item in value:
            for member in self.fields:
                if item.get(member.name) is not None:
                    place = f"{path}/{item['key']}/{member.name}"
                    for wanted in member.wanted(item[member.name], place, f"{self.name}/", item["key"]):
                        yield wanted._replace(role=item.get("type", ""))

    def store(self, value: Any, world: World) -> Json:
        return {}

    def rows(self, value: Any, world: World) -> Iterator[Json]:
        for position, child in enumerate(value or []):
            stored: Json = {"key": child["key"], "position": position}
            for member in self.fields:
                stored |= member.store(child.get(member.name), world)
            yield stored

    def read(self, row: Row) -> Any:
        children = []
        for child_row in row.children(self):
            child = {"key": child_row.column("key")}
            for member in self.fields:
                value = member.read(child_row)
                if value is not None:
                    child[member.name] = value
            children.append(child)
        return children or None

    def render(self, value: Any, world: World) -> Any:
        rendered = []
        for child in value or []:
            item = {"key": child["key"]}
            for member in self.fields:
                item[member.name] = member.render(child.get(member.name), world)
            if self.derive:
                item |= self.derive(item)
            rendered.append(item)
        return rendered

    def leaves(self, value: Any, path: str) -> Iterator[str]:
        for child in value:
            for member in self.fields:
                if self.cited and child.get(member.name) is not None:
                    yield from member.leaves(child[member.name], f"{path}/{child['key']}/{member.name}")

    def document_schema(self) -> Json:
        properties: Json = {"key": {"type": "string"}}
        properties |= {member.name: member.document_schema() for member in self.fields}
        properties |= dict(self.derived)
        return {"title": f"{self.zh} {self.en}", "type": "array",
                "items": {"type": "object", "properties": properties}}  # fmt: skip


def object_schema(fields: tuple[Field, ...]) -> Json:
    required = [member.name for member in fields if member.required]
    schema: Json = {"type": "object", "additionalProperties": False,
                    "properties": {member.name: member.described() for member in fields}}  # fmt: skip
    if required:
        schema["required"] = required
    return schema


def value_in_square_metres(child: Mapping[str, Any]) -> Json:
    """The derived member of an area: its value in m², or None where the unit is unknown."""
    value, unit = child.get("value"), child.get("unit")
    known = value is not None and unit in SQUARE_METRES
    return {"value_m2": to_square_metres(Decimal(value), unit) if known else None}  # type: ignore[arg-type]
