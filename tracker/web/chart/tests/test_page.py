"""The timeline page with the founding data: the as-of day, the future, names, places side by side, ways out."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from tracker.curation.tests import factories
from tracker.timeline.models import Event
from tracker.web import dossier

pytestmark = [pytest.mark.usefixtures("founding"), pytest.mark.urls("tracker.urls")]


def page(address: str) -> Any:
    answer = Client().get(f"/timeline/{address}")
    assert answer.status_code == 200
    return answer


def titles(answer: Any) -> dict[str, Any]:
    return {item.event.title: item for item in answer.context["listed"].events}


# --- as of a day ------------------------------------------------------------------------------------------------------


def test_as_of_a_day_only_what_had_happened_by_then_is_told() -> None:
    by_then = Event.objects.filter(entry__state="live").exclude(date_lower__gt=date(2019, 6, 1))
    answer = page("?as_of=2019-06-01&page_size=200")
    assert {item.event.id for item in answer.context["listed"].events} == {dossier.anchor(row.id) for row in by_then}
    assert answer.context["count"] == by_then.count() < page("").context["count"]


def test_what_had_only_possibly_happened_is_marked_in_list_and_lanes() -> None:
    answer = page("?place=320100&as_of=2019-06-15")
    june = [item for title, item in titles(answer).items() if item.event.text == "2019-06"]
    assert june
    assert not any(item.certain for item in june)
    assert all(
        item.certain for item in titles(answer).values() if item.event.text < "2019" and "/" not in item.event.text
    )
    text = answer.content.decode()
    assert "mark one possible" in text
    assert "只是可能已发生" in text


def test_a_status_is_the_one_of_the_day() -> None:
    factories.ensure_world()
    factories.live(factories.policy("ended-2018", "到期的办法", issued="2015-01-01", expires="2018-12-31"))
    before = titles(page("?entry=policy/ended-2018&as_of=2018-06-01"))["《到期的办法》发布"]
    after = titles(page("?entry=policy/ended-2018"))["《到期的办法》发布"]
    assert before.status_code != "ended"
    assert after.status_code == "ended"


def test_the_line_of_the_day_moves_with_it() -> None:
    text = page("?as_of=2019-06-01").content.decode()
    assert "截至 2019年6月1日" in re.sub(r"<[^>]+>", "", text)
    assert ">今天<" not in text
    assert ">今天<" in page("").content.decode()


# --- the future -------------------------------------------------------------------------------------------------------


@pytest.fixture
def planned() -> str:
    """A policy that takes effect in a while."""
    factories.ensure_world()
    year = dossier.today().year + 2
    factories.live(factories.policy("to-come", "将施行的办法", issued="2020-01-01", effective=f"{year}-01-01"))
    return "《将施行的办法》施行"


def test_what_is_still_to_come_is_shown_only_on_request_and_tinted(planned: str) -> None:
    assert planned not in titles(page("?entry=policy/to-come"))
    answer = page("?entry=policy/to-come&future=include")
    assert titles(answer)[planned].to_come
    text = answer.content.decode()
    assert 'class="future"' in text
    assert 'class="future"' not in page("").content.decode()


# --- names ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("by_name", "by_key"), [
    ("place=南京", "place=320100"), ("place=Nanjing", "place=320100"), ("place=长三角", "place=yangtze-river-delta"),
    ("organisation=百度", "organisation=baidu"), ("industry=智能机器人", "industry=robots"),
    ("place=上海", "place=310000"),
    ("entry=南京市关于加快人工智能产业发展的实施意见", "entry=policy/nanjing-ai-opinions-2017"),
])  # fmt: skip
def test_what_is_chosen_by_name_is_what_is_chosen_by_key(by_name: str, by_key: str) -> None:
    named, keyed = page(f"?{by_name}"), page(f"?{by_key}")
    assert named.context["count"] == keyed.context["count"] > 0
    assert named.context["asked"].query.urlencode() == keyed.context["asked"].query.urlencode()


def test_a_name_that_several_places_bear_is_asked_back_with_each_of_them() -> None:
    answer = Client().get("/timeline/?place=朝阳区&kind=policy")
    assert answer.status_code == 400
    hrefs = [item["href"] for item in answer.context["candidates"]]
    assert len(hrefs) > 1
    chosen = Client().get(f"/timeline/{hrefs[0]}")
    assert chosen.status_code == 200
    assert chosen.context["asked"].kinds == ["policy"]


def test_a_name_that_nothing_bears_is_answered_with_what_comes_near() -> None:
    answer = Client().get("/timeline/?organisation=百度公司研究&place=320100")
    assert answer.status_code == 400
    assert "没有叫" in answer.content.decode()
    without = Client().get(f"/timeline/{answer.context['without']}")
    assert [*without.context["asked"].places] == ["320100"]


# --- side by side, zoom, ways on --------------------------------------------------------------------------------------


def test_places_side_by_side_have_the_same_lanes_on_one_axis() -> None:
    chart = page("?side=cities&place=320100&place=320500").context["chart"]
    assert [section.name.text for section in chart.sections] == ["南京市", "苏州市"]
    first, second = ([lane.name for lane in section.lanes] for section in chart.sections)
    assert first == second
    assert len(chart.scale) == 2, "one axis for wide windows and one for narrow ones"


def test_one_place_alone_is_told_how_to_stand_beside_another() -> None:
    assert "并列需要两个以上的地区" in page("?side=cities&place=320100").content.decode()


@pytest.mark.parametrize(("query", "window"), [
    ("?zoom=month&from=2019-03", "2019-03-01..2020-02-29"), ("?zoom=year&to=2019", "2010-01-01..2019-12-31"),
    ("?zoom=day&from=2019&to=2019", "2019-07-01..2019-07-31"), ("?from=2019-33&to=2019-33", "2019-01-01..2019-03-31"),
    ("?zoom=month&as_of=2019-06-01", "2018-07-01..2019-06-30"),
])  # fmt: skip
def test_a_zoom_completes_the_window(query: str, window: str) -> None:
    asked = page(query).context["asked"]
    assert f"{asked.first}..{asked.last}" == window


def test_zooms_and_neighbouring_windows_are_links_that_keep_the_filters() -> None:
    chart = page("?place=320100&from=2018&to=2019").context["chart"]
    for href in (chart.earlier, chart.later, *(zoom.href for zoom in chart.zooms)):
        found = page(href).context["asked"]
        assert [*found.places] == ["320100"]
    assert [zoom.chosen for zoom in chart.zooms] == [False, False, False, True, False]


def test_an_empty_window_shows_where_something_happened() -> None:
    answer = page("?place=320100&from=2014-02&to=2014-03")
    assert answer.context["count"] == 0
    assert "这里没有事件" in answer.content.decode()
    for _words, href in answer.context["nearest"]:
        assert page(href).context["count"] > 0


def test_a_cell_leads_to_its_days() -> None:
    text = page("").content.decode()
    href, count = re.findall(r'<a class="mark many" href="([^"]+)" aria-label="2020年下半年：政策 (\d+) 件', text)[0]
    closer = page(href.replace("&amp;", "&"))
    assert (closer.context["asked"].first, closer.context["asked"].last) == (date(2020, 7, 1), date(2020, 12, 31))
    lane = closer.context["chart"].sections[0].lanes[0]
    assert lane.count >= int(count), "what spans those days is there too"


def test_every_event_that_is_drawn_tells_title_date_edtf_and_sources() -> None:
    text = page("?place=320100").content.decode()
    mark = re.search(
        r'<a class="mark one"[^>]*data-title="《南京市关于加快人工智能产业发展的实施意见》发布"[^>]*>', text
    )
    assert mark is not None
    assert 'data-date="2017年12月"' in mark[0]
    assert 'data-edtf="2017-12"' in mark[0]
    (sources,) = re.findall(r'data-sources="([\d ]+)"', mark[0])
    for number in sources.split():
        assert f'id="source-{number}"' in text


def test_conflicts_are_marked_in_lanes_and_list() -> None:
    text = page("?entry=policy/nanjing-ai-opinions-2017").content.decode()
    assert text.count("≠") >= 3


def test_the_list_has_years_as_headings_newest_first() -> None:
    years = [
        int(year) for year in re.findall(r'<section class="year-group"><h3>(\d{4})</h3>', page("").content.decode())
    ]
    assert years == sorted(years, reverse=True)
    assert len(years) == len(set(years)) > 1


def test_a_page_of_the_list_keeps_filters_given_by_name() -> None:
    first = page("?place=上海&page_size=10")
    second = Client().get(first.context["next"])
    assert second.status_code == 200
    assert not {*titles(first)} & {*titles(second)}
