"""Every type of event that a kind can give rise to has a name in both languages."""

from __future__ import annotations

from parks.models import MilestoneType
from tracker.entries import kinds
from tracker.timeline.types import TYPES, TypeName, name_of


def test_every_type_that_a_rule_or_a_milestone_names_is_in_the_table() -> None:
    declared = {rule.type for kind in kinds.every() for rule in kind.events}
    milestones = {code.replace("_", "-") for code in MilestoneType.values}
    assert declared | milestones <= set(TYPES)


def test_a_type_that_is_not_in_the_table_is_called_by_its_code() -> None:
    assert name_of("moved-away") == TypeName("moved away", "moved away")
