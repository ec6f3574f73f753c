"""CSV: any of the usual separators, any of the encodings, rows one by one."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from tracker.values.cells import unguarded

from . import encodings
from .file_rows import FileRow, Unreadable

SEPARATORS = (",", ";", "\t", "|", "，", "；")
LONGEST_CELL = 2_000_000
MOST_COLUMNS = 2000


class CsvFile:
    """Reads a file of separated values; the first row is the header."""

    sheets: dict[str, list[str]] = {}

    def __init__(self, path: Path, encoding: str = "") -> None:
        self._path = path
        self.encoding = encoding or encodings.detected(path)
        self._separator = self._sniffed()
        self.header = self._header()
        self.expected = max(0, encodings.newlines(path) - 1)

    def _sniffed(self) -> str:
        with self._path.open(encoding=self.encoding, errors="replace", newline="") as file:
            first = next((line for line in file if line.strip()), "")
        if not first.strip("\ufeff \r\n"):
            raise Unreadable("文件是空的 the file is empty")
        return max(SEPARATORS, key=first.count) if any(map(first.count, SEPARATORS)) else ","

    def _header(self) -> list[str]:
        for _, cells in self._records():
            header = [cell.strip().lstrip("\ufeff") for cell in cells]
            while header and not header[-1]:
                header.pop()
            if len(header) > MOST_COLUMNS:
                raise Unreadable(f"列太多，最多 {MOST_COLUMNS} 列 too many columns")
            return header
        raise Unreadable("文件是空的 the file is empty")

    def rows(self, after: int) -> Iterator[FileRow]:
        seen_header = False
        for number, cells in self._records():
            if seen_header and number > after:
                yield self._row(number, cells)
            seen_header = True

    def _row(self, number: int, cells: list[str]) -> FileRow:
        row = FileRow(number, {name: unguarded(cell) for name, cell in zip(self.header, cells, strict=False) if name})
        strays = [cell for cell in cells[len(self.header) :] if cell.strip()]
        if strays:
            row.problems.append(("", strays[0][:80], "这一行的格比表头多，也许少了引号 the row has more cells than "
                                 "the header: a quotation mark may be missing"))  # fmt: skip
        return row

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        """The records that are not blank, with their number as a spreadsheet counts them."""
        csv.field_size_limit(LONGEST_CELL)
        try:
            with self._path.open(encoding=self.encoding, newline="") as file:
                for number, cells in enumerate(csv.reader(file, delimiter=self._separator, strict=True), start=1):
                    if any(cell.strip() for cell in cells):
                        yield number, cells
        except csv.Error as error:
            raise Unreadable(_broken(error)) from error
        except UnicodeDecodeError as error:
            raise Unreadable(f"按 {self.encoding} 解不开：换一种编码，或另存为 UTF-8 再传 "
                             f"this is not {self.encoding}: choose another encoding") from error  # fmt: skip


def _broken(error: csv.Error) -> str:
    said = str(error)
    if "unexpected end of data" in said:
        return "文件不完整：最后一格的引号没有合上 the file breaks off inside a quoted cell"
    if "field larger" in said:
        return "有一格太长，也许少了引号 a cell is too long: a quotation mark may be missing"
    return f"不是完好的 CSV：{said} this is not well-formed CSV"
