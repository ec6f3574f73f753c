"""The calendar in pieces: every day lies in exactly one, and pieces keep to months and years."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.web.chart.steps import STEPS, Step, finest

DAYS = st.dates(date(1000, 1, 1), date(2999, 12, 31))
STEP = st.sampled_from(STEPS)


def step(name: str) -> Step:
    return next(found for found in STEPS if found.name == name)


@given(step=STEP, day=DAYS)
def test_every_day_of_a_piece_has_the_same_ends(step: Step, day: date) -> None:
    start, end = step.start(day), step.end(day)
    assert start <= day <= end
    assert (end - start).days < step.days
    assert step.start(end) == start
    assert step.end(start) == end
    assert step.start(end + timedelta(days=1)) == end + timedelta(days=1)


@given(step=STEP, first=DAYS, length=st.integers(0, 400))
def test_pieces_cover_the_days_between_without_a_hole(step: Step, first: date, length: int) -> None:
    last = min(first + timedelta(days=length), date(2999, 12, 31))
    pieces = list(step.pieces(first, last))
    assert pieces[0].first == first
    assert pieces[-1].last == last
    for one, other in pairwise(pieces):
        assert other.first == one.last + timedelta(days=1)


@given(first=DAYS, length=st.integers(0, 300_000), most=st.integers(4, 60))
def test_the_finest_step_fits_and_the_next_finer_does_not(first: date, length: int, most: int) -> None:
    last = min(first + timedelta(days=length), date(2999, 12, 31))
    found = finest(first, last, most)
    assert found.fits(first, last, most)
    finer = STEPS[max(0, STEPS.index(found) - 1)]
    assert finer is found or not finer.fits(first, last, most)


@pytest.mark.parametrize(("name", "day", "start", "end"), [
    ("day", "2019-10-17", "2019-10-17", "2019-10-17"), ("five-days", "2019-10-31", "2019-10-26", "2019-10-31"),
    ("ten-days", "2019-02-28", "2019-02-21", "2019-02-28"), ("month", "2020-02-10", "2020-02-01", "2020-02-29"),
    ("quarter", "2019-06-30", "2019-04-01", "2019-06-30"), ("half-year", "2019-07-01", "2019-07-01", "2019-12-31"),
    ("year", "2019-12-31", "2019-01-01", "2019-12-31"), ("10-years", "2019-05-05", "2010-01-01", "2019-12-31"),
])  # fmt: skip
def test_pieces_are_those_of_the_calendar(name: str, day: str, start: str, end: str) -> None:
    found, at = step(name), date.fromisoformat(day)
    assert (found.start(at).isoformat(), found.end(at).isoformat()) == (start, end)
