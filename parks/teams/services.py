"""Everything that happens to teams, shortlists and own values: the actor first, one transaction each."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Max, QuerySet

from parks import criteria, moment
from parks.models import Invitation, Membership, OwnValue, Share, Shortlist, ShortlistPark, Team
from tracker.accounts.models import User
from tracker.accounts.secret import digest, new_secret
from tracker.entries.models import Entry
from tracker.values import edtf
from tracker.values.errors import Invalid, Refused
from tracker.values.units import UNIT_LABELS, read_area_unit

MOST_TEAMS, MOST_LISTS, MOST_PARKS, MOST_OPEN, MOST_VALUES = 20, 200, 50, 50, 2000
INVITED_FOR = timedelta(days=7)
Role = Membership.Role


class Secret(NamedTuple):
    """A row and the secret of its link, which is shown this once."""

    row: Any
    secret: str


# --- teams --------------------------------------------------------------------------------------------------------


def teams_of(user: User) -> QuerySet[Team]:
    return Team.objects.filter(memberships__user=user, memberships__left_at__isnull=True).order_by("name", "id")


def role_in(user: User, team: Team) -> Role | None:
    found = Membership.objects.filter(team=team, user=user, left_at__isnull=True).values_list("role", flat=True).first()
    return Role(found) if found else None


@transaction.atomic
def form_team(*, actor: User, name: str, now: datetime) -> Team:
    _text("name", name, 80)
    User.objects.select_for_update().get(pk=actor.pk)
    if Membership.objects.filter(user=actor, left_at__isnull=True).count() >= MOST_TEAMS:
        raise Refused(f"最多 {MOST_TEAMS} 个团队 at most {MOST_TEAMS} teams")
    team = Team.objects.create(name=name.strip(), created_by=actor, created_at=now)
    Membership.objects.create(team=team, user=actor, role=Role.OWNER, joined_at=now)
    return team


@transaction.atomic
def invite(*, actor: User, team: Team, email: str, now: datetime) -> Secret:
    """
    :raises Refused: the actor is no owner, or too many invitations are open.
    :raises Invalid: an address that is none.
    """
    _owner(actor, team)
    address = email.strip().lower()
    if address:
        try:
            validate_email(address)
        except ValidationError as error:
            raise _wrong("email", "不是邮箱地址 this is no e-mail address") from error
    if Invitation.objects.open(now).filter(team=team).count() >= MOST_OPEN:
        raise Refused(f"未用的邀请最多 {MOST_OPEN} 个 at most {MOST_OPEN} open invitations")
    secret = new_secret()
    row = Invitation.objects.create(team=team, email=address, digest=digest(secret), created_by=actor, created_at=now,
                                    expires_at=now + INVITED_FOR)  # fmt: skip
    return Secret(row, secret)


def invitation(secret: str, now: datetime) -> Invitation | None:
    """The open invitation that a secret belongs to."""
    return Invitation.objects.open(now).select_related("team").filter(digest=digest(secret)).first()


@transaction.atomic
def accept(*, actor: User, secret: str, now: datetime) -> Team:
    """Join a team; the link is spent.

    :raises Refused: it is spent, expired, revoked, or meant for another address.
    """
    found = Invitation.objects.select_for_update().open(now).filter(digest=digest(secret)).first()
    if found is None:
        raise Refused("邀请已用过、已撤销或已到期 the invitation is used, revoked or expired")
    if found.email and found.email != actor.email.lower():
        raise Refused("这份邀请是给另一个邮箱的 this invitation is meant for another e-mail address")
    found.used_at, found.used_by = now, actor
    found.save(update_fields=["used_at", "used_by"])
    member, made = Membership.objects.get_or_create(team=found.team, user=actor,
                                                    defaults={"role": Role.MEMBER, "joined_at": now})  # fmt: skip
    if not made and member.left_at is not None:
        member.left_at, member.joined_at, member.role = None, now, Role.MEMBER
        member.save(update_fields=["left_at", "joined_at", "role"])
    return found.team


@transaction.atomic
def revoke_invitation(*, actor: User, team: Team, pk: int, now: datetime) -> None:
    _owner(actor, team)
    Invitation.objects.open(now).filter(team=team, pk=pk).update(revoked_at=now)


@transaction.atomic
def remove_member(*, actor: User, team: Team, user: int, now: datetime) -> None:
    """An owner removes anybody, everybody themselves; the last owner stays.

    :raises Refused: neither, or it is the last owner.
    """
    Team.objects.select_for_update().get(pk=team.pk)
    if user != actor.pk:
        _owner(actor, team)
    there = Membership.objects.filter(team=team, left_at__isnull=True)
    others = there.exclude(user=user)
    if not others.filter(role=Role.OWNER).exists():
        raise Refused("团队须留一位负责人；请先把另一位设为负责人 a team keeps an owner: make another one first")
    there.filter(user=user).update(left_at=now)


@transaction.atomic
def restore_member(*, actor: User, team: Team, user: int) -> None:
    _owner(actor, team)
    Membership.objects.filter(team=team, user=user).update(left_at=None)


@transaction.atomic
def make_owner(*, actor: User, team: Team, user: int) -> None:
    _owner(actor, team)
    Membership.objects.filter(team=team, user=user, left_at__isnull=True).update(role=Role.OWNER)


# --- shortlists ---------------------------------------------------------------------------------------------------


@transaction.atomic
def make_shortlist(*, actor: User, team: Team, name: str, now: datetime) -> Shortlist:
    _member(actor, team)
    _text("name", name, 80)
    if team.shortlists.filter(removed_at__isnull=True).count() >= MOST_LISTS:
        raise Refused(f"最多 {MOST_LISTS} 份名单 at most {MOST_LISTS} shortlists")
    frozen = moment.at(None, None)
    return Shortlist.objects.create(team=team, name=name.strip(), as_of=frozen.as_of, known_at=frozen.known_at,
                                    number=frozen.number, created_by=actor, created_at=now, saved_at=now)  # fmt: skip


@transaction.atomic
def freeze(*, actor: User, shortlist: Shortlist, now: datetime) -> None:
    """Save the list as things stand now: what has changed before is no longer told."""
    _member(actor, shortlist.team)
    frozen = moment.at(None, None)
    shortlist.as_of, shortlist.known_at, shortlist.number = frozen.as_of, frozen.known_at, frozen.number
    shortlist.saved_at = now
    shortlist.save(update_fields=["as_of", "known_at", "number", "saved_at"])


@transaction.atomic
def add_park(*, actor: User, shortlist: Shortlist, key: str) -> None:
    """Put a park on the list, or back on it.

    :raises Invalid: there is no such park. :raises Refused: the list is full.
    """
    _member(actor, shortlist.team)
    Shortlist.objects.select_for_update().get(pk=shortlist.pk)
    if "\0" in key or not Entry.objects.live().filter(kind="park", key=key).exists():
        raise _wrong("key", f"没有园区“{key[:80]}” there is no park {key[:80]!a}")
    parks = shortlist.parks.filter(removed_at__isnull=True)
    if parks.count() >= MOST_PARKS:
        raise Refused(f"一份名单最多 {MOST_PARKS} 个园区 at most {MOST_PARKS} parks on a list")
    last = shortlist.parks.aggregate(last=Max("position"))["last"] or 0
    row, made = ShortlistPark.objects.get_or_create(shortlist=shortlist, key=key, defaults={"position": last + 1})
    if not made and row.removed_at is not None:
        row.removed_at = None
        row.save(update_fields=["removed_at"])


@transaction.atomic
def remove_park(*, actor: User, shortlist: Shortlist, key: str, now: datetime) -> None:
    _member(actor, shortlist.team)
    shortlist.parks.filter(key=key, removed_at__isnull=True).update(removed_at=now)


@transaction.atomic
def note(*, actor: User, shortlist: Shortlist, key: str, text: str) -> None:
    _member(actor, shortlist.team)
    _text("note", text, 1000, required=False)
    shortlist.parks.filter(key=key).update(note=text.strip())


@transaction.atomic
def set_criteria(*, actor: User, shortlist: Shortlist, asked: list[dict[str, Any]]) -> None:
    """:raises Invalid: a criterion that cannot be meant."""
    _member(actor, shortlist.team)
    shortlist.criteria = [_plain(criteria.as_asked(one)) for one in criteria.parsed(asked)]
    shortlist.save(update_fields=["criteria"])


def _plain(asked: dict[str, Any]) -> dict[str, Any]:
    return {name: float(value) if isinstance(value, Decimal) else value for name, value in asked.items()}


@transaction.atomic
def remove_shortlist(*, actor: User, shortlist: Shortlist, now: datetime) -> None:
    _member(actor, shortlist.team)
    Shortlist.objects.filter(pk=shortlist.pk).update(removed_at=now)


@transaction.atomic
def restore_shortlist(*, actor: User, shortlist: Shortlist) -> None:
    _member(actor, shortlist.team)
    Shortlist.objects.filter(pk=shortlist.pk).update(removed_at=None)


@transaction.atomic
def share(*, actor: User, shortlist: Shortlist, now: datetime) -> Secret:
    """A link for reading; a former one is revoked, so that there is never more than one."""
    unshare(actor=actor, shortlist=shortlist, now=now)
    secret = new_secret()
    return Secret(Share.objects.create(shortlist=shortlist, digest=digest(secret), created_by=actor, created_at=now),
                  secret)  # fmt: skip


@transaction.atomic
def unshare(*, actor: User, shortlist: Shortlist, now: datetime) -> None:
    _member(actor, shortlist.team)
    shortlist.shares.filter(revoked_at__isnull=True).update(revoked_at=now)


def shared(secret: str) -> Shortlist | None:
    """The list that a secret opens."""
    open_ = Share.objects.filter(revoked_at__isnull=True, shortlist__removed_at__isnull=True)
    found = open_.select_related("shortlist__team").filter(digest=digest(secret)).first()
    return found.shortlist if found else None


# --- own values ---------------------------------------------------------------------------------------------------


@transaction.atomic
def record_value(*, actor: User, team: Team, park: str, about: str, label: str, value: str, unit: str, text: str,
                 date: str, note: str, now: datetime) -> OwnValue:  # fmt: skip
    """
    :param about: what it is a value of, ``area:…`` or ``siting:…``, or '' with a label of the team's own.
    :raises Invalid: nothing said, a value that is no number, a date that is none, no such park.
    """
    _member(actor, team)
    for name, words, most in (("unit", unit, 40), ("text", text, 300), ("note", note, 500), ("about", about, 100)):
        _text(name, words, most, required=False)
    _text("label", label, 80)
    if not Entry.objects.live().filter(kind="park", key=park).exists():
        raise _wrong("park", "没有这个园区 there is no such park")
    number = _number(value)
    if number is None and not text.strip():
        raise _wrong("value", "请写数值或内容 write a value or a text")
    if date.strip():
        try:
            edtf.parse(date.strip())
        except edtf.InvalidEdtf as error:
            raise _wrong(
                "date", "日期请写如 2026、2026-11 或 2026-11-28 这样 write 2026, 2026-11 or 2026-11-28"
            ) from error
    if about.startswith("area:") and number is not None:
        unit = _area_unit(number, unit)
    if team.own_values.filter(removed_at__isnull=True).count() >= MOST_VALUES:
        raise Refused(f"最多 {MOST_VALUES} 条 at most {MOST_VALUES} values")
    return OwnValue.objects.create(
        team=team, park=park, about=about, label=label.strip(), value=number, unit=unit.strip(), text=text.strip(),
        date=date.strip(), note=note.strip(), author=actor, created_at=now,
    )  # fmt: skip


@transaction.atomic
def remove_value(*, actor: User, team: Team, pk: int, now: datetime) -> None:
    _member(actor, team)
    team.own_values.filter(pk=pk, removed_at__isnull=True).update(removed_at=now)


@transaction.atomic
def restore_value(*, actor: User, team: Team, pk: int) -> None:
    _member(actor, team)
    team.own_values.filter(pk=pk).update(removed_at=None)


# --- who and what -------------------------------------------------------------------------------------------------


def _member(actor: User, team: Team) -> None:
    if role_in(actor, team) is None:
        raise Refused("只有团队成员能这样做 only members of the team may do this")


def _owner(actor: User, team: Team) -> None:
    if role_in(actor, team) is not Role.OWNER:
        raise Refused("只有团队负责人能这样做 only an owner of the team may do this")


def _wrong(name: str, words: str) -> Invalid:
    return Invalid(words, [(name, words)])


_FIELDS = {"name": "名称", "label": "项目或名称", "about": "项目", "unit": "单位", "text": "内容", "note": "备注"}
_IN_ENGLISH = {"label": "an item or a name of your own", "about": "item"}


def _text(name: str, text: str, most: int, *, required: bool = True) -> None:
    zh, en = _FIELDS[name], _IN_ENGLISH.get(name, name)
    if required and not text.strip():
        raise _wrong(name, f"请填写{zh} {en} is missing")
    if len(text) > most or "\0" in text:
        raise _wrong(name, f"{zh}最多 {most} 字 {en} has at most {most} characters")


def _number(text: str) -> Decimal | None:
    if not text.strip():
        return None
    try:
        number = Decimal(text.replace(",", "").strip())
    except ArithmeticError:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) >= 10**15:
        raise _wrong("value", "数值不是数 the value is no number")
    return round(number, 4)


def _area_unit(number: Decimal, unit: str) -> str:
    """The unit by which a comparison and a score know the area."""
    if number < 0:
        raise _wrong("value", "面积不能是负数 an area cannot be negative")
    try:
        return read_area_unit(unit)
    except KeyError as error:
        words = "、".join(zh for zh, _en in UNIT_LABELS.values())
        raise _wrong(
            "unit", f"写成{words}之一 write one of {', '.join(en for _zh, en in UNIT_LABELS.values())}"
        ) from error
