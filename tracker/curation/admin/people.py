"""People, their roles and the limits of these, kept by the chief editor."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.accounts.models import User
from tracker.accounts.roles import LABELS, Role, role_of
from tracker.curation import spoken
from tracker.curation.forms.references import Book
from tracker.entries import kinds
from tracker.entries.fields import Ref, Target
from tracker.entries.models import Entry

from .access import limited_to

PLACE = Ref(name="places", zh="地区", en="Places", kinds=("place",))
MOST_PLACES = 50


class PlacesField(forms.CharField):
    """Places, one a line: a key, a name, or what a suggestion gave; kept as their keys."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, widget=forms.Textarea({"rows": 3, "data-suggest": "place", "data-many": ""}),
                         **options)  # fmt: skip

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        book = Book(kinds.get("place"), {})
        book.learn(Target("place", key) for key in value)
        return "\n".join(book.shown(PLACE, key) for key in value)

    def clean(self, value: Any) -> list[str]:
        lines = [line.strip() for line in str(super().clean(value) or "").splitlines() if line.strip()]
        if len(lines) > MOST_PLACES:
            raise ValidationError(_("最多 %(most)s 个地区。") % {"most": MOST_PLACES})
        book = Book(kinds.get("place"), {})
        keys = list(dict.fromkeys(str(book.meant(PLACE, line)) for line in lines))
        known = set(Entry.objects.live().filter(kind="place", key__in=keys).values_list("key", flat=True))
        if lost := [key for key in keys if key not in known]:
            raise ValidationError(_("没有地区：%(keys)s。") % {"keys": "、".join(lost)})
        return keys


class PersonForm(UserChangeForm):  # type: ignore[type-arg]
    """A person, with pickers of the kinds and places that they are limited to."""

    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("限于种类"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("不勾选：不限。勾选后，要录入新来源的人须一并勾选“来源”。"),
    )  # fmt: skip
    places = PlacesField(
        label=gettext_lazy("限于地区"), help_text=gettext_lazy("每行一个：名称或代码；含所辖一切地区。空：不限。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "kinds" in self.fields:  # who may only look gets neither
            chosen: Any = self.fields["kinds"]
            chosen.choices = [(kind.name, spoken.kind_name(kind)) for kind in kinds.every()]
            self.fields["places"].widget.attrs["data-suggest-url"] = reverse("admin:tracker_proposal_suggest")


class _Roles(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, group: Any) -> str:
        return spoken.said(*LABELS[Role(group.name)])


class PeopleAdmin(UserAdmin):  # type: ignore[type-arg]
    """Users with one of our roles each; only a superuser makes superusers. Nobody is deleted: history names them."""

    form = PersonForm
    list_display = ("username", "display_name", "role", "limits", "email", "is_active", "last_login")
    list_filter = ("groups", "is_active")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (gettext_lazy("本人"), {"fields": ("display_name", "email")}),
        (gettext_lazy("角色"), {
            "fields": ("is_active", "is_staff", "groups"),
            "description": gettext_lazy(
                "能进入编辑部的人须勾选“工作人员状态”并有一个角色；合作系统和选址用户不必勾选。"
            ),
        }),
        (gettext_lazy("限制"), {
            "fields": ("kinds", "places"),
            "description": gettext_lazy("限制所提、所审、所发布的；查看不受限制。两项都填时须同时符合。"),
        }),
    )  # fmt: skip
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("username", "password1", "password2")}),)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=gettext_lazy("角色"))
    def role(self, user: User) -> str:
        if user.is_superuser:
            return str(_("超级用户"))
        found = role_of(user)
        return spoken.said(*LABELS[found]) if found else "—"

    @admin.display(description=gettext_lazy("限制"))
    def limits(self, user: User) -> str:
        return limited_to(user) or "—"

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        found = super().get_fieldsets(request, obj)
        return (*found, (_("系统"), {"fields": ("is_superuser",)})) if obj and request.user.is_superuser else found

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            return _Roles(Group.objects.filter(name__in=list(Role)), label=gettext_lazy("角色"), required=False,
                          widget=forms.CheckboxSelectMultiple)  # fmt: skip
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A chief editor does not touch superusers: their password would be the way to become one."""
        above = isinstance(obj, User) and obj.is_superuser and not getattr(request.user, "is_superuser", False)
        return super().has_change_permission(request, obj) and not above

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
