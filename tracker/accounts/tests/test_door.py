"""The door of the API: who comes in with which token, and how often."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory, override_settings
from django.utils import timezone

from tracker.accounts import tokens
from tracker.accounts.middleware import address
from tracker.accounts.models import ApiToken, Scope, User

pytestmark = pytest.mark.django_db
AN_AGE = 10**9  # a window that does not end while a test runs


def make(user: User, *scopes: Scope, **details: Any) -> tokens.Issued:
    return tokens.create(actor=user, name="x", scopes=scopes or [Scope.READ], now=timezone.now(), **details)


def with_token(text: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {text}"})


def test_reading_needs_no_token_and_a_token_needs_no_session(partner: User) -> None:
    issued = make(partner)
    assert Client().get("/api/v1/parks/").status_code == 200
    client = with_token(issued.text)
    assert client.get("/api/v1/parks/").status_code == 200
    assert not client.cookies


@pytest.mark.parametrize("shown", ["Bearer nonsense", "Bearer", "bearer ", "Basic dXNlcjpwYXNz", "", "Bearer a b"])
def test_a_wrong_token_is_a_401_even_where_none_is_needed(shown: str) -> None:
    answer = Client(headers={"Authorization": shown}).get("/api/v1/parks/")
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="tracker", error="invalid_token"'


def test_expired_and_revoked_tokens_are_refused_with_their_reason(partner: User) -> None:
    expired, revoked = make(partner), make(partner)
    ApiToken.objects.filter(pk=expired.token.pk).update(
        created_at=timezone.now() - timedelta(days=2), expires_at=timezone.now() - timedelta(days=1)
    )
    tokens.revoke(actor=partner, token=revoked.token, now=timezone.now())
    for issued, reason in ((expired, "expired"), (revoked, "revoked")):
        answer = with_token(issued.text).get("/api/v1/parks/")
        assert answer.status_code == 401
        assert reason in answer.json()["detail"]
        assert issued.text not in answer.content.decode()


def test_a_token_that_is_not_made_for_reading_does_not_read(partner: User) -> None:
    answer = with_token(make(partner, Scope.PROPOSE).text).get("/api/v1/parks/")
    assert answer.status_code == 403
    assert answer.json()["type"].endswith("#problem-insufficient_scope")
    assert answer["WWW-Authenticate"] == 'Bearer realm="tracker", error="insufficient_scope", scope="read"'


def test_a_session_gives_nothing_in_the_api(partner: User) -> None:
    client = Client()
    client.force_login(partner)
    answer = client.get("/api/v1/parks/")
    assert answer["RateLimit-Policy"].startswith('"anonymous"')
    assert "Cookie" not in answer["Vary"]


def test_pages_do_not_care_about_the_header() -> None:
    assert Client(headers={"Authorization": "Bearer nonsense"}).get("/about/").status_code == 200


def test_a_token_costs_one_query(partner: User, django_assert_num_queries: Any) -> None:
    client = with_token(make(partner).text)
    client.get("/api/v1/redirects/")
    with django_assert_num_queries(1):
        client.get("/api/v1/no-such-address/")


ADDRESSES = ["parks/", "parks/no-such/", "parks/?no-such=1", "no-such-address/", "schema/", "docs/"]


@pytest.mark.parametrize("path", ADDRESSES)
def test_every_answer_says_where_the_caller_stands(fresh_cache: None, path: str) -> None:
    with override_settings(API_ANONYMOUS_LIMIT=5, API_LIMIT_SECONDS=AN_AGE):
        first, second = (Client().get(f"/api/v1/{path}") for _ in range(2))
    assert first["RateLimit-Policy"] == f'"anonymous";q=5;w={AN_AGE}'
    assert re.fullmatch(r'"anonymous";r=4;t=\d+', first["RateLimit"])
    assert second["RateLimit"].startswith('"anonymous";r=3;')


def test_past_the_limit_comes_a_429_that_says_when_to_return(fresh_cache: None) -> None:
    with override_settings(API_ANONYMOUS_LIMIT=2, API_LIMIT_SECONDS=AN_AGE):
        answers = [Client().get("/api/v1/parks/") for _ in range(3)]
        other = Client(REMOTE_ADDR="192.0.2.7").get("/api/v1/parks/")
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    last = answers[-1]
    assert last["Content-Type"] == "application/problem+json"
    assert last.json()["violated-policies"] == ["anonymous"]
    assert last["RateLimit"].startswith('"anonymous";r=0;')
    assert last["Retry-After"] == last["RateLimit"].rpartition("t=")[2]
    assert other.status_code == 200


def test_a_token_has_a_limit_of_its_own(fresh_cache: None, partner: User) -> None:
    one, two = make(partner), make(partner)
    with override_settings(API_ANONYMOUS_LIMIT=1, API_TOKEN_LIMIT=3, API_LIMIT_SECONDS=AN_AGE):
        assert [with_token(one.text).get("/api/v1/parks/").status_code for _ in range(4)] == [200, 200, 200, 429]
        assert with_token(two.text).get("/api/v1/parks/").status_code == 200
        assert Client().get("/api/v1/parks/").status_code == 200


def test_wrong_tokens_are_counted_against_the_address_they_come_from(fresh_cache: None) -> None:
    with override_settings(API_ANONYMOUS_LIMIT=2, API_LIMIT_SECONDS=AN_AGE):
        answers = [with_token("wrong").get("/api/v1/parks/").status_code for _ in range(3)]
    assert answers == [401, 401, 429]


def test_a_first_load_of_35_pages_fits_into_the_default_limit(fresh_cache: None) -> None:
    with override_settings(API_ANONYMOUS_LIMIT=60, API_LIMIT_SECONDS=AN_AGE):
        assert {Client().get("/api/v1/parks/?page_size=200").status_code for _ in range(35)} == {200}


def _from(remote: str, forwarded: str = "") -> HttpRequest:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return RequestFactory().get("/", REMOTE_ADDR=remote, headers=headers)


@pytest.mark.parametrize(("proxies", "remote", "forwarded", "expected"), [
    (0, "192.0.2.1", "", "192.0.2.1"),
    (0, "192.0.2.1", "198.51.100.9", "192.0.2.1"),
    (1, "192.0.2.1", "198.51.100.9", "198.51.100.9"),
    (1, "192.0.2.1", "203.0.113.5, 198.51.100.9", "198.51.100.9"),
    (2, "192.0.2.1", "203.0.113.5, 198.51.100.9", "203.0.113.5"),
    (2, "192.0.2.1", "198.51.100.9", "198.51.100.9"),
    (1, "192.0.2.1", "", "192.0.2.1"),
    (1, "192.0.2.1", "not an address", "unknown"),
    (0, "", "", "unknown"),
    (0, "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::"),
    (0, "::ffff:192.0.2.1", "", "192.0.2.1"),
])  # fmt: skip
def test_whose_address_counts(proxies: int, remote: str, forwarded: str, expected: str) -> None:
    with override_settings(API_PROXIES=proxies):
        assert address(_from(remote, forwarded)) == expected
