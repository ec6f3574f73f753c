"""Moments and dates in query parameters."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError

from tracker.rest.fields import moment


def test_a_date_means_its_end_or_its_beginning_in_shanghai() -> None:
    assert moment("2026-11-20", end=True) == datetime(2026, 11, 20, 15, 59, 59, 999999, tzinfo=UTC)
    assert moment("2026-11-20", end=False) == datetime(2026, 11, 19, 16, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-11-20T08:00:00Z", "2026-11-20T16:00:00+08:00", "2026-11-20T16:00:00 08:00",
                                  "2026-11-20T16:00:00"])  # fmt: skip
def test_a_moment_is_taken_as_it_is_and_without_a_zone_as_shanghais(text: str) -> None:
    assert moment(text, end=True) == datetime(2026, 11, 20, 8, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-02-30", "2026-11", "yesterday", "2026-11-20T25:00:00Z"])
def test_what_is_neither_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        moment(text, end=True)
