from __future__ import annotations

import pytest

from tracker.accounts.models import User
from tracker.accounts.roles import Role
from tracker.curation.tests import factories


@pytest.fixture
def world(db: None) -> None:
    """The places, terms and sources that every test here refers to."""
    factories.ensure_world()


@pytest.fixture
def contributor(world: None) -> User:
    return factories.user("tougao", Role.CONTRIBUTOR)


@pytest.fixture
def editor(world: None) -> User:
    return factories.user("bianji", Role.EDITOR)


@pytest.fixture
def chief(world: None) -> User:
    return factories.user("zhubian", Role.CHIEF_EDITOR)


@pytest.fixture
def viewer(world: None) -> User:
    return factories.user("kanke", Role.VIEWER)
