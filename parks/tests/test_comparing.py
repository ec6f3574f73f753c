"""Parks set side by side, on documents made by hand: no database."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parks.comparing import NOT_COMPARED, compare
from parks.kinds import PARK
from tracker.delivery.as_of import Told, cut_or_last

Json = dict[str, Any]
EMPTY_GROUPS = {"location": {"lat": None, "lng": None, "precision": None, "of": None, "address": None}, "contact": None}


def reference(kind: str, key: str) -> Json:
    return {"kind": kind, "key": key, "name": key, "name_en": None}


def child(list_: str, key: str, **members: Any) -> Json:
    """A child of one of a park's lists, as documents show it: every member, unknown where it is not given."""
    declared = next(member for member in PARK.children() if member.name == list_)
    return {"key": key, **{member.name: None for member in declared.fields}, **members}


def area(key: str, value_m2: int | None, **members: Any) -> Json:
    return child("areas", key, value_m2=value_m2, **{"measure": "site", "value": value_m2, "unit": "m2"} | members)


def park(**members: Any) -> Json:
    lists: Json = {member.name: [] for member in PARK.all_fields if member.many}
    others = {member.name: None for member in PARK.all_fields if not member.many}
    return {"kind": "park", "key": "a", "name": "园", "name_en": None, **others, **EMPTY_GROUPS, **lists,
            "sub_parks": [], "citations": [], "conflicts": [], **members}  # fmt: skip


def rows(*documents: Json, day: date | None = None) -> dict[str, Json]:
    told = [Told(document, (day and cut_or_last(document, day)) or document) for document in documents]
    return {row["path"]: row for row in compare(PARK, told)}


def cells(found: dict[str, Json], path: str, member: str = "value") -> list[Any]:
    return [cell[member] for cell in found[path]["cells"]]


# --- which rows ---------------------------------------------------------------------------------------------------


def test_every_declared_fact_has_a_row_even_where_nobody_knows_it_in_the_order_of_the_declaration() -> None:
    names = [path.split("/")[1] for path in rows(park(), park())]
    assert list(dict.fromkeys(names)) == [field.name for field in PARK.all_fields if field.name not in NOT_COMPARED]


def test_what_is_not_known_is_unknown_and_never_nought_or_no() -> None:
    for path, row in rows(park(), park()).items():
        assert [cell["state"] for cell in row["cells"]] == ["unknown", "unknown"], path
        assert [cell["value"] for cell in row["cells"]] == [None, None]
        assert row["differs"] is False


def test_areas_stand_beside_each_other_by_measure_whatever_their_keys() -> None:
    found = rows(park(areas=[area("x", 10), area("floor", 7, measure="floor")]), park(areas=[area("y", 20)]))
    assert [path for path in found if path.startswith("/areas")] == ["/areas/site/value", "/areas/floor/value"]
    assert cells(found, "/areas/site/value") == [10, 20]
    assert cells(found, "/areas/site/value", "path") == ["/areas/x/value", "/areas/y/value"]
    assert cells(found, "/areas/floor/value", "state") == ["known", "unknown"]
    assert found["/areas/site/value"]["label"] == {"zh": "面积 · 规划面积", "en": "Areas · planned site"}


def test_measures_stand_in_the_order_of_their_declaration() -> None:
    found = rows(park(areas=[area("f", 1, measure="floor")]), park(areas=[area("j", 1, measure="jurisdiction")]))
    assert [path for path in found if path.startswith("/areas")] == ["/areas/jurisdiction/value", "/areas/floor/value"]


def test_siting_indicators_stand_beside_each_other_and_keep_their_unit() -> None:
    rent = reference("indicator", "rent")
    facts = [child("siting", key, indicator=rent, value=value, unit="元/m2/月")
             for key, value in (("a", 30), ("b", 45))]  # fmt: skip
    row = rows(*(park(siting=[fact]) for fact in facts))["/siting/rent/value"]
    assert (row["unit"], row["label"]["zh"]) == ("元/m2/月", "选址指标 · rent")
    assert [cell["value"] for cell in row["cells"]] == [30, 45]


def test_tenants_are_counted_and_parents_and_phases_listed() -> None:
    full = park(
        tenants=[child("tenants", key, organisation=reference("organisation", key)) for key in ("a", "b")],
        parents=[child("parents", "p", park=reference("park", "p"))],
        phases=[child("phases", "one", name="一期", opened="2018-09")],
    )
    found = rows(full, park())
    assert cells(found, "/tenants") == [2, None]
    assert cells(found, "/parents")[0] == [reference("park", "p")]
    assert cells(found, "/phases")[0] == ["一期"]
    assert cells(found, "/phases/一期/opened") == ["2018-09", None]


# --- what stands in them ------------------------------------------------------------------------------------------


def test_an_area_is_a_number_of_square_metres_with_the_words_of_the_source() -> None:
    printed = area("x", 11_520_000, value=11, unit="km2", printed="约11.52平方公里", qualifier="about", state="planned")
    cell = rows(park(areas=[printed]), park())["/areas/site/value"]["cells"][0]
    assert (cell["value"], cell["unit"], cell["qualifier"], cell["printed"]) == (
        11_520_000, "m2", "about", "约11.52平方公里")  # fmt: skip
    assert cell["nature"] == {"code": "planned", "zh": "规划", "en": "planned"}


def test_an_area_in_an_unknown_unit_keeps_it_and_makes_up_no_square_metres() -> None:
    row = rows(park(areas=[area("x", None, value=5, unit="片")]), park(areas=[area("y", 20)]))["/areas/site/value"]
    assert [(cell["value"], cell["unit"], cell["printed"]) for cell in row["cells"]] == [
        (5, "片", "5 片"), (20, "m2", "20 m2")]  # fmt: skip
    assert row["unit"] is None
    assert row["differs"] is True


def test_codes_come_with_their_words() -> None:
    assert cells(rows(park(stage="open"), park()), "/stage")[0] == {"code": "open", "zh": "投用", "en": "open"}


def test_a_point_says_what_it_is_the_point_of() -> None:
    location = {"lat": 32, "lng": 118, "precision": "district", "of": "320105", "address": None}
    found = rows(park(location=location), park())
    assert cells(found, "/location")[0] == {"lat": 32, "lng": 118, "precision": "district", "of": "320105"}
    assert cells(found, "/location/address", "state") == ["unknown", "unknown"]


def test_a_second_value_of_the_same_sort_is_not_lost_and_the_certain_one_comes_first() -> None:
    two = [area("perhaps", 1, certain=False), area("surely", 2, certain=True)]
    cell = rows(park(areas=two), park())["/areas/site/value"]["cells"][0]
    assert (cell["value"], cell["certain"]) == (2, True)
    assert [(more["path"], more["certain"]) for more in cell["more"]] == [("/areas/perhaps/value", False)]


def citation(path: str) -> Json:
    return {"path": path, "source": {"key": path}}


@pytest.mark.parametrize(("paths", "found"), [
    (["", "/areas/x"], ["/areas/x"]),
    (["", "/areas/y", "/stage"], [""]),
    (["", "/areas", "/areas/x/value", "/areas/x/from"], ["/areas/x/value"]),
    (["/stage"], []),
])  # fmt: skip
def test_a_cell_has_the_citations_of_its_path_or_of_the_nearest_that_contains_it(
    paths: list[str], found: list[str]
) -> None:
    cited = park(areas=[area("x", 1)], citations=[citation(path) for path in paths])
    cell = rows(cited, park())["/areas/site/value"]["cells"][0]
    assert [citation["path"] for citation in cell["citations"]] == found


def test_a_conflict_of_the_fact_stands_in_its_cell_and_in_no_other() -> None:
    conflict: Json = {"path": "/areas/x/value", "values": [], "ruling": None, "reason": None}
    found = rows(park(areas=[area("x", 1), area("f", 2, measure="floor")], conflicts=[conflict]), park())
    assert cells(found, "/areas/site/value", "conflict") == [conflict, None]
    assert cells(found, "/areas/floor/value", "conflict") == [None, None]


# --- what differs -------------------------------------------------------------------------------------------------


def test_an_unknown_value_makes_no_difference() -> None:
    assert rows(park(stage="open"), park(), park(stage="open"))["/stage"]["differs"] is False
    assert rows(park(stage="open"), park(), park(stage="planned"))["/stage"]["differs"] is True


def test_the_order_of_a_list_makes_no_difference() -> None:
    one, other = reference("place", "1"), reference("place", "2")
    assert rows(park(places=[one, other]), park(places=[other, one]))["/places"]["differs"] is False


# --- on a day -----------------------------------------------------------------------------------------------------


GROWN = park(areas=[area("before", 11_520_000, to="2019-04"), area("after", 159_480_000, **{"from": "2019-04"})])


@pytest.mark.parametrize(("day", "expected"), [
    (date(2018, 6, 1), [(11_520_000, False)]),
    (date(2020, 1, 1), [(159_480_000, True)]),
    (date(2019, 4, 15), [(11_520_000, False), (159_480_000, False)]),
])  # fmt: skip
def test_an_area_follows_the_day_and_is_uncertain_where_it_only_possibly_holds(
    day: date, expected: list[tuple[int, bool]]
) -> None:
    cell = rows(GROWN, park(), day=day)["/areas/site/value"]["cells"][0]
    assert [(fact["value"], fact["certain"]) for fact in (cell, *cell["more"])] == expected


def titled(**dates: Any) -> Json:
    return park(designations=[child("designations", "t", programme=reference("programme", "p"),
                                    wording="recognised", **dates)])  # fmt: skip


def test_a_title_not_given_yet_or_withdrawn_is_none_and_one_never_heard_of_unknown() -> None:
    day = date(2018, 6, 1)
    found = rows(titled(approved="2019"), titled(approved="2012", withdrawn="2017"), titled(approved="2015"), park(),
                 day=day)  # fmt: skip
    row = found["/designations/p/wording"]
    assert [cell["state"] for cell in row["cells"]] == ["none", "none", "known", "unknown"]
    assert row["differs"] is True


def test_an_area_that_begins_later_leaves_the_day_unknown_and_not_none() -> None:
    later = park(areas=[area("after", 5, **{"from": "2019-04"})])
    found = rows(later, park(areas=[area("x", 3, stated_on="2018")]), day=date(2018, 6, 1))
    assert cells(found, "/areas/site/value", "state") == ["unknown", "known"]


@given(st.lists(st.integers(0, 3), min_size=2, max_size=5))
def test_what_differs_is_what_a_plain_look_at_the_known_values_says(values: list[int]) -> None:
    """0 stands for an area that is not known."""
    row = rows(*(park(areas=[area("x", value)] if value else []) for value in values)).get("/areas/site/value")
    known = {value for value in values if value}
    assert bool(row) == bool(known)
    if row:
        assert row["differs"] == (len(known) > 1)
        assert [cell["value"] or 0 for cell in row["cells"]] == values
