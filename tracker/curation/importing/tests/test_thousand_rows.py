"""A thousand rows with fifty bad ones: all fifty are reported, nothing changes; mended they land, and again nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import Count

from tracker.accounts.models import User
from tracker.curation import checking
from tracker.curation.models import Proposal, Step
from tracker.entries.models import Change, Entry, Revision
from tracker.values.errors import Refused

from .bringing import bring, problems, propose, publish, table

HEADER = ["key", "name", "places", "category", "opened", "areas.1.key", "areas.1.measure", "areas.1.value",
          "areas.1.unit", "citations.1.source"]  # fmt: skip
ROWS = 1000
BREAKS: list[tuple[int, str, str]] = [
    (1, "", "is missing"),
    (2, "南景市", "南京市"),
    (3, "science-town", "science-town"),
    (4, "2017年第五季度", "看不懂这个日期"),
    (7, "约50", "应为数"),
    (6, "cite", "is none of"),
    (9, "no-such-source", "no-such-source"),
    (0, "Bad Key {}", "lower-case"),
    (3, "plan", "not a term of park-category"),
    (2, "999999", "there is no place '999999'"),
]
"""(column, what is written there, what the report says)."""


def rows() -> list[list[Any]]:
    return [[f"park-{number}", f"{number}号园", "南京市", "science-city", "2017年底", "site", "site", number, "km2",
             "report-2021"] for number in range(ROWS)]  # fmt: skip


def broken() -> tuple[str, dict[int, tuple[str, str]]]:
    """The file, and by row (as a spreadsheet counts) the column and the words that the report must have."""
    content, expected = rows(), {}
    for number in range(50):
        column, wrong, said = BREAKS[number % len(BREAKS)]
        place = 7 + number * 19
        content[place][column] = wrong.format(place)
        expected[place + 2] = (HEADER[column], said)
    return table(HEADER, content), expected


def state() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Entry, Revision, Change, Proposal))


@pytest.mark.usefixtures("world")
def test_every_bad_row_is_reported_with_column_and_reason_and_nothing_changes(contributor: User) -> None:
    before = state()
    text, expected = broken()
    of = bring(contributor, text, "parks.csv", "park")
    found = problems(of)
    assert sorted({row for row, _, _ in found}) == sorted(expected)
    assert len(found) == 50
    for row, column, reason in found:
        assert (column, expected[row][1] in reason) == (expected[row][0], True), (row, column, reason)
    assert of.state == "wrong"
    assert of.counts == {"rows": ROWS, "insert": 950, "update": 0, "unchanged": 0, "drift": 0, "wrong": 50}
    with pytest.raises(Refused):
        propose(contributor, of)
    assert state() == before


@pytest.mark.usefixtures("world")
def test_mended_it_lands_as_one_batch_and_the_second_time_nothing_is_left_to_do(
    contributor: User, editor: User
) -> None:
    text = table(HEADER, rows())
    of = propose(contributor, bring(contributor, text, "parks.csv", "park", request_id="request-7"))
    waiting = Proposal.objects.filter(batch=of.batch)
    assert (of.state, waiting.count()) == ("proposed", ROWS)
    said = ("author_id", "origin", "reason", "request_id", "state", "nature", "base_revision")
    assert list(waiting.order_by().values_list(*said).distinct()) == [
        (contributor.pk, "import", "据公告", "request-7", "in_review", "new", 0)]  # fmt: skip
    assert not Entry.objects.filter(kind="park").exists()

    publish(editor, of)
    assert Entry.objects.live().filter(kind="park").count() == ROWS
    revision = Revision.objects.get(entry__key="park-9")
    assert (revision.actor, revision.approver, revision.origin, revision.request_id, revision.reason) == (
        contributor, editor, "import", "request-7", "据公告")  # fmt: skip
    steps = Step.objects.filter(proposal__batch=of.batch)
    assert list(steps.order_by("act").values_list("act", "actor_id", "origin").annotate(Count("pk"))) == [
        ("approved", editor.pk, "worker", ROWS), ("published", editor.pk, "worker", ROWS)]  # fmt: skip
    assert not steps.filter(request_id="").exists()
    assert list(checking.everything()) == []

    before = state()
    again = bring(contributor, text, "parks.csv", "park")
    assert (again.state, again.counts["unchanged"]) == ("nothing", ROWS)
    with pytest.raises(Refused):
        propose(contributor, again)
    assert state() == before


@pytest.mark.usefixtures("world")
def test_what_was_understood_otherwise_than_written_is_shown(contributor: User) -> None:
    of = bring(contributor, table(HEADER, rows()[:1]), "parks.csv", "park")
    assert of.rows.get().notes == [["places", "南京市", '["320100"]'], ["opened", "2017年底", "2017-12~"]]
