"""Pages of the admin that show many things ask the database as often for many as for few."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tracker.accounts.models import User
from tracker.curation import proposals, sets
from tracker.curation.importing.tests.bringing import bring, propose, table
from tracker.curation.models import Proposal, ProposalSet

from . import factories
from .factories import park

pytestmark = pytest.mark.usefixtures("world")
FEW, MANY = 2, 7
HEADER = ["key", "name", "places", "category", "citations.1.source"]


def _keys(number: int) -> list[str]:
    return [f"park-{at}" for at in range(number)]


def _handed_over(author: User, number: int) -> ProposalSet:
    """A set of changes of public parks."""
    factories.live(*(park(key, key) for key in _keys(number)))
    made = sets.begin(actor=author, source="report-2021")
    for key in _keys(number):
        sets.put(actor=author, of=made, before=park(key, key), after=park(key, "新名", opened="2020"), nature="world")
    return sets.submit(actor=author, of=made)


def one_set(author: User, editor: User, number: int) -> str:
    return f"/admin/tracker/proposalset/{_handed_over(author, number).pk}/change/"


def one_set_that_is_published(author: User, editor: User, number: int) -> str:
    made = _handed_over(author, number)
    sets.approve_and_publish(actor=editor, of=made)
    return f"/admin/tracker/proposalset/{made.pk}/change/"


def every_set(author: User, editor: User, number: int) -> str:
    for _each in range(number):
        sets.begin(actor=author, source="report-2021")
    return "/admin/tracker/proposalset/"


def reviewed_together(author: User, editor: User, number: int) -> str:
    waiting = [factories.propose(author, park(key, key)) for key in _keys(number)]
    return f"/admin/tracker/proposal/together/?ids={','.join(str(one.pk) for one in waiting)}"


def every_proposal(author: User, editor: User, number: int) -> str:
    reviewed_together(author, editor, number)
    return "/admin/tracker/proposal/"


def every_batch(author: User, editor: User, number: int) -> str:
    for key in _keys(number):
        factories.propose(author, park(key, key), batch=f"batch/{key}")
    return "/admin/tracker/proposalset/batches/"


def one_batch_undone(author: User, editor: User, number: int) -> str:
    waiting = [factories.propose(author, park(key, key), batch="many") for key in _keys(number)]
    proposals.approve_and_publish(actor=editor, proposals=waiting)
    return "/admin/tracker/proposalset/undo/?batch=many"


def entries_confirmed(author: User, editor: User, number: int) -> str:
    factories.live(*(park(key, key) for key in _keys(number)))
    ids = (str(factories.entry("park", key).pk) for key in _keys(number))
    return f"/admin/tracker/proposalset/confirm/?ids={','.join(ids)}"


def every_import(author: User, editor: User, number: int) -> str:
    for _each in range(number):
        bring(author, table(HEADER, [["a", "甲园", "320100", "science-city", "report-2021"]]), "parks.csv", "park")
    return "/admin/tracker/import/"


def _rows(number: int, category: str) -> str:
    return table(HEADER, [[key, "新名", "320100", category, "report-2021"] for key in _keys(number)])


def an_import_that_changes(author: User, editor: User, number: int) -> str:
    factories.live(*(park(key, key) for key in _keys(number)))
    return f"/admin/tracker/import/{bring(author, _rows(number, 'science-city'), 'parks.csv', 'park').pk}/change/"


def an_import_with_errors(author: User, editor: User, number: int) -> str:
    return f"/admin/tracker/import/{bring(author, _rows(number, 'nonsense'), 'parks.csv', 'park').pk}/change/"


def an_import_in_review(author: User, editor: User, number: int) -> str:
    of = propose(author, bring(author, _rows(number, "science-city"), "parks.csv", "park"))
    assert Proposal.objects.filter(batch=of.batch).count() == number
    return f"/admin/tracker/import/{of.pk}/change/"


Page = Callable[[User, User, int], str]
PAGES: dict[Page, int] = {
    one_set: 144, one_set_that_is_published: 16, every_set: 8, reviewed_together: 132, every_proposal: 9,
    every_batch: 9, one_batch_undone: 9, entries_confirmed: 6, every_import: 7, an_import_that_changes: 14,
    an_import_with_errors: 12, an_import_in_review: 13,
}  # fmt: skip
"""How many queries each page makes: a number that may sink and must not rise. Where something waits, publishing it is
rehearsed, which is most of them."""


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("number", [FEW, MANY])
def test_a_page_asks_no_more_often_than_its_baseline_says_however_much_it_shows(
    page: Page, number: int, contributor: User, editor: User, client: Client
) -> None:
    address = page(contributor, editor, number)
    client.force_login(editor)
    assert queries(client, address) <= PAGES[page]
