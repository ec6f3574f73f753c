from __future__ import annotations

import pytest
from django.core.cache import cache

from tracker.accounts.models import User
from tracker.accounts.roles import Role
from tracker.curation.tests import factories


@pytest.fixture
def partner(db: None) -> User:
    return factories.user("partner", Role.API_PARTNER)


@pytest.fixture
def editor(db: None) -> User:
    return factories.user("bianji", Role.EDITOR)


@pytest.fixture
def fresh_cache() -> None:
    """Nobody has asked for anything yet."""
    cache.clear()
