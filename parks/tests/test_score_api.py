"""The fit score over the founding data: by the API and on its page, pinned to both clocks, explained."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tracker.delivery.tests.test_recorded_time import edit
from tracker.testing.api import send

pytestmark = pytest.mark.usefixtures("founding")

HIGH_TECH, ISLAND, TOWN = "shenzhen-high-tech-zone", "nanjing-jiangxinzhou-eco-tech-island", "hangzhou-ai-town"
SITE = {"type": "area", "measure": "site", "unit": "km2", "worst": 2, "best": 20, "weight": 3}
STAGE = {"type": "stage", "any_of": ["open", "partly_open"], "weight": 1}


def ask(criteria: list[dict[str, Any]], keys: tuple[str, ...] = (HIGH_TECH, ISLAND, TOWN), **more: Any) -> Any:
    return send("POST", "parks/score/", 200, body={"parks": {"key": list(keys)}, "criteria": criteria, **more})


def result(answer: Any, key: str) -> Any:
    return next(one for one in answer["results"] if one["park"]["key"] == key)


def test_parks_stand_in_the_order_of_their_fit_and_each_says_why() -> None:
    answer = ask([SITE, STAGE])
    assert [(one["park"]["key"], one["rank"]) for one in answer["results"]] == [(HIGH_TECH, 1), (ISLAND, 2), (TOWN, 3)]
    first = result(answer, HIGH_TECH)
    assert (float(first["low"]), float(first["middle"]), float(first["high"])) == (0.75, 0.875, 1)
    assert first["criteria"][0]["said"]["zh"] == \
        "规划面积：159.48 km²；2 km²为 0 分，20 km²为满分，得 1 分，权重 75%。"  # fmt: skip
    assert first["criteria"][1]["said"]["en"].startswith(
        "Stage open or partly open: unknown; it scores between 0 and 1"
    )
    assert first["criteria"][0]["citations"][0]["source"]["key"]


def test_a_hard_criterion_eliminates_what_is_known_to_fail_and_nothing_else() -> None:
    answer = ask([SITE | {"at_least": 10}, {"type": "stage", "any_of": ["open"], "must": True}])
    town = result(answer, TOWN)
    assert (town["rank"], town["eliminated_by"]) == (None, ["1", "2"])
    assert "排除" in town["criteria"][0]["said"]["zh"]
    high_tech = result(answer, HIGH_TECH)
    assert (high_tech["rank"], high_tech["open"]) == (1, ["2"])
    assert "不因未知而排除" in high_tech["criteria"][1]["said"]["zh"]


def test_what_is_not_found_in_a_list_is_not_a_no() -> None:
    answer = ask([{"type": "industry", "any_of": ["sensors"], "must": True},
                  {"type": "designation", "any_of": ["national-ai-innovation-application-pilot-zone"], "must": True},
                  {"type": "policy", "any_of": ["talent"], "must": True}])  # fmt: skip
    assert all(one["rank"] is not None for one in answer["results"])
    assert all({each["verdict"] for each in one["criteria"]} <= {"open", "passes"} for one in answer["results"])


def test_to_apply_for_a_title_is_not_to_hold_it() -> None:
    said = result(ask([{"type": "designation", "any_of": ["national-ai-innovation-application-pilot-zone"],
                        "weight": 1}]), ISLAND)["criteria"][0]  # fmt: skip
    assert (float(said["low"]), float(said["high"])) == (0, 1)


def test_where_a_park_lies_is_yes_or_no_and_unknown_within_its_city() -> None:
    def verdict(place: str, park: str) -> Any:
        return result(ask([{"type": "place", "any_of": [place], "must": True}]), park)["criteria"][0]["verdict"]

    assert verdict("320100", ISLAND) == "passes"
    assert verdict("440300", ISLAND) == "fails"
    assert verdict("330110", TOWN) == "open"  # the source says 杭州 and no district
    assert verdict("yangtze-river-delta", ISLAND) in ("passes", "open")


def test_a_distance_is_a_range_as_wide_as_the_points_are_rough() -> None:
    near = result(ask([{"type": "distance", "to": "place/320100", "worst": 100, "best": 0, "weight": 1}]), ISLAND)
    assert near["criteria"][0]["said"]["zh"].startswith("到南京市的距离：0 至 ")
    assert near["low"] < near["high"]
    assert near["criteria"][0]["citations"] == []


def test_the_answer_says_which_missing_fact_could_turn_the_order() -> None:
    answer = ask([SITE, STAGE | {"weight": 9}], keys=(HIGH_TECH, ISLAND))
    swing = answer["swings"][0]
    assert swing["said"]["zh"] == \
        "若知道深圳高新区的“阶段为投用、部分投用”，第 2 名江心洲生态科技岛可能超过第 1 名深圳高新区。"  # fmt: skip
    assert {one["criterion"] for one in answer["swings"]} == {"2"}


def test_the_pinned_request_has_the_same_answer_whatever_is_published_since() -> None:
    before = ask([SITE, STAGE])
    edit("park", ISLAND, stage="open")
    pinned = before["request"]
    assert send("POST", "parks/score/", 200, body=pinned) == before
    assert ask([SITE, STAGE])["results"] != before["results"]


@pytest.mark.parametrize(("criterion", "name"), [
    ({"type": "weather"}, "criteria/0/type"), ({"type": "area", "measure": "site"}, "criteria/0"),
    ({"type": "area", "measure": "site", "weight": 1}, "criteria/0/weight"),
    ({"type": "area", "at_least": 1}, "criteria/0/measure"),
    ({"type": "area", "measure": "site", "unit": "acre", "at_least": 1}, "criteria/0/unit"),
    ({"type": "area", "measure": "site", "at_least": 5, "at_most": 1}, "criteria/0/at_least"),
    ({"type": "area", "measure": "site", "worst": 1, "best": 1, "weight": 1}, "criteria/0/best"),
    ({"type": "stage", "any_of": ["ready"], "must": True}, "criteria/0/any_of"),
    ({"type": "stage", "must": True}, "criteria/0/any_of"),
    ({"type": "place", "any_of": ["999999"], "must": True}, "criteria/0/any_of"),
    ({"type": "siting", "indicator": "nope", "at_least": 1}, "criteria/0/indicator"),
    ({"type": "distance", "to": "policy/x", "at_most": 1}, "criteria/0/to"),
    ({"type": "stage", "any_of": ["open"], "must": True, "unit": "km"}, "criteria/0/unit"),
    ({"type": "stage", "any_of": ["open"], "weight": -1}, "criteria/0/weight"),
])  # fmt: skip
def test_a_criterion_that_cannot_be_meant_is_named(criterion: dict[str, Any], name: str) -> None:
    problem = send("POST", "parks/score/", 400, body={"criteria": [criterion]})
    assert name in {error["name"] for error in problem["errors"]}


@pytest.mark.parametrize("body", [
    {}, [], {"criteria": []}, {"criteria": [STAGE], "parks": {"key": ["nope"]}}, {"criteria": [STAGE], "as_of": "2019"},
    {"criteria": [STAGE], "known_at": "soon"}, {"criteria": [STAGE], "parks": {"place": ["999999"]}},
    {"criteria": [STAGE] * 21}, {"criteria": [STAGE], "colour": "red"},
    {"criteria": [STAGE], "parks": {"key": ["%00"]}},
])  # fmt: skip
def test_a_wrong_question_is_refused(body: Any) -> None:
    send("POST", "parks/score/", 400, body=body)


def test_the_number_of_queries_does_not_grow_with_the_parks() -> None:
    def queries(keys: tuple[str, ...]) -> int:
        with CaptureQueriesContext(connection) as captured:
            ask([SITE, STAGE, {"type": "policy", "any_of": ["talent"], "weight": 1}], keys=keys)
        return len(captured)

    ask([SITE])
    assert queries((HIGH_TECH, ISLAND, TOWN)) <= queries((TOWN,))


# --- the page -----------------------------------------------------------------------------------------------------

ROW = {"what": "area:site", "of": "", "unit": "km2", "least": "", "most": "", "worst": "2", "best": "20", "must": "",
       "weight": "3"}  # fmt: skip

BLANK = dict.fromkeys(("unit", "least", "most", "worst", "best", "weight"), "")


def page(client: Client, query: dict[str, Any], code: int = 200, prefix: str = "") -> str:
    answer = client.get(f"{prefix}/parks/score/", query)
    assert answer.status_code == code, answer.content[:300]
    return answer.content.decode()


def test_without_criteria_the_page_says_where_to_begin(client: Client) -> None:
    assert "先加一条标准" in page(client, {})


def test_a_criterion_is_added_by_a_choice_and_leads_to_an_address(client: Client) -> None:
    answer = client.get("/parks/score/", ROW | {"add": "stage", "place": "440300"})
    assert answer.status_code == 302
    text = client.get(answer["Location"]).content.decode()
    assert "权重 75%" in text
    assert "place=440300" in answer["Location"]


def test_the_page_says_what_the_api_says(client: Client) -> None:
    text = page(client, ROW | {"keys": f"{HIGH_TECH},{ISLAND}"})
    said = result(ask([SITE], keys=(HIGH_TECH, ISLAND)), ISLAND)["criteria"][0]["said"]
    assert said["zh"] in text
    assert said["en"] in page(client, ROW | {"keys": f"{HIGH_TECH},{ISLAND}"}, prefix="/en")


@pytest.mark.parametrize("query", [
    ROW | {"worst": "viel"}, ROW | {"unit": "acre"}, ROW | {"what": "weather"}, {"what": "stage", "of": "x"},
    ROW | {"known_at": "soon"}, {"add": "nope"}, ROW | {"worst": "1e99"}, ROW | {"worst": "nan"},
    ROW | {"place": "999999"},
    ROW | {"what": "weather", "of": "x"}, ROW | {"what": "area:nope"}, ROW | {"weight": "-1"}, ROW | {"weight": "1001"},
    ROW | {"what": "area"}, ROW | {"what": ":"}, ROW | {"keys": "nope"}, {"what": "stage\0"},
])  # fmt: skip
def test_wrong_input_is_named_and_never_a_500(client: Client, query: dict[str, str]) -> None:
    page(client, query, 400)


@pytest.mark.parametrize(("wrong", "zh", "en"), [
    ({"best": "2"}, "满分：不能与“0 分”相同", "Full marks: must differ from “0 points”"),
    ({"weight": "-1"}, "权重：请写 0 到 1000 的数。", "Weight: Write a number from 0 to 1000."),
    ({"least": "5", "most": "1"}, "至少：不能大于“至多”的值", "At least: must not be above “At most”"),
    ({"best": ""}, "权重：有权重须写“0 分”与“满分”两项", "Weight: a weight needs “0 points” and “Full marks”"),
])  # fmt: skip
def test_what_is_wrong_is_told_in_one_language_by_the_words_of_the_form(client: Client, wrong: dict[str, str], zh: str,
                                                                        en: str) -> None:  # fmt: skip
    for prefix, words in (("", f"规划面积 › {zh}"), ("/en", f"planned site: {en}")):
        text = page(client, ROW | wrong, 400, prefix)
        assert text.partition('role="alert">')[2].partition("</p>")[0] == words


def test_without_a_weight_there_are_no_points_and_what_is_open_is_counted(client: Client) -> None:
    text = page(client, {"what": "stage", "of": "open", "must": "1", "keys": f"{HIGH_TECH},{ISLAND}"} | BLANK)
    placed = text.partition('class="placed"')[2].partition("</ol>")[0]
    assert "1 项硬条件待查" in placed
    assert "<b>0</b>" not in placed and "全部已知" not in placed and "place-number" not in placed
    assert "满分 100" not in text and "不计分" in text


def test_of_too_many_parks_the_page_asks_for_a_city_first(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parks.score_gathering.MOST_SCORED", 2)
    text = page(client, ROW | {"place": "440300"})
    assert "先选一个地区" in text
    assert "place=320100" in text
    assert "place=440300&" not in text.partition("先选一个地区")[2]
    assert 'class="placed"' not in text
    assert "Choose a region first" in page(client, ROW, prefix="/en")
    monkeypatch.setattr("parks.score_views.MOST_SCORED", 2)
    assert "先选一个地区" in page(client, ROW | {"among": "place=440300"})


# --- which parks --------------------------------------------------------------------------------------------------

NANSHAN = "shenzhen-high-tech-zone-nanshan"


def test_a_park_and_its_part_are_told_and_scored_together_only_when_asked(client: Client) -> None:
    parts = ask([SITE], keys=(HIGH_TECH, NANSHAN, TOWN))["parts"]
    assert [(one["park"]["key"], one["within"]["key"]) for one in parts] == [(NANSHAN, HIGH_TECH)]
    assert ask([SITE])["parts"] == []
    asked = ROW | {"keys": f"{HIGH_TECH},{NANSHAN},{TOWN}"}
    text = page(client, asked)
    assert 'class="placed"' not in text
    assert f'href="?keys={HIGH_TECH},{TOWN}&amp;' in text
    assert 'class="placed"' in page(client, asked | {"anyway": "1"})


def test_of_a_whole_city_parts_are_warned_of_and_nothing_is_withheld(client: Client) -> None:
    text = page(client, ROW | {"place": "440300"})
    assert 'class="caution"' in text
    assert 'class="placed"' in text


def test_chosen_parks_stand_by_name_and_others_are_found_by_words(client: Client) -> None:
    text = page(client, ROW | {"keys": ISLAND, "q": "深圳高新区"})
    assert "江心洲生态科技岛" in text.partition('class="chosen"')[2].partition("</ol>")[0]
    assert f'href="?keys={ISLAND},{HIGH_TECH}&amp;what=area' in text
