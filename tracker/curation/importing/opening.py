"""Which format a file has, and the reader for it."""

from __future__ import annotations

from pathlib import Path

from tracker.entries import kinds

from .csv_file import CsvFile
from .encodings import CHOICES
from .file_rows import FileReader, Unreadable
from .json_file import GeoJsonFile, JsonFile, JsonLinesFile
from .models import Import
from .xlsx_file import XlsxFile

Format = Import.Format
SUFFIXES = {
    ".csv": Format.CSV, ".tsv": Format.CSV, ".txt": Format.CSV, ".xlsx": Format.XLSX, ".xlsm": Format.XLSX,
    ".json": Format.JSON, ".jsonl": Format.JSONL, ".ndjson": Format.JSONL, ".geojson": Format.GEOJSON,
}  # fmt: skip
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK"
_OTHERS = {b"%PDF": "PDF", b"\x1f\x8b": "gzip", b"Rar!": "RAR", b"7z\xbc\xaf": "7z", b"<!DO": "HTML", b"<htm": "HTML"}


def format_of(name: str, path: Path) -> Format:
    """The format of a file by its beginning and its name.

    :raises Unreadable: it is none that is read here.
    """
    with path.open("rb") as file:
        beginning = file.read(8)
    if not beginning:
        raise Unreadable("文件是空的 the file is empty")
    if beginning.startswith(_OLD_EXCEL):
        raise Unreadable(
            "这是旧的 Excel 格式（.xls）或加了密；请另存为 .xlsx 再传 an old .xls, or encrypted: save it as .xlsx"
        )
    for mark, what in _OTHERS.items():
        if beginning.startswith(mark):
            raise Unreadable(f"这是 {what} 文件；可以传 CSV、XLSX、JSON、JSONL、GeoJSON this is a file of {what}")
    found = SUFFIXES.get(Path(name).suffix.lower())
    if beginning.startswith(_ZIP):
        if found not in (Format.XLSX, None):
            raise Unreadable("这是压缩文件；请先解开 this is an archive: unpack it first")
        return Format.XLSX
    if found is Format.XLSX:
        raise Unreadable("打不开这个 Excel 文件：它不完整，或不是 .xlsx the Excel file is damaged or is no .xlsx")
    if found is None:
        raise Unreadable(
            "文件名应以 .csv、.xlsx、.json、.jsonl 或 .geojson 结尾 the name says no format that is read here"
        )
    return found


def opened(path: Path, format_: str, kind: str, encoding: str = "") -> FileReader:
    """The reader of a file.

    :raises Unreadable: the file cannot be taken.
    """
    if encoding and encoding not in CHOICES:
        raise Unreadable(f"没有这种编码：{encoding} there is no such encoding")
    match format_:
        case Format.XLSX:
            return XlsxFile(path, kinds.get(kind))
        case Format.JSON:
            return JsonFile(path, encoding)
        case Format.JSONL:
            return JsonLinesFile(path, encoding)
        case Format.GEOJSON:
            return GeoJsonFile(path, encoding)
        case _:
            return CsvFile(path, encoding)


def says_kinds(format_: str) -> bool:
    """Whether each row of the format may say its own kind."""
    return format_ in (Format.JSON, Format.JSONL)
