"""From counts to marks: nothing is lost, nothing lies outside, no two spans overlap."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tracker.web.chart.marks import LEVELS, SPAN_ROWS, Axis, Group, Mark, each_in_its_row, lay, shaded
from tracker.web.chart.steps import STEPS, Step, finest
from tracker.web.chart.ticks import ticks
from tracker.web.chart.window import Window

YEARS = Window(date(2015, 1, 1), date(2020, 12, 31))
YEAR = next(step for step in STEPS if step.name == "year")
MONTH = next(step for step in STEPS if step.name == "month")

DAYS = st.dates(date(1980, 1, 1), date(2035, 12, 31))


@st.composite
def groups(draw: st.DrawFn) -> Group:
    first = draw(DAYS)
    last = first + timedelta(days=draw(st.sampled_from([0, 0, 6, 29, 364, 1500])))
    count = draw(st.integers(1, 40))
    open_side = draw(st.sampled_from(["", "", "", "before", "after"]))
    return Group(None if open_side == "before" else first, None if open_side == "after" else last, last > first, count,
                 draw(st.integers(0, count)), draw(st.integers(0, count)), "key" if count == 1 else "")  # fmt: skip


@st.composite
def axes(draw: st.DrawFn) -> Axis:
    first = draw(DAYS)
    window = Window(first, first + timedelta(days=draw(st.integers(0, 15_000))))
    return Axis(window, draw(st.sampled_from([0.0, 5.0])), draw(st.sampled_from([0.0, 5.0])))


def totals(found: list[Group] | list[Mark]) -> tuple[int, int, int]:
    return (sum(one.count for one in found), sum(one.conflicts for one in found), sum(one.possible for one in found))


@given(found=st.lists(groups(), max_size=40), axis=axes(), most=st.integers(5, 40), least=st.floats(0, 13))
def test_marks_count_what_groups_count(found: list[Group], axis: Axis, most: int, least: float) -> None:
    step = finest(axis.window.first, axis.window.last, most)
    assert totals(lay(found, axis, step, least)) == totals(found)


@given(found=st.lists(groups(), max_size=40), axis=axes(), most=st.integers(5, 40), least=st.floats(0, 13))
def test_marks_lie_within_the_width_and_spans_in_rows_without_overlap(
    found: list[Group], axis: Axis, most: int, least: float
) -> None:
    marks = lay(found, axis, finest(axis.window.first, axis.window.last, most), least)
    rows: dict[int, list[Mark]] = {}
    for mark in marks:
        assert -0.01 <= mark.x <= mark.x + mark.width <= 100.01
        assert -0.01 <= mark.target[0] <= sum(mark.target) <= 100.01
        assert mark.row < SPAN_ROWS
        if mark.spanning:
            rows.setdefault(mark.row, []).append(mark)
            assert mark.target[1] >= least - 0.01
    for row in rows.values():
        row.sort(key=lambda mark: mark.target[0])
        for one, other in pairwise(row):
            assert sum(one.target) <= other.target[0] + 0.01


@given(found=st.lists(groups(), max_size=40), axis=axes(), most=st.integers(5, 40))
def test_no_two_cells_have_the_same_place(found: list[Group], axis: Axis, most: int) -> None:
    marks = lay(found, axis, finest(axis.window.first, axis.window.last, most), 0.0)
    places = [mark.target for mark in marks if not mark.spanning]
    assert len(places) == len(set(places))


@given(axis=axes(), one=DAYS, other=DAYS)
def test_later_days_stand_further_right(axis: Axis, one: date, other: date) -> None:
    assert axis.at(min(one, other)) <= axis.at(max(one, other))
    assert axis.before <= axis.at(one) <= 100 - axis.after + 1e-9


@given(axis=axes(), most=st.integers(2, 14))
def test_labels_stand_in_order_and_are_not_too_many(axis: Axis, most: int) -> None:
    found = ticks(axis, most)
    assert 1 <= len(found) <= most
    assert [tick.x for tick in found] == sorted(tick.x for tick in found)
    assert found[0].whole


def mark_of(group: Group, step: Step = YEAR, axis: Axis | None = None) -> Mark:
    (found,) = lay([group], axis or Axis(YEARS), step, 2.0)
    return found


def day(text: str) -> date:
    return date.fromisoformat(text)


def test_an_event_alone_in_its_cell_stands_where_it_happened() -> None:
    found = mark_of(Group(day("2017-07-02"), day("2017-07-02"), False, 1, alone="key"))
    assert (found.first, found.last) == (day("2017-07-02"), day("2017-07-02"))
    assert abs(found.x - 100 * 2.5 / 6) < 0.1
    assert found.target[1] > 16, "its whole year answers to the pointer"


def test_several_in_one_cell_are_gathered_over_its_days() -> None:
    groups_ = [Group(day("2017-01-01"), day("2017-03-31"), False, 2),
               Group(day("2017-05-01"), day("2017-05-01"), False, 1, alone="key")]  # fmt: skip
    (found,) = lay(groups_, Axis(YEARS), YEAR, 2.0)
    assert (found.count, found.first, found.last, found.alone) == (3, day("2017-01-01"), day("2017-12-31"), "")


def test_an_outer_cell_too_narrow_to_be_pressed_is_joined_to_its_neighbour() -> None:
    window = Window(day("2015-01-01"), day("2016-01-20"))
    events = [Group(day(text), day(text), False, 2) for text in ("2015-12-05", "2016-01-05")]
    assert len(lay(events, Axis(window), MONTH, 2.0)) == 2
    (found,) = lay(events, Axis(window), MONTH, 6.0)
    assert (found.first, found.last, found.count) == (day("2015-12-01"), day("2016-01-20"), 4)


@given(axis=axes(), most=st.integers(5, 40), least=st.floats(0, 13), days=st.lists(DAYS, min_size=1))
def test_cells_do_not_overlap_and_hold_their_days(axis: Axis, most: int, least: float, days: list[date]) -> None:
    step = finest(axis.window.first, axis.window.last, most)
    found = lay([Group(one, one, False, 1) for one in days], axis, step, least)
    within = [mark for mark in found if axis.window.first <= mark.first and mark.last <= axis.window.last]
    for one, other in pairwise(sorted(within, key=lambda mark: mark.first)):
        assert one.last < other.first
        assert sum(one.target) <= other.target[0] + 0.01
    for inside in (found_day for found_day in days if axis.window.first <= found_day <= axis.window.last):
        assert sum(mark.first <= inside <= mark.last for mark in within) == 1


def test_what_is_known_only_to_the_year_spans_it_where_cells_are_months() -> None:
    group = Group(day("2017-01-01"), day("2017-12-31"), True, 4)
    assert mark_of(group, MONTH).spanning
    assert not mark_of(group, YEAR).spanning, "where cells are years it is in one of them"


def test_what_began_before_the_window_is_drawn_from_its_edge() -> None:
    found = mark_of(Group(day("1980-01-01"), day("2016-12-31"), True, 1, alone="key"))
    assert found.x == 0
    assert abs(found.width - 100 * 2 / 6) < 0.1


def test_what_lies_before_the_window_stands_in_the_gutter_where_there_is_one() -> None:
    early = [Group(day("1980-01-01"), day("1989-12-31"), True, 1, alone="a"),
             Group(day("1992-01-01"), day("1992-12-31"), True, 1, alone="b")]  # fmt: skip
    (found,) = lay(early, Axis(YEARS, before=5.0), YEAR, 2.0)
    assert (found.x, found.width, found.count, found.alone) == (0.0, 5.0, 2, "")
    assert found.last == day("2014-12-31")


def test_a_date_with_an_open_end_stands_at_the_end_that_is_known() -> None:
    found = mark_of(Group(day("2016-01-01"), None, True, 1, alone="key"))
    assert (found.first, found.last) == (day("2016-01-01"), day("2016-01-01"))


def test_spans_that_overlap_too_deeply_are_gathered_in_the_last_row() -> None:
    overlapping = [Group(day(f"2015-0{n}-01"), day("2019-12-31"), True, 1, alone=str(n)) for n in range(1, 8)]
    found = lay(overlapping, Axis(YEARS), YEAR, 2.0)
    assert len(found) == SPAN_ROWS
    assert sorted(mark.count for mark in found) == [1, 1, 1, 4]


def test_the_fullest_cell_has_the_deepest_level_and_levels_are_one_scale_for_all_lanes() -> None:
    lanes = shaded([lay([Group(day(f"20{year}-01-01"), day(f"20{year}-01-01"), False, count)], Axis(YEARS), YEAR, 2.0)
                    for year, count in ((15, 100), (16, 25), (17, 1))])  # fmt: skip
    assert [mark.level for (mark,) in lanes] == [LEVELS, 3, 1]


def test_few_events_stand_one_under_the_other() -> None:
    events = [Group(day("2015-01-01"), day("2015-12-31"), False, 1, alone="a"),
              Group(day("1990-01-01"), day("1990-12-31"), False, 1, alone="b")]  # fmt: skip
    found = each_in_its_row(events, Axis(YEARS, before=5.0))
    assert [(mark.row, mark.alone) for mark in found] == [(0, "a"), (1, "b")]
    assert (found[1].x, found[1].width) == (0.0, 5.0)
