"""Empty tables to fill in: a header, what each column means, what may stand in it, and an example."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from typing import Any

import xlsxwriter

from tracker.delivery.formats import BYTE_ORDER_MARK
from tracker.entries.fields import Code, Date, Field, Flag, Json, Number, Ref, Refs, Texts
from tracker.entries.kinds import Kind
from tracker.entries.models import Entry
from tracker.values import canonical
from tracker.vocabulary.models import Term

from .columns import ENTRY, Heading, cells, child_cells, child_headings, headings, lists_of
from .exporting import MEDIA as _MEDIA
from .exporting import guarded_text, payloads

MEDIA = {**{name: media for name, media in _MEDIA.items() if name != "geojson"}, "json": "application/json"}
MOST_CHOICES = 200
ROWS = 10_000
"""How many rows below the header offer their choices."""


def made(kind: Kind, format_: str) -> bytes:
    """The template of a kind in a format of ``MEDIA``."""
    example = _example(kind)
    match format_:
        case "csv":
            return _csv(kind, example)
        case "xlsx":
            return _xlsx(kind, example)
        case "jsonl":
            return (canonical.dumps(example) + "\n").encode()
        case _:
            return ("[\n  " + canonical.dumps(example) + "\n]\n").encode()


def _example(kind: Kind) -> Json:
    """What the first live entry of the kind says, under a key that is nobody's."""
    found = next(payloads(Entry.objects.filter(kind=kind.name)), None)
    payload: Json = found[0] if found else {"kind": kind.name, kind.naming: f"{kind.zh}的名称"}
    return {**payload, "key": f"example-{kind.name}"}


def _csv(kind: Kind, example: Json) -> bytes:
    """The header and the example; its row is to be replaced."""
    line = StringIO()
    writer = csv.writer(line)
    names = [heading.name for heading in headings(kind)]
    row = cells(kind, example, 0) | {"revision": None}
    writer.writerow(names)
    writer.writerow([guarded_text(row.get(name)) for name in names])
    return (BYTE_ORDER_MARK + line.getvalue()).encode()


# --- Excel --------------------------------------------------------------------------------------------------------


def _xlsx(kind: Kind, example: Json) -> bytes:
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True, "bg_color": "#DCEBEA", "border": 1})
    needed = book.add_format({"bold": True, "bg_color": "#F6D9B8", "border": 1})
    choices = _Choices(book)
    main = [heading for heading in headings(kind) if heading.name not in lists_of(kind)]
    sheet = book.add_worksheet(kind.plural)
    _head(sheet, main, bold, needed, choices)
    for name, listed in lists_of(kind).items():
        inner = [Heading(ENTRY, "条目的键", "Key of its entry", None, True), *child_headings(listed)]
        _head(book.add_worksheet(name), inner, bold, needed, choices)
    _explain(book, kind, bold, choices)
    _show(book, kind, example, bold)
    choices.write()
    book.close()
    return file.getvalue()


def _head(sheet: Any, shown: list[Heading], bold: Any, needed: Any, choices: _Choices) -> None:
    sheet.freeze_panes(1, 1)
    for place, heading in enumerate(shown):
        sheet.write_string(0, place, heading.name, needed if heading.required else bold)
        sheet.write_comment(0, place, f"{heading.zh} {heading.en}\n{meaning(heading.field)}", {"x_scale": 2})
        if source := choices.of(heading.field):
            sheet.data_validation(
                1, place, ROWS, place, {"validate": "list", "source": source, "error_type": "warning"}
            )
    sheet.set_column(0, max(0, len(shown) - 1), 16)


def _explain(book: Any, kind: Kind, bold: Any, choices: _Choices) -> None:
    sheet = book.add_worksheet("说明")
    for place, title in enumerate(("工作表 sheet", "列 column", "中文", "English", "必填 required", "怎么写 how")):
        sheet.write_string(0, place, title, bold)
    listed = lists_of(kind)
    rows = [(kind.plural, heading) for heading in headings(kind) if heading.name not in listed]
    rows += [(name, heading) for name, one in listed.items() for heading in child_headings(one)]
    for number, (where, heading) in enumerate(rows, start=1):
        texts = (
            where,
            heading.name,
            heading.zh,
            heading.en,
            "是 yes" if heading.required else "",
            meaning(heading.field),
        )
        for place, text in enumerate(texts):
            sheet.write_string(number, place, text)
    for place, width in enumerate((16, 24, 16, 24, 10, 80)):
        sheet.set_column(place, place, width)


def _show(book: Any, kind: Kind, example: Json, bold: Any) -> None:
    """The example beside the sheets that are filled in, so that it is not brought back by mistake."""
    sheet = book.add_worksheet("示例")
    row = cells(kind, example, 0) | {"revision": None}
    shown = [heading.name for heading in headings(kind) if heading.name not in lists_of(kind)]
    at = _block(sheet, 0, kind.plural, shown, [row], bold)
    for name, listed in lists_of(kind).items():
        children = [{ENTRY: example["key"], **child_cells(listed, child)} for child in example.get(name, [])[:3]]
        at = _block(sheet, at, name, [ENTRY, *(one.name for one in child_headings(listed))], children, bold)


def _block(sheet: Any, at: int, title: str, names: list[str], rows: list[Json], bold: Any) -> int:
    sheet.write_string(at, 0, title, bold)
    for place, name in enumerate(names):
        sheet.write_string(at + 1, place, name, bold)
    for number, row in enumerate(rows, start=at + 2):
        for place, name in enumerate(names):
            if row.get(name) is not None:
                sheet.write_string(number, place, guarded_text(row[name]))
    return at + 3 + len(rows)


class _Choices:
    """The values that a column offers, kept on a sheet of their own: lists in a cell may have 255 characters."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._lists: dict[str, list[str]] = {}

    def of(self, member: Field | None) -> str:
        """The range of a field's choices as a formula; '' where anything may stand."""
        name, values = _choices(member)
        if not values:
            return ""
        self._lists.setdefault(name, values)
        column = _letters(list(self._lists).index(name))
        return f"='可选值'!${column}$2:${column}${len(self._lists[name]) + 1}"

    def write(self) -> None:
        if not self._lists:
            return
        sheet = self._book.add_worksheet("可选值")
        for place, (name, values) in enumerate(self._lists.items()):
            sheet.write_string(0, place, name)
            for number, value in enumerate(values, start=1):
                sheet.write_string(number, place, value)


def _letters(place: int) -> str:
    return chr(ord("A") + place) if place < 26 else f"{chr(ord('A') + place // 26 - 1)}{chr(ord('A') + place % 26)}"


def _choices(member: Field | None) -> tuple[str, list[str]]:
    if isinstance(member, Code):
        return member.choices.__name__, list(member.choices.values)
    if isinstance(member, Flag):
        return "flag", ["true", "false"]
    if isinstance(member, Ref) and member.vocabulary and not member.many:
        rows = Term.objects.filter(vocabulary=member.vocabulary, entry__state="live").order_by("rank", "entry__key")
        return member.vocabulary, list(rows.values_list("entry__key", flat=True)[:MOST_CHOICES])
    return "", []


def meaning(member: Field | None) -> str:
    """How a column is filled in, Chinese and English."""
    if member is None:
        return "条目的键 the key of the entry"
    said = _SAID.get(next((sort for sort in type(member).__mro__ if sort in _SAID), Field), "")
    if isinstance(member, Code):
        said = "；".join(f"{value} {label}" for value, label in member.choices.choices)
    if isinstance(member, Ref) and member.or_title:
        said += "；尚未收录的写 title:名称 what is not here yet: title:…"
    return "；".join(filter(None, (said, member.help)))


_SAID: dict[type, str] = {
    Date: "2017、2017-09、2019-10-17、2017年底、2021年上半年、十四五 都可以 EDTF, or as people say it",
    Number: "只写数，单位另列 a number; its unit has a column of its own",
    Flag: "是 或 否 true or false",
    Refs: "键、全名或“省名+地名”，几个用 | 分开 keys or names, separated by |",
    Ref: "键、全名或“省名+地名” a key or a name",
    Texts: "几条用 | 分开 several are separated by |",
}
