"""Everything that happens to a token: made, rotated, revoked, shown at the door."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction

from tracker.values.errors import Invalid, Refused, Unauthenticated

from . import roles
from .models import ApiToken, Scope, User
from .secret import Parts, digest, new_prefix, new_secret, parts

MOST = 20
"""Tokens one person may have at a time."""
LONGEST_OVERLAP = timedelta(days=30)


class Issued(NamedTuple):
    """A token and its text, which is shown this once."""

    token: ApiToken
    text: str


def allowed_scopes(user: User) -> list[Scope]:
    """What a person may let a token do: nothing that they may not do themselves."""
    if roles.role_of(user) is None:
        return []
    return [scope for scope in Scope if scope is not Scope.PROPOSE or roles.may_propose(user)]


@transaction.atomic
def create(*, actor: User, name: str, scopes: Sequence[str], now: datetime, kinds: Sequence[str] = (),
           places: Sequence[str] = (), expires_at: datetime | None = None) -> Issued:  # fmt: skip
    """Make a token for oneself.

    :param kinds, places: what it may propose and subscribe to; empty: no limit.
    :raises Refused: the person has no role, or as many tokens as one may have.
    :raises Invalid: no name, no scope, a scope beyond the person's role, an end that is past.
    """
    _refuse_stranger(actor)
    _check(actor, name, scopes, expires_at, now)
    User.objects.select_for_update().get(pk=actor.pk)
    if ApiToken.objects.usable(now).filter(owner=actor).count() >= MOST:
        raise Refused(f"有效令牌最多 {MOST} 个，请先撤销不用的 revoke one first: there are {MOST} already")
    secret = new_secret()
    token = ApiToken.objects.create(
        owner=actor, name=name.strip(), prefix=new_prefix(), secret_digest=digest(secret), scopes=sorted(set(scopes)),
        kinds=sorted(set(kinds)), places=sorted(set(places)), created_at=now, expires_at=expires_at,
    )  # fmt: skip
    return Issued(token, str(Parts(token.prefix, secret)))


@transaction.atomic
def rotate(*, actor: User, token: ApiToken, overlap: timedelta, now: datetime) -> Issued:
    """Give a token a new secret; the present one stays valid for a while, one before that no longer.

    :raises Refused: it is another's, or no longer usable.
    :raises Invalid: an overlap that is negative or longer than 30 days.
    """
    locked = ApiToken.objects.select_for_update().get(pk=token.pk)
    if locked.owner_id != actor.pk:
        raise Refused("只有持有人能更换密钥 only its holder rotates a token")
    if locked.state(now) != ApiToken.State.USABLE:
        raise Refused("令牌已撤销或到期，请新建 this token is revoked or expired: make a new one")
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        raise Invalid("重叠期为 0 至 30 天 overlap is 0 to 30 days", [("overlap", "0 至 30 天 0 to 30 days")])
    secret = new_secret()
    locked.former_digest = locked.secret_digest if overlap else ""
    locked.former_until = now + overlap if overlap else None
    locked.secret_digest = digest(secret)
    locked.save(update_fields=["former_digest", "former_until", "secret_digest"])
    return Issued(locked, str(Parts(locked.prefix, secret)))


@transaction.atomic
def revoke(*, actor: User, token: ApiToken, now: datetime) -> ApiToken:
    """End a token at once and for ever: its holder's move, or an editor's. Revoking it again changes nothing.

    :raises Refused: the actor is neither.
    """
    locked = ApiToken.objects.select_for_update().get(pk=token.pk)
    if locked.owner_id != actor.pk and not roles.may_review(actor):
        raise Refused("只有持有人或编辑能撤销 only its holder or an editor revokes a token")
    if locked.revoked_at is None:
        locked.revoked_at, locked.revoked_by = now, actor
        locked.save(update_fields=["revoked_at", "revoked_by"])
    return locked


def authenticate(text: str, now: datetime) -> ApiToken:
    """The token, with its owner, that a text opens: one query.

    :raises Unauthenticated: to who holds its secret, why; to others the same word whatever is wrong.
    """
    given = parts(text)
    token = given and ApiToken.objects.select_related("owner").filter(prefix=given.prefix).first()
    if not given or not token or not token.is_opened_by(given.secret, now):
        raise Unauthenticated("令牌无效 the token is not valid")
    if token.state(now) != ApiToken.State.USABLE:
        raise Unauthenticated(f"令牌{token.state(now).zh} the token is {token.state(now).value}")
    if not token.owner.is_active:
        raise Unauthenticated("令牌持有人的账号已停用 the account of the token's holder is closed")
    return token


def _refuse_stranger(actor: User) -> None:
    if roles.role_of(actor) is None:
        raise Refused("您的账号还没有角色，请主编给予 your account has no role: ask the chief editor for one")


def _check(actor: User, name: str, scopes: Sequence[str], expires_at: datetime | None, now: datetime) -> None:
    errors = []
    if not name.strip():
        errors.append(("name", "请写明用途 say what it is for"))
    if not scopes:
        errors.append(("scopes", "请至少选一项权限 choose at least one scope"))
    allowed = [scope.value for scope in allowed_scopes(actor)]
    errors += [("scopes", f"不能给予 {scope} you may not give {scope}") for scope in scopes if scope not in allowed]
    if expires_at is not None and expires_at <= now:
        errors.append(("expires_at", "到期须在今后 must lie ahead"))
    if errors:
        raise Invalid("; ".join(sentence for _, sentence in errors), errors)
