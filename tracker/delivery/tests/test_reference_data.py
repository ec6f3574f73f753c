"""Reference data keep the contract of every kind; and every kind there is has its contract test."""

from __future__ import annotations

from tracker.entries import kinds
from tracker.testing.contract import KindContract


class TestPlace(KindContract):
    name = "place"


class TestTerm(KindContract):
    name = "term"


class TestSource(KindContract):
    name = "source"


class TestIndustry(KindContract):
    name = "industry"


class TestIndicator(KindContract):
    name = "indicator"


def test_every_kind_has_a_contract_test() -> None:
    import parks.tests.test_kinds  # noqa: PLC0415, F401 - importing defines the subclasses
    import policies.tests.test_kinds  # noqa: PLC0415, F401

    tested = {test.name for test in KindContract.__subclasses__()}
    assert {kind.name for kind in kinds.every()} - tested == set()
