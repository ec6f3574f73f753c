"""The made-up entries are ordinary entries: valid, whole, marked, and the same each time."""

from __future__ import annotations

from decimal import Decimal

from tracker.curation import bench, fixtures
from tracker.curation.fixtures import FixtureEntry
from tracker.testing.plugin import ROOT

SITES = [
    bench.Site("320100", "南京", "city", Decimal("32.06"), Decimal("118.78")),
    bench.Site("440305", "南山", "district", Decimal("22.53"), Decimal("113.93")),
]


def made(total: int = 200) -> list[FixtureEntry]:
    return [FixtureEntry("bench", payload) for payload in bench.payloads(total, SITES)]


def founding_references() -> list[FixtureEntry]:
    """The terms, indicators, industries and the two places the made-up entries refer to."""
    places = {site.key for site in SITES}
    reference = fixtures.read(ROOT / "fixtures" / "reference")
    return reference + [entry for entry in fixtures.read(ROOT / "fixtures" / "places") if entry.identity[1] in places]


def test_every_entry_is_valid_and_every_reference_leads_somewhere() -> None:
    problems = fixtures.problems_in([*founding_references(), *made()])
    assert [str(problem) for problem in problems if problem.file == "bench"] == []


def test_every_entry_is_marked_as_made_up() -> None:
    for entry in made():
        assert "示例" in (entry.payload.get("name") or entry.payload["title"])
        assert entry.payload["key"].startswith("bench-")


def test_the_same_seed_gives_the_same_entries() -> None:
    assert made(50) == made(50)


def test_about_as_many_are_made_as_asked_for() -> None:
    assert len(made(1000)) == 1001
