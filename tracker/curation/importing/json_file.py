"""JSON, JSON Lines and GeoJSON: payloads one by one, however long the file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from json.decoder import JSONDecodeError
from pathlib import Path
from typing import Any

from tracker.entries.fields import Json

from . import encodings
from .file_rows import FileRow, Unreadable

BLOCK = 256 * 1024
LONGEST = 4 * 1024 * 1024
"""Characters that one entry may take."""
MOST_DEPTH = 30
MOST_DIGITS = 40
ARRAYS = ("features", "entries", "results", "proposals")
"""Members that hold the entries, where the file is an object."""
_BLANKS = " \t\r\n\ufeff"


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} 不是 JSON 的数 is not a JSON number")


_decoder = json.JSONDecoder(parse_float=Decimal, parse_constant=_refuse_constant)


class _TextFile:
    header: list[str] = []
    sheets: dict[str, list[str]] = {}

    def __init__(self, path: Path, encoding: str = "") -> None:
        self._path = path
        self.encoding = encoding or encodings.detected(path)
        if not path.stat().st_size:
            raise Unreadable("文件是空的 the file is empty")


class JsonLinesFile(_TextFile):
    """One payload a line."""

    def __init__(self, path: Path, encoding: str = "") -> None:
        super().__init__(path, encoding)
        self.expected = encodings.newlines(path)

    def rows(self, after: int) -> Iterator[FileRow]:
        try:
            with self._path.open(encoding=self.encoding) as file:
                for number, line in enumerate(_lines(file), start=1):
                    if number > after and line.strip(_BLANKS):
                        yield _row(number, line.strip(_BLANKS))
        except UnicodeDecodeError as error:
            raise Unreadable(f"按 {self.encoding} 解不开 this is not {self.encoding}") from error


def _lines(file: Any) -> Iterator[str]:
    while line := file.readline(LONGEST):
        if len(line) == LONGEST and not line.endswith("\n"):
            raise Unreadable("有一行太长，这不是 JSON Lines a line is too long: this is not JSON Lines")
        yield line


def _row(number: int, text: str) -> FileRow:
    try:
        return _of_value(number, _decoder.decode(text))
    except RecursionError:
        return FileRow(number, problems=[("", "", "嵌套过深 it is nested too deep")])
    except ValueError as error:
        return FileRow(number, problems=[("", text[:80], f"不是 JSON：{error} this line is not JSON")])


def _of_value(number: int, value: Any) -> FileRow:
    if not isinstance(value, dict):
        return FileRow(number, problems=[("", str(value)[:80], "应为对象 a JSON object is expected")])
    if trouble := unstorable(value):
        return FileRow(number, problems=[("", "", trouble)])
    return FileRow(number, value)


def unstorable(value: Any, depth: int = 0) -> str:
    """Why a JSON value cannot be kept; '' when it can: NUL, half a surrogate pair, endless numbers or nesting."""
    if depth > MOST_DEPTH:
        return "嵌套过深 it is nested too deep"
    if isinstance(value, str):
        if "\x00" in value:
            return "含 NUL 字符 it holds a NUL character"
        return "" if value.isprintable() or not any("\ud800" <= sign <= "\udfff" for sign in value) \
            else "含半个代理对 it holds half a surrogate pair"  # fmt: skip
    if isinstance(value, dict):
        return next(filter(None, (unstorable(item, depth + 1) for pair in value.items() for item in pair)), "")
    if isinstance(value, list):
        return next(filter(None, (unstorable(item, depth + 1) for item in value)), "")
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not value:
        return ""
    return (
        "" if -MOST_DIGITS < Decimal(value).adjusted() < MOST_DIGITS else "数过大或过小 a number is too large or small"
    )


class JsonFile(_TextFile):
    """A list of payloads, or an object with one: a fixture file, an answer of the API's shape."""

    expected = 0

    def rows(self, after: int) -> Iterator[FileRow]:
        try:
            with self._path.open(encoding=self.encoding) as file:
                for number, value in enumerate(_Scanner(file).items(), start=1):
                    if number > after:
                        yield self._row(number, value)
        except UnicodeDecodeError as error:
            raise Unreadable(f"按 {self.encoding} 解不开 this is not {self.encoding}") from error
        except RecursionError as error:
            raise Unreadable("嵌套过深 it is nested too deep") from error

    def _row(self, number: int, value: Any) -> FileRow:
        return _of_value(number, value)


class GeoJsonFile(JsonFile):
    """Features: their properties are the payload, their point is the entry's own."""

    def _row(self, number: int, value: Any) -> FileRow:
        row = super()._row(number, value)
        if row.problems:
            return row
        properties = value.get("properties")
        if value.get("type") != "Feature" or not isinstance(properties, dict):
            return FileRow(number, problems=[("", "", "应为 GeoJSON 的 Feature a GeoJSON feature is expected")])
        return FileRow(number, properties | ({"geometry": value["geometry"]} if value.get("geometry") else {}))


class _Scanner:
    """Reads the items of the one list in a JSON text, a block at a time."""

    def __init__(self, file: Any) -> None:
        self._file, self._text, self._at, self._ended = file, "", 0, False

    def items(self) -> Iterator[Json]:
        sign = self._peek()
        if sign == "[":
            yield from self._list()
        elif sign == "{":
            yield from self._object()
        else:
            raise Unreadable("不是 JSON：应以 [ 或 { 开头 this is not JSON: it begins with neither [ nor {")
        if self._peek():
            raise Unreadable("JSON 结束之后还有内容 there is more after the end of the JSON")

    def _object(self) -> Iterator[Json]:
        """The list among the members of an object; an object without one is a single payload."""
        self._at += 1
        others: Json = {}
        found = False
        while self._peek() != "}":
            name = self._value()
            self._expect(":")
            if isinstance(name, str) and name in ARRAYS and self._peek() == "[" and not found:
                found = True
                yield from self._list()
            else:
                others[str(name)] = self._value()
            if self._peek() == ",":
                self._at += 1
            elif self._peek() != "}":
                raise Unreadable("JSON 不完好或不完整 the JSON is broken or breaks off")
        self._at += 1
        if not found:
            yield others

    def _list(self) -> Iterator[Any]:
        self._at += 1
        if self._peek() == "]":
            self._at += 1
            return
        while True:
            yield self._value()
            sign = self._peek()
            self._at += 1
            if sign == "]":
                return
            if sign != ",":
                raise Unreadable("JSON 不完好或不完整：缺逗号或右方括号 the JSON is broken or breaks off")

    def _value(self) -> Any:
        self._peek()
        while True:
            try:
                value, end = _decoder.raw_decode(self._text, self._at)
            except JSONDecodeError as error:
                if self._ended or len(self._text) - self._at > LONGEST:
                    raise Unreadable(f"JSON 不完好或不完整：{error.msg} the JSON is broken or breaks off") from error
                self._more()
                continue
            except ValueError as error:
                raise Unreadable(f"JSON 不完好：{error} the JSON is broken") from error
            if end < len(self._text) or self._ended:
                self._at = end
                return value
            self._more()

    def _expect(self, sign: str) -> None:
        if self._peek() != sign:
            raise Unreadable(f"JSON 不完好或不完整：缺 {sign} the JSON is broken or breaks off")
        self._at += 1

    def _peek(self) -> str:
        """The next sign that is no blank; '' at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _BLANKS:
                self._at += 1
            if self._at < len(self._text) or self._ended:
                return self._text[self._at : self._at + 1]
            self._more()

    def _more(self) -> None:
        """Read on; what is behind us is let go. Blocks grow with what waits, so that a long value is tried rarely."""
        self._text = self._text[self._at :]
        self._at = 0
        block = self._file.read(max(BLOCK, len(self._text)))
        self._ended = not block
        self._text += block
