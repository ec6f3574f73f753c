"""What the environment means."""

from __future__ import annotations

import pytest
from celery.schedules import crontab

from tracker.environment import daily


def test_a_time_of_the_day_is_once_a_day() -> None:
    assert daily("03:30") == crontab(hour="3", minute="30")


def test_no_time_is_never() -> None:
    assert daily("") is None


@pytest.mark.parametrize("text", ["3", "25:00", "noon"])
def test_what_is_no_time_is_refused_by_the_name_of_the_setting(text: str) -> None:
    with pytest.raises(ValueError, match="SNAPSHOT_AT"):
        daily(text)
