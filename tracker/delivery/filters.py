"""The filters every list shares, as django-filter sets over entries; kinds add theirs in their own app.

Strict: an unknown parameter or value is refused by name, with a suggestion.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, ClassVar

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from tracker.entries import successors
from tracker.entries.kinds import Kind
from tracker.entries.models import Entry, State
from tracker.rest import fields
from tracker.rest.fields import moment
from tracker.rest.parameters import cleaned, refuse_unknown
from tracker.rest.problems import bad_parameter, suggestion
from tracker.search import index
from tracker.timeline.models import Span
from tracker.values import edtf

from . import gaps
from .distance import box_around, km_from

REVERSED = "is after date_to"
_SPELLED = 2000  # keys among which a slip is looked for

CLOCKS: dict[str, str] = {
    "as_of": "a date: what was true on that day",
    "known_at": "a moment or date: what this tracker said then",
}

PAGE_PARAMETERS: dict[str, str] = {
    "cursor": "where the page begins; taken from next or previous",
    "page_size": "1 to 200; 50 unless told",
    "count": "true: say how many there are in all",
    "ordering": "the order, with - for its reverse",
    "fields": "only these members, separated by commas",
    "omit": "all members but these, separated by commas",
    "brief": "true: of each only its reference, status, version and updated_at (schema Brief)",
    **CLOCKS,
}


class Filter(django_filters.Filter):
    """A filter whose ``help_text`` is its line in the contract."""


def many(method: str, help_text: str, allowed: Sequence[str] | None = None) -> Filter:
    """A parameter that may be repeated (“or”)."""
    filter_ = Filter(method=method, help_text=help_text)
    filter_.field_class = fields.ManyField
    if allowed is not None:
        filter_.extra["allowed"] = allowed
    return filter_


def one(field: type[forms.Field], method: str, help_text: str, **extra: Any) -> Filter:
    filter_ = Filter(method=method, help_text=help_text, **extra)
    filter_.field_class = field
    return filter_


class EntryFilter(django_filters.FilterSet):
    """Filters over entries of one kind."""

    kind: ClassVar[Kind]
    centres: ClassVar[tuple[str, ...]] = ("near",)
    """The parameters that radius_km goes with."""

    key = many("by_key", "keys of entries")
    place = many("by_place", "adcode or region key; includes what lies inside")
    category = many("by_category", "key of a term")
    status = many("by_status", "status code")
    industry = many("by_industry", "key of an industry; includes what lies below")
    programme = many("by_programme", "key of a programme")
    organisation = many("by_organisation", "key of an issuer, operator, tenant or party")
    q = one(forms.CharField, "by_words", "words in names, aliases, pinyin and texts", max_length=200)
    date_from = one(fields.EdtfField, "by_date_from", "EDTF date; the kind's main date, not before")
    date_to = one(fields.EdtfField, "by_date_to", "EDTF date; the kind's main date, not after")
    bbox = one(fields.BoxField, "by_box", "west,south,east,north in degrees")
    near = one(fields.PointField, "by_distance", "lat,lng; with radius_km")
    radius_km = one(forms.FloatField, "keep", "km around near; 10 unless told", min_value=0.01, max_value=5000)
    updated_since = one(fields.MomentField, "by_updated", "a moment or date", end=False)
    verified_since = one(fields.MomentField, "by_verified", "a moment or date", end=False)
    gap = many("by_gap", "what is wanting: stale, conflict, unsourced, or a field expected of the kind and not known")
    unknown = many("keep", "include: also what the filters cannot decide", ["include"])

    class Meta:
        model = Entry
        fields: ClassVar[list[str]] = []

    @property
    def day(self) -> date | None:
        """The day of ``as_of``: filters ask for what held on it."""
        return day_of(self.data)

    @property
    def include_unknown(self) -> bool:
        return "include" in self.form.cleaned_data["unknown"]

    def keep(self, queryset: QuerySet[Entry], name: str, value: Any) -> QuerySet[Entry]:
        """A parameter that another filter reads."""
        return queryset

    def by_key(self, queryset: QuerySet[Entry], name: str, value: list[str]) -> QuerySet[Entry]:
        return queryset.filter(key__in=value)

    def by_place(self, queryset: QuerySet[Entry], name: str, value: list[str]) -> QuerySet[Entry]:
        value = require_entries("place", name, value)
        return queryset.filter(pk__in=Entry.objects.within(value).values("pk"))

    def by_industry(self, queryset: QuerySet[Entry], name: str, value: list[str]) -> QuerySet[Entry]:
        value = require_entries("industry", name, value)
        return queryset.filter(pk__in=Entry.objects.within(value, "industry").values("pk"))

    def by_category(self, queryset: QuerySet[Entry], name: str, value: list[str]) -> QuerySet[Entry]:
        value = require_entries("term", name, value)
        return queryset.filter(category__key__in=value)

    def by_status(self, queryset: QuerySet[Entry], name: str, value: list[str]) -> QuerySet[Entry]:
        self.refuse_unknown_statuses(name, value)
        if self.day and self.kind.statuses:
            return queryset.filter(pk__in=Span.objects.on(self.day).filter(status__in=value).values("entry_id"))
        return queryset.filter(status__in=value)

    @classmethod
    def refuse_unknown_statuses(cls, name: str, value: list[str]) -> None:
        """:raises Invalid: a code that is no status of the kind."""
        allowed = cls.kind.statuses.values if cls.kind.statuses else ["current"]
        for code in value:
            if code not in allowed:
                raise bad_parameter(name, f"{code!r} is none of {', '.join(allowed)}")

    def by_programme(self, queryset: QuerySet[Entry], name: str, value: list[str]) -> QuerySet[Entry]:
        value = require_entries("programme", name, value)
        return queryset.filter(pk__in=Entry.objects.referring_to("programme", value, self.day).values("pk"))

    def by_organisation(self, queryset: QuerySet[Entry], name: str, value: list[str]) -> QuerySet[Entry]:
        value = require_entries("organisation", name, value)
        referring = Entry.objects.referring_to("organisation", value, self.day)
        return queryset.filter(pk__in=referring.values("pk"))

    def by_words(self, queryset: QuerySet[Entry], name: str, value: str) -> QuerySet[Entry]:
        return queryset.filter(pk__in=index.matching(value).values("pk"))

    def by_date_from(self, queryset: QuerySet[Entry], name: str, value: edtf.Edtf) -> QuerySet[Entry]:
        until = self.form.cleaned_data.get("date_to")
        if until and value.lower and until.upper and until.upper < value.lower:
            raise bad_parameter(name, REVERSED)
        return queryset.filter(self._or_undated(reaches_after(value.lower)))

    def by_date_to(self, queryset: QuerySet[Entry], name: str, value: edtf.Edtf) -> QuerySet[Entry]:
        return queryset.filter(self._or_undated(reaches_before(value.upper)))

    def _or_undated(self, condition: Q) -> Q:
        return condition | Q(date_sort="") if self.include_unknown else condition

    def by_box(self, queryset: QuerySet[Entry], name: str, value: tuple[float, ...]) -> QuerySet[Entry]:
        west, south, east, north = value
        return queryset.filter(self._or_nowhere(Q(lat__range=(south, north), lng__range=(west, east))))

    def by_distance(self, queryset: QuerySet[Entry], name: str, value: tuple[float, float]) -> QuerySet[Entry]:
        radius = self.form.cleaned_data.get("radius_km") or 10.0
        near = box_around(value, radius)
        queryset = queryset.annotate(distance_km=km_from(value))
        return queryset.filter(self._or_nowhere(near & Q(distance_km__lte=radius)))

    def _or_nowhere(self, condition: Q) -> Q:
        return condition | Q(lat__isnull=True) if self.include_unknown else condition

    def by_gap(self, queryset: QuerySet[Entry], name: str, value: list[str]) -> QuerySet[Entry]:
        allowed = gaps.names(self.kind)
        found = Q()
        for gap in value:
            if gap not in allowed:
                raise bad_parameter(name, f"{gap!r} is none of {', '.join(allowed)}")
            found |= gaps.condition(self.kind, gap, timezone.localdate())
        return queryset.filter(found)

    def by_updated(self, queryset: QuerySet[Entry], name: str, value: Any) -> QuerySet[Entry]:
        return queryset.filter(updated_at__gte=value)

    def by_verified(self, queryset: QuerySet[Entry], name: str, value: Any) -> QuerySet[Entry]:
        return queryset.filter(verified_at__gte=value)


DATED = ~Q(date="")


def reaches_after(day: date | None, dated: Q = DATED) -> Q:
    """Rows whose date reaches a day or a later one; a date that is open at its end reaches everywhere."""
    return Q() if day is None else Q(date_upper__gte=day) | (Q(date_upper__isnull=True) & dated)


def reaches_before(day: date | None, dated: Q = DATED) -> Q:
    """Rows whose date reaches a day or an earlier one; a date that is open at its beginning reaches everywhere."""
    return Q() if day is None else Q(date_lower__lte=day) | (Q(date_lower__isnull=True) & dated)


def require_entries(kind: str, parameter: str, keys: Sequence[str]) -> list[str]:
    """Refuse keys that lead to nothing: a typo must not look like an empty result.

    :returns: the keys; of one that gave way to another, the key that stands for it now.
    :raises Invalid: naming the key, with a suggestion by name.
    """
    states = dict(Entry.objects.filter(kind=kind, key__in=keys).values_list("key", "state"))
    for key in keys:
        if key not in states:
            raise bad_parameter(parameter, f"there is no {kind} {key!r}{_like(kind, key)}")
    gone = [key for key in keys if states[key] != State.LIVE]
    led = successors.standing_for(kind, gone) if gone else {}
    return [led.get(key, key) for key in keys]


def _like(kind: str, word: str) -> str:
    """Entries of a name like the word; else the key it may be a slip of."""
    near = index.matching(word).filter(kind=kind).order_by("key").values_list("key", "name")[:3]
    if near:
        return f"; did you mean {', '.join(f'{key} ({name})' for key, name in near)}?"
    spelled = Entry.objects.live().of_kind(kind).filter(key__startswith=word[:2]).order_by("key")
    return suggestion(word, spelled.values_list("key", flat=True)[:_SPELLED])


def apply(filterset_class: type[EntryFilter], parameters: QueryDict, queryset: QuerySet[Entry],
          extra: Sequence[str] = ()) -> QuerySet[Entry]:  # fmt: skip
    """Filter a queryset by the query's parameters.

    :raises Invalid: an unknown parameter, or values that are wrong; each by name.
    """
    refuse_unknown(parameters, [*filterset_class.base_filters, *PAGE_PARAMETERS, *extra])
    filterset = cleaned(filterset_class(parameters, queryset=queryset))
    if parameters.get("radius_km") and not any(parameters.get(name) for name in filterset_class.centres):
        raise bad_parameter("radius_km", f"goes with {' or '.join(filterset_class.centres)}")
    filtered: QuerySet[Entry] = filterset.qs
    return filtered


def day_of(parameters: QueryDict, name: str = "as_of") -> date | None:
    """The parameter as a calendar day."""
    text = parameters.get(name, "")
    if not text:
        return None
    try:
        value = edtf.parse(text)
    except edtf.InvalidEdtf as error:
        raise bad_parameter(name, str(error)) from error
    if value.lower is None or value.lower != value.upper:
        raise bad_parameter(name, "must be one day, such as 2020-12-31")
    return value.lower


def known_at(parameters: QueryDict) -> datetime | None:
    text = parameters.get("known_at", "")
    if not text:
        return None
    try:
        return moment(text, end=True)
    except ValidationError as error:
        raise bad_parameter("known_at", error.messages[0]) from error


def wants_count(parameters: QueryDict) -> bool:
    return yes_or_no(parameters, "count")


def yes_or_no(parameters: QueryDict, name: str) -> bool:
    """:raises Invalid: neither true nor false."""
    text = parameters.get(name, "false")
    if text not in ("true", "false"):
        raise bad_parameter(name, "is true or false")
    return text == "true"


def valid_on(queryset: QuerySet[Entry], kind: Kind, day: date) -> QuerySet[Entry]:
    """Entries that were there on a day, possibly or certainly."""
    if not kind.since:
        return queryset
    return queryset.filter(held_on(day, "since_lower", "until_upper"))


def held_on(day: date, first: str, last: str) -> Q:
    """What possibly held on a day: begun by it as far as is known, and not yet surely ended."""
    begun = Q(**{f"{first}__lte": day}) | Q(**{f"{first}__isnull": True})
    return begun & (Q(**{f"{last}__gt": day}) | Q(**{f"{last}__isnull": True}))
