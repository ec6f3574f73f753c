"""Tokens: made, rotated, revoked, shown at the door."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from tracker.accounts import roles, tokens
from tracker.accounts.models import ApiToken, Scope, User
from tracker.accounts.roles import Role
from tracker.accounts.tokens import Issued
from tracker.curation.tests import factories
from tracker.values.errors import Invalid, Refused, Unauthenticated

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
WEEK = timedelta(days=7)


def make(user: User, **details: object) -> Issued:
    asked = {"name": "每日同步", "scopes": [Scope.READ], "now": NOW, **details}
    return tokens.create(actor=user, **asked)  # type: ignore[arg-type]


def opens(text: str, now: datetime = NOW) -> bool:
    try:
        return bool(tokens.authenticate(text, now))
    except Unauthenticated:
        return False


def why_not(text: str, now: datetime = NOW) -> str:
    with pytest.raises(Unauthenticated) as error:
        tokens.authenticate(text, now)
    return error.value.message


def test_a_token_opens_with_the_text_that_was_shown_once(partner: User) -> None:
    issued = make(partner)
    assert issued.text.startswith(issued.token.prefix + "_")
    assert tokens.authenticate(issued.text, NOW).owner == partner


def test_the_database_holds_no_secret(partner: User) -> None:
    secret = make(partner).text.rpartition("_")[2]
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM tracker_apitoken")
        assert secret not in str(cursor.fetchall())


def test_two_tokens_have_nothing_in_common(partner: User) -> None:
    texts = [make(partner).text for _ in range(10)]
    assert len({text[:12] for text in texts}) == len({text[12:] for text in texts}) == 10


@pytest.mark.parametrize("text", ["", "cat_", "cat_abcdefgh_short", "x" * 5000, "cat_abcdefgh_" + "é" * 43, "\x00"])
def test_what_cannot_be_a_token_is_not_even_looked_up(db: None, django_assert_num_queries: object, text: str) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert not opens(text)


def test_a_stranger_is_told_the_same_whatever_is_wrong(partner: User) -> None:
    issued = make(partner, expires_at=NOW + WEEK)
    revoked = tokens.revoke(actor=partner, token=make(partner).token, now=NOW)
    wrong = "A" * 43
    said = {why_not(f"{prefix}_{wrong}") for prefix in (issued.token.prefix, revoked.prefix, "cat_nosuchxx")}
    assert said == {why_not("nonsense")}


def test_who_holds_the_secret_is_told_that_it_expired_or_was_revoked(partner: User) -> None:
    issued = make(partner, expires_at=NOW + WEEK)
    assert opens(issued.text, NOW + WEEK - timedelta(seconds=1))
    assert "expired" in why_not(issued.text, NOW + WEEK)
    tokens.revoke(actor=partner, token=issued.token, now=NOW)
    assert "revoked" in why_not(issued.text)


def test_a_token_of_a_closed_account_opens_nothing(partner: User) -> None:
    issued = make(partner)
    User.objects.filter(pk=partner.pk).update(is_active=False)
    assert "closed" in why_not(issued.text)


def test_after_a_rotation_both_secrets_are_valid_until_the_chosen_moment(partner: User) -> None:
    old = make(partner)
    new = tokens.rotate(actor=partner, token=old.token, overlap=WEEK, now=NOW)
    assert new.token.prefix == old.token.prefix
    assert opens(old.text) and opens(new.text)
    assert opens(old.text, NOW + WEEK - timedelta(seconds=1))
    assert not opens(old.text, NOW + WEEK)
    assert opens(new.text, NOW + WEEK)


def test_a_rotation_without_overlap_ends_the_former_secret_at_once(partner: User) -> None:
    old = make(partner)
    new = tokens.rotate(actor=partner, token=old.token, overlap=timedelta(0), now=NOW)
    assert not opens(old.text)
    assert opens(new.text)


def test_a_second_rotation_ends_the_first_secret(partner: User) -> None:
    first = make(partner)
    second = tokens.rotate(actor=partner, token=first.token, overlap=WEEK, now=NOW)
    third = tokens.rotate(actor=partner, token=first.token, overlap=WEEK, now=NOW)
    assert [opens(issued.text) for issued in (first, second, third)] == [False, True, True]


@pytest.mark.parametrize("overlap", [timedelta(seconds=-1), timedelta(days=31)])
def test_an_overlap_has_its_bounds(partner: User, overlap: timedelta) -> None:
    with pytest.raises(Invalid, match="overlap"):
        tokens.rotate(actor=partner, token=make(partner).token, overlap=overlap, now=NOW)


def test_only_its_holder_rotates_and_only_its_holder_or_an_editor_revokes(partner: User, editor: User) -> None:
    token = make(partner).token
    other = factories.user("other", Role.API_PARTNER)
    for somebody in (other, editor):
        with pytest.raises(Refused, match="holder"):
            tokens.rotate(actor=somebody, token=token, overlap=WEEK, now=NOW)
    with pytest.raises(Refused, match="holder"):
        tokens.revoke(actor=other, token=token, now=NOW)
    assert tokens.revoke(actor=editor, token=token, now=NOW).revoked_by == editor


def test_revoking_again_changes_nothing_and_what_is_revoked_is_not_rotated(partner: User, editor: User) -> None:
    token = tokens.revoke(actor=partner, token=make(partner).token, now=NOW)
    again = tokens.revoke(actor=editor, token=token, now=NOW + WEEK)
    assert (again.revoked_at, again.revoked_by) == (NOW, partner)
    with pytest.raises(Refused, match="revoked"):
        tokens.rotate(actor=partner, token=token, overlap=WEEK, now=NOW)


def test_a_token_may_do_nothing_that_its_holder_may_not(db: None) -> None:
    viewer, nobody = factories.user("kanke", Role.VIEWER), factories.user("nobody")
    with pytest.raises(Invalid, match="may not give propose"):
        make(viewer, scopes=["read", "propose"])
    with pytest.raises(Refused, match="no role"):
        make(nobody)


@pytest.mark.parametrize(("details", "named"), [
    ({"name": " "}, "name"), ({"scopes": []}, "scopes"), ({"scopes": ["rule"]}, "scopes"),
    ({"expires_at": NOW}, "expires_at"),
])  # fmt: skip
def test_what_is_wrong_with_a_new_token_is_named(partner: User, details: dict[str, object], named: str) -> None:
    with pytest.raises(Invalid) as error:
        make(partner, **details)
    assert named in dict(error.value.errors)


def test_one_has_at_most_twenty_tokens_at_a_time(partner: User) -> None:
    made = [make(partner).token for _ in range(tokens.MOST)]
    with pytest.raises(Refused, match="20"):
        make(partner)
    tokens.revoke(actor=partner, token=made[0], now=NOW)
    assert make(partner)


def test_the_database_refuses_a_former_secret_without_an_end(partner: User) -> None:
    token = make(partner).token
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiToken.objects.filter(pk=token.pk).update(former_digest="x")


def test_a_partner_may_propose_and_never_enters_the_admin(partner: User) -> None:
    assert roles.may_propose(partner)
    assert not roles.may_look(partner)
    assert roles.role_of(partner) is Role.API_PARTNER
    assert not partner.get_all_permissions()
