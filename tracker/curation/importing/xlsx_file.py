"""Excel files: held to bounds before anything is parsed, then read row by row.

The first sheet, or the one named as the kind, holds the entries; sheets named as lists of children hold those.
"""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar
from zipfile import BadZipFile, ZipFile, ZipInfo

import openpyxl
from openpyxl.utils import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from tracker.entries.kinds import Kind
from tracker.values import canonical

from .columns import ENTRY, lists_of
from .file_rows import Cells, FileRow, Unreadable
from .reading_values import NumberCell

MOST_INFLATED = 600 * 1024 * 1024
MOST_STRINGS = 200 * 1024 * 1024
"""The table of shared texts, which is held in memory."""
MOST_RATIO = 120
"""Of a part beyond 10 MB: texts of spreadsheets shrink to a tenth or a fortieth, bombs to a thousandth."""
RATIO_FROM = 10 * 1024 * 1024
MOST_PARTS = 2000
MOST_COLUMNS = 500
MOST_BLANK_ROWS = 1000
_BEGINNING = 4096
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')
_BLOCK = 1024 * 1024


class XlsxFile:
    """Reads the sheets of a workbook."""

    encoding = ""
    _LISTED: ClassVar[int] = 200_000
    """Rows of further sheets, which are held in memory until their entry comes."""

    def __init__(self, path: Path, kind: Kind) -> None:
        refuse_bomb(path)
        self._kind = kind
        self._book = _opened(path)
        self._path = path
        self._sheet = self._main()
        self.header = self._header(self._sheet)
        self._lists = self._list_sheets()
        self.sheets = {name: self._header(sheet) for name, sheet in self._lists.items()}
        self.expected = max(0, (self._sheet.max_row or 1) - 1)

    def _main(self) -> Any:
        names = self._book.sheetnames
        if not names:
            raise Unreadable("工作簿里没有工作表 there is no sheet")
        wanted = (self._kind.plural, self._kind.name, self._kind.zh)
        return self._book[next((name for name in names if name in wanted), names[0])]

    def _list_sheets(self) -> dict[str, Any]:
        found = {}
        for name, listed in lists_of(self._kind).items():
            sheet = next((title for title in self._book.sheetnames if title in (name, listed.zh)), None)
            if sheet and self._book[sheet] is not self._sheet:
                found[name] = self._book[sheet]
        return found

    def _header(self, sheet: Any) -> list[str]:
        for cells in _iterated(sheet, 1, 1):
            header = [str(cell.value).strip() if cell.value is not None else "" for cell in cells]
            while header and not header[-1]:
                header.pop()
            if header:
                return header
        raise Unreadable(
            f"工作表“{sheet.title}”是空的：第一行应是列名 the sheet is empty: its first row names the columns"
        )

    def rows(self, after: int) -> Iterator[FileRow]:
        merged = self._merged(self._sheet)
        children, strays = self._children()
        for row in self._read(self._sheet, self.header, merged, after):
            key = str(row.cells.get(self._key_column) or "").strip()
            row.children = {name: rows for name in self._lists if (rows := children[name].pop(key, []))}
            row.children |= {name: [] for name in self._lists if name not in row.children}
            yield row
        yield from strays

    @property
    def _key_column(self) -> str:
        return next((name for name in self.header if name in ("key", "键", "键 Key", "键 key")), "key")

    def _children(self) -> tuple[dict[str, dict[str, list[Cells]]], list[FileRow]]:
        """The rows of the further sheets, by list and by the key of their entry."""
        found: dict[str, dict[str, list[Cells]]] = {name: defaultdict(list) for name in self._lists}
        strays: list[FileRow] = []
        count = 0
        for name, sheet in self._lists.items():
            merged = self._merged(sheet)
            header = self.sheets[name]
            if ENTRY not in header and "条目" not in header:
                raise Unreadable(f"工作表“{sheet.title}”缺少列 entry：写条目的键 the sheet lacks the column entry")
            for row in self._read(sheet, header, merged, 1):
                count += 1
                if count > self._LISTED:
                    raise Unreadable(f"子表超过 {self._LISTED} 行，请分几个文件，或用 JSONL too many rows: use JSONL")
                of = str(row.cells.pop(ENTRY, "") or row.cells.pop("条目", "") or "").strip()
                cells = {**row.cells, "": (sheet.title, row.number, row.problems)}
                found[name][of].append(cells)
        return found, strays

    def _read(self, sheet: Any, header: Sequence[str], merged: Sequence[tuple[int, int, int, int]],
              after: int) -> Iterator[FileRow]:  # fmt: skip
        blanks = 0
        for cells in _iterated(sheet, max(2, after + 1), None, len(header)):
            number = next((cell.row for cell in cells if getattr(cell, "row", None)), 0)
            if all(cell.value in (None, "") for cell in cells):
                blanks += 1
                if blanks > MOST_BLANK_ROWS:
                    return
                continue
            blanks = 0
            yield _row(number, header, cells, merged)

    def _merged(self, sheet: Any) -> list[tuple[int, int, int, int]]:
        """Merged ranges, which the reader of openpyxl leaves out: they stand behind the rows."""
        part = getattr(sheet, "_worksheet_path", "").lstrip("/")
        found: list[tuple[int, int, int, int]] = []
        with ZipFile(self._path) as archive, archive.open(part) as file:
            kept = b""
            while block := file.read(_BLOCK):
                text = kept + block
                found += [range_boundaries(ref.decode()) for ref in _MERGE.findall(text)]
                kept = text[text.rfind(b"<") :] if b"<" in text[-200:] else b""
        return found


def _iterated(sheet: Any, first: int, last: int | None, width: int = MOST_COLUMNS) -> Iterator[Any]:
    try:
        yield from sheet.iter_rows(min_row=first, max_row=last, max_col=width or 1)
    except (BadZipFile, KeyError, ValueError, SyntaxError, EOFError, zlib.error) as error:
        raise Unreadable(f"Excel 文件损坏：{type(error).__name__} the Excel file is damaged") from error


def _row(number: int, header: Sequence[str], cells: Sequence[Any],
         merged: Sequence[tuple[int, int, int, int]]) -> FileRow:  # fmt: skip
    row = FileRow(number)
    for place, (name, cell) in enumerate(zip(header, cells, strict=False), start=1):
        if not name:
            continue
        try:
            row.cells[name] = _text(cell)
        except ValueError as error:
            row.problems.append((name, str(cell.value)[:80], str(error)))
        if any(left <= place <= right and top <= number <= bottom for left, top, right, bottom in merged):
            row.problems.append((name, "", "合并单元格：请取消合并，每格都填 merged cells: unmerge them and fill each"))
    return row


def _text(cell: Any) -> str | None:
    """The text of a cell.

    :raises ValueError: it is a formula or an error.
    """
    value = cell.value
    if value is None:
        return None
    if cell.data_type == "f":
        raise ValueError("公式：请粘贴为数值 a formula: paste it as a value")
    if cell.data_type == "e":
        raise ValueError("公式出错 the cell holds an error")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date | time):
        return _dated(value, str(cell.number_format))
    if isinstance(value, int):
        return NumberCell(value)
    if isinstance(value, float):
        return NumberCell(canonical.plain(Decimal(repr(value))))
    return str(value)


def _dated(value: Any, shown_as: str) -> str:
    """A date as exactly as the sheet shows it: 2017年9月 is kept as 1 September, and is no day."""
    if isinstance(value, time):
        return value.isoformat()
    shown = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", shown_as).lower()
    whole = value.date() if isinstance(value, datetime) else value
    if "d" in shown or not ("y" in shown or "m" in shown):
        return str(whole.isoformat())
    return f"{whole:%Y-%m}" if "m" in shown else f"{whole:%Y}"


def _opened(path: Path) -> Any:
    try:
        return openpyxl.load_workbook(path.open("rb"), read_only=True, data_only=False, keep_links=False)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, SyntaxError, EOFError, OSError,
            TypeError, AttributeError) as error:  # fmt: skip
        raise Unreadable(
            "打不开这个 Excel 文件：它不完整，或不是 .xlsx the Excel file is damaged or is no .xlsx"
        ) from error


def refuse_bomb(path: Path) -> None:
    """Look at what the archive says it holds, before any of it is inflated.

    :raises Unreadable: too much, packed too tight, or not an Excel file at all.
    """
    try:
        with ZipFile(path) as archive:
            parts = archive.infolist()
            _refuse_sizes(parts)
            if "[Content_Types].xml" not in archive.namelist():
                raise Unreadable("这个压缩文件不是 Excel 文件（.xlsx） this archive is no Excel file")
            for part in parts:
                _refuse_entities(archive, part)
    except BadZipFile as error:
        raise Unreadable(
            "打不开这个 Excel 文件：它不完整，或不是 .xlsx the Excel file is damaged or is no .xlsx"
        ) from error
    except (NotImplementedError, RuntimeError, zlib.error, EOFError) as error:
        raise Unreadable("这个 Excel 文件加了密或损坏 the Excel file is encrypted or damaged") from error


def _refuse_sizes(parts: Sequence[ZipInfo]) -> None:
    strings = sum(part.file_size for part in parts if part.filename.endswith("sharedStrings.xml"))
    tight = [part for part in parts if part.file_size > max(RATIO_FROM, MOST_RATIO * part.compress_size)]
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_INFLATED or strings > MOST_STRINGS:
        raise Unreadable(f"这个 Excel 文件解开后太大（最多 {MOST_INFLATED >> 20} MB）；请分几个文件，或用 CSV、JSONL "
                         "the Excel file is too large when unpacked: split it, or use CSV or JSONL")  # fmt: skip
    if tight:
        raise Unreadable("这个文件压缩得不合常理（疑似压缩炸弹），没有打开 the file is packed unreasonably tight, "
                         "like a zip bomb: it was not opened")  # fmt: skip


def _refuse_entities(archive: ZipFile, part: ZipInfo) -> None:
    """Excel writes no document types; they are how a small XML text swells without end."""
    if not part.filename.endswith((".xml", ".rels")):
        return
    with archive.open(part) as file:
        beginning = file.read(_BEGINNING).replace(b"\0", b"").upper()
    if b"<!DOCTYPE" in beginning or b"<!ENTITY" in beginning:
        raise Unreadable("这个 Excel 文件含有文档类型声明，没有打开 the Excel file declares a document type")
