"""Stated totals follow from the entries, or it is said that they do not; the arithmetic needs no database."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tracker.curation.totals import Held, Outcome, evaluate, rows_of, values_at


def park(key: str, site: str, **members: Any) -> Held:
    payload = {"kind": "park", "key": key, "areas": [{"key": "site", "value": Decimal(site)}], **members}
    return Held("park", key, payload, frozenset({"330100"}))


def cited(key: str, **locator: Any) -> Held:
    return park(key, "1", citations=[{"path": "", "source": "book", "locator": locator}])


WHOLE, NORTH, SOUTH = park("whole", "3.89"), park("north", "3.02", parents=[{"key": "w", "park": "whole"}]), park(
    "south", "0.87", parents=[{"key": "w", "park": "whole"}])  # fmt: skip
PARTS = {"kind": "park", "where": {"/parents/*/park": "whole"}}


def computed(of: list[dict[str, Any]], **members: Any) -> Decimal | None:
    return evaluate([{"stated": 0, "of": of, **members}], [WHOLE, NORTH, SOUTH])[0].computed


def test_values_are_summed_exactly_over_the_entries_that_fit() -> None:
    assert computed([PARTS | {"take": "/areas/site/value"}]) == Decimal("3.89")


def test_without_a_path_every_entry_counts_one() -> None:
    assert computed([PARTS]) == 2


def test_entries_may_be_named_and_places_asked_for() -> None:
    assert computed([{"entry": "park/north park/south"}]) == 2
    assert computed([{"kind": "park", "within": "330100"}]) == 3


def test_one_selection_may_be_taken_off_another_and_a_sum_divided_by_a_third() -> None:
    one, other = ({"entry": f"park/{key}", "take": "/areas/*/value"} for key in ("whole", "north"))
    assert computed([one], minus=[other]) == Decimal("0.87")
    assert computed([one], times=100, divided_by=[one]) == 100


def test_a_selection_that_fits_nothing_is_told_from_zero_and_does_not_close() -> None:
    assert computed([{"entry": "park/nowhere"}]) is None
    assert not Outcome({"stated": 0}, None).closes


def test_rows_of_a_table_are_counted_once_whoever_cites_them() -> None:
    entries = [cited("a", table="表一", row=1), cited("b", table="表一", row=1), cited("c", table="表一", row=2),
               cited("d", table="表二", row=7), cited("e", table="表一")]  # fmt: skip
    assert rows_of("表一", entries) == {"1", "2"}
    assert evaluate([{"stated": 2, "of": [{"rows_of": "表一"}]}], entries)[0].closes


def test_an_entry_stands_under_a_heading_of_the_same_table_only() -> None:
    entries = [
        cited("a", table="表一", span="功能平台"),
        cited("b", table="表二", span="功能平台"),
        cited("c", table="表一"),
    ]
    selection = {"kind": "park", "table": "表一", "heading": "功能平台"}
    assert evaluate([{"stated": 1, "of": [selection]}], entries)[0].computed == 1


@pytest.mark.parametrize(
    ("stated", "qualifier", "number", "closes"),
    [
        (70, "exact", "70.0", True),
        (70, "exact", "70.1", False),
        (70, "about", "76.9", True),
        (70, "about", "78.12", False),
        (20, "over", "22", True),
        (150, "over", "139", False),
        (10, "under", "9", True),
    ],
)
def test_a_total_closes_within_what_its_print_allows(stated: int, qualifier: str, number: str, closes: bool) -> None:
    assert Outcome({"stated": stated, "qualifier": qualifier}, Decimal(number)).closes is closes


def test_paths_lead_through_members_children_by_key_and_all_items() -> None:
    payload = {"areas": [{"key": "site", "value": 1}, {"key": "floor", "value": 2}], "places": ["a", "b"]}
    assert values_at(payload, "/areas/floor/value") == [2]
    assert values_at(payload, "/areas/*/value") == [1, 2]
    assert values_at(payload, "/places/*") == ["a", "b"]
    assert values_at(payload, "/nowhere/at/all") == []
