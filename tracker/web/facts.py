"""The facts of one document as tables, read off the kind's declaration: no kind is known here by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tracker.entries.fields import Children, Field, Group, Json, Number, Refs, Texts
from tracker.entries.kinds import Kind

from . import phrases
from .language import bracketed, label, pick
from .notes import Notes

_HEAD = ("name", "title", "name_en", "title_en", "note")
"""What stands in the heading of the page or below its facts."""
_QUANTITY = ("value", "qualifier", "unit", "printed")


@dataclass(frozen=True)
class Fact:
    label: str
    html: SafeString
    name: str


@dataclass(frozen=True)
class Column:
    label: str
    numeric: bool = False


@dataclass(frozen=True)
class Row:
    key: str
    cells: list[tuple[SafeString, bool]]
    """(html, numeric) for each column."""


@dataclass(frozen=True)
class Table:
    name: str
    label: str
    columns: list[Column]
    rows: list[Row]
    has_areas: bool = False


@dataclass
class Facts:
    main: list[Fact] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


class Reader:
    """Reads a document field by field, numbering its evidence on the way."""

    def __init__(self, kind: Kind, document: Json, notes: Notes, unit: str = "") -> None:
        self._kind, self._document, self._notes, self._unit = kind, document, notes, unit
        self._conflicts = {conflict["path"]: conflict for conflict in document["conflicts"]}
        self._main = {path.partition("/")[0] for path in kind.main_date.split("|")} | {"category", "places"}

    def facts(self) -> Facts:
        facts = Facts()
        for member in self._kind.all_fields:
            if member.name not in _HEAD:
                self._read(member, facts)
        for backref in self._kind.backrefs:
            found = [item for item in self._document.get(backref.name) or [] if item.get("key")]
            if found:
                html = phrases.joined(phrases.linked(item) for item in found)
                facts.main.append(Fact(pick(backref.zh, backref.en), html, backref.name))
        return facts

    def _read(self, member: Field, facts: Facts) -> None:
        stated = self._document.get(member.name)
        if isinstance(member, Children):
            if stated:
                facts.tables.append(self._table(member, stated))
            else:
                facts.unknown.append(label(member))
        elif isinstance(member, Group):
            facts.main.extend(self._group(member, stated))
        elif stated is None or stated == []:
            self._missing(member, facts)
        else:
            path = f"/{member.name}"
            marks = self._notes.marks(path, below=isinstance(member, Refs | Texts))
            html = phrases.value(member, stated)
            facts.main.append(Fact(label(member), self._with(html, marks, path, member), member.name))

    def _missing(self, member: Field, facts: Facts) -> None:
        if member.name in self._main:
            facts.main.append(Fact(label(member), phrases.unknown(), member.name))
        elif member.name != "aliases":
            facts.unknown.append(label(member))

    def _group(self, member: Group, stated: Json | None) -> Iterator[Fact]:
        known = dict(stated or {})
        if known.get("lat") is not None and known.get("lng") is not None:
            yield Fact(label(member), _coordinates(known), member.name)
        for part in member.fields:
            if part.name in ("lat", "lng") or known.get(part.name) is None:
                continue
            path = f"/{member.name}/{part.name}"
            html = phrases.value(part, known[part.name])
            yield Fact(label(part), self._with(html, self._notes.own_marks(path), path, part), path)

    def _with(self, html: SafeString, marks: SafeString, path: str, member: Field) -> SafeString:
        return format_html("{}{}{}", html, marks, self._conflict(path, member))

    def _conflict(self, path: str, member: Field) -> SafeString:
        """≠ and every value that differs from the one served, each with its source."""
        conflict = self._conflicts.get(path)
        if not conflict:
            return phrases.NOTHING
        said: dict[str, list[Json]] = {}
        for item in conflict["values"]:
            html = phrases.value(member, item["stated"]) or phrases.safe("—")
            said.setdefault(html, []).append(item["citation"])
        pieces = [format_html("{}{}", phrases.safe(html), self._notes.marks_of(found)) for html, found in said.items()]
        reason = format_html('<span class="ruling">{}{}</span>', _("编者："), conflict["reason"] or "")
        return format_html(
            '<div class="conflict"><span class="mark-conflict" title="{}">≠</span> {}{}</div>', _("来源说法不一"),
            phrases.joined(pieces, _(" 或 ")), reason if conflict["reason"] else "",
        )  # fmt: skip

    # --- children ---------------------------------------------------------------------------------------------------

    def _table(self, member: Children, children: Sequence[Json]) -> Table:
        shown = list(_columns(member, children))
        columns = [Column(label(group[0]), _is_numeric(group)) for group in shown]
        rows = [Row(child["key"], self._cells(member, child, shown, children)) for child in children]
        areas = any("value_m2" in child for child in children)
        return Table(member.name, label(member), [*columns, Column(_("来源"))], rows, areas)

    def _cells(self, member: Children, child: Json, shown: Sequence[Sequence[Field]],
               children: Sequence[Json]) -> list[tuple[SafeString, bool]]:  # fmt: skip
        """The cells of one child, its evidence last."""
        marks = self._notes.marks(f"/{member.name}/{child['key']}", below=True)
        return [*(self._cell(member, child, group, children) for group in shown), (marks, False)]

    def _cell(self, member: Children, child: Json, group: Sequence[Field],
              children: Sequence[Json]) -> tuple[SafeString, bool]:  # fmt: skip
        path = f"/{member.name}/{child['key']}/{group[0].name}"
        if _is_quantity(group):
            html = phrases.quantity(_as_quantity(child, group[0].name), self._unit)
        elif group[0].name == "part_of":
            owner = next((item["name"] for item in children if item["key"] == child["part_of"]), child["part_of"])
            html = format_html("{}", owner or "")
        else:
            html = phrases.value(group[0], child.get(group[0].name))
        return format_html("{}{}", html, self._conflict(path, group[0])), _is_numeric(group)


def _columns(member: Children, children: Sequence[Json]) -> Iterator[tuple[Field, ...]]:
    """The members that any child has; a value goes with its qualifier and unit as one column."""
    names = {field.name: field for field in member.fields}
    taken: set[str] = set()
    for field_ in member.fields:
        if field_.name in taken:
            continue
        group = [field_]
        if field_.name.endswith("value"):
            prefix = field_.name.removesuffix("value")
            group += [names[prefix + part] for part in (*_QUANTITY[1:], "period") if prefix + part in names]
            taken |= {part.name for part in group}
        if any(child.get(part.name) not in (None, [], "") for child in children for part in group[:1]):
            yield tuple(group)


def _is_quantity(group: Sequence[Field]) -> bool:
    return len(group) > 1


def _is_numeric(group: Sequence[Field]) -> bool:
    return _is_quantity(group) or isinstance(group[0], Number)


def _as_quantity(child: Json, name: str) -> Json:
    prefix = name.removesuffix("value")
    found: Json = {part: child.get(prefix + part) for part in _QUANTITY}
    if child.get(f"{prefix}period"):
        found["unit"] = f"{found['unit'] or ''}/{child[f'{prefix}period']}"
    if "value_m2" in child:
        found["value_m2"] = child["value_m2"]
    return found


def _coordinates(known: Json) -> SafeString:
    precision = {
        "site": _("园区位置"), "park": _("取上级园区的点"), "district": _("取区县代表点"),
        "city": _("取城市代表点"), "province": _("取省代表点"),
    }.get(known.get("precision") or "", "")  # fmt: skip
    said = format_html('<span class="unit">{}</span>', bracketed(precision) if precision else "")
    point = f"{known['lat']:.4f}, {known['lng']:.4f}"
    return format_html('<span class="quantity">{}</span>{}', point, said)


def path_label(kind: Kind, path: str, document: Json | None = None) -> str:
    """A path as people read it: ``/areas/site-2019/value`` as 面积 · site-2019 · 数值."""
    if not path:
        return pick("整条", "the whole entry")
    parts = path.split("/")[1:]
    fields: dict[str, Field] = {field.name: field for field in kind.all_fields}
    said: list[str] = []
    for part in parts:
        member = fields.get(part)
        said.append(label(member) if member else part)
        if member is not None:
            fields = {inner.name: inner for inner in getattr(member, "fields", ())}
    return " · ".join(said)
