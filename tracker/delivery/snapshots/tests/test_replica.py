"""Load everything once, then follow the feed: the promise to partners."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tracker.curation.models import Proposal
from tracker.delivery.tests.test_recorded_time import edit
from tracker.entries.models import Entry, State
from tracker.testing.api import every, get
from tracker.values import canonical

from .making import Made


def loaded(snapshot: Made) -> dict[tuple[str, str], str]:
    """A partner's copy: documents by kind and key, read from the files that the manifest lists."""
    copy = {}
    for file in snapshot.manifest["files"]:
        if file["format"] == "jsonl" and file["kind"] and not file["compression"]:
            for line in snapshot.text(file["name"]).splitlines():
                copy[file["kind"], canonical.loads(line)["key"]] = line
    return copy


def follow(copy: dict[tuple[str, str], str], after: int) -> None:
    """Apply every later change of the feed to the copy."""
    for change in every("changes/", after=after, include="document", page_size=200):
        identity = change["kind"], change["key"]
        if change["document"] is None:
            copy.pop(identity, None)
        else:
            copy[identity] = canonical.dumps_ordered(change["document"])


def test_a_snapshot_and_the_feed_from_its_number_give_the_full_state(
    founding: None, founding_snapshot: Made, settings: Any
) -> None:
    settings.SNAPSHOT_DIR = Path(founding_snapshot.folder).parent
    founding_snapshot.row()
    edit("place", "320100", name_en="Nanking")
    edit("park", "nanjing-jiangxinzhou-eco-tech-island", note="checked again")
    edit("policy", "nanjing-ai-opinions-2017", action=Proposal.Action.WITHDRAW)
    edit("policy", "nanjing-ai-opinions-2017", action=Proposal.Action.RESTORE)
    edit("policy", "nanjing-ai-landmark-action-plan-2019", action=Proposal.Action.WITHDRAW)
    manifest = get("snapshots/latest/")
    copy = loaded(founding_snapshot)
    assert len(copy) == manifest["documents"]
    follow(copy, manifest["seq"])
    rows = Entry.objects.filter(state=State.LIVE).values_list("kind", "key", "document")
    assert copy == {(kind, key): document for kind, key, document in rows}


@pytest.mark.parametrize("plural", ["parks", "policies"])
def test_a_copy_without_the_feed_is_what_the_api_said_at_that_moment(
    founding: None, founding_snapshot: Made, plural: str
) -> None:
    said = [canonical.dumps_ordered(item) for item in every(f"{plural}/", ordering="key", page_size=200)]
    assert founding_snapshot.lines(plural) == said
