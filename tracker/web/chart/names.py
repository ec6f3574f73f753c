"""Entries that a reader names in a form: by key, or by any name they go by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import F
from django.http import QueryDict
from django.utils.translation import gettext as _

from tracker.entries.models import Entry
from tracker.search import index
from tracker.values.errors import Invalid
from tracker.values.folding import fold

MOST = 20
"""How many values one filter takes."""
OFFERED = 8
_BEST_FIRST = ("tier", "-date_sort", "key")
_COLUMNS = ("pk", "kind", "key", "name", "name_en", "reference", "until")


class Unclear(Invalid):
    """A name that leads to no entry, or to several; ``candidates`` are those it may mean."""

    def __init__(self, parameter: str, value: str, message: str, candidates: Sequence[Entry]) -> None:
        super().__init__(message, [(parameter, message)])
        self.parameter = parameter
        self.value = value
        self.candidates = candidates


def named(query: QueryDict, parameter: str, of_kinds: Sequence[str]) -> dict[str, Entry]:
    """The live entries that a repeatable parameter names, in the order given, by key or, of several kinds, kind/key.

    :raises Unclear: a value that leads nowhere or to several entries.
    :raises Invalid: more values than a filter takes.
    """
    values = [value.strip() for value in dict.fromkeys(query.getlist(parameter)) if value.strip()]
    if len(values) > MOST:
        raise Invalid(_("参数 %(name)s 最多 %(most)s 个值。") % {"name": parameter, "most": MOST}, [(parameter, "")])
    by_key = {_address(row, of_kinds): row for row in _by_key(values, of_kinds)}
    left = [value for value in values if value not in by_key]
    by_name = _by_name(left, of_kinds) if left else {}
    found: dict[str, Entry] = {}
    for value in values:
        row = by_key.get(value) or _only(parameter, value, by_name.get(fold(value), []), of_kinds)
        found[_address(row, of_kinds)] = row
    return found


def _address(row: Entry, of_kinds: Sequence[str]) -> str:
    return row.key if len(of_kinds) == 1 else f"{row.kind}/{row.key}"


def _by_key(values: Iterable[str], of_kinds: Sequence[str]) -> Iterable[Entry]:
    keys = [value.rpartition("/")[2] for value in values if value.isascii()]
    return Entry.objects.live().filter(kind__in=of_kinds, key__in=keys).only(*_COLUMNS) if keys else ()


def _by_name(values: Iterable[str], of_kinds: Sequence[str]) -> dict[str, list[Entry]]:
    """The entries that go by each of the names, folded."""
    rows = Entry.objects.live().filter(kind__in=of_kinds, names__text__in=[fold(value) for value in values])
    found: dict[str, list[Entry]] = {}
    for row in rows.annotate(text=F("names__text")).only(*_COLUMNS).order_by("key"):
        found.setdefault(row.text, []).append(row)  # type: ignore[attr-defined]
    return found


def _only(parameter: str, value: str, rows: Sequence[Entry], of_kinds: Sequence[str]) -> Entry:
    """The one entry meant: by its whole name, else the one that has not ended (a place that is no longer)."""
    for meant in ([row for row in rows if row.name == value], [row for row in rows if not row.until], rows):
        if len(meant) == 1:
            return meant[0]
    if rows:
        raise Unclear(parameter, value, _("“%(value)s”不止一个，请选一个。") % {"value": value[:80]}, rows[:OFFERED])
    near = index.find(value[:100]).filter(kind__in=of_kinds).order_by(*_BEST_FIRST).only(*_COLUMNS)
    raise Unclear(parameter, value, _("没有叫“%(value)s”的。") % {"value": value[:80]}, list(near[:OFFERED]))
