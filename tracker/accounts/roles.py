"""Roles: what each may do. They are Django groups of these names."""

from __future__ import annotations

from enum import StrEnum

from django.contrib.auth.models import Group, Permission
from django.db.models import prefetch_related_objects

from .models import User


class Role(StrEnum):
    SITE_SELECTION = "site-selection"
    API_PARTNER = "api-partner"
    VIEWER = "viewer"
    CONTRIBUTOR = "contributor"
    EDITOR = "editor"
    CHIEF_EDITOR = "chief-editor"


LABELS = {
    Role.SITE_SELECTION: ("选址用户", "site-selection user"),
    Role.API_PARTNER: ("合作系统", "API partner"),
    Role.VIEWER: ("查看者", "viewer"),
    Role.CONTRIBUTOR: ("投稿者", "contributor"),
    Role.EDITOR: ("编辑", "editor"),
    Role.CHIEF_EDITOR: ("主编", "chief editor"),
}

ADMINISTRATOR = "administrator"

_LADDER = (Role.VIEWER, Role.CONTRIBUTOR, Role.EDITOR, Role.CHIEF_EDITOR)
"""Each includes those before it. Beside it, and never in the admin, stand an API partner, who proposes, and a
site-selection user, who registers and works in a team."""


def has_role(user: User, role: Role) -> bool:
    """Whether the user has that role or one that includes it."""
    if not user.is_active:
        return False
    if user.is_superuser:
        return True
    including = _LADDER[_LADDER.index(role) :] if role in _LADDER else (role,)
    return not set(including).isdisjoint(held(user))


def held(user: User) -> set[str]:
    """The names of a user's groups; asked for once and kept by the user's object until they are changed through it."""
    prefetch_related_objects([user], "groups")
    return {group.name for group in user.groups.all()}


def may_propose(user: User) -> bool:
    return has_role(user, Role.CONTRIBUTOR) or has_role(user, Role.API_PARTNER)


def may_review(user: User) -> bool:
    return has_role(user, Role.EDITOR)


def may_force(user: User) -> bool:
    """Publish what its own author approved, with a reason that is kept for ever."""
    return has_role(user, Role.CHIEF_EDITOR)


def may_look(user: User) -> bool:
    """See what editors see of published entries and their history."""
    return has_role(user, Role.VIEWER)


def role_of(user: User) -> Role | None:
    """The highest role a user holds."""
    return next((role for role in reversed(Role) if has_role(user, role)), None)


def public_role(user: User | None) -> str | None:
    """What may be said in public of who did something: ``administrator``, the highest role held now, or nothing.

    Asks no query where the groups were fetched along.
    """
    if user is None:
        return None
    if user.is_superuser:
        return ADMINISTRATOR
    return next((role.value for role in reversed(Role) if role.value in held(user)), None)


def is_limited(user: User) -> bool:
    """Whether what the user proposes, reviews and publishes is limited to some places or kinds."""
    return bool(user.kinds or user.places) and not user.is_superuser


def give(user: User, role: Role) -> None:
    """Let a user be exactly that."""
    user.groups.remove(*Group.objects.filter(name__in=list(Role)))
    user.groups.add(Group.objects.get_or_create(name=role.value)[0])


def ensure_groups() -> None:
    """Make the group of each role, with its Django permissions; doing it again changes nothing.

    Who enters the admin may look; moving proposals is decided by the services, by role; a chief editor keeps the users.
    """
    looking = Permission.objects.filter(codename__startswith="view_").exclude(
        content_type__app_label__in=["auth", "admin", "contenttypes", "sessions"]
    ).exclude(codename="view_user")  # fmt: skip
    keeping = Permission.objects.filter(codename__in=["view_user", "add_user", "change_user"])
    for role in Role:
        group, _ = Group.objects.get_or_create(name=role.value)
        may = [*looking, *(keeping if role is Role.CHIEF_EDITOR else [])]
        group.permissions.set(may if role in _LADDER else [])
