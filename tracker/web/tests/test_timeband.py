from __future__ import annotations

from datetime import date

from tracker.web import timeband
from tracker.web.timeband import Moment

TODAY = date(2026, 11, 23)


def moment(first: str, last: str = "", title: str = "事件") -> Moment:
    return Moment(date.fromisoformat(first), date.fromisoformat(last or first), title)


def test_what_is_known_to_the_day_is_a_tick_and_what_is_known_to_the_year_a_span() -> None:
    band = timeband.band([moment("2019-10-17"), moment("2017-01-01", "2017-12-31")], TODAY)
    assert band is not None
    day, year = band.lanes[0].marks
    assert day.tick
    assert not year.tick
    assert float(year.width.rstrip("%")) > 5


def test_nothing_dated_makes_no_band() -> None:
    assert timeband.band([], TODAY) is None
    assert timeband.band([Moment(None, None, "不知何时")], TODAY) is None


def test_a_side_that_is_open_stands_at_the_side_that_is_known() -> None:
    band = timeband.band([Moment(date(2019, 4, 1), None, "自2019年4月起")], TODAY)
    assert band is not None
    assert band.lanes[0].marks[0].tick


def test_a_life_without_an_end_runs_to_today() -> None:
    band = timeband.band([moment("2019-10-17")], TODAY, life=(date(2019, 10, 17), None))
    assert band is not None
    life = band.lanes[0].life
    assert life is not None
    end = float(life.x.rstrip("%")) + float(life.width.rstrip("%"))
    assert abs(end - float(band.today.rstrip("%"))) < 0.05


def test_today_and_every_mark_lie_within_the_strip() -> None:
    band = timeband.band([moment("1980-01-01", "1989-12-31"), moment("2030-05-01")], TODAY)
    assert band is not None
    for mark in band.lanes[0].marks:
        assert 0 <= float(mark.x.rstrip("%")) <= 100
        assert float(mark.x.rstrip("%")) + float(mark.width.rstrip("%")) <= 100.5
    assert 0 < float(band.today.rstrip("%")) < 100


def test_lanes_share_one_scale_and_empty_ones_are_left_out() -> None:
    groups = [
        ("政策", "policy", "", [moment("2017-12-01")]),
        ("园区", "park", "", []),
        ("布局", "layout", "", [moment("2017-12-01")]),
    ]
    band = timeband.lanes(groups, TODAY)
    assert band is not None
    assert [lane.name for lane in band.lanes] == ["政策", "布局"]
    assert band.lanes[0].marks[0].x == band.lanes[1].marks[0].x


def test_thinly_filled_early_years_are_gathered_in_one_bar_that_links_to_all_of_them() -> None:
    counts = [(1980, "park", 1), *((year, "policy", 20) for year in range(2017, 2021))]
    band = timeband.years(counts, {"park": "园区", "policy": "政策"}, "/timeline/")
    assert band is not None
    assert band.total == 81
    first = next(bar for bar in band.bars if bar.tone == "park")
    assert first.href == "/timeline/?to=2017&kind=park"
    assert band.labels[0].text == "≤2017"


def test_bars_of_a_year_are_stacked_and_the_tallest_fills_the_height() -> None:
    band = timeband.years([(2019, "park", 3), (2019, "policy", 1), (2020, "policy", 2)], {}, "")
    assert band is not None
    tallest = sum(float(bar.height.rstrip("%")) for bar in band.bars[:2])
    assert tallest == 100
