"""Snapshots in the editors' admin."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tracker.accounts.models import User
from tracker.delivery.snapshots.models import Snapshot
from tracker.jobs import services as jobs
from tracker.jobs.models import Job

ORDER = "admin:tracker_snapshot_order"
LIST = "admin:tracker_snapshot_changelist"


@pytest.fixture(autouse=True)
def _folder_of_its_own(settings: Any, tmp_path: Any) -> None:
    settings.SNAPSHOT_DIR = tmp_path


def _as(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_an_editor_orders_one_and_finds_it_in_the_list(editor: User) -> None:
    client = _as(editor)
    page = client.post(reverse(ORDER), follow=True)
    assert "快照已在制作" in page.content.decode()
    job = Job.objects.get()
    assert job.actor == editor
    jobs.run(job.pk)
    listed = client.get(reverse(LIST)).content.decode()
    assert Snapshot.objects.get().contents["url"] in listed


def test_a_contributor_sees_the_list_without_the_button_and_is_refused(contributor: User) -> None:
    client = _as(contributor)
    assert "现在制作一份" not in client.get(reverse(LIST)).content.decode()
    assert client.post(reverse(ORDER)).status_code == 403
    assert not Job.objects.exists()


def test_looking_at_the_address_orders_nothing(editor: User) -> None:
    assert _as(editor).get(reverse(ORDER)).status_code == 405
    assert not Job.objects.exists()
