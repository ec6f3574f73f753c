"""Totals that the documents state, compared with what the entries add up to: pure arithmetic, no database.

A stated total is a line of ``totals.json``: the number a document prints, and how the same number follows from the
entries. Sums are exact; nothing is rounded before the comparison.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from tracker.values import canonical
from tracker.values.quantity import possible_range

Json = dict[str, Any]

DECLARED = Path(__file__).with_name("totals.json")


@dataclass(frozen=True)
class Held:
    """One entry as a total sees it: its payload, and the keys of all places it lies in."""

    kind: str
    key: str
    payload: Json
    within: frozenset[str]


@dataclass(frozen=True)
class Outcome:
    """A stated total beside the computed one; ``computed`` is None where nothing could be selected."""

    total: Json
    computed: Decimal | None

    @property
    def closes(self) -> bool:
        """Whether the computed number lies in what the print allows: 约 is ±10 %, 超 is more, 不足 is less."""
        if self.computed is None:
            return False
        allowed = possible_range(Decimal(self.total["stated"]), self.total.get("qualifier", "exact"))
        return allowed.meets(possible_range(self.computed, "exact"))


def declared() -> list[Json]:
    """The stated totals, in the order of the file."""
    totals: list[Json] = canonical.loads(DECLARED.read_text(encoding="utf-8"))["totals"]
    return totals


def evaluate(totals: Iterable[Json], entries: Sequence[Held]) -> list[Outcome]:
    """Compute every total: the sum of ``of``, less ``minus``, times ``times``, over each of ``divided_by``."""
    return [Outcome(total, _computed(total, entries)) for total in totals]


def _computed(total: Json, entries: Sequence[Held]) -> Decimal | None:
    numbers = [list(_numbers(selection, entries)) for selection in total["of"]]
    less = [number for selection in total.get("minus", []) for number in _numbers(selection, entries)]
    if not all(numbers):
        return None
    value = sum((number for group in numbers for number in group), Decimal(0)) - sum(less, Decimal(0))
    value *= Decimal(total.get("times", 1))
    for selection in total.get("divided_by", []):
        value /= sum(_numbers(selection, entries), Decimal(0))
    return value


def _numbers(selection: Json, entries: Sequence[Held]) -> Iterator[Decimal]:
    """What a selection gives: the numbers at ``take`` of each entry it fits, or 1 for each."""
    if "rows_of" in selection:
        yield Decimal(len(rows_of(selection["rows_of"], entries)))
        return
    for entry in entries:
        if _fits(entry, selection):
            found = values_at(entry.payload, selection["take"]) if "take" in selection else [1]
            yield from (Decimal(value) for value in found)


def _fits(entry: Held, selection: Json) -> bool:
    if "entry" in selection:
        return f"{entry.kind}/{entry.key}" in selection["entry"].split()
    return (
        entry.kind == selection["kind"]
        and ("within" not in selection or selection["within"] in entry.within)
        and ("heading" not in selection or _stands_under(entry, selection["table"], selection["heading"]))
        and all(wanted in values_at(entry.payload, path) for path, wanted in selection.get("where", {}).items())
    )


def _stands_under(entry: Held, table: str, heading: str) -> bool:
    """Whether a citation of the entry names the table and, in its words or its span, the heading inside it."""
    return any(
        table in str(citation["locator"].get("table"))
        and heading in (citation.get("printed"), citation["locator"].get("span"))
        for citation in entry.payload.get("citations", [])
        if "locator" in citation
    )


def rows_of(table: str, entries: Iterable[Held]) -> set[str]:
    """The rows of a document's table that are cited, whatever the kind of entry."""
    return {str(citation["locator"]["row"]) for entry in entries for citation in entry.payload.get("citations", [])
            if table in str(citation.get("locator", {}).get("table", "")) and "row" in citation["locator"]}  # fmt: skip


def values_at(payload: Any, path: str) -> list[Any]:
    """All values at a path; ``*`` stands for every item of a list, other parts name members or children by key."""
    found = [payload]
    for part in path.split("/")[1:]:
        found = [value for item in found for value in _step(item, part)]
    return found


def _step(item: Any, part: str) -> Iterator[Any]:
    if isinstance(item, dict) and part in item:
        yield item[part]
    elif isinstance(item, list):
        yield from (child for child in item if part == "*" or (isinstance(child, dict) and child.get("key") == part))
