"""Batches in the admin: found on a list, undone on a page that says beforehand what would change."""

from __future__ import annotations

import pytest
from django.test import Client

from tracker.accounts.models import User
from tracker.accounts.roles import Role
from tracker.curation import proposals, sets
from tracker.curation.importing.tests import bringing
from tracker.curation.models import Proposal, ProposalSet

from . import factories
from .factories import park, policy

pytestmark = pytest.mark.usefixtures("world")
LIST, NAME = "/admin/tracker/proposalset/batches/", "cat_x/1"
UNDO = f"/admin/tracker/proposalset/undo/?batch={NAME}"


@pytest.fixture
def published(contributor: User, editor: User) -> None:
    """A park changed, and two entries added, in one batch."""
    factories.live(park())
    payloads = (park(name="新名"), park("b-park", "乙园"), policy())
    waiting = [factories.propose(contributor, payload, batch=NAME) for payload in payloads]
    proposals.approve_and_publish(actor=editor, proposals=waiting)


@pytest.mark.usefixtures("published")
def test_a_batch_is_found_seen_undone_and_reviewed(client: Client, contributor: User, editor: User) -> None:
    factories.change(contributor, editor, park("b-park", "乙园改"))
    client.force_login(contributor)
    listed = client.get(LIST)
    (batch,) = listed.context["batches"]
    assert (batch.name, batch.count, batch.published, batch.undo_url) == (NAME, 3, 3, UNDO.replace("/1", "%2F1"))
    page = client.get(batch.undo_url)
    assert {line.name: (line.becomes, line.facts) for line in page.context["lines"]} == {
        "新名": ("恢复原样", ["名称"]), "人工智能意见": ("撤下", []), "乙园改": ("此后另有改动，不动", []),
    }  # fmt: skip
    answer = client.post(UNDO, {"reason": "搞错了"})
    made = ProposalSet.objects.get()
    assert answer["Location"] == f"/admin/tracker/proposalset/{made.pk}/change/"
    assert factories.document("park", "river-park")["name"] == "新名"
    sets.approve_and_publish(actor=editor, of=made)
    assert factories.document("park", "river-park")["name"] == "江畔园"
    assert factories.entry("policy", "ai-opinions").state == "withdrawn"
    assert client.get(UNDO).context["going"] == []


@pytest.mark.usefixtures("published")
def test_without_a_reason_nothing_is_made_and_who_proposes_nothing_sees_no_page(client: Client, contributor: User,
                                                                                viewer: User) -> None:  # fmt: skip
    client.force_login(contributor)
    assert "请写明理由" in client.post(UNDO, {"reason": " "}).content.decode()
    assert not ProposalSet.objects.exists()
    for address in (UNDO.replace(NAME, "nothing"), UNDO.replace(NAME, ""), UNDO.partition("?")[0]):
        assert client.get(address).status_code == 404
    client.force_login(viewer)
    assert {client.get(address).status_code for address in (LIST, UNDO)} == {403}


def test_a_batch_that_is_not_public_yet_cannot_be_undone(client: Client, contributor: User) -> None:
    factories.propose(contributor, park(), batch=NAME)
    client.force_login(contributor)
    assert client.get(LIST).context["batches"][0].undo_url == ""
    assert "无可撤回" in client.get(UNDO).context["refusal"]


def test_an_import_is_undone_on_its_own_page(client: Client, contributor: User, editor: User) -> None:
    text = "key,name,places,category,citations.1.source\na,甲园,320100,science-city,report-2021\n"
    of = bringing.propose(contributor, bringing.bring(contributor, text, "parks.csv", "park"))
    bringing.publish(editor, of)
    client.force_login(contributor)
    (batch,) = client.get(LIST).context["batches"]
    assert batch.undo_url == f"/admin/tracker/import/{of.pk}/change/"


def test_the_list_names_no_draft_of_others(client: Client, contributor: User) -> None:
    other = factories.user("qita", Role.CONTRIBUTOR)
    Proposal.objects.filter(pk=factories.propose(other, park("z")).pk).update(batch="theirs", state="draft")
    factories.propose(contributor, park(), batch=NAME)
    client.force_login(contributor)
    assert [batch.name for batch in client.get(LIST).context["batches"]] == [NAME]
