"""The contract is what docs/contract says it is, and breaks nothing that was released."""

from __future__ import annotations

from tracker.delivery.openapi import document
from tracker.management.commands.contract import CURRENT, RELEASED
from tracker.rest import compatibility

RENEW = "`python manage.py contract` says what differs; `python manage.py contract --write` renews docs/contract"


def test_the_contract_is_the_one_committed() -> None:
    before = compatibility.read(CURRENT.read_text("utf-8"))
    found = compatibility.differences(before, compatibility.facts(document()))
    assert [(one.name, one.old, one.new) for one in found] == [], RENEW


def test_nothing_that_was_released_is_broken() -> None:
    released = compatibility.read(RELEASED.read_text("utf-8"))
    found = compatibility.differences(released, compatibility.facts(document()))
    assert [one.name for one in found if one.is_breaking] == [], "docs/partners.md says how a thing is deprecated"
