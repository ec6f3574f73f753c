"""Two layouts compared part by part, on documents made by hand: no database."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parks.layout_differences import Change, differences
from tracker.values.folding import fold

Json = dict[str, Any]
MIRRORED = {"appeared": "gone", "gone": "appeared"}


def reference(kind: str, key: str) -> Json:
    return {"kind": kind, "key": key, "name": key, "name_en": None}


def part(key: str, role: str = "core", name: str = "", **members: Any) -> Json:
    places = [reference("place", place) for place in members.pop("places", ())]
    parks = [reference("park", park) for park in members.pop("parks", ())]
    return {"key": key, "role": reference("term", role), "name": name or key, "part_of": None, "places": places,
            "parks": parks, "positioning": [], "function": None, "since": None, "from": None, "to": None,
            **members}  # fmt: skip


def layout(*parts: Json, pattern: str | None = None) -> Json:
    return {"kind": "layout", "key": "a", "title": "布局", "title_en": None, "pattern": pattern,
            "subject": reference("place", "320100"), "parts": list(parts)}  # fmt: skip


def identity(item: Json) -> tuple[str, str]:
    about = item["about"]
    return about["kind"], about["key"] or fold(about["name"])


def by_identity(found: Json) -> dict[tuple[str, str], Json]:
    return {identity(item): item for item in found["items"]}


def change(before: Json, after: Json) -> tuple[str, list[str]]:
    """What the one item of two layouts of one part each says."""
    (item,) = differences(layout(before), layout(after))["items"]
    return item["change"], item["changes"]


def test_a_park_is_compared_with_itself_whatever_its_part_is_called() -> None:
    before = part("sample", "demonstration", "江心洲人工智能示范区", parks=["island"])
    assert change(before, part("x", "pole", "江心洲", parks=["island"])) == ("role", ["role", "part"])


def test_what_only_one_layout_names_is_gone_or_appeared() -> None:
    found = differences(layout(part("a", parks=["old"])), layout(part("a", parks=["new"])))
    assert {key: item["change"] for (_, key), item in by_identity(found).items()} == {"old": "gone", "new": "appeared"}
    assert found["counts"] == dict.fromkeys([change.value for change in Change], 0) | {"gone": 1, "appeared": 1}


@pytest.mark.parametrize(("aspect", "members"), [
    ("part", {"name": "另一部分"}),
    ("positioning", {"positioning": ["引领"]}),
    ("function", {"function": "研发中心"}),
])  # fmt: skip
def test_each_aspect_is_named(aspect: str, members: Json) -> None:
    plain = part("a", name="甲", parks=["island"])
    assert change(plain, plain | members) == (aspect, [aspect])


def test_quotes_and_traditional_characters_make_no_difference_to_a_name() -> None:
    assert change(part("a", name="“先導區”"), part("b", name="先导区")) == ("same", [])


def test_another_part_around_it_is_a_difference() -> None:
    belt = part("belt", "belt", "一带", places=["320100"])
    before = layout(belt, part("a", name="甲", parks=["island"]))
    after = layout(belt, part("a", name="甲", parks=["island"], part_of="belt"))
    item = by_identity(differences(before, after))["park", "island"]
    assert item["change"] == "part"
    assert [shown["within"] for shown in item["after"]] == ["一带"]


def test_a_place_and_the_park_in_it_are_two_things_and_the_place_says_where_the_park_lies() -> None:
    found = by_identity(differences(layout(part("a", places=["320115"], parks=["zone"])), layout()))
    assert found["place", "320115"]["location"] is True
    assert found["park", "zone"]["location"] is False


def test_a_place_that_any_part_names_by_itself_is_no_mere_location() -> None:
    alone, beside = part("a", places=["320115"]), part("b", places=["320115"], parks=["zone"])
    assert by_identity(differences(layout(alone), layout(beside)))["place", "320115"]["location"] is False


def test_a_part_that_names_several_gives_one_item_for_each() -> None:
    found = differences(layout(part("a", places=["1", "2"], parks=["p"])), layout())
    assert {identity(item) for item in found["items"]} == {("place", "1"), ("place", "2"), ("park", "p")}


def test_one_thing_in_several_parts_lists_them_all() -> None:
    found = by_identity(differences(layout(part("a", "core", parks=["p"]), part("b", "pole", parks=["p"])), layout()))
    assert [shown["key"] for shown in found["park", "p"]["before"]] == ["a", "b"]


def test_a_name_is_not_matched_with_a_park_of_that_name() -> None:
    found = differences(layout(part("a", name="island")), layout(part("a", name="island", parks=["island"])))
    assert [item["change"] for item in found["items"]] == ["gone", "appeared"]


# --- for all layouts ----------------------------------------------------------------------------------------------


@st.composite
def layouts(draw: st.DrawFn) -> Json:
    count = draw(st.integers(0, 6))
    keys = [f"part-{number}" for number in range(count)]
    some = st.lists(st.sampled_from(["1", "2", "3"]), max_size=3, unique=True)
    return layout(*(
        part(key, draw(st.sampled_from(["core", "belt", "pole"])), draw(st.sampled_from(["甲", "乙", "“甲”", "丙"])),
             places=draw(some), parks=draw(some), positioning=draw(st.lists(st.sampled_from(["引领"]), unique=True)),
             function=draw(st.sampled_from([None, "研发", "制造"])),
             part_of=draw(st.sampled_from([None, *keys, "nowhere"])))
        for key in keys
    ))  # fmt: skip


def named(document: Json) -> Counter[tuple[str, str]]:
    """How many parts name each thing, counted the plain way."""
    counted: Counter[tuple[str, str]] = Counter()
    for item in document["parts"]:
        references = [(target["kind"], target["key"]) for target in item["places"] + item["parks"]]
        counted.update(references or [("part", fold(item["name"]))])
    return counted


@given(layouts(), layouts())
def test_everything_either_layout_names_occurs_exactly_once_with_all_its_parts(before: Json, after: Json) -> None:
    items = differences(before, after)["items"]
    assert Counter(map(identity, items)) == Counter((named(before) | named(after)).keys())
    assert {identity(item): len(item["before"]) for item in items if item["before"]} == named(before)
    assert {identity(item): len(item["after"]) for item in items if item["after"]} == named(after)


@given(layouts(), layouts())
def test_swapping_the_sides_mirrors_the_result(before: Json, after: Json) -> None:
    forwards, backwards = differences(before, after), differences(after, before)
    there, back = by_identity(forwards), by_identity(backwards)
    assert there.keys() == back.keys()
    for key, item in there.items():
        other = back[key]
        assert (item["before"], item["after"], item["location"]) == (other["after"], other["before"], other["location"])
        assert [MIRRORED.get(change, change) for change in item["changes"]] == other["changes"]
    assert {MIRRORED.get(name, name): count for name, count in forwards["counts"].items()} == backwards["counts"]


@given(layouts())
def test_a_layout_differs_from_itself_in_nothing(document: Json) -> None:
    found = differences(document, document)
    assert {item["change"] for item in found["items"]} <= {"same"}
    assert found["counts"]["same"] == len(found["items"])


@given(layouts(), layouts())
def test_the_counts_are_those_of_the_items(before: Json, after: Json) -> None:
    found = differences(before, after)
    changes = Counter(item["change"] for item in found["items"])
    assert changes == {name: count for name, count in found["counts"].items() if count}
    assert all(item["change"] == (item["changes"] or ["same"])[0] for item in found["items"])
