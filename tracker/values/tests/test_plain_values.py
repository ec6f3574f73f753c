"""Canonical JSON, quantities, areas and paths."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.values import canonical
from tracker.values.folding import fold
from tracker.values.paths import covering_paths, value_at
from tracker.values.quantity import Range, possible_range
from tracker.values.units import to_square_metres

numbers = st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**12), max_value=10**12)
leaves = st.none() | st.booleans() | st.integers() | numbers | st.text()
values = st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


@given(values)
def test_canonical_text_is_a_fixed_point(value: Any) -> None:
    text = canonical.dumps(value)
    assert canonical.dumps(canonical.loads(text)) == text


@given(numbers)
def test_numbers_keep_their_exact_value(number: Decimal) -> None:
    assert Decimal(canonical.dumps(number)) == number


def test_equal_facts_are_equal_texts() -> None:
    assert canonical.dumps({"b": Decimal("1.50"), "a": 100}) == canonical.dumps({"a": Decimal("1E+2"), "b": 1.5})


@pytest.mark.parametrize("text", ["NaN", "[Infinity]", '{"a":-Infinity}'])
def test_what_is_no_json_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        canonical.loads(text)


def test_about_nearly_over_and_under_are_ranges() -> None:
    assert possible_range(Decimal(100), "about") == Range(Decimal(90), Decimal(110))
    assert possible_range(Decimal(100), "nearly") == Range(Decimal(90), Decimal(100))
    assert possible_range(Decimal(400), "over").meets(possible_range(Decimal(450)))
    assert not possible_range(Decimal(400), "under").meets(possible_range(Decimal(450)))


def test_areas_in_the_unit_printed_compare_in_square_metres() -> None:
    assert to_square_metres(Decimal("15.21"), "km2") == 15_210_000
    assert to_square_metres(Decimal(277), "亩") == 184_667
    assert to_square_metres(Decimal(31), "万m2") == 310_000


def test_paths_lead_to_children_by_their_key() -> None:
    payload = {"areas": [{"key": "site", "value": 7}], "operators": ["baidu"]}
    assert value_at(payload, "/areas/site/value") == 7
    assert value_at(payload, "/operators/0") == "baidu"
    assert value_at(payload, "/areas/other") is None
    assert covering_paths("/areas/site/value") == ["/areas/site/value", "/areas/site", "/areas", ""]


def test_folding_makes_spellings_of_one_name_equal() -> None:
    assert fold("國家人工智能先導區") == fold("国家人工智能先导区")
    assert fold("《ＡＩ》规划") == "ai 规划"
