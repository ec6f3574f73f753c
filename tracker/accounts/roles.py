"""Roles: what each may do. They are Django groups of these names."""

from __future__ import annotations

from enum import StrEnum

from django.contrib.auth.models import Group, Permission

from .models import User


class Role(StrEnum):
    VIEWER = "viewer"
    CONTRIBUTOR = "contributor"
    EDITOR = "editor"
    CHIEF_EDITOR = "chief-editor"


LABELS = {
    Role.VIEWER: ("查看者", "viewer"),
    Role.CONTRIBUTOR: ("投稿者", "contributor"),
    Role.EDITOR: ("编辑", "editor"),
    Role.CHIEF_EDITOR: ("主编", "chief editor"),
}

_RANK = {Role.VIEWER: 0, Role.CONTRIBUTOR: 1, Role.EDITOR: 2, Role.CHIEF_EDITOR: 3}


def has_role(user: User, role: Role) -> bool:
    """Whether the user has that role or a higher one."""
    if not user.is_active:
        return False
    if user.is_superuser:
        return True
    held = set(user.groups.values_list("name", flat=True))
    return any(name in held for name, rank in _RANK.items() if rank >= _RANK[role])


def may_propose(user: User) -> bool:
    return has_role(user, Role.CONTRIBUTOR)


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


def give(user: User, role: Role) -> None:
    """Let a user be exactly that."""
    user.groups.remove(*Group.objects.filter(name__in=list(Role)))
    user.groups.add(Group.objects.get(name=role.value))


def ensure_groups() -> None:
    """Make the group of each role, with its Django permissions; doing it again changes nothing.

    Everyone may look; moving proposals is decided by the services, by role; a chief editor keeps the users.
    """
    looking = Permission.objects.filter(codename__startswith="view_").exclude(
        content_type__app_label__in=["auth", "admin", "contenttypes", "sessions"]
    ).exclude(codename="view_user")  # fmt: skip
    keeping = Permission.objects.filter(codename__in=["view_user", "add_user", "change_user"])
    for role in Role:
        group, _ = Group.objects.get_or_create(name=role.value)
        group.permissions.set([*looking, *(keeping if role is Role.CHIEF_EDITOR else [])])
