"""The rules of what applies, on documents made by hand: no database."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies import applies
from policies.applies import Ground, Inside, Standing, Title
from policies.status import period_ended
from policies.titles import through, titles_of

DAY = date(2020, 6, 1)


def place(key: str) -> dict[str, Any]:
    return {"kind": "place", "key": key, "name": key, "name_en": None}


def park(key: str) -> dict[str, Any]:
    return {"kind": "park", "key": key, "name": key, "name_en": None}


def policy(**members: Any) -> dict[str, Any]:
    lists: dict[str, Any] = {name: [] for name in ("places", "parks", "measures", "citations", "superseded_by",
                                                   "repealed_by", "partly_repealed_by", "amended_by")}  # fmt: skip
    dates = dict.fromkeys(("issued", "effective", "expires", "period", "stale_after"))
    return {"kind": "policy", "key": "a", "title": "甲", "title_en": None, "level": "city", **lists, **dates, **members}


def measure(**members: Any) -> dict[str, Any]:
    return {"key": "m", "subject": park("rent"), "from": None, "to": None} | members


GROUND = Ground(park("island"), {key: place(key) for key in ("320105", "320100", "320000", "100000")},
                {"island": Inside(park("island")), "new-area": Inside(park("new-area"), certain=False)})  # fmt: skip
CITY = Ground(place("320100"), {key: place(key) for key in ("320100", "320000", "100000")}, {})


def types(document: dict[str, Any], ground: Ground = GROUND, titles: tuple[Title, ...] = ()) -> list[str]:
    return [reason["type"] for reason in applies.because(document, ground, titles)]


def test_a_policy_of_a_place_around_applies_by_containment() -> None:
    reasons = applies.because(policy(places=[place("320000")]), GROUND, [])
    assert [(reason["type"], reason["through"]["key"]) for reason in reasons] == [("containment", "320000")]


def test_a_policy_of_another_district_or_of_one_below_never_applies() -> None:
    assert types(policy(places=[place("320106")])) == []
    assert types(policy(places=[place("320105")]), CITY) == []


def test_a_place_that_is_named_itself_is_named_and_not_contained() -> None:
    assert types(policy(places=[place("320100")]), CITY) == ["named"]


def test_a_policy_that_names_a_park_around_applies_as_certainly_as_that_park_contained_it() -> None:
    reasons = applies.because(policy(parks=[park("new-area")]), GROUND, [])
    assert [(reason["type"], reason["certain"]) for reason in reasons] == [("named", False)]


def test_a_policy_of_zone_level_that_names_parks_does_not_reach_the_rest_of_their_city() -> None:
    assert types(policy(level="zone", places=[place("320100")], parks=[park("elsewhere")])) == []
    assert types(policy(level="zone", places=[place("320100")])) == ["containment"]


def test_a_title_brings_in_what_it_rests_on_and_nothing_else() -> None:
    title = Title({"programme": park("p"), "holder": park("z"), "certain": True}, frozenset({"a"}))
    assert types(policy(), titles=(title,)) == ["designation"]
    assert types(policy(key="b"), titles=(title,)) == []


@pytest.mark.parametrize(("members", "expected"), [
    ({"issued": "2019-05"}, Standing.UNVERIFIED),
    ({"issued": "2020-06"}, Standing.UNVERIFIED),
    ({"issued": "2020-07"}, Standing.NOT_YET),
    ({"issued": "2019", "effective": "2021-01-01"}, Standing.NOT_YET),
    ({"issued": "2019-05", "expires": "2020-06-01"}, Standing.ENDED),
    ({"issued": "2019-05", "expires": "2020-06-02"}, Standing.CONFIRMED),
    ({"issued": "2019-05", "expires": "2020"}, Standing.UNVERIFIED),
    ({"issued": "2018-05", "period": "2018/2020"}, Standing.CONFIRMED),
    ({"issued": "2018-05", "period": "2018/2019"}, Standing.UNVERIFIED),
    ({"issued": "2018-05", "period": "2018/2020", "stale_after": "2020-05-31"}, Standing.UNVERIFIED),
    ({"period": "2021/2025"}, Standing.NOT_YET),
    ({}, Standing.UNVERIFIED),
    ({"issued": "2019", "period": "2018/2020", "superseded_by": [{"date": "2020-01"}]}, Standing.ENDED),
    ({"issued": "2019", "period": "2018/2020", "superseded_by": [{"date": "2020-07"}]}, Standing.CONFIRMED),
])  # fmt: skip
def test_where_a_policy_stands_on_a_day(members: dict[str, Any], expected: Standing) -> None:
    assert applies.standing(policy(**members), DAY) is expected


def test_an_undated_policy_began_by_the_date_of_its_earliest_source() -> None:
    citations = [{"source": {"date": "2021-03"}}, {"source": {"date": None}}, {"source": {"date": "2020-04"}}]
    undated = policy(citations=citations, places=[place("320100")])
    reasons = applies.because(undated, GROUND, [])
    assert applies.applicable(undated, reasons, date(2020, 4, 29))["certain"] is False
    assert applies.applicable(undated, reasons, date(2020, 4, 30))["certain"] is True


def test_the_end_of_a_period_is_told_apart_from_expiry() -> None:
    ends = applies.ends_soon(policy(expires="2020-09-01", period="2018/2020-10"), DAY)
    assert ends == [{"type": "expires", "date": "2020-09-01"}, {"type": "period", "date": "2020-10-31"}]
    assert period_ended(policy(period="2018/2019"), DAY)


@given(st.integers(-400, 400))
def test_soon_is_after_the_day_and_within_180_days(days: int) -> None:
    when = (DAY + timedelta(days=days)).isoformat()
    assert applies.starts_soon(policy(issued=when), DAY) == (0 < days <= 180)
    assert bool(applies.ends_soon(policy(expires=when), DAY)) == (0 < days <= 180)


def test_measures_are_those_whose_window_holds() -> None:
    windows = {"always": {}, "over": {"to": "2020-06-01"}, "later": {"from": "2020-07"}, "now": {"from": "2020-05"},
               "perhaps": {"from": "2020"}}  # fmt: skip
    found = applies.measures(policy(issued="2019", measures=[measure(key=key, **window)
                                                             for key, window in windows.items()]), DAY)  # fmt: skip
    assert {item["key"]: item["certain"] for item in found} == {"always": True, "now": True, "perhaps": False}


def test_levels_are_in_order_with_the_unknown_last_and_the_latest_first() -> None:
    documents = [policy(key="x", level=None), policy(key="old", issued="2017"), policy(key="new", issued="2019"),
                 policy(key="n", level="national")]  # fmt: skip
    groups = applies.by_level(applies.applicable(document, [], DAY) for document in documents)
    assert [(group["level"], [item["policy"]["key"] for item in group["policies"]]) for group in groups] == [
        ("national", ["n"]), ("city", ["new", "old"]), (None, ["x"]),
    ]  # fmt: skip


def test_a_policy_without_a_reason_is_in_no_group() -> None:
    body = applies.answer([policy(places=[place("440300")], issued="2019")], GROUND, [], DAY)
    assert not any(body.values())


def test_a_zone_that_names_parks_covers_those_and_not_the_rest_of_its_place() -> None:
    whole = {"parks": [], "places": [place("320100")]}
    parts = {"parks": [park("elsewhere")], "places": [place("320100")]}
    around = {"parks": [park("new-area")], "places": [place("320100")]}
    assert through(whole, GROUND) == place("320100")
    assert through(parts, GROUND) is None
    assert through(parts, CITY) == place("320100")
    assert through(around, GROUND) == park("new-area")


def designation(**members: Any) -> dict[str, Any]:
    names = ("batch", "approved", "approved_within", "assessed", "withdrawn", "wording", "document")
    return {"programme": {"kind": "programme", "key": "p"}, **dict.fromkeys(names), **members}


def test_a_title_without_a_date_is_bounded_by_its_batch_and_an_application_rests_on_nothing() -> None:
    batch = {"key": "batch-1", "date": "2021-02", "document": {"key": "notice"}}
    programmes = {"p": {"batches": [batch], "legal_basis": {"key": "basis"}}}

    def titles(day: date, **members: Any) -> list[frozenset[str]]:
        holder = park("z") | {"designations": [designation(**members)]}
        return [title.rests_on for title in titles_of([holder], programmes, day)]

    assert titles(date(2020, 12, 31), batch="batch-1", approved_within="2021-02") == []
    assert titles(date(2021, 6, 1), batch="batch-1", approved_within="2021-02") == [frozenset({"notice", "basis"})]
    assert titles(date(2021, 6, 1), wording="applying") == [frozenset()]
    assert titles(date(2021, 6, 1), approved="2019", withdrawn="2021-05") == []
