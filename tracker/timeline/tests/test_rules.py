"""From dated facts to events, as publishing writes them."""

from __future__ import annotations

from typing import Any

import pytest

from tracker.curation.tests import factories
from tracker.curation.tests.factories import entry, park, policy, relation
from tracker.entries.fields import Json
from tracker.timeline.models import Event
from tracker.values import canonical

pytestmark = pytest.mark.usefixtures("world")


@pytest.fixture
def world(db: None) -> None:
    factories.ensure_world()


def told(kind: str, key: str) -> dict[str, str]:
    """Type (and child) → date, in the order of the timeline."""
    rows = Event.objects.filter(entry=entry(kind, key)).order_by("sort")
    return {row.pk.removeprefix(f"{kind}/{key}/"): row.date for row in rows}


def event(pk: str) -> Json:
    found: Json = canonical.loads(Event.objects.get(pk=pk).document)
    return found


def test_a_policy_tells_its_life_by_what_other_documents_do_to_it() -> None:
    factories.live(
        policy(consultation="2017-10", effective="2018-01-01", period="2018/2020", expires="2023-01-01"),
        policy("amending", "修改决定", issued="2019", relations=[relation("amends", "ai-opinions")]),
        policy("successor", "新意见", issued="2021-03", effective="2021-05-01",
               relations=[relation("supersedes", "ai-opinions")]),
        policy("repealing", "废止决定", issued="2022", relations=[relation("repeals", "ai-opinions")]),
        policy("partly", "部分废止决定", issued="2020-07", relations=[relation("partly_repeals", "ai-opinions")]),
    )  # fmt: skip
    assert told("policy", "ai-opinions") == {
        "consultation": "2017-10", "issued": "2017-12", "effective": "2018-01-01", "amended/amending": "2019",
        "partly-repealed/partly": "2020-07", "period-ended": "2020-12-31", "superseded/successor": "2021-05-01",
        "repealed/repealing": "2022", "expired": "2023-01-01",
    }  # fmt: skip
    superseded = event("policy/ai-opinions/superseded/successor")
    assert superseded["caused_by"] == {"kind": "policy", "key": "successor", "name": "新意见", "name_en": None}
    assert superseded["title"] == {"zh": "《人工智能意见》被替代", "en": "Superseded: 人工智能意见"}


def test_an_open_planning_period_never_ends() -> None:
    factories.live(policy(period="2018/.."))
    assert "period-ended" not in told("policy", "ai-opinions")


PROGRAMME: Json = {"kind": "programme", "key": "pilot", "name": "先导区", "citations": factories.WHOLE, "batches": [
    {"key": "batch-1", "number": 1, "date": "2019-05"}]}  # fmt: skip


def titled(**dates: Any) -> Json:
    return park(designations=[{"key": "pilot", "programme": "pilot", "batch": "batch-1", **dates}])


def test_a_title_tells_everything_that_happened_to_it() -> None:
    dates = {"approved": "2019-05", "unveiled": "2019-06-01", "assessed": "2021", "extended": "2022", "renamed": "2023",
             "withdrawn": "2024"}  # fmt: skip
    factories.live(PROGRAMME, titled(**dates))
    assert told("park", "river-park") == {f"{name}/pilot": date for name, date in dates.items()}


def test_applying_for_a_title_is_no_event() -> None:
    factories.live(PROGRAMME, titled(approved="2019-05", wording="applying"))
    assert told("park", "river-park") == {}


def milestone(type_: str, date: str, key: str = "m") -> Json:
    return {"key": key, "type": type_, "date": date}


def test_of_a_milestone_of_no_known_type_the_text_is_told_in_both_languages() -> None:
    factories.live(park(milestones=[milestone("other", "2017") | {"text": "成立"}]))
    founded = event("park/river-park/other/m")
    assert founded["title"] == {"zh": "江畔园：成立", "en": "江畔园: 成立"}


def test_a_park_tells_its_milestones_and_who_came_and_left() -> None:
    types = ("planned", "approved", "construction_started", "topped_out", "phase_opened", "opened", "expanded")
    milestones = [milestone(type_, f"20{10 + at}", type_.replace("_", "-")) for at, type_ in enumerate(types)]
    tenants = [{"key": "a", "organisation": "city-government", "from": "2018-03", "to": "2019-04"}]
    factories.live(park(milestones=milestones, tenants=tenants))
    seen = [name.partition("/")[0] for name in told("park", "river-park")]
    assert seen == [*(type_.replace("_", "-") for type_ in types), "tenant-arrived", "tenant-left"]


def test_an_opening_stated_three_ways_on_one_date_is_told_once() -> None:
    phases = [{"key": "one", "name": "一期", "opened": "2018-09"}, {"key": "two", "name": "二期", "opened": "2020"},
              {"key": "three", "name": "三期", "opened": "2020"}]  # fmt: skip
    factories.live(park(opened="2018-09", phases=phases, milestones=[
        milestone("opened", "2018-09", "a"), milestone("phase_opened", "2020", "b"), milestone("opened", "2019", "c"),
        milestone("renamed", "2018-09", "d")]))  # fmt: skip
    assert told("park", "river-park") == {"opened": "2018-09", "renamed/d": "2018-09", "opened/c": "2019",
                                          "phase-opened/three": "2020", "phase-opened/two": "2020"}  # fmt: skip


def test_a_layout_tells_when_it_is_superseded_and_by_which() -> None:
    role = factories.term("core", "layout-role", "核")
    layouts = [{"kind": "layout", "key": key, "title": key, "subject": "place/320100", "places": ["320100"],
                "adopted": adopted, "supersedes": supersedes, "citations": factories.WHOLE,
                "parts": [{"key": "core", "role": "core", "name": "核"}]}
               for key, adopted, supersedes in (("first", "2017-12", []), ("second", "2019", ["first"]))]  # fmt: skip
    factories.live(role, *layouts)
    assert told("layout", "first") == {"adopted": "2017-12", "superseded/second": "2019"}
    assert event("layout/first/superseded/second")["caused_by"]["key"] == "second"


@pytest.mark.parametrize(("category", "type_"), [
    ("agreement", "signed"), ("scenario-batch", "batch-published"), ("conference", "launched"), (None, "launched"),
])  # fmt: skip
def test_the_date_of_an_initiative_tells_what_its_sort_is(category: str | None, type_: str) -> None:
    deal = {"kind": "initiative", "key": "deal", "title": "合作", "places": ["320100"], "date": "2020-05",
            "ended": "2021", "citations": factories.WHOLE}  # fmt: skip
    if category:
        factories.live(factories.term(category, "initiative-category", category))
        deal["category"] = category
    factories.live(deal)
    assert told("initiative", "deal") == {type_: "2020-05", "ended": "2021"}
