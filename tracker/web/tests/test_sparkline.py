"""The small line of a series."""

from __future__ import annotations

from typing import Any

from tracker.web import sparkline


def figure(date: str | None, value: float, unit: str = "亿元", nature: str | None = "actual") -> dict[str, Any]:
    return {"date": date, "value": value, "unit": unit, "nature": nature}


def test_figures_become_dots_in_order_of_time_on_a_scale_from_zero() -> None:
    line = sparkline.draw([figure("2020", 100), figure("2018", 50)])
    assert line is not None
    assert (line.first, line.last) == ("2018", "2020")
    assert line.dots == [sparkline.Dot(4, 14), sparkline.Dot(92, 4)]


def test_targets_undated_figures_and_other_units_are_left_out() -> None:
    assert sparkline.draw([figure("2018", 1), figure("2025", 9, nature="target"), figure(None, 3)]) is None
    assert sparkline.draw([figure("2018", 1, "家"), figure("2020", 9)]) is None
    line = sparkline.draw([figure("2017", 7, "家"), figure("2018", 1), figure("2020", 9)])
    assert line is not None and len(line.dots) == 2


def test_nothing_to_compare_is_no_line() -> None:
    assert sparkline.draw([]) is None
    assert sparkline.draw([figure("2018", 1), figure("2018", 2)]) is None


def test_zeros_alone_are_a_flat_line() -> None:
    line = sparkline.draw([figure("2018", 0), figure("2019", 0)])
    assert line is not None and {dot.y for dot in line.dots} == {24}
