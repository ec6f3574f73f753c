"""The recorded-time clock: what the tracker said before an edit, byte for byte."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tracker.accounts import roles
from tracker.accounts.models import User
from tracker.curation.models import Proposal
from tracker.curation.publish import publish
from tracker.entries.models import Change, Entry, Revision
from tracker.testing.api import every, get
from tracker.values import canonical

pytestmark = pytest.mark.usefixtures("founding")


def edit(kind: str, key: str, *, action: str = Proposal.Action.PUT, **changes: Any) -> None:
    """Publish an edit of a live entry as an editor would, a moment from now."""
    entry = Entry.objects.get(kind=kind, key=key)
    payload = canonical.loads(Revision.objects.get(entry=entry, number=entry.revision).payload) | changes
    roles.ensure_groups()
    author, approver = (User.objects.get_or_create(username=name)[0] for name in ("author", "approver"))
    roles.give(approver, roles.Role.EDITOR)
    now = timezone.now() + timedelta(seconds=1)
    proposal = Proposal.objects.create(
        kind=kind, key=key, action=action, payload=canonical.dumps(payload), base_revision=entry.revision,
        state=Proposal.State.APPROVED, author=author, approver=approver, nature="correction", created_at=now,
    )  # fmt: skip
    publish(actor=approver, proposals=[proposal], now=now)


ADDRESSES = [
    "places/320100/", "places/?level=province&page_size=200&ordering=key", "parks/?place=320100&ordering=key",
    "parks/nanjing-jiangxinzhou-eco-tech-island/", "timeline/?page_size=200",
    "timeline/?place=320100&ordering=date&page_size=5", "timeline/counts/?place=320100&by=month",
    "timeline.csv?kind=policy", "parks/facets/?place=320100", "policies/?as_of=2019-01-01&ordering=key",
    "policies/facets/?as_of=2019-01-01", "parks/nanjing-jiangxinzhou-eco-tech-island/timeline/",
]  # fmt: skip


def said(known_at: str) -> list[bytes]:
    answers = []
    for address in ADDRESSES:
        mark = "&" if "?" in address else "?"
        answers.append(Client().get(f"/api/v1/{address}{mark}known_at={known_at}").content)
    return answers


def test_after_edits_the_tracker_still_answers_what_it_said_before_them() -> None:
    before = timezone.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    then = said(before)
    edit("place", "320100", name_en="Nanking")
    edit("park", "nanjing-jiangxinzhou-eco-tech-island", note="checked again")
    edit("policy", "nanjing-ai-opinions-2017", action=Proposal.Action.WITHDRAW)
    assert said(before) == then
    later = (timezone.now() + timedelta(seconds=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert said(later) != then
    assert b"Nanking" in said(later)[0]


def test_a_rename_reaches_every_document_that_shows_the_name_as_derived_changes() -> None:
    last = Change.objects.latest("seq").seq
    edit("place", "320100", name_en="Nanking")
    changes = every("changes/", after=last)
    assert changes[0]["key"] == "320100"
    assert {change["nature"] for change in changes[1:]} == {"derived"}
    assert "nanjing-jiangxinzhou-eco-tech-island" in {change["key"] for change in changes}
    park = get("parks/nanjing-jiangxinzhou-eco-tech-island/")
    assert (park["places"][0]["city"] or {}).get("name_en") == "Nanking"
    assert park["revision"] == 1


def test_the_feed_has_no_gap_and_carries_documents_and_tombstones() -> None:
    last = Change.objects.latest("seq").seq
    edit("policy", "nanjing-ai-opinions-2017", action=Proposal.Action.WITHDRAW)
    changes = get("changes/", after=last, include="document,events")["results"]
    assert [change["seq"] for change in changes] == list(range(last + 1, last + 1 + len(changes)))
    assert changes[0]["action"] == "withdrawn"
    assert changes[0]["document"] is None
    first = get("changes/", after=0, include="document,events", page_size=200)["results"]
    assert first[0]["seq"] == 1
    assert all(change["document"]["key"] == change["key"] for change in first)
