"""Who may see and do what in the admin: by role, one mix-in per sort of page. Nothing here deletes a row."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse

from tracker.accounts import roles
from tracker.accounts.models import User


def actor(request: HttpRequest) -> User:
    """The person behind a request that the admin has let in."""
    assert isinstance(request.user, User)
    return request.user


def request_id(request: HttpRequest) -> str:
    return str(getattr(request, "request_id", ""))


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]
    """Pages to look at: everybody with a role may, nobody adds, changes or deletes a row by hand."""

    actions: Any = None

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list, under its own name rather than “select … to view”."""
        return super().changelist_view(request, {"title": self.opts.verbose_name_plural, **(extra_context or {})})

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return isinstance(request.user, User) and roles.may_look(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
