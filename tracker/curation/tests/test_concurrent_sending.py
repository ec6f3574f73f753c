"""The same request sent several times at once: only PostgreSQL lets them run side by side."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tracker.accounts.roles import Role
from tracker.curation.models import Proposal
from tracker.values import canonical

from . import factories
from .sending import PATH, many, token_of
from .turmoil import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_a_key_sent_four_times_at_once_is_done_once_and_answered_the_same() -> None:
    assert connection.vendor == "postgresql", "this test proves something only on PostgreSQL: set DATABASE_URL"
    factories.ensure_world()
    token = token_of(factories.user("partner", Role.API_PARTNER))
    body = canonical.dumps(many(*(factories.park(f"park-{number}") for number in range(20))))
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "sync-1"}
    answers: list[Any] = []

    def send() -> None:
        answers.append(Client().post(f"/api/v1/{PATH}", body, "application/json", headers=headers))

    assert at_once(send, send, send, send) == []
    assert {answer.status_code for answer in answers} == {207}
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotency-Replayed" in answer for answer in answers) == 3
    assert Proposal.objects.filter(origin="api").count() == 20
