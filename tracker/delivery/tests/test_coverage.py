"""How far one looked is an entry like any other."""

from tracker.testing.api import every
from tracker.testing.contract import KindContract


class TestCoverage(KindContract):
    name = "coverage"

    def test_it_is_found_by_place_topic_and_finding(self) -> None:
        found = every("coverage/", place="320100", topic="policy", finding="partial")
        assert [item["key"] for item in found] == ["nanjing-policies-2020"]
        assert every("coverage/", finding="none") == []
