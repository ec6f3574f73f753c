"""Who may see and do what in the admin: by role, one mix-in per sort of page. Nothing here deletes a row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse

from tracker.accounts import roles
from tracker.accounts.models import User
from tracker.curation import spoken
from tracker.entries import kinds
from tracker.entries.limits import kinds_beyond
from tracker.entries.models import Entry


def actor(request: HttpRequest) -> User:
    """The person behind a request that the admin has let in."""
    assert isinstance(request.user, User)
    return request.user


def request_id(request: HttpRequest) -> str:
    return str(getattr(request, "request_id", ""))


def limited_to(user: User) -> str:
    """What somebody's proposing and reviewing is limited to, in words; '' where it is not."""
    return "；".join(_limits(user)) if roles.is_limited(user) else ""


def may_add(user: User, kind: str) -> bool:
    """Whether somebody may propose new entries of a kind."""
    return roles.may_propose(user) and not (roles.is_limited(user) and kinds_beyond([kind], user.kinds))


def _limits(user: User) -> Iterator[str]:
    if user.kinds:
        yield "、".join(spoken.kind_name(kinds.get(name)) for name in user.kinds if kinds.known(name))
    if user.places:
        names = {
            key: spoken.said(name, name_en)
            for key, name, name_en in Entry.objects.filter(kind="place", key__in=user.places).values_list(
                "key", "name", "name_en"
            )
        }
        yield "、".join(names.get(key, key) for key in user.places)


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
