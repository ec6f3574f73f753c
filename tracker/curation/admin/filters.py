"""Filters of the entry lists: place and industry by text, category, status and public state by choice."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.curation import spoken
from tracker.entries import kinds
from tracker.entries.kinds import Kind
from tracker.entries.models import Entry, Name, State
from tracker.values.folding import fold


def kind_of(model: Any) -> Kind:
    """The kind whose own table a model is."""
    return next(kind for kind in kinds.every() if kind.detail_model is model)


class ChoiceFilter(admin.ChoicesFieldListFilter):
    """The choices of a field, in the reader's language."""

    def choices(self, changelist: Any) -> Any:
        every, *rest = super().choices(changelist)
        values = [value for value, _label in self.field.flatchoices]
        yield every
        for value, choice in zip(values, rest, strict=True):
            yield {**choice, "display": spoken.choice(str(value), str(choice["display"]))}


class PlaceFilter(admin.SimpleListFilter):
    """Entries in a place, however deep: its name or its key, typed."""

    title = gettext_lazy("地区")
    parameter_name = "place"
    template = "admin/curation/filter_text.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return [("", "名称或代码 name or code")]  # one, so that the filter is drawn

    def choices(self, changelist: Any) -> Any:
        kept = [(name, value) for name, value in changelist.get_filters_params().items() if name != "place"]
        yield {"others": kept, "clear": changelist.get_query_string(remove=["place"]), "value": self.value() or ""}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        return queryset.filter(entry__in=Entry.objects.within(place_keys(str(self.value()).strip())))


def place_keys(text: str) -> list[str]:
    """The places that somebody may mean who typed this: the code, and what is named so."""
    named = Name.objects.filter(kind="place", text__startswith=fold(text)).values_list("entry__key", flat=True)
    return [text.split()[0] if text else "", *named[:20]]


class KindFilter(admin.SimpleListFilter):
    title = gettext_lazy("种类")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(kind.name, spoken.kind_name(kind)) for kind in kinds.every()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class CategoryFilter(admin.SimpleListFilter):
    title = gettext_lazy("类别")
    parameter_name = "category"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        used = Entry.objects.of_kind(kind_of(model_admin.model).name).filter(category__isnull=False)
        rows = used.order_by("category__key").values_list("category__key", "category__name").distinct()
        return list(rows)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(entry__category__key=self.value()) if self.value() else queryset


class StatusFilter(admin.SimpleListFilter):
    title = gettext_lazy("状态")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        statuses = kind_of(model_admin.model).statuses
        choices = statuses.choices if statuses else []
        return [(str(value), spoken.choice(str(value), str(label))) for value, label in choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(entry__status=self.value()) if self.value() else queryset


class StateFilter(admin.SimpleListFilter):
    """What is public, unless asked otherwise."""

    title = gettext_lazy("公开状态")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        others = (state for state in State if state != State.LIVE)
        return [("all", _("全部")), *((state.value, spoken.choice(state.value, str(state.label))) for state in others)]

    def choices(self, changelist: Any) -> Any:
        first, *rest = super().choices(changelist)
        yield {**first, "display": spoken.choice(State.LIVE.value, str(State.LIVE.label))}
        yield from rest

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset if self.value() == "all" else queryset.filter(entry__state=self.value() or State.LIVE)
