"""Documents as JSON Lines, CSV and GeoJSON: each format a stream of text, however many documents there are.

Snapshots and the exports of lists are written by these same functions.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

from tracker.entries.fields import Json
from tracker.values import canonical
from tracker.values.cells import defused, shortened

from . import columns, features
from .columns import Column, Sort
from .features import Points

BYTE_ORDER_MARK = "\ufeff"
"""Without it spreadsheets read Chinese as something else."""


def json_lines(texts: Iterable[str]) -> Iterator[str]:
    """One document a line, as it is stored."""
    return (f"{text}\n" for text in texts)


def table(shown: Sequence[Column], documents: Iterable[Json]) -> Iterator[str]:
    """CSV (RFC 4180) in UTF-8 with a byte order mark; text that looks like a formula is defused."""
    line = StringIO()
    writer = csv.writer(line)
    writer.writerow([column.name for column in shown])
    yield BYTE_ORDER_MARK + _taken(line)
    for document in documents:
        writer.writerow([_cell(column, document) for column in shown])
        yield _taken(line)


def _taken(line: StringIO) -> str:
    text = line.getvalue()
    line.seek(0)
    line.truncate()
    return text


def _cell(column: Column, document: Json) -> str:
    text = columns.text(column.read(document))
    return text if column.sort in (Sort.INTEGER, Sort.NUMBER) else defused(shortened(text))


def feature_collection(shown: Sequence[Column], documents: Iterable[tuple[Json, Points]], about: Json) -> Iterator[str]:
    """A GeoJSON FeatureCollection; ``about`` (licence, attribution …) stands in it as foreign members."""
    opening = canonical.dumps_ordered({"type": "FeatureCollection", **about})
    yield f'{opening[:-1]},"features":['
    separator = "\n"
    for document, points in documents:
        yield separator + canonical.dumps_ordered(features.feature(document, points, shown))
        separator = ",\n"
    yield "\n]}\n"
