"""Idempotency-Key: what was asked once is done once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from tracker.accounts import idempotency, tokens
from tracker.accounts.idempotency import Answer
from tracker.accounts.models import ApiToken, KeptAnswer, Scope, User
from tracker.jobs import services
from tracker.jobs.models import Job
from tracker.values.errors import Invalid, KeyReused, Refused

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


@pytest.fixture
def token(partner: User) -> ApiToken:
    return tokens.create(actor=partner, name="x", scopes=[Scope.PROPOSE], now=NOW).token


class Work:
    """Counts how often it is done."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> Answer:
        self.times += 1
        return Answer(201, f'{{"number":{self.times}}}')


def ask(token: ApiToken, work: Work, *, key: str = "k", digest: str = "d", now: datetime = NOW) -> Answer:
    return idempotency.once(token=token, key=key, digest=digest, now=now, work=work)


def test_the_same_request_is_done_once_and_answered_the_same(token: ApiToken) -> None:
    work = Work()
    first, second = ask(token, work), ask(token, work)
    assert work.times == 1
    assert (first.status, first.body, first.replayed) == (201, '{"number":1}', False)
    assert second == first._replace(replayed=True)


def test_another_request_under_the_same_key_is_refused(token: ApiToken) -> None:
    work = Work()
    ask(token, work)
    with pytest.raises(KeyReused):
        ask(token, work, digest="other")
    assert work.times == 1


def test_keys_of_different_tokens_have_nothing_to_do_with_each_other(token: ApiToken, partner: User) -> None:
    other = tokens.create(actor=partner, name="y", scopes=[Scope.PROPOSE], now=NOW).token
    work = Work()
    ask(token, work)
    assert not ask(other, work).replayed


def test_what_failed_is_not_kept(token: ApiToken) -> None:
    def failing() -> Answer:
        raise Refused("no")

    with pytest.raises(Refused):
        idempotency.once(token=token, key="k", digest="d", now=NOW, work=failing)
    assert not ask(token, Work(), digest="mended").replayed


def test_after_a_week_a_key_is_free_again(token: ApiToken) -> None:
    work = Work()
    ask(token, work)
    assert ask(token, work, now=NOW + timedelta(days=7)).replayed
    assert not ask(token, work, digest="other", now=NOW + timedelta(days=7, seconds=1)).replayed


@pytest.mark.parametrize("key", ["", " ", "a b", "é", "x" * 201, "a\n"])
def test_a_key_is_of_visible_ascii(key: str) -> None:
    with pytest.raises(Invalid, match="Idempotency-Key"):
        idempotency.read_key(key)


def test_old_answers_are_deleted_once_a_day(token: ApiToken) -> None:
    for key, age in (("old", 8), ("young", 1)):
        ask(token, Work(), key=key, now=timezone.now() - timedelta(days=age))
    services.sweep()
    assert Job.objects.get(name=idempotency.FORGET_ANSWERS).state == Job.State.DONE
    assert [kept.key for kept in KeptAnswer.objects.all()] == ["young"]
