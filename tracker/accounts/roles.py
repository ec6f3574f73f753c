"""Roles: what each may do. They are Django groups of these names."""

from __future__ import annotations

from enum import StrEnum

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
