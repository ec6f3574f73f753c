"""Who acts in the tests of curation, and the world they act in."""

from __future__ import annotations

import pytest

from tracker.accounts.models import User
from tracker.accounts.roles import Role

from .tests import factories
from .tests.sending import token_of


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


@pytest.fixture
def partner(world: None) -> User:
    return factories.user("partner", Role.API_PARTNER)


@pytest.fixture
def token(partner: User) -> str:
    """The text of a token of the partner's, for proposing."""
    return token_of(partner)
