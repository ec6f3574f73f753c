"""A comparison as an Excel file: the table, its sources on the second sheet, and what it is on the third."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from parks.comparison import Cell, Row, Table, Value, state_words
from parks.moment import Moment
from tracker.delivery.terms import ATTRIBUTION, LICENCE
from tracker.values.cells import FORMULA_STARTS, shortened
from tracker.web.language import pick, said


def workbook(table: Table, names: Sequence[str], moment: Moment, address: str) -> bytes:
    """
    :param names: of the parks, in the order of the cells.
    :param address: where the same comparison is read, pinned to both clocks.
    """
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                                      "strings_to_numbers": False})  # fmt: skip
    book.set_properties({"title": " · ".join(names)[:200], "created": moment.known_at.replace(tzinfo=None)})
    writer = _Writer(book)
    _compared(writer, table, names)
    _sources(writer, table)
    _about(writer, moment, address)
    book.close()
    return file.getvalue()


class _Writer:
    """Writes text as text, never as a formula."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self.plain = book.add_format({"text_wrap": True, "valign": "top"})
        self.quoted = book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
        self.faint = book.add_format({"font_color": "#5a656a", "valign": "top", "text_wrap": True})
        self.differs = book.add_format({"bg_color": "#fbeab0", "valign": "top", "text_wrap": True})

    def text(self, sheet: Any, row: int, column: int, text: str, style: Any = None) -> None:
        quoted = text[:1] in FORMULA_STARTS
        sheet.write_string(row, column, shortened(text), self.quoted if quoted else style or self.plain)


def _compared(writer: _Writer, table: Table, names: Sequence[str]) -> None:
    sheet = writer.book.add_worksheet(_("比较"))
    sheet.freeze_panes(1, 2)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 10)
    heads = [_("项目"), _("单位")]
    for at, name in enumerate(names):
        heads += [name, pick(f"{name} 说明", f"{name}: notes"), pick(f"{name} 来源", f"{name}: sources")]
        for offset, width in enumerate((24, 18, 10)):
            sheet.set_column(2 + 3 * at + offset, 2 + 3 * at + offset, width)
    for column, head in enumerate(heads):
        writer.text(sheet, 0, column, head, writer.heading)
    for at, row in enumerate([*table.own, *table.rows, *table.unknown], start=1):
        _row(writer, sheet, at, row)


def _row(writer: _Writer, sheet: Any, at: int, row: Row) -> None:
    writer.text(sheet, at, 0, row.label)
    writer.text(sheet, at, 1, row.unit)
    for place, cell in enumerate(row.cells):
        column = 2 + 3 * place
        _cell(writer, sheet, at, column, cell, writer.differs if row.differs else writer.plain)
        writer.text(sheet, at, column + 1, _beside(cell), writer.faint)
        notes = sorted({number for value in cell.values for number in value.notes})
        writer.text(sheet, at, column + 2, ", ".join(map(str, notes)), writer.faint)


def _beside(cell: Cell) -> str:
    """Of a number that stands alone what must be said with it: over, its own unit, planned; and what disagrees."""
    alone = cell.values[0] if _is_number(cell) else None
    amount = [alone.amount.qualifier.strip(), alone.amount.unit] if alone and alone.amount else []
    return " · ".join(filter(None, [*amount, alone.aside if alone else "", cell.apart]))


def _is_number(cell: Cell) -> bool:
    return len(cell.values) == 1 and isinstance(cell.values[0].plain, Decimal)


def _cell(writer: _Writer, sheet: Any, at: int, column: int, cell: Cell, style: Any) -> None:
    """A number alone is written as a number, so that it can be reckoned with; else words."""
    if not cell.values:
        writer.text(sheet, at, column, state_words(cell.state), writer.faint)
    elif _is_number(cell):
        sheet.write_number(at, column, cell.values[0].plain, style)
    else:
        words = (f"{_worded(value)}{f' ({value.aside})' if value.aside else ''}" for value in cell.values)
        writer.text(sheet, at, column, "; ".join(words), style)


def _worded(value: Value) -> str:
    number = f"{value.plain.normalize():,f}" if isinstance(value.plain, Decimal) else str(value.plain)
    return f"{value.amount.qualifier}{number} {value.amount.unit}".strip() if value.amount else number


def _sources(writer: _Writer, table: Table) -> None:
    sheet = writer.book.add_worksheet(_("来源"))
    sheet.freeze_panes(1, 0)
    heads = ((_("编号"), 8), (_("来源"), 50), (_("发布者"), 24), (_("日期"), 14), (_("位置"), 40), (_("原文"), 40),
             (_("网址"), 40))  # fmt: skip
    for column, (head, width) in enumerate(heads):
        sheet.set_column(column, column, width)
        writer.text(sheet, 0, column, head, writer.heading)
    notes = sorted(((note.number, note) for group in table.sources for note in group.notes), key=lambda pair: pair[0])
    for at, (number, note) in enumerate(notes, start=1):
        sheet.write_number(at, 0, number, writer.plain)
        source = note.source
        texts = (source["title"], source["publisher"], source["date"] and said(source["date"]), note.where,
                 note.printed, source["url"])  # fmt: skip
        for column, text in enumerate(texts, start=1):
            writer.text(sheet, at, column, text or "")


def _about(writer: _Writer, moment: Moment, address: str) -> None:
    sheet = writer.book.add_worksheet(_("说明"))
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 100)
    lines = ((_("网址"), address), (_("情况截至"), moment.as_of.isoformat()), (_("记录截至"), moment.known_at_text),
             (_("许可"), LICENCE), (_("署名"), ATTRIBUTION),
             (_("未知"), _("尚未查明，不等于没有")), (_("无"), _("按已知日期，当日没有")))  # fmt: skip
    for at, (name, text) in enumerate(lines):
        writer.text(sheet, at, 0, name, writer.heading)
        writer.text(sheet, at, 1, text)
