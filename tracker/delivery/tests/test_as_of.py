"""The valid-time clock against a day-by-day model."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.delivery.as_of import Held, cut, cut_or_last, held
from tracker.values import edtf

days = st.dates(date(2015, 1, 1), date(2022, 12, 31))


@st.composite
def stated(draw: st.DrawFn) -> str:
    return draw(days).strftime(draw(st.sampled_from(["%Y", "%Y-%m", "%Y-%m-%d"])))


def model(start: str, end: str | None, day: date) -> Held:
    """Try every day the start and the end may mean."""
    begun = [first <= day for first in _days(start)]
    ended = [last <= day for last in _days(end)] if end else [False]
    outcomes = {began and not over for began in begun for over in ended}
    return Held.POSSIBLY if len(outcomes) == 2 else Held.CERTAINLY if True in outcomes else Held.NO


def _days(text: str) -> list[date]:
    value = edtf.parse(text)
    assert value.lower and value.upper
    return [value.lower + timedelta(days=at) for at in range((value.upper - value.lower).days + 1)]


@given(stated(), stated() | st.none(), days)
def test_what_holds_on_a_day_is_what_a_model_of_every_possible_day_says(start: str, end: str | None, day: date) -> None:
    assert held(start, end, day) is model(start, end, day)


def test_a_window_is_half_open() -> None:
    assert held("2019-04-17", "2020-01-01", date(2019, 12, 31)) is Held.CERTAINLY
    assert held("2019-04-17", "2020-01-01", date(2020, 1, 1)) is Held.NO


def test_without_a_known_start_it_only_possibly_held() -> None:
    assert held(None, "2019-04", date(2018, 6, 1)) is Held.POSSIBLY
    assert held(None, None, date(2018, 6, 1), stated_on="2018-06-01") is Held.CERTAINLY


def layout(adopted: str | None, superseded: str | None) -> dict[str, Any]:
    parts = [{"key": "always", "from": None, "to": None}, {"key": "until-2018", "from": None, "to": "2018-01-01"}]
    return {"kind": "layout", "key": "a", "adopted": adopted, "parts": parts, "status": "current", "citations": [],
            "superseded_by": [{"key": "b", "date": superseded}] if superseded else []}  # fmt: skip


@pytest.mark.parametrize(("adopted", "superseded"), [
    ("2017-12", "2019-06"), ("2017-12", None), ("2019-06", "2019-06"), ("2019-06-01", "2019-06-01"),
    ("2017/2018", "2019"), (None, "2019-06"),
])  # fmt: skip
def test_what_had_ended_is_told_as_it_last_stood(adopted: str | None, superseded: str | None) -> None:
    last = cut_or_last(layout(adopted, superseded), date(2026, 1, 1))
    assert last is not None
    assert [part["key"] for part in last["parts"]] == ["always"]


def test_while_it_held_it_is_told_as_of_the_day_and_before_it_began_not_at_all() -> None:
    document = layout("2017-12", "2019-06")
    for day in (date(2017, 12, 15), date(2018, 6, 1), date(2019, 6, 15)):
        assert cut_or_last(document, day) == cut(document, day)
    assert cut_or_last(document, date(2017, 11, 30)) is None


def test_a_part_that_ended_before_the_whole_did_is_told_while_it_held() -> None:
    found = cut_or_last(layout("2017-01", "2017-06"), date(2026, 1, 1))
    assert found is not None and len(found["parts"]) == 2
