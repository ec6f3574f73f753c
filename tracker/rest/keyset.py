"""Keyset pages: a page begins where the last one ended, by value and never by offset.

A cursor is opaque, signed, and bound to its query: with another filter or order it is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

from django.core import signing
from django.db.models import Model, Q, QuerySet
from django.http import QueryDict

from .problems import bad_parameter

PAGE_SIZE = 50
MAX_PAGE_SIZE = 200
_signer = signing.Signer(salt="tracker.cursor")  # without a timestamp: the same page has the same cursor
Row = TypeVar("Row", bound=Model)


class Column(NamedTuple):
    """One column of an order; the last one of an order must make it unique."""

    name: str
    descending: bool = False


@dataclass(frozen=True)
class Page:
    rows: list[Any]
    following: str | None
    """The cursor of the next page, or None."""
    previous: str | None


def query_hash(parameters: QueryDict, path: str) -> str:
    """What a cursor is bound to: the address and every parameter but the cursor and the page's size."""
    kept = sorted((name, value) for name, values in parameters.lists() for value in values
                  if name not in ("cursor", "page_size", "count"))  # fmt: skip
    return sha256(repr((path, kept)).encode()).hexdigest()[:16]


def page_size(parameters: QueryDict) -> int:
    text = parameters.get("page_size", "")
    if not text:
        return PAGE_SIZE
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= MAX_PAGE_SIZE:
        raise bad_parameter("page_size", f"must be a whole number from 1 to {MAX_PAGE_SIZE}")
    return int(text)


def paginate(queryset: QuerySet[Row], order: Sequence[Column], parameters: QueryDict, path: str) -> Page:
    """One page of a queryset in an explicit order of non-null columns.

    :raises Invalid: the cursor is broken, foreign or of another query; the page size is out of range.
    """
    size, bound = page_size(parameters), query_hash(parameters, path)
    position = read(parameters.get("cursor", ""), bound, len(order))
    return _page(_ahead(queryset, order, size, position), order, size, bound, position)


def ahead(queryset: QuerySet[Row], order: Sequence[Column], parameters: QueryDict, path: str) -> list[Row]:
    """What a page of rows in memory (``paginate_rows``) may hold of a queryset: as many as a page, and one more.

    :raises Invalid: as ``paginate``.
    """
    position = read(parameters.get("cursor", ""), query_hash(parameters, path), len(order))
    return _ahead(queryset, order, page_size(parameters), position)


def _ahead(queryset: QuerySet[Row], order: Sequence[Column], size: int,
           position: dict[str, Any] | None) -> list[Row]:  # fmt: skip
    backwards = bool(position and position["b"])
    if position:
        queryset = queryset.filter(_beyond(order, position["v"], backwards))
    return list(queryset.order_by(*in_order(order, backwards=backwards))[: size + 1])


def paginate_rows(rows: Sequence[dict[str, Any]], column: Column, parameters: QueryDict, path: str) -> Page:
    """The same over rows in memory, in the order of one column that is unique.

    :raises Invalid: as ``paginate``.
    """
    size, bound = page_size(parameters), query_hash(parameters, path)
    position = read(parameters.get("cursor", ""), bound, 1)
    falling = column.descending != bool(position and position["b"])
    ordered = sorted(rows, key=itemgetter(column.name), reverse=falling)
    if position:
        start = position["v"][0]
        ordered = [row for row in ordered if (row[column.name] < start if falling else row[column.name] > start)]
    return _page(ordered[: size + 1], [column], size, bound, position)


def _page(found: list[Any], order: Sequence[Column], size: int, bound: str, position: dict[str, Any] | None) -> Page:
    """A page from its rows and, if there is one, the row after them."""
    backwards, more = bool(position and position["b"]), len(found) > size
    rows = found[:size]
    if backwards:
        rows.reverse()
    has_next, has_previous = (True, more) if backwards else (more, position is not None)
    return Page(
        rows,
        write(_at(order, rows[-1]), bound, backwards=False) if rows and has_next else None,
        write(_at(order, rows[0]), bound, backwards=True) if rows and has_previous else None,
    )


def in_order(order: Sequence[Column], *, backwards: bool = False) -> list[str]:
    """The order as Django has it."""
    return [("-" if column.descending != backwards else "") + column.name for column in order]


def _beyond(order: Sequence[Column], values: Sequence[Any], backwards: bool) -> Q:
    """Rows after the position: (a > x) or (a = x and b > y) …, each column in its direction."""
    condition = Q()
    for at in range(len(order) - 1, -1, -1):
        column = order[at]
        compare = "lt" if column.descending != backwards else "gt"
        step = Q(**{f"{column.name}__{compare}": values[at]})
        condition = step | (Q(**{column.name: values[at]}) & condition) if condition else step
    return condition


def _at(order: Sequence[Column], row: Any) -> list[Any]:
    return [_plain(row, column.name) for column in order]


def write(values: Sequence[Any], bound: str, *, backwards: bool) -> str:
    """A cursor that stands after (backwards: before) these values of the order."""
    return _signer.sign_object({"q": bound, "v": list(values), "b": int(backwards)}, compress=True)


def _plain(row: Any, name: str) -> Any:
    for part in name.split("__"):
        row = row[part] if isinstance(row, dict) else getattr(row, part)
    return row.isoformat() if hasattr(row, "isoformat") else row


def read(cursor: str, bound: str, width: int) -> dict[str, Any] | None:
    """The position a cursor stands for; None for the first page.

    :raises Invalid: broken, not ours, or of another query.
    """
    if not cursor:
        return None
    try:
        position: dict[str, Any] = _signer.unsign_object(cursor)
    except signing.BadSignature as error:
        raise bad_parameter("cursor", "is broken or not one of ours; begin again without it") from error
    if position.get("q") != bound or len(position.get("v", [])) != width:
        raise bad_parameter("cursor", "belongs to another query; begin again without it")
    return position


def link(path: str, parameters: QueryDict, cursor: str | None) -> str | None:
    """The address of another page of the same query."""
    if cursor is None:
        return None
    changed = parameters.copy()
    changed["cursor"] = cursor
    return f"{path}?{changed.urlencode()}"
