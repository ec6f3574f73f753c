"""EDTF values against the calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.values import edtf

days = st.dates(date(1900, 1, 1), date(2100, 12, 31))
MARKS = st.sampled_from(["", "~", "?", "%"])


@st.composite
def points(draw: st.DrawFn) -> str:
    day = draw(days)
    shape = draw(st.sampled_from(["%Y", "%Y-%m", "%Y-%m-%d"]))
    return day.strftime(shape) + draw(MARKS)


@pytest.mark.parametrize(
    ("text", "lower", "upper"),
    [
        ("2017", "2017-01-01", "2017-12-31"),
        ("2017-09", "2017-09-01", "2017-09-30"),
        ("2017-12~", "2017-12-01", "2017-12-31"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("2019-10-17", "2019-10-17", "2019-10-17"),
        ("2020-33", "2020-01-01", "2020-03-31"),
        ("2020-36", "2020-10-01", "2020-12-31"),
        ("2020-40", "2020-01-01", "2020-06-30"),
        ("2020-24", "2020-12-01", "2021-02-28"),
        ("2021/2025", "2021-01-01", "2025-12-31"),
    ],
)
def test_a_value_has_a_strict_first_and_last_day(text: str, lower: str, upper: str) -> None:
    value = edtf.parse(text)
    assert (value.lower, value.upper) == (date.fromisoformat(lower), date.fromisoformat(upper))


WRONG = ["2017-13", "2019-02-30", "17", "2017.9", "2017年", "2025/2021", "../..", "/", "", "2017-9"]


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_date_is_refused_in_words(text: str) -> None:
    with pytest.raises(edtf.InvalidEdtf) as refusal:
        edtf.parse(text)
    assert len(str(refusal.value)) > 20


@given(points())
def test_qualifiers_never_widen_the_bounds(text: str) -> None:
    plain = edtf.parse(text.rstrip("~?%"))
    marked = edtf.parse(text)
    assert (plain.lower, plain.upper) == (marked.lower, marked.upper)


@given(points(), points())
def test_two_values_overlap_exactly_when_they_share_a_day(one: str, other: str) -> None:
    first, second = edtf.parse(one), edtf.parse(other)
    assert first.lower and first.upper and second.lower and second.upper
    shared = max(first.lower, second.lower) <= min(first.upper, second.upper)
    assert edtf.overlap(first, second) is shared


@given(st.lists(points(), min_size=2, max_size=20))
def test_the_sort_text_orders_by_first_day_and_then_by_finer_precision(texts: list[str]) -> None:
    values = [edtf.parse(text) for text in texts]
    by_text = sorted(values, key=edtf.sort_text)
    by_rule = sorted(values, key=lambda value: (value.lower, value.precision_days))
    assert [(v.lower, v.upper) for v in by_text] == [(v.lower, v.upper) for v in by_rule]


@given(days)
def test_a_month_holds_exactly_its_days(day: date) -> None:
    month = edtf.parse(day.strftime("%Y-%m"))
    assert edtf.overlap(month, edtf.of_day(day))
    assert month.upper
    assert not edtf.overlap(month, edtf.of_day(month.upper + timedelta(days=1)))


def test_dates_are_said_as_people_say_them() -> None:
    assert edtf.in_chinese("2017-12~") == "2017年12月前后"
    assert edtf.in_chinese("2021/2025") == "2021年至2025年"
    assert edtf.in_chinese("2020-33") == "2020年第一季度"
    assert edtf.in_english("2019-10-17") == "17 October 2019"
    assert edtf.in_english("2017-12~") == "about December 2017"
