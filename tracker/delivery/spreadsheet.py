"""Documents as an Excel file: a row each, text as text, and a second sheet that says what the first one is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import IO, Any

import xlsxwriter

from tracker.entries.fields import Json
from tracker.values.cells import FORMULA_STARTS, shortened

from . import columns
from .columns import Column, Sort

_BLANK = datetime(2000, 1, 1, tzinfo=UTC)


def write(file: IO[bytes], title: str, shown: Sequence[Column], documents: Iterable[Json], about: Json,
          made_at: datetime | None) -> None:  # fmt: skip
    """Write the workbook; rows go to disk one by one.

    :param about: names and values of the second sheet.
    :param made_at: the moment the data are of, so that equal data give equal bytes.
    """
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                                      "strings_to_numbers": False})  # fmt: skip
    book.set_properties({"title": title, "created": (made_at or _BLANK).replace(tzinfo=None)})
    styles = Styles(book)
    _table(book.add_worksheet(title[:31]), shown, documents, styles)
    _about(book.add_worksheet("about"), about, styles)
    book.close()


class Styles:
    def __init__(self, book: Any) -> None:
        self.heading = book.add_format({"bold": True})
        # Excel's own mark of text: it stays text even when somebody edits the cell
        self.text = book.add_format({"quote_prefix": True})


def _table(sheet: Any, shown: Sequence[Column], documents: Iterable[Json], styles: Styles) -> None:
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(shown) - 1, 18)
    for place, column in enumerate(shown):
        sheet.write_string(0, place, column.name, styles.heading)
    row = 0
    for row, document in enumerate(documents, start=1):
        for place, column in enumerate(shown):
            _cell(sheet, row, place, column, document, styles)
    sheet.autofilter(0, 0, row, len(shown) - 1)


def _cell(sheet: Any, row: int, place: int, column: Column, document: Json, styles: Styles) -> None:
    value = column.read(document)
    if value is None or value == []:
        return
    if column.sort in (Sort.INTEGER, Sort.NUMBER):
        sheet.write_number(row, place, value)
    elif column.sort is Sort.FLAG:
        sheet.write_boolean(row, place, value)
    else:
        _text(sheet, row, place, columns.text(value), styles)


def _text(sheet: Any, row: int, place: int, text: str, styles: Styles) -> None:
    sheet.write_string(row, place, shortened(text), styles.text if text[:1] in FORMULA_STARTS else None)


def _about(sheet: Any, about: Json, styles: Styles) -> None:
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 90)
    for row, (name, value) in enumerate(about.items()):
        sheet.write_string(row, 0, name, styles.heading)
        _text(sheet, row, 1, columns.text(value), styles)
