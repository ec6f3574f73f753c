"""GET parks/{key}/policies/ and places/{key}/policies/ over the founding data."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tracker.delivery.tests.test_recorded_time import edit
from tracker.testing.api import get, refused

pytestmark = pytest.mark.usefixtures("founding")

ISLAND = "parks/nanjing-jiangxinzhou-eco-tech-island/policies/"


def applying(body: Any, *names: str) -> dict[str, Any]:
    """The policies in some members of the answer, by key; without names those that apply."""
    groups = [group for name in names or ("confirmed", "unverified") for group in body[name]]
    return {item["policy"]["key"]: item for group in groups for item in group["policies"]}


def reasons(item: Any) -> list[tuple[str, str]]:
    return [(reason["type"], reason["through"]["key"]) for reason in item["because"]]


def test_national_provincial_and_city_policies_apply_by_containment() -> None:
    found = applying(get(ISLAND, as_of="2021-01-01"))
    assert reasons(found["new-generation-ai-development-plan-2017"]) == [("containment", "100000")]
    assert reasons(found["jiangsu-digital-economy-opinions-2020"]) == [("containment", "320000")]
    assert reasons(found["nanjing-ai-action-plan-2018-2020"]) == [("containment", "320100")]


def test_a_policy_that_names_the_park_says_so_besides_containing_it() -> None:
    found = applying(get(ISLAND, as_of="2018-06-01"))
    named = ("named", "nanjing-jiangxinzhou-eco-tech-island")
    assert reasons(found["nanjing-ai-opinions-2017"]) == [named, ("containment", "320100")]


@pytest.mark.parametrize("day", ["2018-06-01", "2020-12-31", "2026-11-23"])
def test_no_policy_of_another_city_ever_applies(day: str) -> None:
    body = get(ISLAND, as_of=day, ended="include")
    found = applying(body, "confirmed", "unverified", "about_to_start", "ended")
    assert not [key for key in found if key.startswith(("shenzhen", "guangdong", "suzhou", "hangzhou", "shanghai"))]


def test_a_policy_of_2019_does_not_apply_in_2018() -> None:
    assert "nanjing-ai-landmark-action-plan-2019" not in applying(get(ISLAND, as_of="2018-06-01"))
    assert "nanjing-ai-landmark-action-plan-2019" in applying(get(ISLAND, as_of="2020-01-01"))


def test_a_month_that_holds_the_day_leaves_it_uncertain() -> None:
    found = applying(get(ISLAND, as_of="2018-06-15"))
    assert found["nanjing-ai-action-plan-2018-2020"]["certain"] is False
    assert found["nanjing-ai-opinions-2017"]["certain"] is True


def test_a_plan_within_its_period_is_confirmed_and_after_it_unverified_but_not_ended() -> None:
    within = applying(get(ISLAND, as_of="2019-06-01"), "confirmed")["nanjing-ai-action-plan-2018-2020"]
    assert (within["status"], within["period_ended"]) == ("in_force", False)
    assert within["evidence"] == [{"type": "period", "date": "2018/2020"}]
    after = applying(get(ISLAND, as_of="2021-06-01"), "unverified")["nanjing-ai-action-plan-2018-2020"]
    assert (after["status"], after["period_ended"]) == ("unverified", True)


def test_what_starts_or_ends_within_half_a_year_is_said() -> None:
    body = get(ISLAND, as_of="2020-08-01")
    assert "jiangsu-digital-economy-opinions-2020" in applying(body, "about_to_start")
    assert "jiangsu-digital-economy-opinions-2020" not in applying(body)
    ends = {end["policy"]["key"]: (end["type"], end["date"]) for end in body["about_to_end"]}
    assert ends["nanjing-ai-action-plan-2018-2020"] == ("period", "2020-12-31")
    assert not applying(get(ISLAND, as_of="2020-01-01"), "about_to_start").keys() & {
        "jiangsu-digital-economy-opinions-2020"
    }


def test_the_levels_go_from_national_to_zone() -> None:
    levels = [group["level"] for group in get(ISLAND, as_of="2021-01-01")["unverified"]]
    assert levels == ["national", "provincial", "city"]


def test_a_title_brings_in_the_policy_it_rests_on() -> None:
    found = applying(get("parks/shanghai-maqiao-ai-pilot-zone/policies/", as_of="2020-01-01"))
    because = found["shanghai-maqiao-ai-pilot-zone-work-plan-2019"]["because"]
    assert [reason["type"] for reason in because] == ["named", "containment", "designation"]
    assert because[-1]["programme"]["key"] == "shanghai-ai-innovation-pilot-zone-programme"


def test_an_application_for_a_title_is_shown_but_not_held() -> None:
    titles = {title["programme"]["key"]: title["holds"] for title in get(ISLAND, as_of="2021-06-01")["programmes"]}
    assert titles == {"china-software-city": True, "national-ai-innovation-application-pilot-zone": False}


def test_a_zone_of_2021_is_not_there_in_2020() -> None:
    def zones(day: str) -> set[str]:
        return {item["zone"]["key"] for item in get("places/330108/policies/", as_of=day)["zones"]}

    assert "hangzhou-ai-application-pilot-zone" not in zones("2020-12-31") | zones("2021-06-01")
    assert "hangzhou-ai-application-pilot-zone" in {
        item["zone"]["key"] for item in get("places/330100/policies/", as_of="2021-06-01")["zones"]
    }


def test_the_layout_part_follows_the_layout_in_force() -> None:
    def roles(day: str) -> dict[str, list[str]]:
        return {item["layout"]["key"]: [part["role"]["key"] for part in item["parts"]]
                for item in get(ISLAND, as_of=day)["layouts"]}  # fmt: skip

    assert "nanjing-layout-2017" in roles("2018-06-01")
    assert "nanjing-layout-2019" not in roles("2018-06-01")
    assert "nanjing-layout-2019" in roles("2020-01-01")
    assert "nanjing-layout-2017" not in roles("2020-01-01")


def test_a_park_in_another_belongs_to_the_layout_part_of_that_one() -> None:
    body = get("parks/shanghai-maqiao-ai-pilot-zone-north/policies/", as_of="2021-03-01")
    because = {item["layout"]["key"]: [(part["because"]["type"], part["because"]["through"]["key"])
                                       for part in item["parts"]] for item in body["layouts"]}  # fmt: skip
    assert because["shanghai-maqiao-layout"] == [("named", "shanghai-maqiao-ai-pilot-zone-north")]
    assert because["shanghai-ai-layout-4-plus-x"] == [("containment", "shanghai-maqiao-ai-pilot-zone")]


def test_a_district_in_which_a_named_park_lies_is_told_apart_from_a_district_that_is_named() -> None:
    body = get("places/310115/policies/", as_of="2020-12-31")
    types = {part["name"]: part["because"]["type"] for item in body["layouts"] for part in item["parts"]}
    assert types["浦东新区"] == "named"
    assert types["张江人工智能岛"] == "location"


def test_a_policy_of_the_city_names_the_city_on_its_own_page() -> None:
    body = get("places/320100/policies/", as_of="2019-06-01")
    assert body["subject"]["adcode"] == "320100"
    assert reasons(applying(body)["nanjing-ai-opinions-2017"]) == [("named", "320100")]


def test_a_policy_of_a_park_does_not_apply_to_the_whole_city() -> None:
    city = applying(get("places/320500/policies/", as_of="2018-01-01"))
    park = applying(get("parks/suzhou-industrial-park/policies/", as_of="2018-01-01"))
    assert "suzhou-industrial-park-ai-opinions-2017" not in city
    assert reasons(park["suzhou-industrial-park-ai-opinions-2017"]) == [("named", "suzhou-industrial-park")]


def test_measures_come_with_the_policy() -> None:
    measures = applying(get(ISLAND, as_of="2018-06-01"))["nanjing-ai-opinions-2017"]["measures"]
    assert [(measure["key"], measure["certain"]) for measure in measures] == [("attract-leading-companies", True)]


def test_without_a_day_it_is_today_in_shanghai() -> None:
    assert get(ISLAND)["as_of"] == timezone.localdate().isoformat()
    assert "ended" not in get(ISLAND)
    assert get(ISLAND, ended="include")["ended"] == []


def test_a_wrong_parameter_is_refused_by_name() -> None:
    assert "as_of" in refused(ISLAND, as_of="2020-13")
    assert "one day" in refused(ISLAND, as_of="2020")["as_of"]
    assert "ended" in refused(ISLAND, ended="yes")
    assert "did you mean" in refused(ISLAND, as_off="2020-01-01")["as_off"]
    assert get("parks/no-such-park/policies/", 404)["status"] == 404


def test_the_number_of_queries_does_not_grow_with_what_applies() -> None:
    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            get(path, as_of="2020-06-01", checked=False)
        return len(captured)

    assert queries("places/320105/policies/") == queries("places/440300/policies/") == 7
    assert queries(ISLAND) == 8
    assert queries("parks/shanghai-maqiao-ai-pilot-zone-north/policies/") == 9


def test_the_page_of_a_park_says_what_applies_on_the_day_asked_for() -> None:
    page = Client().get("/parks/nanjing-jiangxinzhou-eco-tech-island/?as_of=2018-06-01").content.decode()
    assert "此地适用" in page
    assert 'value="2018-06-01"' in page
    assert "南京市关于加快人工智能产业发展的实施意见" in page
    section = page.partition('id="applies"')[2].partition('id="h-belongs"')[0]
    assert "/policies/nanjing-ai-opinions-2017/" in section
    assert "/policies/nanjing-ai-landmark-action-plan-2019/" not in section


def part(page: str, name: str) -> str:
    """What stands below one heading of the section, up to the next."""
    return page.partition(f'<h3 id="h-{name}">')[2].partition("<h3")[0]


def test_the_page_keeps_confirmed_and_unverified_apart_and_says_first_what_starts_or_ends() -> None:
    page = Client().get("/parks/nanjing-jiangxinzhou-eco-tech-island/?as_of=2020-08-01").content.decode()
    plan, opinions = "/policies/nanjing-ai-action-plan-2018-2020/", "/policies/nanjing-ai-opinions-2017/"
    assert plan in part(page, "confirmed") and opinions not in part(page, "confirmed")
    assert opinions in part(page, "unverified") and plan not in part(page, "unverified")
    assert "/policies/jiangsu-digital-economy-opinions-2020/" in part(page, "soon")
    assert page.index('id="h-soon"') < page.index('id="h-confirmed"') < page.index('id="h-unverified"')


def test_the_page_gives_each_measure_with_whom_it_is_for() -> None:
    page = Client().get("/parks/nanjing-jiangxinzhou-eco-tech-island/?as_of=2018-06-01").content.decode()
    assert "全球人工智能重点企业" in part(page, "unverified")


def test_the_page_gives_the_rate_cap_and_window_of_a_measure() -> None:
    (measure,) = get("policies/nanjing-ai-opinions-2017/")["measures"]
    known = {name: value for name, value in measure.items() if value is not None} | {"subject": "headquarters"}
    terms = {
        "rate": "50%",
        "cap_value": 200,
        "cap_unit": "万元",
        "cap_period": "年",
        "from": "2018-01",
        "to": "2019-12",
    }
    edit("policy", "nanjing-ai-opinions-2017", measures=[known | terms])
    page = Client().get("/parks/nanjing-jiangxinzhou-eco-tech-island/?as_of=2018-06-01").content.decode()
    shown = part(page, "unverified").partition('<ul class="measures">')[2].partition("</ul>")[0]
    for said in ("<b>50%</b>", "200 万元/年", "2018年1月", "2019年12月"):
        assert said in shown


def test_the_page_sets_a_title_below_the_zone_that_holds_it_with_its_batch_date_and_document() -> None:
    page = Client().get("/places/330100/?as_of=2021-06-01").content.decode()
    zone = part(page, "belongs").partition("/zones/hangzhou-ai-application-pilot-zone/")[2].partition("</li>")[0]
    for said in ("/programmes/national-ai-innovation-application-pilot-zone/", "第2批", "支持创建", "2021年2月",
                 "/policies/miit-notice-ai-application-pilot-zones-batch-2/"):  # fmt: skip
        assert said in zone


def test_the_page_folds_the_roles_of_what_is_around_it_below_its_own() -> None:
    page = Client().get("/parks/nanjing-jiangxinzhou-eco-tech-island/?as_of=2020-01-01").content.decode()
    own, _, around = part(page, "parts").partition("<details")
    assert "/layouts/nanjing-layout-2019/" in own and "/terms/pole/" in own
    assert "所在地区与上级园区的角色" in around and "/layouts/china-3-plus-1-ai-pattern/" in around


def test_the_page_of_a_place_speaks_english_and_keeps_its_other_parameters() -> None:
    page = Client().get("/en/parks/nanjing-jiangbei-new-area/?unit=ha&as_of=2020-01-01").content.decode()
    assert "What applies here" in page
    assert '<input type="hidden" name="unit" value="ha">' in page
    assert "What applies here" in Client().get("/en/places/320100/").content.decode()


def test_a_day_the_page_cannot_read_is_explained() -> None:
    answer = Client().get("/places/320100/?as_of=2020")
    assert answer.status_code == 400
    assert "as_of" in answer.content.decode()
