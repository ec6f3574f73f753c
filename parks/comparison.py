"""A comparison as a reader sees it: rows of cells in one unit, each with its evidence; and the same for a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from html import unescape
from typing import Any

from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from parks import comparing, disagreement
from parks.kinds import PARK
from tracker.delivery.as_of import Told
from tracker.entries.fields import Children, Date, Field, Group, Json
from tracker.values.units import SQUARE_METRES, UNIT_LABELS
from tracker.web import numbers, phrases
from tracker.web.language import bracketed, english, pick, said
from tracker.web.notes import Notes, SourceNotes

ONE_SQUARE_KILOMETRE = 1_000_000


@dataclass(frozen=True)
class Value:
    """One fact of one park: as the page writes it, and as plain text or number for a file."""

    html: SafeString
    plain: Any
    aside: str
    """What must be said beside it: planned, only possibly on the day, as printed."""
    notes: list[int]
    amount: numbers.Amount | None = None
    """Of a number: with its qualifier, and with its unit where that is not the row's."""


@dataclass(frozen=True)
class Cell:
    state: str
    values: list[Value]
    conflict: SafeString
    href: str
    """The fact's table on the park's own page."""
    apart: str = ""
    """The conflict as plain text, for a file."""


@dataclass(frozen=True)
class Row:
    path: str
    label: str
    unit: str
    """In words; '' where the row has none or its cells have several."""
    numeric: bool
    differs: bool
    cells: list[Cell]

    @property
    def known(self) -> bool:
        return any(cell.state != "unknown" for cell in self.cells)


@dataclass
class Table:
    """The rows of which something is known, those of which nothing is, and the sources of all marks."""

    rows: list[Row] = field(default_factory=list)
    own: list[Row] = field(default_factory=list)
    """Of the reader's own team."""
    unknown: list[Row] = field(default_factory=list)
    sources: list[SourceNotes] = field(default_factory=list)

    @property
    def differing(self) -> int:
        return sum(row.differs for row in self.rows)


def table(told: Sequence[Told], unit: str, *, only_differing: bool = False) -> Table:
    """
    :param unit: one of ``numbers.AREA_UNITS``; '' chooses for each row by its largest area.
    :param only_differing: leave out the rows that agree or of which at most one value is known.
    """
    return _Reader(told, unit).table(only_differing)


class _Reader:
    def __init__(self, told: Sequence[Told], unit: str) -> None:
        self._told, self._unit, self._notes = told, unit, Notes([])

    def table(self, only_differing: bool) -> Table:
        compared = comparing.compare(PARK, self._told)
        found = Table()
        for row in compared:
            if all(cell["state"] == "unknown" for cell in row["cells"]):
                found.unknown.append(self._row(row))
            elif row["differs"] or not only_differing:
                found.rows.append(self._row(row))
        found.sources = self._notes.by_source()
        return found

    def _row(self, row: Json) -> Row:
        unit = self._unit_of(row)
        member = field_of(row["path"])
        cells = [self._cell(cell, park, member, unit) for cell, park in zip(row["cells"], self._told, strict=True)]
        numeric = any(_is_number(cell["value"]) for cell in row["cells"])
        return Row(row["path"], _label(row), unit_words(unit) if numeric else "", numeric, row["differs"], cells)

    def _unit_of(self, row: Json) -> str:
        """The unit of a row, of areas the one chosen; '' where its cells have none or several."""
        if row["unit"] != "m2":
            return row["unit"] or ""
        if self._unit:
            return self._unit
        largest = max(cell["value"] for cell in row["cells"] if cell["value"] is not None)
        return "km2" if largest >= ONE_SQUARE_KILOMETRE else "万m2"

    def _cell(self, cell: Json, park: Told, member: Field | None, unit: str) -> Cell:
        if cell["state"] != "known":
            return Cell(cell["state"], [], phrases.NOTHING, "")
        facts = (cell, *cell["more"])
        values = [self._value(fact, member, unit) for fact in facts]
        conflict, apart = self._conflict(facts, park.then, member, unit)
        return Cell("known", values, conflict, _href(park.then, cell["path"]), apart)

    def _value(self, fact: Json, member: Field | None, unit: str) -> Value:
        marks = self._notes.marks_of(fact["citations"])
        amount = _amount(fact, unit) if _is_number(fact["value"]) else None
        html, plain = _number(fact, unit, amount) if amount else _written(fact, member)
        return Value(format_html("{}{}", html, marks), plain, " · ".join(_asides(fact)),
                     self._notes.numbers_of(fact["citations"]), amount)  # fmt: skip

    def _conflict(self, facts: Sequence[Json], document: Json, member: Field | None,
                  unit: str) -> tuple[SafeString, str]:  # fmt: skip
        """What the sources say that do not agree, each with its mark; and the same as plain text."""
        pieces, texts = [], []
        for fact in facts:
            for stated, citation in disagreement.said(fact, document):
                html = _stated(stated, citation["printed"], member, unit)
                pieces.append(format_html("{}{}", html, self._notes.marks_of([citation])))
                numbered = ", ".join(map(str, self._notes.numbers_of([citation])))
                texts.append(f"{unescape(strip_tags(html))} [{numbered}]")
        if not pieces:
            return phrases.NOTHING, ""
        html = format_html('<span class="mark-conflict" title="{}">≠</span> {}', _("来源说法不一"),
                           phrases.joined(pieces, _(" 或 ")))  # fmt: skip
        return html, f"≠ {_(' 或 ').join(texts)}"


# --- the words of values ------------------------------------------------------------------------------------------


def field_of(path: str) -> Field | None:
    """The declared field of a row: ``/areas/site/value`` leads to the value of an area."""
    names = path.split("/")[1:]
    member = PARK.field(names[0])
    if isinstance(member, Group | Children) and len(names) > 1:
        return next((inner for inner in member.fields if inner.name == names[-1]), None)
    return None if isinstance(member, Group | Children) else member


def _label(row: Json) -> str:
    return pick(row["label"]["zh"], row["label"]["en"])


def unit_words(unit: str) -> str:
    return UNIT_LABELS.get(unit, (unit, unit))[english()]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _written(fact: Json, member: Field | None) -> tuple[SafeString, Any]:
    """A value that is no number as the page and as a file write it."""
    value = fact["value"]
    if isinstance(value, dict):
        return _object(value)
    if isinstance(value, list):
        html = phrases.joined(_item(item) for item in value)
        return html, pick("、", ", ").join(_plain_item(item) for item in value)
    if member is not None:
        return phrases.value(member, value), said(value) if isinstance(member, Date) else value
    return format_html("{}", value), value


def _amount(quantity: Json, unit: str) -> numbers.Amount:
    """A quantity in the unit of its row, which stands at the row's head; one that has none there keeps its own."""
    if quantity["unit"] in SQUARE_METRES and unit in SQUARE_METRES:
        return numbers.area(quantity, unit, english=english())._replace(unit="")
    amount = numbers.amount(quantity, english=english())
    return amount._replace(unit="") if quantity["unit"] == unit else amount


def _number(fact: Json, unit: str, amount: numbers.Amount) -> tuple[SafeString, Decimal]:
    """A number with the words of the source on hover."""
    plain = Decimal(str(fact["value"]))
    if fact["unit"] in SQUARE_METRES and unit in SQUARE_METRES:
        plain = plain * SQUARE_METRES[fact["unit"]] / SQUARE_METRES[unit]
    return phrases.written(amount, fact["printed"]), plain


def _object(value: Json) -> tuple[SafeString, str]:
    if "code" in value:
        word = pick(value["zh"], value["en"])
        return format_html("{}", word), word
    if "lat" in value:
        return _point(value)
    return phrases.linked(value), _plain_item(value)


def _point(value: Json) -> tuple[SafeString, str]:
    precision = {
        "site": _("园区位置"), "park": _("取上级园区的点"), "district": _("取区县代表点"),
        "city": _("取城市代表点"), "province": _("取省代表点"),
    }.get(value["precision"] or "", "")  # fmt: skip
    point = f"{value['lat']:.4f}, {value['lng']:.4f}"
    html = format_html('<span class="quantity">{}</span><span class="unit">{}</span>', point,
                       bracketed(precision) if precision else "")  # fmt: skip
    return html, f"{point}{bracketed(precision) if precision else ''}"


def _item(item: Any) -> SafeString:
    return phrases.linked(item) if isinstance(item, dict) else format_html("{}", item)


def _plain_item(item: Any) -> str:
    if not isinstance(item, dict):
        return str(item)
    name = item.get("name") or item.get("title") or item.get("key") or ""
    return str(item.get("name_en") or name) if english() else str(name)


def _asides(fact: Json) -> Iterator[str]:
    if fact["nature"]:
        yield pick(fact["nature"]["zh"], fact["nature"]["en"])
    if fact["certain"] is False:
        yield _("当日或许")


def _stated(stated: Any, printed: str | None, member: Field | None, unit: str) -> SafeString:
    """What one source of a conflict says, written as the row writes it."""
    match stated:
        case {"value": _}:
            return phrases.written(_amount(stated, unit), printed)
        case {"lat": lat, "lng": lng}:
            return format_html("{}, {}", lat, lng)
        case dict():
            return _item(stated)
        case list():
            return phrases.joined(_stated(item, printed, None, unit) for item in stated)
    return phrases.value(member, stated) if member is not None else format_html("{}", stated)


def _href(document: Json, path: str) -> str:
    """The fact on the park's own page: its row where it is a child, else the page."""
    parts = path.split("/")[1:]
    page = phrases.address("park", document["key"])
    return f"{page}#{parts[0]}-{parts[1]}" if len(parts) == 3 else f"{page}#h-facts"


def state_words(state: str) -> str:
    """What stands where there is no value: unknown is not none."""
    return {"unknown": _("未知"), "none": _("无")}.get(state, "")
