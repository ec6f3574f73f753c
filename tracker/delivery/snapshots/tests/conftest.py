from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from tracker.curation.tests import factories
from tracker.testing.founding import connected_to

from .making import Made, made


@pytest.fixture(scope="package")
def founding_snapshot(founding_database: str, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Made]:
    """A snapshot of the founding data, made once for all; its row is undone, its files stay."""
    folder = tmp_path_factory.mktemp("snapshots")
    with (
        override_settings(SNAPSHOT_DIR=folder), django_db_blocker.unblock(), connected_to(founding_database),
        transaction.atomic(),
    ):  # fmt: skip
        found = made()
        transaction.set_rollback(True)
    yield found


@pytest.fixture
def world(db: None, settings: Any, tmp_path: Path) -> None:
    """A handful of entries, and a folder of its own."""
    settings.SNAPSHOT_DIR = tmp_path
    factories.ensure_world()
