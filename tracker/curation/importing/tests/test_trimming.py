"""The file and the rows of an old import go; what waits, what runs and what is public stays as it is."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tracker.accounts.models import User
from tracker.curation.importing import plan, services, trimming
from tracker.curation.importing.models import Import
from tracker.jobs import registry
from tracker.values.errors import Refused

from .bringing import bring, propose, publish, table

pytestmark = pytest.mark.usefixtures("world")
HEADER = ["key", "name", "places", "category", "citations.1.source"]
FILE = table(HEADER, [["new-park", "新园", "320100", "science-city", "report-2021"]])
NOW = timezone.now()
LATER = NOW + timedelta(days=30)


@pytest.fixture(autouse=True)
def thirty_days(settings: Any, tmp_path: Any) -> None:
    settings.IMPORT_DAYS, settings.IMPORT_DIR = 29, tmp_path / "imports"


def test_it_is_done_daily() -> None:
    assert trimming.TRIM_IMPORTS in registry.daily()


def test_what_is_published_loses_file_and_rows_and_can_still_be_undone(contributor: User, editor: User,
                                                                       client: Client) -> None:  # fmt: skip
    of = publish(editor, propose(contributor, bring(contributor, FILE, "parks.csv", "park")))
    path = plan.folder() / of.stored_as
    os.utime(path, times=(NOW.timestamp(), NOW.timestamp()))
    assert trimming.trim(NOW + timedelta(days=28)) == 0
    assert (path.exists(), of.rows.count()) == (True, 1)
    assert trimming.trim(LATER) == 1
    assert (path.exists(), of.rows.count()) == (False, 0)
    assert trimming.trim(LATER) == 0
    kept = Import.objects.get(pk=of.pk)
    assert (kept.counts["insert"], kept.sha256, kept.trimmed_at) == (1, of.sha256, LATER)
    client.force_login(contributor)
    said = client.get(f"/admin/tracker/import/{of.pk}/change/").content.decode()
    assert "保留期已过" in said
    back = services.revert(actor=contributor, of=kept, reason="搞错了")
    assert back.reverts == kept


def test_what_waits_for_review_or_runs_is_kept(contributor: User) -> None:
    waiting = propose(contributor, bring(contributor, FILE, "parks.csv", "park"))
    running = services.begin(actor=contributor, blocks=[FILE.encode()], name="b.csv", kind="park", reason="据公告")
    assert trimming.trim(LATER) == 0
    assert (waiting.rows.count(), (plan.folder() / running.stored_as).exists()) == (1, True)


def test_of_one_that_was_never_handed_over_nothing_can_be_done_but_bring_it_again(contributor: User) -> None:
    of = bring(contributor, FILE, "parks.csv", "park")
    trimming.trim(LATER)
    for move in (services.propose, services.check_again):
        with pytest.raises(Refused, match="再导入一次"):
            move(actor=contributor, of=of)


def test_a_file_that_no_import_names_goes_unless_it_is_on_its_way_in() -> None:
    plan.folder().mkdir()
    lost, coming = plan.folder() / "lost", plan.folder() / "coming"
    for path, when in ((lost, NOW), (coming, LATER)):
        path.write_text("x")
        os.utime(path, times=(when.timestamp(), when.timestamp()))
    trimming.trim(LATER)
    assert (lost.exists(), coming.exists()) == (False, True)
