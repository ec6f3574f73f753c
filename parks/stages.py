"""A park's stage and status on a day. Pure.

The stage an editor wrote is that of the day it was read; before the park opened, its milestones say how far it was.
"""

from __future__ import annotations

from datetime import date

from tracker.delivery.as_of import Held, held
from tracker.entries.fields import Json
from tracker.values.codes import BilingualChoices

from .models import MilestoneType, Stage


class ParkStatus(BilingualChoices):
    PLANNED = "planned", "规划中 planned"
    UNDER_CONSTRUCTION = "under_construction", "在建 under construction"
    IN_OPERATION = "in_operation", "运营中 in operation"
    CLOSED = "closed", "已关闭 closed"
    UNVERIFIED = "unverified", "未核实 unverified"


_STATUS_OF = {
    Stage.PLANNED: ParkStatus.PLANNED,
    Stage.UNDER_CONSTRUCTION: ParkStatus.UNDER_CONSTRUCTION,
    Stage.PARTLY_OPEN: ParkStatus.IN_OPERATION,
    Stage.OPEN: ParkStatus.IN_OPERATION,
    Stage.CLOSED: ParkStatus.CLOSED,
}

_BEFORE_OPENING = (
    (Stage.UNDER_CONSTRUCTION, (MilestoneType.CONSTRUCTION_STARTED, MilestoneType.TOPPED_OUT)),
    (Stage.PLANNED, (MilestoneType.PLANNED, MilestoneType.APPROVED)),
)
"""The stage that follows from each milestone, the furthest first."""


def stage_on(park: Json, day: date) -> str | None:
    """The stage as written, or before the park opened the one its milestones tell; None where nothing does."""
    if held(_opened(park), None, day) is not Held.NO:
        return park["stage"] or None
    for stage, types in _BEFORE_OPENING:
        if any(_reached(park, type_, day) for type_ in types):
            return stage
    return None


def _opened(park: Json) -> str | None:
    told = (item["date"] for item in park["milestones"] if item["type"] == MilestoneType.OPENED and item["date"])
    return park["opened"] or next(told, None)


def _reached(park: Json, type_: str, day: date) -> bool:
    dates = [item["date"] for item in park["milestones"] if item["type"] == type_ and item["date"]]
    return any(held(stated, None, day) is not Held.NO for stated in dates)


def park_status(park: Json, day: date) -> str:
    """What the stage on the day says; an unknown stage is unverified, never taken for closed or open."""
    stage = stage_on(park, day)
    return _STATUS_OF[Stage(stage)] if stage else ParkStatus.UNVERIFIED
