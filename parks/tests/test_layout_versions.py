"""The chain of layouts that replaced one another, on documents made by hand: no database."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parks.layout_versions import Standing, in_order, linked, on_the_day, predecessor, standing, superseded_on, versions

Json = dict[str, Any]


def chain(*made: tuple[str, str | None, list[str]]) -> dict[str, Json]:
    """Layouts from (key, adopted, keys of what it supersedes), with the derived lists as documents have them."""
    documents: dict[str, Json] = {
        key: {"kind": "layout", "key": key, "title": key, "title_en": None, "pattern": None, "basis": None,
              "declared_by": None, "adopted": adopted, "subject": {"kind": "place", "key": "320100"}, "parts": [],
              "supersedes": [{"kind": "layout", "key": other} for other in older], "superseded_by": [], "citations": []}
        for key, adopted, older in made
    }  # fmt: skip
    for key, adopted, older in made:
        for other in older:
            if other in documents:
                documents[other]["superseded_by"].append({"kind": "layout", "key": key, "date": adopted})
    return documents


def keys(documents: list[Json]) -> list[str]:
    return [document["key"] for document in documents]


THREE = chain(("c", "2021", ["b"]), ("a", "2017-12", []), ("b", None, ["a"]), ("other", "2018", []))


def test_the_chain_is_reached_from_any_of_its_layouts_and_leaves_others_out() -> None:
    for key in ("a", "b", "c"):
        assert keys(in_order(linked(THREE, key))) == ["a", "b", "c"]
    assert keys(linked(THREE, "other")) == ["other"]


def test_an_undated_version_stands_between_those_it_lies_between() -> None:
    ordered = in_order(THREE[key] for key in ("c", "b", "a"))
    assert [(shown["layout"]["key"], shown["previous"] and shown["previous"]["key"])
            for shown in versions(ordered, date(2022, 1, 1))] == [("a", None), ("b", "a"), ("c", "b")]  # fmt: skip


def test_of_two_that_were_replaced_at_once_the_later_is_the_previous_one() -> None:
    merged = chain(("a", "2017", []), ("b", "2018", []), ("c", "2020", ["a", "b"]))
    ordered = in_order(merged.values())
    previous = predecessor(merged["c"], ordered)
    assert previous is not None and previous["key"] == "b"


def test_a_circle_of_supersession_is_broken_by_date() -> None:
    circle = chain(("a", "2017", ["b"]), ("b", "2019", ["a"]))
    assert keys(in_order(linked(circle, "b"))) == ["a", "b"]


def test_what_supersedes_a_layout_that_is_not_public_is_the_first() -> None:
    assert keys(linked(chain(("a", "2017", ["withdrawn"])), "a")) == ["a"]


@pytest.mark.parametrize(("day", "expected"), [
    (date(2017, 11, 30), (Standing.NOT_YET, True)),
    (date(2017, 12, 15), (Standing.IN_FORCE, False)),
    (date(2018, 6, 1), (Standing.IN_FORCE, True)),
    (date(2019, 6, 15), (Standing.IN_FORCE, False)),
    (date(2020, 1, 1), (Standing.SUPERSEDED, True)),
])  # fmt: skip
def test_how_a_layout_stands_on_a_day(day: date, expected: tuple[Standing, bool]) -> None:
    two = chain(("a", "2017-12", []), ("b", "2019-06", ["a"]))
    assert standing(two["a"], day) == expected


def test_a_layout_replaced_at_an_unknown_date_is_possibly_replaced() -> None:
    two = chain(("a", "2017-12", []), ("b", None, ["a"]))
    assert superseded_on(two["a"]) is None
    assert standing(two["a"], date(2018, 6, 1)) == (Standing.SUPERSEDED, False)


def test_before_a_layout_was_adopted_nothing_is_told_of_it() -> None:
    two = chain(("a", "2017-12", []), ("b", "2019-06", ["a"]))
    then = on_the_day(in_order(two.values()), date(2018, 6, 1))
    assert keys(then) == ["a"]
    assert then[0]["superseded_by"] == []


@given(st.lists(st.tuples(st.sampled_from([None, "2017", "2018-05", "2020-01-01"]),
                          st.lists(st.integers(0, 5), max_size=3, unique=True)), max_size=6))  # fmt: skip
def test_every_layout_stands_once_and_after_what_it_superseded_unless_they_run_in_circles(
    made: list[tuple[str | None, list[int]]],
) -> None:
    documents = chain(*((str(at), adopted, [str(other) for other in older if other < at])
                        for at, (adopted, older) in enumerate(made)))  # fmt: skip
    ordered = keys(in_order(documents.values()))
    assert sorted(ordered) == sorted(documents)
    for document in documents.values():
        for older in document["supersedes"]:
            assert ordered.index(older["key"]) < ordered.index(document["key"])
