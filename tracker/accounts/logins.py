"""The first logins of a new installation: one person per role, with random passwords."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from .models import User
from .roles import LABELS, Role, ensure_groups, give

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without the letters and digits that people take for one another."""


@dataclass(frozen=True)
class Login:
    username: str
    password: str
    label: str

    def __str__(self) -> str:
        return f"{self.username:<13} {self.password}   {self.label}"


def create_first_logins(file: Path) -> list[Login]:
    """Create a contributor, an editor and a chief editor, and write their passwords to a file only its owner reads.

    The database keeps hashes alone. The chief editor is superuser as well, so that somebody can manage the others.
    Does nothing when there are users who can log in.
    """
    if User.objects.filter(is_staff=True).exists():
        return []
    with transaction.atomic():
        ensure_groups()
        logins = [_create(role) for role in (Role.CONTRIBUTOR, Role.EDITOR, Role.CHIEF_EDITOR)]
        _write(file, logins)
    return logins


def _create(role: Role) -> Login:
    password = new_password()
    user = User.objects.create_user(
        role.value, password=password, display_name=LABELS[role][0], is_staff=True,
        is_superuser=role is Role.CHIEF_EDITOR,
    )  # fmt: skip
    give(user, role)
    return Login(user.username, password, " ".join(LABELS[role]))


def new_password() -> str:
    """About 79 random bits, in four groups that can be read aloud."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def _write(file: Path, logins: list[Login]) -> None:
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as opened:
        opened.writelines(f"{login}\n" for login in logins)
