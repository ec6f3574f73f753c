"""The pages of who is signed in: tokens made, rotated and revoked without script."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from tracker.accounts import tokens
from tracker.accounts.models import ApiToken, Scope, TokenUsage, User
from tracker.accounts.roles import Role
from tracker.curation.tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tracker.web.tests.addresses")]
PASSWORD = "abcd-efgh-jkmn-pqrs"


@pytest.fixture
def partner(db: None) -> User:
    user = factories.user("partner", Role.API_PARTNER)
    user.is_staff = False
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def signed_in(partner: User) -> Client:
    client = Client()
    client.force_login(partner)
    return client


@pytest.fixture
def token(partner: User) -> ApiToken:
    return tokens.create(actor=partner, name="每日同步", scopes=[Scope.READ], now=timezone.now()).token


def shown_secret(text: str) -> str:
    found = re.search(r">(cat_[a-z0-9]{8}_[\w-]{43})<", text)
    assert found, "no secret is shown"
    return found[1]


def test_a_partner_signs_in_on_the_site_and_comes_to_the_tokens(partner: User) -> None:
    client = Client()
    assert client.get("/account/tokens/").headers["Location"] == "/account/login/?next=/account/tokens/"
    answer = client.post("/account/login/", {"username": "partner", "password": PASSWORD, "next": ""}, follow=True)
    assert answer.redirect_chain == [("/account/tokens/", 302)]
    text = answer.content.decode()
    assert 'href="/account/tokens/"' in text
    assert 'href="/admin/"' not in text


def test_a_wrong_password_is_said_and_the_name_kept(partner: User) -> None:
    answer = Client().post("/account/login/", {"username": "partner", "password": "wrong"})
    text = answer.content.decode()
    assert 'role="alert"' in text
    assert 'value="partner"' in text


def test_signing_in_does_not_lead_away_from_the_site(partner: User) -> None:
    asked = {"username": "partner", "password": PASSWORD, "next": "https://evil.example/"}
    assert Client().post("/account/login/", asked).headers["Location"] == "/account/tokens/"


def test_signing_out_is_a_button(signed_in: Client) -> None:
    assert signed_in.get("/account/logout/").status_code == 405
    assert signed_in.post("/account/logout/").headers["Location"] == "/"
    assert signed_in.get("/account/tokens/").status_code == 302


def test_a_token_is_made_and_shown_once(signed_in: Client, partner: User) -> None:
    asked = {"name": "每日同步", "scopes": ["read", "propose"], "lifetime": "90", "kinds": ["park"], "places": ""}
    answer = signed_in.post("/account/tokens/", asked)
    secret = shown_secret(answer.content.decode())
    made = tokens.authenticate(secret, timezone.now())
    assert (made.owner, made.scopes, made.kinds, made.places) == (partner, ["propose", "read"], ["park"], [])
    assert made.expires_at is not None and (made.expires_at - made.created_at).days == 90
    assert "no-store" in answer.headers["Cache-Control"]
    for address in ("/account/tokens/", f"/account/tokens/{made.prefix}/"):
        assert secret not in signed_in.get(address).content.decode()


def test_places_are_keys_that_are_here(signed_in: Client) -> None:
    factories.ensure_world()
    asked = {"name": "南京", "scopes": ["propose"], "lifetime": "0", "places": "320100， 999999"}
    answer = signed_in.post("/account/tokens/", asked)
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "999999" in text and 'value="南京"' in text
    assert not ApiToken.objects.exists()
    signed_in.post("/account/tokens/", {**asked, "places": "320100"})
    assert ApiToken.objects.get().places == ["320100"]
    assert "南京市" in signed_in.get("/account/tokens/").content.decode()


@pytest.mark.parametrize("wrong", [{"name": ""}, {"scopes": []}, {"scopes": ["rule"]}, {"lifetime": "1000000"},
                                   {"kinds": ["castle"]}, {"lifetime": ""}, {"name": "x" * 81}])  # fmt: skip
def test_a_form_that_is_wrong_makes_nothing(signed_in: Client, wrong: dict[str, object]) -> None:
    asked = {"name": "x", "scopes": ["read"], "lifetime": "90", **wrong}
    answer = signed_in.post("/account/tokens/", asked)
    assert answer.status_code == 400
    assert "trouble" in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_a_viewer_is_not_offered_what_they_may_not_do(db: None) -> None:
    client = Client()
    client.force_login(factories.user("kanke", Role.VIEWER))
    assert 'value="propose"' not in client.get("/account/tokens/").content.decode()
    assert client.post("/account/tokens/", {"name": "x", "scopes": ["propose"], "lifetime": "90"}).status_code == 400


def test_an_account_without_a_role_is_told_whom_to_ask(db: None) -> None:
    client = Client()
    client.force_login(factories.user("nobody"))
    assert "主编" in client.get("/account/tokens/").content.decode()
    assert client.post("/account/tokens/", {"name": "x", "scopes": ["read"], "lifetime": "90"}).status_code == 400


def test_the_twenty_first_token_is_refused_with_its_reason(signed_in: Client, partner: User) -> None:
    for _ in range(tokens.MOST):
        tokens.create(actor=partner, name="x", scopes=["read"], now=timezone.now())
    asked = {"name": "x", "scopes": ["read"], "lifetime": "90"}
    answer = signed_in.post("/account/tokens/", asked)
    assert answer.status_code == 400
    assert "有效令牌最多 20 个" in answer.content.decode()


def test_a_secret_is_rotated_with_an_overlap(signed_in: Client, token: ApiToken) -> None:
    answer = signed_in.post(f"/account/tokens/{token.prefix}/rotate/", {"overlap": "7"})
    assert tokens.authenticate(shown_secret(answer.content.decode()), timezone.now()) == token
    assert "旧密钥有效至" in answer.content.decode()
    wrong = signed_in.post(f"/account/tokens/{token.prefix}/rotate/", {"overlap": "400"})
    assert wrong.status_code == 400


def test_a_token_is_revoked_and_stays_to_be_seen(signed_in: Client, token: ApiToken) -> None:
    answer = signed_in.post(f"/account/tokens/{token.prefix}/revoke/", follow=True)
    text = answer.content.decode()
    assert "已撤销" in text
    assert "rotate/" not in text
    assert signed_in.post(f"/account/tokens/{token.prefix}/rotate/", {"overlap": "7"}).status_code == 400


def test_moves_are_posted_with_a_token_of_the_form(partner: User, token: ApiToken) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(partner)
    for address in ("", f"{token.prefix}/rotate/", f"{token.prefix}/revoke/"):
        assert client.post(f"/account/tokens/{address}", {"overlap": "0"}).status_code == 403
    assert client.get(f"/account/tokens/{token.prefix}/revoke/").status_code == 405
    token.refresh_from_db()
    assert token.revoked_at is None


def test_the_tokens_of_others_are_not_there(token: ApiToken) -> None:
    client = Client()
    client.force_login(factories.user("other", Role.CHIEF_EDITOR))
    assert token.prefix not in client.get("/account/tokens/").content.decode()
    assert client.get(f"/account/tokens/{token.prefix}/").status_code == 404
    assert client.post(f"/account/tokens/{token.prefix}/revoke/").status_code == 404


def test_usage_is_shown_by_day(signed_in: Client, token: ApiToken) -> None:
    TokenUsage.objects.create(token=token, day=timezone.localdate(), requests=1234, unchanged=1000, errors=7)
    text = signed_in.get(f"/account/tokens/{token.prefix}/").content.decode()
    assert "1,234" in text and "1,000" in text


def test_a_name_with_markup_is_only_a_name(signed_in: Client) -> None:
    signed_in.post("/account/tokens/", {"name": "<script>x</script>", "scopes": ["read"], "lifetime": "0"})
    assert "<script>x" not in signed_in.get("/account/tokens/").content.decode()


def test_the_answer_to_a_move_can_be_read_in_the_other_language(signed_in: Client, partner: User) -> None:
    token = tokens.create(actor=partner, name="x", scopes=["read"], now=timezone.now()).token
    answer = signed_in.get(f"/en/account/tokens/{token.prefix}/rotate/")
    assert (answer.status_code, answer["Location"]) == (302, f"/en/account/tokens/{token.prefix}/")
