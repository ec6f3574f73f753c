from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tracker.accounts.models import User
from tracker.accounts.roles import Role
from tracker.curation.tests import factories

from .receiver import Receiver, serving


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver in this process, of a moment's notice; whoever asks for ``owner`` may write to it."""
    with serving() as found:
        yield found


@pytest.fixture
def trusting(settings: Any) -> None:
    """This machine may be written to, and is not waited for long."""
    settings.WEBHOOK_ALLOWED_HOSTS = ["127.0.0.1"]
    settings.WEBHOOK_TIMEOUT_SECONDS = 1


@pytest.fixture
def owner(db: None, trusting: None) -> User:
    """A partner with an account, in a world that can be published to."""
    factories.ensure_world()
    return factories.user("huoban", Role.API_PARTNER)


@pytest.fixture
def other(owner: User) -> User:
    return factories.user("tongye", Role.API_PARTNER)


@pytest.fixture
def chief(owner: User) -> User:
    return factories.user("zhubian", Role.CHIEF_EDITOR)
