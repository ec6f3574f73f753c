"""The filters of timelines, as a django-filter set over events."""

from __future__ import annotations

from typing import ClassVar

import django_filters
from django.db.models import Q, QuerySet
from django.http import QueryDict

from tracker.entries import kinds
from tracker.entries.models import Entry
from tracker.rest import fields
from tracker.rest.parameters import cleaned
from tracker.rest.problems import bad_parameter, suggestion
from tracker.timeline import listing
from tracker.timeline.models import Event
from tracker.timeline.types import TYPES
from tracker.values import edtf

from .filters import many, one, require_entries


class TimelineFilter(django_filters.FilterSet):
    """Filters over events; they narrow by the entry an event belongs to, its type and its date."""

    place = many("by_place", "adcode or region key; includes what lies inside")
    kind = many("by_kind", "kind of entry")
    type = many("by_type", "type of event")
    industry = many("by_industry", "key of an industry; includes what lies below")
    programme = many("by_programme", "key of a programme")
    organisation = many("by_organisation", "key of an issuer, operator, tenant or party")
    entry = many("by_entry", "kind/key of an entry")
    date_from = one(fields.EdtfField, "by_date_from", "EDTF date; the event may lie on or after it")
    date_to = one(fields.EdtfField, "by_date_to", "EDTF date; the event may lie on or before it")

    class Meta:
        model = Event
        fields: ClassVar[list[str]] = []

    def by_place(self, queryset: QuerySet[Event], name: str, value: list[str]) -> QuerySet[Event]:
        value = require_entries("place", name, value)
        return queryset.filter(entry__in=Entry.objects.within(value))

    def by_kind(self, queryset: QuerySet[Event], name: str, value: list[str]) -> QuerySet[Event]:
        for text in value:
            require_kind(text)
        return queryset.filter(entry__kind__in=value)

    def by_type(self, queryset: QuerySet[Event], name: str, value: list[str]) -> QuerySet[Event]:
        for text in value:
            require_type(name, text)
        return queryset.filter(type__in=value)

    def by_industry(self, queryset: QuerySet[Event], name: str, value: list[str]) -> QuerySet[Event]:
        value = require_entries("industry", name, value)
        return queryset.filter(entry__in=Entry.objects.within(value, "industry"))

    def by_programme(self, queryset: QuerySet[Event], name: str, value: list[str]) -> QuerySet[Event]:
        value = require_entries("programme", name, value)
        own = Q(entry__kind="programme", entry__key__in=value)
        return queryset.filter(own | Q(entry__in=Entry.objects.referring_to("programme", value)))

    def by_organisation(self, queryset: QuerySet[Event], name: str, value: list[str]) -> QuerySet[Event]:
        value = require_entries("organisation", name, value)
        return queryset.filter(entry__in=Entry.objects.referring_to("organisation", value))

    def by_entry(self, queryset: QuerySet[Event], name: str, value: list[str]) -> QuerySet[Event]:
        condition = Q()
        for text in value:
            kind, _, key = text.partition("/")
            require_kind(kind)
            require_entries(kind, name, [key])
            condition |= Q(entry__kind=kind, entry__key=key)
        return queryset.filter(condition)

    def by_date_from(self, queryset: QuerySet[Event], name: str, value: edtf.Edtf) -> QuerySet[Event]:
        until = self.form.cleaned_data.get("date_to")
        if until and value.lower and until.upper and until.upper < value.lower:
            raise bad_parameter(name, "is after date_to")
        return listing.within(queryset, value.lower, None)

    def by_date_to(self, queryset: QuerySet[Event], name: str, value: edtf.Edtf) -> QuerySet[Event]:
        return listing.within(queryset, None, value.upper)


def narrowed(parameters: QueryDict, events: QuerySet[Event]) -> QuerySet[Event]:
    """The events that a query's filters leave.

    :raises Invalid: values that are wrong, each by name.
    """
    found: QuerySet[Event] = cleaned(TimelineFilter(parameters, queryset=events)).qs
    return found


def require_type(parameter: str, code: str) -> None:
    """:raises Invalid: no such type of event, with a suggestion."""
    if code not in TYPES:
        raise bad_parameter(parameter, f"{code!r} is no type of event{suggestion(code, TYPES)}")


def require_kind(name: str) -> None:
    """:raises Invalid: no such kind, naming those there are."""
    if not kinds.known(name):
        raise bad_parameter("kind", f"{name!r} is none of {', '.join(kind.name for kind in kinds.every())}")
