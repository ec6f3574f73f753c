"""Which kinds and places lie beyond a token's limits."""

from __future__ import annotations

from typing import Any

import pytest

from tracker.entries.limits import kinds_beyond, places_beyond

pytestmark = pytest.mark.usefixtures("founding")


def test_without_limits_nothing_is_beyond_them() -> None:
    assert kinds_beyond(["park"], []) == places_beyond(["320100"], []) == set()


def test_a_kind_that_is_not_named_is_beyond() -> None:
    assert kinds_beyond(["park", "policy"], ["park"]) == {"policy"}


@pytest.mark.parametrize(("place", "limit", "beyond"), [
    ("320100", "320100", False), ("320105", "320100", False), ("320105", "320000", False),
    ("320105", "yangtze-river-delta", False), ("320000", "320100", True), ("440300", "320000", True),
    ("no-such-place", "100000", True),
])  # fmt: skip
def test_a_place_is_inside_what_contains_it(place: str, limit: str, beyond: bool) -> None:
    assert (places_beyond([place], [limit]) == {place}) is beyond


def test_many_places_cost_one_query(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert places_beyond(["320100", "310000", "440300"], ["320000", "310000"]) == {"440300"}
