"""The stage of a park on a day: what is written holds since it opened; before, its milestones tell."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from parks.stages import park_status, stage_on

PARK = {"stage": "open", "opened": "2018-09", "milestones": [
    {"type": "planned", "date": "2015"}, {"type": "construction_started", "date": "2016-03-01"},
]}  # fmt: skip


@pytest.mark.parametrize(("day", "stage", "status"), [
    (date(2014, 12, 31), None, "unverified"),
    (date(2015, 1, 1), "planned", "planned"),
    (date(2016, 3, 1), "under_construction", "under_construction"),
    (date(2018, 8, 31), "under_construction", "under_construction"),
    (date(2018, 9, 1), "open", "in_operation"),
    (date(2030, 1, 1), "open", "in_operation"),
])  # fmt: skip
def test_the_stage_follows_the_dated_facts(day: date, stage: str | None, status: str) -> None:
    assert (stage_on(PARK, day), park_status(PARK, day)) == (stage, status)


@pytest.mark.parametrize("park", [
    {"stage": "open", "opened": None, "milestones": []},
    {"stage": "open", "opened": None, "milestones": [{"type": "opened", "date": None}]},
])  # fmt: skip
def test_without_a_known_opening_the_stage_is_as_written(park: dict[str, Any]) -> None:
    assert stage_on(park, date(2010, 1, 1)) == "open"


def test_a_milestone_can_tell_the_opening() -> None:
    park = {"stage": "open", "opened": None, "milestones": [{"type": "opened", "date": "2018"}]}
    assert stage_on(park, date(2017, 12, 31)) is None
    assert stage_on(park, date(2018, 6, 1)) == "open"
