"""People and their roles, kept by the chief editor."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db.models import Model
from django.http import HttpRequest

from .models import User
from .roles import LABELS, Role, role_of


class _Roles(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, group: Any) -> str:
        return " ".join(LABELS[Role(group.name)])


class PeopleAdmin(UserAdmin):  # type: ignore[type-arg]
    """Users with one of our roles each; only a superuser makes superusers. Nobody is deleted: history names them."""

    list_display = ("username", "display_name", "role", "email", "is_active", "last_login")
    list_filter = ("groups", "is_active")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("本人", {"fields": ("display_name", "email")}),
        ("角色", {"fields": ("is_active", "is_staff", "groups"),
                  "description": "能进入编辑部的人须勾选“工作人员状态”并有一个角色；合作系统不必勾选。"}),
    )  # fmt: skip
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("username", "password1", "password2")}),)

    @admin.display(description="角色")
    def role(self, user: User) -> str:
        if user.is_superuser:
            return "超级用户"
        found = role_of(user)
        return LABELS[found][0] if found else "—"

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        found = super().get_fieldsets(request, obj)
        return (*found, ("系统", {"fields": ("is_superuser",)})) if obj and request.user.is_superuser else found

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            return _Roles(Group.objects.filter(name__in=list(Role)), label="角色", required=False,
                          widget=forms.CheckboxSelectMultiple)  # fmt: skip
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A chief editor does not touch superusers: their password would be the way to become one."""
        above = isinstance(obj, User) and obj.is_superuser and not getattr(request.user, "is_superuser", False)
        return super().has_change_permission(request, obj) and not above

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
