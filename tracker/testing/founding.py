"""Tests over the founding data: loaded once per test process into a database of its own, each test rolled back.

A test asks for the fixture ``founding`` (and must not carry the ``django_db`` mark, which would come first and open
the empty database).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import setup_databases, teardown_databases

SUFFIX = "founding"
REAL_NAME = pytest.StashKey[str]()


def pytest_configure(config: pytest.Config) -> None:
    """Remember the name of the database that is not for tests."""
    config.stash[REAL_NAME] = str(connection.settings_dict["NAME"])


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    """The default connection leads to the database of that name."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


@contextmanager
def _test_database(real_name: str) -> Iterator[None]:
    """pytest-django makes it only if a test of the run opens it itself; the browser's tests do not."""
    if connection.settings_dict["NAME"] != real_name:
        yield
        return
    made = setup_databases(verbosity=0, interactive=False)
    try:
        yield
    finally:
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="session")
def founding_database(django_db_setup: None, django_db_blocker: Any, pytestconfig: pytest.Config) -> Iterator[str]:
    """The name of a database that holds the founding data and nothing else."""
    from tracker.curation import founding  # noqa: PLC0415 - the plugin is imported before Django is set up

    with django_db_blocker.unblock(), _test_database(pytestconfig.stash[REAL_NAME]):
        connection.close()
        connection.creation.clone_test_db(suffix=SUFFIX, verbosity=0, autoclobber=True)
        name = connection.creation.get_test_db_clone_settings(SUFFIX)["NAME"]
        with connected_to(name):
            founding.load(settings.FIXTURES_DIR)
        yield name
        connection.creation.destroy_test_db(suffix=SUFFIX, verbosity=0)


@pytest.fixture
def _founding_connection(founding_database: str, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), connected_to(founding_database):
        yield


@pytest.fixture
def founding(_founding_connection: None, db: None) -> None:
    """The founding data, as loaded; whatever the test changes is undone after it."""
