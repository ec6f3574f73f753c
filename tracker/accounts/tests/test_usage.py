"""How often a token is used: counted without a query, written in batches."""

from __future__ import annotations

import threading
import time
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone

from tracker.accounts import tokens
from tracker.accounts.models import ApiToken, Scope, TokenUsage, User
from tracker.accounts.roles import Role
from tracker.accounts.usage import Ledger, ledger
from tracker.curation.tests import factories

LATE = datetime(2026, 11, 20, 15, 59, tzinfo=UTC)  # a minute before midnight in Shanghai
LATER = datetime(2026, 11, 20, 16, 1, tzinfo=UTC)


@pytest.fixture
def issued(partner: User) -> tokens.Issued:
    ledger.write()  # what other tests left
    return tokens.create(actor=partner, name="x", scopes=[Scope.READ], now=timezone.now())


def rows(token: ApiToken) -> dict[date, tuple[int, int, int, int]]:
    return {row.day: (row.requests, row.unchanged, row.errors, row.throttled)
            for row in TokenUsage.objects.filter(token=token)}  # fmt: skip


def test_answers_are_counted_by_their_sort(issued: tokens.Issued) -> None:
    mine = Ledger()
    for status in (200, 200, 304, 400, 404, 500, 429):
        mine.note(issued.token, status, LATE)
    mine.write()
    assert rows(issued.token) == {date(2026, 11, 20): (7, 1, 3, 1)}


def test_days_are_those_of_shanghai(issued: tokens.Issued) -> None:
    mine = Ledger()
    mine.note(issued.token, 200, LATE)
    mine.note(issued.token, 200, LATER)
    mine.write()
    assert set(rows(issued.token)) == {date(2026, 11, 20), date(2026, 11, 21)}


def test_processes_add_to_one_another(issued: tokens.Issued) -> None:
    one, other = Ledger(), Ledger()
    for mine in (one, other, one):
        mine.note(issued.token, 200, LATE)
    for mine in (one, other, one):
        mine.write()
    assert rows(issued.token) == {date(2026, 11, 20): (3, 0, 0, 0)}


def test_last_used_never_goes_back(issued: tokens.Issued) -> None:
    for moment in (LATER, LATE):
        mine = Ledger()
        mine.note(issued.token, 200, moment)
        mine.write()
    issued.token.refresh_from_db()
    assert issued.token.last_used_at == LATER


def test_requests_are_counted_and_cost_no_query_for_it(issued: tokens.Issued, django_assert_num_queries: Any) -> None:
    client = Client(headers={"Authorization": f"Bearer {issued.text}"})
    with django_assert_num_queries(3):
        for _ in range(3):
            client.get("/api/v1/no-such-address/")
    assert rows(issued.token) == {}
    ledger.write()
    assert list(rows(issued.token).values()) == [(3, 0, 3, 0)]
    issued.token.refresh_from_db()
    assert issued.token.last_used_at is not None


def test_a_throttled_request_is_counted_as_such(fresh_cache: None, issued: tokens.Issued) -> None:
    client = Client(headers={"Authorization": f"Bearer {issued.text}"})
    with override_settings(API_TOKEN_LIMIT=1, API_LIMIT_SECONDS=10**9):
        assert [client.get("/api/v1/redirects/").status_code for _ in range(2)] == [200, 429]
    ledger.write()
    assert list(rows(issued.token).values()) == [(2, 0, 0, 1)]


def test_what_is_noted_while_another_writes_is_not_lost(issued: tokens.Issued) -> None:
    mine = Ledger()

    def note_often() -> None:
        for _ in range(500):
            mine.note(issued.token, 200, LATE)

    threads = [threading.Thread(target=note_often) for _ in range(4)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        mine.write()
    mine.write()
    assert rows(issued.token) == {date(2026, 11, 20): (2000, 0, 0, 0)}


@pytest.mark.django_db(transaction=True)
def test_a_process_writes_by_itself_after_a_while() -> None:
    partner = factories.user("partner", Role.API_PARTNER)
    token = tokens.create(actor=partner, name="x", scopes=[Scope.READ], now=timezone.now()).token
    mine = Ledger()
    with override_settings(USAGE_WRITE_SECONDS=0.05):
        mine.note(token, 200, LATE)
    end = time.monotonic() + 60
    while not rows(token):
        assert time.monotonic() < end, "nothing is written"
        connection.close()
        time.sleep(0.05)
    assert rows(token) == {date(2026, 11, 20): (1, 0, 0, 0)}
