"""What a kind of entry is, and the one registry of kinds.

A kind is declared once (``parks/kinds.py`` is a good one to read) and registered in its app's ``ready()``. Everything
generic is derived from the declaration.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.apps import apps
from django.db import models

from tracker.values import codes

from .fields import Children, Code, Date, Field, Group, Json, Number, Ref, Refs, Text, Texts, Wanted, object_schema


@dataclass(frozen=True, kw_only=True)
class EventRule:
    """One sort of event that a kind's dated facts give rise to.

    ``path`` is a date field (``issued``), one in a list of children (``designations/approved``) or the date of a
    backreference (``superseded_by/date``), which then is what caused the event. The titles are format strings over
    ``entry`` (the document) and ``item`` (the child), e.g. ``{entry[name]}获批``. ``rank`` orders what happens on the
    same day by meaning: issued before effective.
    """

    type: str
    path: str
    zh: str
    en: str
    rank: int = 50
    type_from: str = ""
    """The child's member that names the type (milestones)."""
    when: Callable[[Json, Json], bool] = field(default=lambda entry, item: True, compare=False)
    """(document, child) → whether this rule tells it; the child is empty for a field of the entry itself."""
    at: Callable[[str], str | None] = field(default=lambda stated: stated, compare=False)
    """The date of the event from the date stated: the last day of a planning period."""
    retells: dict[str, tuple[str, ...]] = field(default_factory=dict, compare=False)
    """Type of its events → types which an earlier rule of the kind told on the same date and which mean the same."""


@dataclass(frozen=True, kw_only=True)
class Backref:
    """A derived list in the document: the entries whose ``field`` refers to this one."""

    name: str
    zh: str
    en: str
    kind: str
    field: str
    role: str = ""


Facts = dict[str, Any]
DayRule = Callable[[Json, date], Json]
"""(document, day) → members of the document as they are on that day."""
StatusRule = Callable[[Json, date], str]
"""(document, day) → status code on that day; the same for a document whole and cut to the day."""


def current(document: Json, day: date) -> str:
    return "current"


def plain_reference(document: Json) -> Json:
    return {name: document[name] for name in ("kind", "key")} | {
        "name": document.get("name") or document.get("title"),
        "name_en": document.get("name_en") or document.get("title_en"),
    }


def dated_reference(*members: str) -> Callable[[Json], Json]:
    """A reference that also says when, by the first member that is known: ``as_of`` cuts derived lists by it too."""

    def reference(document: Json) -> Json:
        dates = (document[member] for member in members if document.get(member))
        return plain_reference(document) | {"date": next(dates, None)}

    return reference


@dataclass(frozen=True, kw_only=True)
class Kind:
    name: str
    plural: str
    zh: str
    en: str
    model: str
    fields: tuple[Field, ...]
    order: int
    """Kinds are loaded in this order; a kind mostly refers to earlier ones."""
    naming: str = "name"
    reference_data: bool = False
    """Places, industries, indicators, terms and sources: facts of standards, which need no citation each."""
    main_date: str = ""
    since: str = ""
    until: str = ""
    statuses: type[codes.BilingualChoices] | None = None
    status: StatusRule = field(default=current, compare=False)
    events: tuple[EventRule, ...] = ()
    backrefs: tuple[Backref, ...] = ()
    derive: Callable[[Json], Json] | None = field(default=None, compare=False)
    """Read-only members of the document, computed from its other members."""
    on_day: DayRule | None = field(default=None, compare=False)
    """Members that the passing of a day changes, beside the status."""
    derived: tuple[tuple[str, Json], ...] = field(default=(), compare=False)
    reference: Callable[[Json], Json] = field(default=plain_reference, compare=False)
    containers: str = "places"
    """The field whose targets an entry lies in: ``places``; ``parent`` for a place or an industry."""
    faceted: tuple[str, ...] = ()
    """Codes in the kind's own table that facets count, besides place, industry, category and status."""
    searched: tuple[str, ...] = ()
    """Text members that search looks into besides names and aliases."""
    drawn_by: tuple[str, ...] = ()
    """References whose points draw an entry that has no location of its own: ``places``, ``parts/parks``."""
    expected: tuple[str, ...] = ()
    """Fields that one expects to know of every entry of the kind; where one is not known, there is work."""
    payload_schema: int = 1
    thing: str = "Thing"
    """What it is in the words of schema.org, for the JSON-LD of its page."""
    thing_words: tuple[tuple[str, str], ...] = ()
    """(member, word of schema.org) for the members that it has a word for."""
    thing_place: str = ""
    """The word of schema.org for where it is or holds; empty: such a thing has none."""

    @property
    def names(self) -> tuple[str, str]:
        return self.naming, f"{self.naming}_en"

    @cached_property
    def head(self) -> tuple[Field, ...]:
        """The members every payload begins with."""
        name, name_en = self.names
        head: list[Field] = [
            Text(name=name, zh="名称", en="Name", required=True, column="name"),
            Text(name=name_en, zh="英文名称", en="English name", column="name_en", cited=False,
                 help="only where it is known; else the pinyin; never invented"),
            Texts(name="aliases", zh="别名", en="Aliases"),
        ]  # fmt: skip
        if not self.reference_data:
            head.append(Refs(name="places", zh="所在地区", en="Places", kinds=("place",)))
        return tuple(head)

    @cached_property
    def entry_columns(self) -> frozenset[str]:
        """Columns that stand in the common table rather than in the kind's own."""
        return frozenset({"name", "name_en", "aliases", "note", "category_id"})

    @cached_property
    def all_fields(self) -> tuple[Field, ...]:
        note = Text(name="note", zh="编者注", en="Editor's note", max_length=2000, cited=False)
        return (*self.head, *self.fields, note)

    @property
    def look_is_derived(self) -> bool:
        """Whether how it looks to others depends on what it refers to: a district shows its city."""
        return self.reference_data and self.derive is not None

    @cached_property
    def vocabularies(self) -> dict[str, str]:
        """``parts/role`` → the vocabulary its terms belong to."""
        found: dict[str, str] = {}
        for member in self.all_fields:
            inner = member.fields if isinstance(member, Children | Group) else ()
            for path, leaf in [(member.name, member), *((f"{member.name}/{leaf.name}", leaf) for leaf in inner)]:
                if isinstance(leaf, Ref) and leaf.vocabulary:
                    found[path] = leaf.vocabulary
        return found

    @property
    def name_of_detail(self) -> str:
        """How a query reaches the kind's own table from an entry."""
        return self.model.rpartition(".")[2].lower()

    @cached_property
    def detail_model(self) -> type[models.Model]:
        return apps.get_model(self.model)

    def field(self, name: str) -> Field:
        for member in self.all_fields:
            if member.name == name:
                return member
        raise KeyError(f"{self.name} has no field {name}")

    def has(self, name: str) -> bool:
        return any(member.name == name for member in self.fields)

    def children(self) -> Iterator[Children]:
        for member in self.all_fields:
            if isinstance(member, Children):
                yield member

    def wanted(self, payload: Facts) -> Iterator[Wanted]:
        """Every reference in a payload."""
        for member in self.all_fields:
            if payload.get(member.name) is not None:
                yield from member.wanted(payload[member.name], f"/{member.name}", "", "")

    def leaves(self, payload: Facts) -> Iterator[str]:
        """Paths of the facts that need a citation."""
        for member in self.all_fields:
            if payload.get(member.name) is not None:
                yield from member.leaves(payload[member.name], f"/{member.name}")

    def payload_json_schema(self) -> Json:
        schema = object_schema(self.all_fields)
        schema["properties"] = {
            "kind": {"const": self.name},
            "key": {"type": "string", "pattern": r"^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 80},
            **schema["properties"],
            "citations": CITATIONS_SCHEMA,
            "rulings": RULINGS_SCHEMA,
        }
        schema["required"] = ["kind", "key", *schema.get("required", [])]
        return {"title": f"{self.zh} {self.en}", **schema}


CITATIONS_SCHEMA: Json = {
    "type": "array",
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["path", "source"],
        "properties": {
            "path": {"type": "string", "pattern": "^(/.+)?$", "description": "the fact, or a path that contains it"},
            "source": {"type": "string", "description": "key of the source"},
            "locator": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    name: {"type": ["string", "integer"]} for name in ("section", "table", "row", "column", "span")
                },
            },
            "stated": {"description": "what this source says, typed like the fact, where it differs from it"},
            "printed": {"type": "string", "maxLength": 40, "description": "the words of the source, at most 40"},
            "rank": {"enum": ["preferred", "normal", "deprecated"]},
            "reason": {"type": "string", "maxLength": 300, "description": "why an editor judged so"},
        },
    },
}

RULINGS_SCHEMA: Json = {
    "type": "array",
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["path", "action", "reason"],
        "properties": {
            "path": {"type": "string", "pattern": "^/.+"},
            "action": {"enum": ["declare", "dismiss", "rule"]},
            "reason": {"type": "string", "minLength": 1, "maxLength": 500},
        },
    },
}

RESERVED_KEYS = ("facets", "compare", "differences", "score")
"""Words of the API that stand where a key would; no entry may have one for its key."""

_registry: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    for kind in kinds:
        if kind.name in _registry:
            raise ValueError(f"the kind {kind.name} is registered twice")
        _registry[kind.name] = kind


def get(name: str) -> Kind:
    return _registry[name]


def known(name: str) -> bool:
    return name in _registry


def by_plural(plural: str) -> Kind | None:
    return next((kind for kind in _registry.values() if kind.plural == plural), None)


def every() -> list[Kind]:
    """All kinds, in the order in which they load."""
    return sorted(_registry.values(), key=lambda kind: kind.order)


def entry_kinds() -> list[Kind]:
    """The kinds that are curated entries, without the reference data."""
    return [kind for kind in every() if not kind.reference_data]


def quantity_fields(*, required: bool = False) -> tuple[Field, ...]:
    """The members of a quantity as printed: value, qualifier, unit, printed."""
    return (
        Number(name="value", zh="数值", en="Value", required=required),
        Code(name="qualifier", zh="限定", en="Qualifier", choices=codes.Qualifier),
        Text(name="unit", zh="单位", en="Unit", max_length=40),
        Text(name="printed", zh="原文写法", en="As printed", max_length=40, cited=False),
    )


def validity_fields() -> tuple[Field, ...]:
    """``from`` and ``to`` are half-open; ``stated_on`` is the day for which the source says so."""
    return (
        Date(name="from", zh="自", en="From", column="valid_from"),
        Date(name="to", zh="至", en="To", column="valid_to"),
        Date(name="stated_on", zh="所述日期", en="Stated on"),
    )
