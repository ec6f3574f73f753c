"""The groups of the roles."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group

from tracker.accounts import roles
from tracker.accounts.models import User
from tracker.accounts.roles import Role

pytestmark = pytest.mark.django_db


def test_every_role_has_its_group_and_making_them_again_changes_nothing() -> None:
    for _ in range(2):
        roles.ensure_groups()
        found = {group.name: group.permissions.count() for group in Group.objects.all()}
        assert set(found) == {role.value for role in Role}
        assert found["chief-editor"] == found["viewer"] + 3
        assert found["viewer"] > 0


def test_only_a_chief_editor_keeps_users() -> None:
    roles.ensure_groups()
    for role in Role:
        user = User.objects.create_user(role.value)
        roles.give(user, role)
        assert user.has_perm("tracker.change_user") == (role is Role.CHIEF_EDITOR)
        assert roles.role_of(user) is role


def test_giving_another_role_takes_the_first() -> None:
    roles.ensure_groups()
    user = User.objects.create_user("someone")
    roles.give(user, Role.EDITOR)
    roles.give(user, Role.VIEWER)
    assert roles.role_of(user) is Role.VIEWER
    assert not roles.may_review(user)
