"""When to try again: delays that treble, spread by chance so that no two receivers are called in step."""

from __future__ import annotations

from datetime import datetime, timedelta

GIVE_UP_AFTER = timedelta(days=3)
"""From the first attempt; the last one is made when this time is over."""

_SHORTEST = timedelta(seconds=10)
_LONGEST = timedelta(hours=6)
_LONGEST_REST = timedelta(minutes=5)
_MOST_DOUBLINGS = 16  # beyond, every delay is the longest one


def next_attempt(*, first: datetime, tries: int, now: datetime, chance: float) -> datetime | None:
    """When to try a message again that has failed ``tries`` times since ``first``; None: never.

    :param chance: from 0 to 1; shortens or lengthens the delay by up to a quarter.
    """
    end = first + GIVE_UP_AFTER
    if now >= end:
        return None
    delay = min(_LONGEST, _SHORTEST * 3 ** min(tries - 1, _MOST_DOUBLINGS))
    return min(end, now + _spread(delay, chance))


def rest(failures: int, chance: float) -> timedelta:
    """For how long a receiver is left alone that has failed ``failures`` times in a row, whatever the message."""
    return _spread(min(_LONGEST_REST, _SHORTEST * 2 ** min(failures - 1, _MOST_DOUBLINGS)), chance)


def _spread(delay: timedelta, chance: float) -> timedelta:
    return delay * (0.75 + chance / 2)
