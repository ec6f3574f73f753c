"""Which years the page shows unless told, and what the bars count."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tracker.web.chart.overview import bars, whole

TODAY = date(2026, 11, 23)
COUNTS = {1980: 1, 1992: 1, 2009: 3, **dict.fromkeys(range(2016, 2022), 20)}


def test_thinly_filled_early_years_stand_in_the_gutter() -> None:
    axis = whole(COUNTS, TODAY, 5.0)
    assert axis.window.first == date(2016, 1, 1)
    assert axis.before == 5.0
    assert axis.window.last == date(2026, 12, 31)


def test_a_gutter_that_would_spare_little_is_not_made() -> None:
    axis = whole({2014: 1, **dict.fromkeys(range(2015, 2027), 20)}, TODAY, 5.0)
    assert axis.window.first == date(2014, 1, 1)
    assert axis.before == 0.0


def test_without_events_the_last_ten_years_are_shown() -> None:
    window = whole({}, TODAY, 5.0).window
    assert (window.first, window.last) == (date(2017, 1, 1), date(2026, 12, 31))


def test_bounds_that_are_asked_for_are_kept() -> None:
    axis = whole(COUNTS, TODAY, 5.0, date(2018, 3, 1), date(2019, 2, 28))
    assert (axis.window.first, axis.window.last, axis.before, axis.after) == (date(2018, 3, 1), date(2019, 2, 28), 0, 0)
    assert whole(COUNTS, TODAY, 5.0, date(2030, 5, 1)).window.last == date(2030, 12, 31)
    assert whole(COUNTS, TODAY, 5.0, None, date(1990, 6, 30)).window.first == date(1980, 1, 1)
    assert whole(COUNTS, TODAY, 5.0, None, date(1970, 6, 30)).window.first == date(1970, 1, 1)


def test_plans_in_the_far_future_stand_in_the_gutter_at_the_right() -> None:
    axis = whole(COUNTS | {2099: 2}, TODAY, 5.0)
    assert axis.window.last == date(2026, 12, 31)
    assert axis.after == 5.0


@given(counts=st.dictionaries(st.integers(1000, 2999), st.integers(1, 500), max_size=60), most=st.integers(5, 40),
       first=st.none() | st.dates(date(1000, 1, 1), date(1999, 12, 31)),
       last=st.none() | st.dates(date(2000, 1, 1), date(2999, 12, 31)))  # fmt: skip
def test_bars_count_every_year_that_lies_in_the_bounds(
    counts: dict[int, int], most: int, first: date | None, last: date | None
) -> None:
    axis = whole(counts, TODAY, 5.0, first, last)
    assert axis.window.first <= axis.window.last
    found = bars(counts, axis, most)
    assert sum(bar.count for bar in found) == sum(counts.values())
    assert all(-0.01 <= bar.x <= bar.x + bar.width <= 100.01 for bar in found)
