"""Tokens in the admin: editors look and revoke, nobody sees a secret."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from tracker.accounts import tokens
from tracker.accounts.models import ApiToken, User

LIST = "/admin/tracker/apitoken/"


@pytest.fixture
def token(contributor: User) -> ApiToken:
    return tokens.create(actor=contributor, name="每日同步", scopes=["propose"], kinds=["park"], places=["320100"],
                         now=timezone.now()).token  # fmt: skip


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_an_editor_sees_every_token_and_no_secret(editor: User, token: ApiToken) -> None:
    for address in (LIST, f"{LIST}{token.pk}/change/"):
        text = client_of(editor).get(address).content.decode()
        assert token.prefix in text
        assert "每日同步" in text
        assert token.secret_digest not in text


def test_an_editor_revokes_what_is_selected(editor: User, token: ApiToken) -> None:
    asked = {"action": "revoke", "_selected_action": [token.pk]}
    client_of(editor).post(LIST, asked)
    token.refresh_from_db()
    assert token.revoked_by == editor


def test_a_contributor_does_not_see_the_tokens_of_others(contributor: User, token: ApiToken) -> None:
    assert client_of(contributor).get(LIST).status_code == 403
    client_of(contributor).post(LIST, {"action": "revoke", "_selected_action": [token.pk]})
    token.refresh_from_db()
    assert token.revoked_at is None


def test_nobody_adds_or_changes_a_token_by_hand(chief: User, token: ApiToken) -> None:
    client = client_of(chief)
    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(f"{LIST}{token.pk}/change/", {"name": "x"}).status_code == 403
