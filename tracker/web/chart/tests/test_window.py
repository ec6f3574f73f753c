"""Windows: how they are completed by a zoom, moved, and written in short."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.values import edtf
from tracker.web.chart.window import EARLIEST, LATEST, ZOOMS, Window, at_zoom, since, text_of, until

DAYS = st.dates(EARLIEST, LATEST)
ZOOM = st.sampled_from(list(ZOOMS))
WINDOWS = st.tuples(DAYS, st.integers(0, 20_000)).map(
    lambda found: Window(found[0], min(found[0] + timedelta(days=found[1]), LATEST))
)


def window(first: str, last: str) -> Window:
    return Window(date.fromisoformat(first), date.fromisoformat(last))


@given(zoom=ZOOM, day=DAYS)
def test_the_window_of_a_zoom_holds_its_day_and_is_of_that_zoom(zoom: str, day: date) -> None:
    for found in (at_zoom(zoom, day), until(zoom, day)):
        assert found.first <= day <= found.last
        assert found.zoom == zoom
        assert found.whole_months == ZOOMS[zoom]


@given(zoom=ZOOM, day=st.dates(EARLIEST, date(2960, 1, 1)))
def test_a_window_since_a_day_begins_with_it(zoom: str, day: date) -> None:
    found = since(zoom, day)
    assert found.first == day
    assert found.zoom == zoom


@given(start=WINDOWS, direction=st.sampled_from([-1, 1]))
def test_a_moved_window_is_as_long_and_lies_that_way(start: Window, direction: int) -> None:
    found = start.moved(direction)
    assert EARLIEST <= found.first <= found.last <= LATEST
    if start.whole_months:
        assert found.whole_months == start.whole_months
    else:
        assert found.days == start.days
    at_the_edge = start.first == EARLIEST if direction < 0 else start.last == LATEST
    assert at_the_edge or (found.first - start.first).days * direction > 0


@given(start=WINDOWS)
def test_the_short_texts_of_a_window_mean_its_days(start: Window) -> None:
    first, last = start.texts
    assert edtf.parse(first).lower == start.first
    assert edtf.parse(last).upper == start.last
    whole = edtf.parse(text_of(start.first, start.last))
    assert (whole.lower, whole.upper) == (start.first, start.last)


@pytest.mark.parametrize(("first", "last", "text"), [
    ("2019-01-01", "2019-12-31", "2019"), ("2019-04-01", "2019-06-30", "2019-34"),
    ("2019-07-01", "2019-12-31", "2019-41"), ("2019-02-01", "2019-02-28", "2019-02"),
    ("2019-02-01", "2019-02-01", "2019-02-01"),
    ("2017-01-01", "2020-12-31", "2017/2020"), ("2019-03-15", "2019-04-30", "2019-03-15/2019-04"),
])  # fmt: skip
def test_days_are_said_as_shortly_as_can_be(first: str, last: str, text: str) -> None:
    assert text_of(date.fromisoformat(first), date.fromisoformat(last)) == text


@pytest.mark.parametrize(("first", "last", "zoom"), [
    ("1980-01-01", "2026-12-31", "decade"), ("2012-01-01", "2026-12-31", "year"), ("2019-01-01", "2019-12-31", "month"),
    ("2019-03-01", "2019-03-31", "day"), ("2019-03-05", "2019-03-05", "day"),
])  # fmt: skip
def test_a_window_has_the_zoom_of_its_length(first: str, last: str, zoom: str) -> None:
    assert window(first, last).zoom == zoom


def test_half_a_year_earlier_and_later() -> None:
    assert window("2019-01-01", "2019-12-31").moved(1) == window("2019-07-01", "2020-06-30")
    assert window("2019-03-01", "2019-03-31").moved(-1) == window("2019-02-01", "2019-02-28")
    assert window("2019-03-05", "2019-03-05").moved(1) == window("2019-03-06", "2019-03-06")
