"""The first logins of a new installation."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from django.contrib.auth import authenticate

from tracker.accounts.logins import create_first_logins, new_password
from tracker.accounts.models import User
from tracker.accounts.roles import Role, has_role

pytestmark = pytest.mark.django_db


def test_each_role_gets_a_login_whose_password_works(tmp_path: Path) -> None:
    logins = create_first_logins(tmp_path / "logins.txt")
    assert [login.username for login in logins] == ["contributor", "editor", "chief-editor"]
    for login in logins:
        user = authenticate(username=login.username, password=login.password)
        assert isinstance(user, User)
        assert user.is_staff
        assert has_role(user, Role(login.username))


def test_the_database_holds_no_password(tmp_path: Path) -> None:
    for login in create_first_logins(tmp_path / "logins.txt"):
        assert login.password not in User.objects.get(username=login.username).password


def test_only_the_owner_reads_the_file_with_the_passwords(tmp_path: Path) -> None:
    file = tmp_path / "logins.txt"
    logins = create_first_logins(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert all(login.password in file.read_text(encoding="utf-8") for login in logins)


def test_where_somebody_can_log_in_nothing_is_created(tmp_path: Path) -> None:
    User.objects.create_user("boss", is_staff=True)
    assert create_first_logins(tmp_path / "logins.txt") == []
    assert not (tmp_path / "logins.txt").exists()
    assert User.objects.count() == 1


def test_two_passwords_are_never_alike() -> None:
    assert len({new_password() for _ in range(100)}) == 100
