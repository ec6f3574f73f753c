from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import translation

from tracker.web import highlight, language, numbers
from tracker.web.highlight import Piece


@pytest.mark.parametrize(("value", "said"), [
    (Decimal("1234567.50"), "1,234,567.5"), (0, "0"), (Decimal("1E+3"), "1,000"), (Decimal("-20"), "-20"), (100, "100"),
])  # fmt: skip
def test_numbers_have_thousands_and_no_trailing_zeros(value: Decimal | int, said: str) -> None:
    assert numbers.grouped(value) == said


def test_an_area_can_be_read_in_another_unit_with_four_figures() -> None:
    child = {"value": 1000, "unit": "亩", "qualifier": "about"}
    assert numbers.area(child, "ha", english=False) == ("约", "66.67", "公顷")
    assert numbers.area(child, "km2", english=True) == ("about ", "0.6667", "km²")


def test_without_a_choice_an_area_stands_as_printed() -> None:
    child = {"value": Decimal("11.5"), "unit": "km2", "qualifier": "exact"}
    assert numbers.area(child, "", english=False) == ("", "11.5", "km²")
    assert numbers.area(child, "km2", english=False) == ("", "11.5", "km²")


def test_a_quantity_that_is_no_area_keeps_its_unit_whatever_was_chosen() -> None:
    assert numbers.area({"value": 90, "unit": "家"}, "km2", english=False) == ("", "90", "家")


def test_money_is_told_in_the_language_of_the_page() -> None:
    assert numbers.amount({"value": 134, "unit": "亿元"}, english=True) == ("", "134", "hundred million yuan")
    assert numbers.amount({"value": 134, "unit": "亿元"}, english=False) == ("", "134", "亿元")


def test_hits_are_found_in_simplified_traditional_and_wide_letters() -> None:
    assert highlight.pieces("江北新區ＡＩ", "江北新区 ai") == [Piece("江北新區ＡＩ", True)]


def test_what_is_not_found_is_left_whole() -> None:
    assert highlight.pieces("江北新区", "浦东") == [Piece("江北新区", False)]


def test_a_long_text_is_shown_around_its_first_hit() -> None:
    text = "甲" * 100 + "芯片" + "乙" * 100
    shown = highlight.around(text, "芯片")
    assert "芯片" in shown
    assert shown.startswith("…") and shown.endswith("…")


def test_on_an_english_page_a_name_without_english_keeps_its_chinese_and_says_so() -> None:
    with translation.override("en"):
        assert language.spoken("江北新区", "") == ("江北新区", "zh-Hans")
        assert language.spoken("南京市", "Nanjing") == ("Nanjing", "")
    with translation.override("zh-hans"):
        assert language.spoken("南京市", "Nanjing") == ("南京市", "")
