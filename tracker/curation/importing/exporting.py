"""Entries as editors take them away and bring them back: payloads with their revision, in every format read here.

What is exported and imported again untouched changes nothing.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from io import StringIO
from itertools import islice
from typing import IO, Any

import xlsxwriter
from django.db.models import F, QuerySet

from tracker.delivery import columns as shown
from tracker.delivery.formats import BYTE_ORDER_MARK
from tracker.entries.fields import Group, Json
from tracker.entries.kinds import Kind
from tracker.entries.models import Entry, Revision, State
from tracker.values import canonical
from tracker.values.cells import FORMULA_STARTS, guarded

from .columns import ENTRY, cells, child_cells, child_headings, headings, lists_of

MEDIA = {
    "csv": "text/csv", "jsonl": "application/jsonl", "geojson": "application/geo+json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip
BATCH = 500
_POINTS = ("location", "point")
Said = tuple[Json, int]
"""A payload and its revision."""


def payloads(entries: QuerySet[Entry]) -> Iterator[Said]:
    """What the live entries of a list say, in order of their keys; a batch at a time, each one query."""
    keys = entries.filter(state=State.LIVE).order_by("key").values_list("pk", flat=True).iterator(chunk_size=2000)
    while batch := list(islice(keys, BATCH)):
        rows = Revision.objects.filter(entry__in=batch, number=F("entry__revision")).order_by("entry__key")
        yield from ((canonical.loads(text), number) for text, number in rows.values_list("payload", "number"))


def as_csv(kind: Kind, said: Iterable[Said]) -> Iterator[str]:
    """CSV in UTF-8 with a byte order mark; lists of children stand in a cell as JSON."""
    line = StringIO()
    writer = csv.writer(line)
    names = [heading.name for heading in headings(kind)]
    writer.writerow(names)
    yield BYTE_ORDER_MARK + _taken(line)
    for payload, revision in said:
        row = cells(kind, payload, revision)
        writer.writerow([guarded_text(row.get(name)) for name in names])
        yield _taken(line)


def guarded_text(value: Any) -> str:
    text = shown.text(value)
    return guarded(text) if isinstance(value, str) else text


def _taken(line: StringIO) -> str:
    text = line.getvalue()
    line.seek(0)
    line.truncate()
    return text


def as_json_lines(kind: Kind, said: Iterable[Said]) -> Iterator[str]:
    """A payload a line, with its revision."""
    return (f"{canonical.dumps({**payload, 'revision': revision})}\n" for payload, revision in said)


def as_geojson(kind: Kind, said: Iterable[Said]) -> Iterator[str]:
    """Features whose properties are the payload; the entry's own point is the geometry and stands nowhere else."""
    yield '{"type":"FeatureCollection","features":['
    separator = "\n"
    for payload, revision in said:
        yield separator + canonical.dumps_ordered(_feature(kind, payload, revision))
        separator = ",\n"
    yield "\n]}\n"


def _feature(kind: Kind, payload: Json, revision: int) -> Json:
    properties: Json = {**payload, "revision": revision}
    geometry = None
    for member in kind.all_fields:
        if isinstance(member, Group) and member.name in _POINTS and "lat" in (found := payload.get(member.name) or {}):
            if "lng" not in found:
                continue
            geometry = {"type": "Point", "coordinates": [found["lng"], found["lat"]]}
            properties[member.name] = {name: value for name, value in found.items() if name not in ("lat", "lng")}
    properties = {name: value for name, value in properties.items() if value != {}}
    return {"type": "Feature", "id": payload["key"], "geometry": geometry, "properties": properties}


# --- Excel --------------------------------------------------------------------------------------------------------


def write_xlsx(file: IO[bytes], kind: Kind, said: Iterable[Said]) -> None:
    """A workbook: the entries on the first sheet, every list of children on a sheet of its own. Rows go to disk."""
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                                      "strings_to_numbers": False})  # fmt: skip
    tables = {"": Sheet(book, kind.plural, [one.name for one in headings(kind) if one.name not in lists_of(kind)])}
    for name, listed in lists_of(kind).items():
        tables[name] = Sheet(book, name, [ENTRY, *(one.name for one in child_headings(listed))])
    for payload, revision in said:
        tables[""].write(cells(kind, payload, revision))
        for name, listed in lists_of(kind).items():
            for child in payload.get(name, []):
                tables[name].write({ENTRY: payload["key"], **child_cells(listed, child)})
    book.close()


class Sheet:
    """One sheet being written, row by row."""

    def __init__(self, book: Any, title: str, names: list[str]) -> None:
        self._sheet, self._names, self._row = book.add_worksheet(title[:31]), names, 0
        self._quoted = book.add_format({"quote_prefix": True})
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_column(0, max(0, len(names) - 1), 18)
        for place, name in enumerate(names):
            self._sheet.write_string(0, place, name, book.add_format({"bold": True}))

    def write(self, row: Json) -> None:
        self._row += 1
        for place, name in enumerate(self._names):
            self._cell(place, row.get(name))

    def _cell(self, place: int, value: Any) -> None:
        if value is None:
            return
        if isinstance(value, bool):
            self._sheet.write_boolean(self._row, place, value)
        elif isinstance(value, str):
            self._sheet.write_string(self._row, place, value, self._quoted if value[:1] in FORMULA_STARTS else None)
        elif _is_exact(value):
            self._sheet.write_number(self._row, place, value)
        else:
            self._sheet.write_string(self._row, place, canonical.plain(value))


def _is_exact(value: Any) -> bool:
    """Whether a spreadsheet, which keeps 15 digits, gives the number back."""
    return len(str(value).replace(".", "").lstrip("-0")) <= 15
