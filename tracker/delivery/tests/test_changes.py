"""The change feed as a reader meets it."""

from __future__ import annotations

from typing import Any

import pytest

from tracker.accounts.models import User
from tracker.accounts.roles import Role
from tracker.curation.tests import factories
from tracker.curation.tests.factories import change, entry, park, place, policy
from tracker.delivery import changes, feed
from tracker.entries.models import Entry
from tracker.testing.api import get, refused
from tracker.values import canonical

pytestmark = pytest.mark.django_db


@pytest.fixture
def author() -> User:
    factories.ensure_world()
    return factories.user("tougao", Role.CONTRIBUTOR)


@pytest.fixture
def editor(author: User) -> User:
    return factories.user("bianji", Role.EDITOR)


@pytest.fixture
def start(author: User) -> int:
    """The last number before the test does anything."""
    return feed.last_number()


def followed(after: int, **parameters: Any) -> list[Any]:
    """All changes after a number, page by page as a client goes, from ``through`` to ``through``."""
    found: list[Any] = []
    while True:
        answer = get("changes/", after=after, **parameters)
        found += answer["results"]
        assert (answer["next"] is None) == (answer["through"] == answer["last"])
        if answer["next"] is None:
            return found
        assert answer["through"] > after
        assert f"after={answer['through']}" in answer["next"]
        after = answer["through"]


def test_numbers_follow_one_another_whatever_the_size_of_the_page(author: User) -> None:
    last = feed.last_number()
    for size in (1, 3, 200):
        assert [line["seq"] for line in followed(0, page_size=size)] == list(range(1, last + 1))


def test_reference_data_is_in_it(author: User) -> None:
    assert {"place", "source", "term"} <= {line["kind"] for line in followed(0)}


def test_a_line_says_what_happened_to_what(author: User, editor: User, start: int) -> None:
    change(author, editor, park())
    [line] = followed(start)
    del line["recorded_at"]
    fields = ["/category", "/citations", "/key", "/kind", "/name", "/places"]
    assert line == {
        "seq": start + 1, "action": "published", "kind": "park", "key": "river-park", "revision": 1, "nature": "new",
        "changed_fields": fields, "source": "report-2021", "successor": None,
    }  # fmt: skip


def test_each_line_carries_what_the_document_was_at_its_number(author: User, editor: User, start: int) -> None:
    change(author, editor, park(opened="2019-10"))
    first = entry("park", "river-park").document
    change(author, editor, park(name="江畔新园"))
    lines = followed(start, include="events,document")
    assert [canonical.dumps_ordered(line["document"]) for line in lines] == [
        first,
        entry("park", "river-park").document,
    ]
    assert [[event["type"] for event in line["events"]] for line in lines] == [["opened"], []]
    assert "document" not in followed(start, include="events")[0]


def test_what_is_merged_or_withdrawn_is_a_tombstone_that_names_its_successor(author: User, editor: User,
                                                                            start: int) -> None:  # fmt: skip
    factories.live(park(), park("lake-park", "湖畔园"), park("old-park", "旧园"))
    factories.merge(author, editor, entry("park", "river-park"), "lake-park")
    factories.withdraw(author, editor, entry("park", "old-park"), successor="lake-park")
    factories.withdraw(author, editor, entry("park", "lake-park"))
    lines = followed(start + 3, include="document,events")
    assert [(line["action"], line["key"], line["successor"]) for line in lines] == [
        ("merged", "river-park", "lake-park"), ("withdrawn", "old-park", "lake-park"), ("withdrawn", "lake-park", None),
    ]  # fmt: skip
    assert all(line["document"] is None and line["events"] == [] for line in lines)


def test_what_is_restored_comes_with_its_document(author: User, editor: User, start: int) -> None:
    factories.live(park())
    factories.withdraw(author, editor, entry("park", "river-park"))
    factories.restore(author, editor, entry("park", "river-park"), 1)
    line = followed(start + 2, include="document")[0]
    assert (line["action"], line["document"]["name"]) == ("restored", "江畔园")


def test_a_reader_of_few_changes_moves_on_through_all_the_others(author: User, editor: User, start: int,
                                                                 monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(changes, "WINDOW", 3)
    factories.live(*(policy(f"policy-{number}", f"{number}号意见") for number in range(7)), park())
    thin = get("changes/", after=start, kind="park")
    assert (thin["results"], thin["through"], thin["last"]) == ([], start + 3, start + 8)
    assert [line["key"] for line in followed(start, kind="park", page_size=1)] == ["river-park"]
    assert get("changes/", after=start + 8, kind="park")["results"] == []


def test_a_place_tells_what_is_inside_and_what_has_left(author: User, editor: User, start: int) -> None:
    factories.live(place("110000", "北京市", "province", "100000"), park())
    change(author, editor, park(places=["110000"]))
    lines = followed(start, place="320100")
    assert [(line["key"], line["action"], line["inside"]) for line in lines] == [
        ("river-park", "published", True), ("river-park", "published", False)
    ]  # fmt: skip
    assert "inside" not in followed(start)[0]


def test_what_lies_in_a_place_that_moves_is_told_even_where_its_document_stays_the_same(author: User, editor: User,
                                                                                       start: int) -> None:  # fmt: skip
    delta = place("delta", "长三角", "region", members=["320000"])
    factories.live(park(), delta)
    change(author, editor, delta | {"members": ["310000"]} | _shanghai())
    left = {line["key"]: line for line in followed(start + 2, place="delta")}
    assert left["river-park"]["inside"] is False
    assert (left["river-park"]["nature"], left["river-park"]["changed_fields"]) == ("derived", ["/places"])
    assert left["320000"]["inside"] is False
    change(author, editor, delta)
    assert Entry.objects.within(["delta"]).filter(key="river-park").exists()
    assert followed(feed.last_number() - 5, place="delta", kind="park")[-1]["inside"] is True


def _shanghai() -> dict[str, Any]:
    factories.live(place("310000", "上海市", "province", "100000"))
    return {}


def test_a_copy_of_a_place_is_kept_by_its_filter_alone(author: User, editor: User) -> None:
    """What ``inside`` says, applied line by line, is what the list of that place holds."""
    factories.live(place("320115", "江宁区", "district", "320100"), place("320500", "苏州市", "city", "320000"),
                   park(places=["320115"]), park("lake-park", "湖畔园"), park("hill-park", "山园"))  # fmt: skip
    change(author, editor, park("lake-park", "湖畔园", places=["320500"]))
    factories.withdraw(author, editor, entry("park", "hill-park"))
    change(author, editor, place("320115", "江宁区", "district", "320500"))
    change(author, editor, park("lake-park", "湖畔园", places=["320100"]))
    copy: dict[str, Any] = {}
    for line in followed(0, place="320100", kind="park", include="document"):
        copy.pop(line["key"], None)
        if line["document"] and line["inside"]:
            copy[line["key"]] = line["document"]
    assert copy == {document["key"]: document for document in get("parks/", place="320100")["results"]}
    assert set(copy) == {"lake-park"}


def test_a_number_from_the_future_is_refused_saying_which_is_the_last(author: User) -> None:
    last = feed.last_number()
    assert get("changes/", after=last)["results"] == []
    assert refused("changes/", after=last + 1)["after"] == (
        f"{last + 1} has not been given out yet: the last feed number is {last}"
    )


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("after", "-1", "must be a feed number"), ("after", "ten", "must be a feed number"),
        ("after", "９", "must be a feed number"), ("after", "1" * 19, "must be a feed number"),
        ("kind", "prak", "did you mean park?"), ("nature", "worlds", "did you mean world?"),
        ("field", "aeras", "did you mean areas?"), ("place", "320199", "there is no place '320199'"),
        ("include", "documents", "did you mean document?"), ("page_size", "201", "from 1 to 200"),
        ("befor", "3", "unknown parameter"),
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_named(name: str, value: str, said: str, author: User) -> None:
    assert said in refused("changes/", **{name: value})[name]


def test_a_page_costs_the_same_few_queries_however_long_it_is(author: User, django_assert_max_num_queries: Any) -> None:
    factories.live(*(park(f"park-{number}", f"{number}号园") for number in range(20)))
    for size in (2, 200):
        with django_assert_max_num_queries(6):
            get("changes/", page_size=size, place="320100", field="places", include="document,events")


def test_a_place_that_was_merged_is_refused_naming_the_one_that_stands_for_it(author: User, editor: User) -> None:
    """A copy of the one is no copy of the other, so nobody is led from one to the other without a word."""
    factories.live(place("320199", "旧区", "district", "320100"), place("320198", "新区", "district", "320100"))
    factories.merge(author, editor, entry("place", "320199"), "320198")
    said = get("changes/", code=400, after=0, place="320199")["detail"]
    assert "320199 was merged into 320198" in said
