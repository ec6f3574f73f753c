"""Many rows at once are the rows that were meant, whatever stands in them; one that is refused keeps out all."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from tracker.curation.tests import factories
from tracker.entries.inserting import insert
from tracker.entries.models import Entry, Reference
from tracker.sources.models import Citation, Conflict

pytestmark = pytest.mark.django_db

ODD = 'tab\t, line\r\n, back\\slash, \\N, \\., “quoted” "plain", 𠮷, {"a": null}'


@pytest.fixture
def park(db: None) -> Entry:
    factories.ensure_world()
    factories.live(factories.park())
    return factories.entry("park", "river-park")


def test_whatever_is_written_is_read_back(park: Entry) -> None:
    locator = {"section": ODD, "row": 3, "span": None}
    facts = {"position": 7, "path": "/name", "source": factories.entry("source", "report-2021"), "stated": ODD,
             "locator": locator}  # fmt: skip
    insert(Citation, (Citation(entry=park, **facts) for _ in range(1000)))
    rows = Citation.objects.filter(entry=park, position=7)
    assert set(rows.values_list("stated", "printed", "reason")) == {(ODD, "", "")}
    assert [row.locator for row in rows] == [locator] * 1000
    assert len(set(rows.values_list("pk"))) == 1000


def test_what_is_unknown_stays_unknown(park: Entry) -> None:
    insert(Reference, [Reference(entry=park, field="operators", position=9, target_kind="organisation", sought="甲")])
    found = Reference.objects.get(entry=park, position=9)
    assert (found.target, found.valid_lower, found.role) == (None, None, "")


def test_a_row_that_is_refused_keeps_out_all(park: Entry) -> None:
    with pytest.raises(IntegrityError, match="conflict"), transaction.atomic():
        insert(Conflict, [Conflict(entry=park, path=path) for path in ("/a", "/b", "/a")])
    assert not Conflict.objects.filter(entry=park).exists()
