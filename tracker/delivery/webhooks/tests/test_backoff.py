"""When a message is tried again, over three days, without waiting for them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tracker.delivery.webhooks.backoff import GIVE_UP_AFTER, next_attempt, rest

FIRST = datetime(2026, 11, 20, 8, tzinfo=UTC)
chances = st.floats(0, 1)


def moments(chance: float) -> list[datetime]:
    """The attempts of a message that is never accepted, each at its time."""
    made = [FIRST]
    while following := next_attempt(first=FIRST, tries=len(made), now=made[-1], chance=chance):
        made.append(following)
    return made


@given(chances)
def test_the_last_attempt_is_made_when_three_days_are_over(chance: float) -> None:
    assert moments(chance)[-1] == FIRST + GIVE_UP_AFTER == FIRST + timedelta(days=3)


@given(chances)
def test_the_delays_grow_threefold_up_to_some_hours(chance: float) -> None:
    made = moments(chance)
    delays = [later - earlier for earlier, later in pairwise(made)][:-1]
    assert delays[0] <= timedelta(seconds=12.5)
    assert delays == sorted(delays)
    assert max(delays) <= timedelta(hours=7.5)
    assert 15 <= len(made) <= 25


@given(chances, st.integers(1, 10_000))
def test_no_number_of_failures_breaks_the_arithmetic(chance: float, tries: int) -> None:
    following = next_attempt(first=FIRST, tries=tries, now=FIRST, chance=chance)
    assert following
    assert FIRST < following <= FIRST + GIVE_UP_AFTER
    assert timedelta(0) < rest(tries, chance) <= timedelta(minutes=6.25)


def test_chance_spreads_the_attempts() -> None:
    assert len({next_attempt(first=FIRST, tries=5, now=FIRST, chance=part / 10) for part in range(10)}) == 10


def test_after_three_days_there_is_no_next_attempt() -> None:
    assert next_attempt(first=FIRST, tries=20, now=FIRST + timedelta(days=3), chance=0.5) is None
