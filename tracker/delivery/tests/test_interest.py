"""What a partner wants to hear of: filters of changes that read the same in a query, as stored and for one change."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from tracker.accounts.models import User
from tracker.accounts.roles import Role
from tracker.curation.tests import factories
from tracker.curation.tests.factories import area, change, entry, park, place, policy
from tracker.delivery.interest import Interest
from tracker.entries.models import Change
from tracker.values.errors import Invalid

pytestmark = pytest.mark.django_db


@pytest.fixture
def author() -> User:
    factories.ensure_world()
    return factories.user("tougao", Role.CONTRIBUTOR)


@pytest.fixture
def editor(author: User) -> User:
    return factories.user("bianji", Role.EDITOR)


def interest(query: str) -> Interest:
    return Interest.of_query(QueryDict(query))


def told(query: str, after: int = 0) -> list[str]:
    """What the feed tells of to that interest, oldest first; each change asked for alone agrees."""
    wanted = interest(query)
    changes = Change.objects.filter(seq__gt=after).order_by("seq")
    narrowed = list(wanted.narrow(changes))
    assert narrowed == [one for one in changes if wanted.includes(one)]
    return [f"{one.kind}/{one.key}" for one in narrowed]


def last() -> int:
    return Change.objects.latest("seq").seq


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("kind=prak", "kind: there is no kind 'prak'; did you mean park?"),
        ("nature=worlds", "nature: there is no nature 'worlds'; did you mean world?"),
        ("field=aeras", "field: there is no field 'aeras'; did you mean areas?"),
        ("kind=source&field=areas", "field: there is no field 'areas'"),
        ("field=/areas/site/value", "is neither a member nor a child of one"),
        ("field=/areas/", "is neither a member nor a child of one"),
        ("place=320199", "place: there is no place '320199'"),
        ("kind=", "kind: there is no kind ''; there are place,"),
    ],
)
def test_what_does_not_exist_is_refused_by_name(query: str, message: str, author: User) -> None:
    with pytest.raises(Invalid) as error:
        interest(query)
    assert message in error.value.message


@pytest.mark.parametrize(
    ("stored", "named"),
    [([], "filters"), ({"places": ["320100"]}, "places"), ({"place": "320100"}, "place"), ({"kind": [1]}, "kind")],
)
def test_stored_filters_are_as_strict(stored: object, named: str, author: User) -> None:
    with pytest.raises(Invalid) as error:
        Interest.of_json(stored)
    assert [name for name, _ in error.value.errors] == [named]


def test_stored_and_read_back_it_is_the_same(author: User) -> None:
    wanted = interest("place=320100&kind=park&kind=policy&field=areas&field=/areas&nature=world")
    assert wanted == Interest(("320100",), ("park", "policy"), ("/areas",), ("world",))
    assert Interest.of_json(wanted.as_json()) == wanted
    assert Interest().as_json() == {}


def test_a_place_includes_what_lies_inside(author: User, editor: User) -> None:
    before = last()
    factories.live(place("320115", "江宁区", "district", "320100"), place("110000", "北京市", "province", "100000"),
                   park(places=["320115"]), park("capital-park", "京园", places=["110000"]))  # fmt: skip
    assert told("place=320000", before) == ["place/320115", "park/river-park"]
    assert told("place=110000&place=320115", before) == ["place/110000", "place/320115", "park/capital-park",
                                                         "park/river-park"]  # fmt: skip


def test_what_moves_out_of_a_place_is_told_to_those_who_follow_it(author: User, editor: User) -> None:
    factories.live(place("110000", "北京市", "province", "100000"), park())
    before = last()
    change(author, editor, park(places=["110000"]))
    assert told("place=320100", before) == told("place=110000", before) == ["park/river-park"]
    moved = Change.objects.get(seq=before + 1)
    assert dict(moved.places.values_list("place", "inside")) == {
        "100000": True, "110000": True, "320000": False, "320100": False
    }  # fmt: skip
    change(author, editor, park(places=["110000"], positioning=["智谷"]))
    assert told("place=320100", before + 1) == []


def test_what_is_withdrawn_is_told_to_those_who_follow_its_place(author: User, editor: User) -> None:
    factories.live(park())
    before = last()
    factories.withdraw(author, editor, entry("park", "river-park"))
    assert told("place=320100&kind=park", before) == ["park/river-park"]


def test_a_field_is_a_member_or_a_child_of_one(author: User, editor: User) -> None:
    factories.live(park(areas=[area("site-2019", 3), area("site-2021", 4)]))
    before = last()
    change(author, editor, park(areas=[area("site-2019", 3), area("site-2021", 5)]))
    for query in ("field=areas", "field=/areas", "field=areas/site-2021", "field=name&field=areas"):
        assert told(query, before) == ["park/river-park"], query
    for query in ("field=areas/site-2019", "field=name", "field=areas/site"):
        assert told(query, before) == [], query


def test_a_change_of_the_whole_member_is_one_of_each_child(author: User, editor: User) -> None:
    factories.live(park())
    before = last()
    change(author, editor, park(areas=[area("site-2019", 3)]))
    assert Change.objects.latest("seq").changed_fields == ["/areas"]
    assert told("field=/areas/site-2019", before) == ["park/river-park"]


def test_what_goes_and_what_returns_is_told_whatever_the_field(author: User, editor: User) -> None:
    factories.live(park())
    before = last()
    factories.withdraw(author, editor, entry("park", "river-park"))
    factories.restore(author, editor, entry("park", "river-park"), 1)
    assert told("field=areas", before) == ["park/river-park"] * 2


def test_all_filters_hold_together(author: User, editor: User) -> None:
    factories.live(park(), policy(parks=["river-park"]))
    before = last()
    change(author, editor, park(name="江畔科学城"), nature="world")
    assert told("", before) == ["park/river-park", "policy/ai-opinions"]
    assert told("nature=derived", before) == told("field=parks", before) == ["policy/ai-opinions"]
    assert told("nature=derived&field=name", before) == []
    assert told("nature=world&field=name&kind=park&place=320100", before) == ["park/river-park"]
