"""Which layout parts a park or place belongs to, on documents made by hand: no database."""

from __future__ import annotations

from datetime import date
from typing import Any

from parks.layout_roles import roles_of
from policies.applies import Ground, Inside

Json = dict[str, Any]
DAY = date(2020, 1, 1)


def reference(kind: str, key: str) -> Json:
    return {"kind": kind, "key": key, "name": key, "name_en": None}


def part(key: str, *, places: tuple[str, ...] = (), parks: tuple[str, ...] = (), part_of: str | None = None) -> Json:
    return {"key": key, "role": reference("term", "core"), "name": key, "part_of": part_of, "positioning": [],
            "function": None, "from": None, "to": None, "places": [reference("place", place) for place in places],
            "parks": [reference("park", park) for park in parks]}  # fmt: skip


def layout(*parts: Json, key: str = "a", adopted: str | None = "2019", superseded: str | None = None) -> Json:
    return {"kind": "layout", "key": key, "title": key, "title_en": None, "pattern": None, "basis": None,
            "subject": reference("place", "320100"), "adopted": adopted, "status": "current", "citations": [],
            "supersedes": [], "superseded_by": [{"key": "b", "date": superseded}] if superseded else [],
            "parts": list(parts)}  # fmt: skip


PLACES = {key: reference("place", key) for key in ("320105", "320100")}
INSIDE = {"island": Inside(reference("park", "island")), "area": Inside(reference("park", "area"), certain=False)}
PARK = Ground(reference("park", "island"), PLACES, INSIDE)
DISTRICT = Ground(reference("place", "320105"), PLACES, {})


def reasons(ground: Ground, *parts: Json) -> list[tuple[str, str, str, bool]]:
    (found,) = roles_of([layout(*parts)], ground, DAY) or [{"parts": []}]
    return [(part["key"], part["because"]["type"], part["because"]["through"]["key"], part["because"]["certain"])
            for part in found["parts"]]  # fmt: skip


def test_a_part_that_names_the_park_or_place_itself() -> None:
    assert reasons(PARK, part("x", parks=("other", "island"))) == [("x", "named", "island", True)]
    assert reasons(DISTRICT, part("x", places=("320105",))) == [("x", "named", "320105", True)]


def test_a_park_belongs_to_the_part_of_a_park_around_it_as_certainly_as_it_lies_there() -> None:
    assert reasons(PARK, part("x", parks=("area",))) == [("x", "containment", "area", False)]


def test_a_park_or_district_belongs_to_the_part_of_a_place_around_it() -> None:
    assert reasons(PARK, part("x", places=("320105",))) == [("x", "containment", "320105", True)]
    assert reasons(DISTRICT, part("x", places=("320100",))) == [("x", "containment", "320100", True)]


def test_a_place_beside_parks_says_where_they_lie_and_takes_in_nothing_else() -> None:
    beside = part("x", places=("320105",), parks=("elsewhere",))
    assert reasons(DISTRICT, beside) == [("x", "location", "320105", True)]
    assert reasons(PARK, beside) == []


def test_what_is_named_elsewhere_is_no_part_of_it() -> None:
    assert reasons(PARK, part("x", places=("440300",)), part("y", parks=("bay",)), part("z")) == []


def test_a_part_says_in_which_part_it_stands() -> None:
    found = roles_of([layout(part("belt"), part("x", parks=("island",), part_of="belt"))], PARK, DAY)
    assert [shown["within"] for shown in found[0]["parts"]] == ["belt"]


def test_only_layouts_in_force_on_the_day_are_told_the_oldest_first_and_the_undated_last() -> None:
    named = part("x", parks=("island",))
    dates = {"undated": None, "later": "2021", "new": "2019-06", "old": "2018"}
    layouts = [layout(named, key=key, adopted=adopted) for key, adopted in dates.items()]
    layouts += [layout(named, key="over", adopted="2017", superseded="2019")]
    assert [found["layout"]["key"] for found in roles_of(layouts, PARK, DAY)] == ["old", "new", "undated"]
