"""The filters of parks, the same for the API, its files and the pages: what a team eliminates by.

What nobody knows is never taken for no: each filter keeps apart what is unknown, and ``unknown=include`` adds it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from parks import granted, kinds
from parks.inside import all_inside, inner_parks
from parks.models import SitingFact, Stage
from policies.api import AreaFilter
from policies.models import Area, AreaMeasure
from tracker.delivery.distance import answering, circles
from tracker.delivery.filters import held_on, many, one, require_entries
from tracker.entries.kinds import Kind
from tracker.entries.models import Entry, Reference, State
from tracker.rest.problems import bad_parameter
from tracker.search import index
from tracker.timeline.models import Span
from tracker.values.circles import ANSWERS, Circle

DEFAULT_KM = 10.0
NAMED_IN_PARTS = "parts/parks"
"""The field by which a layout's part names a park."""

FACTS = ("area", "developable", "opened", "stage", "location", "operators", "tenants", "industries", "positioning",
         "designations", "siting")  # fmt: skip
"""The facts of a park that a team asks for first; each is known or not."""


def known(fact: str) -> Q:
    """Parks of which the fact is known, as a condition on parks."""
    by_reference = {"operators": "operators", "tenants": "tenants/organisation", "industries": "industries",
                    "designations": "designations/programme"}  # fmt: skip
    if fact in by_reference:
        return Q(pk__in=Reference.objects.filter(field=by_reference[fact]).values("entry_id"))
    areas = Area.objects.filter(value_m2__isnull=False)
    return {
        "area": Q(pk__in=areas.values("entry_id")),
        "developable": Q(pk__in=areas.filter(measure=AreaMeasure.INDUSTRIAL_DEVELOPABLE).values("entry_id")),
        "opened": ~Q(date_sort=""),
        "stage": ~Q(park__stage=""),
        "location": Q(lat__isnull=False),
        "positioning": ~Q(park__positioning=[]),
        "siting": Q(pk__in=SitingFact.objects.values("entry_id")),
    }[fact]


class ParkFilter(AreaFilter):
    kind: ClassVar[Kind] = kinds.PARK
    centres: ClassVar[tuple[str, ...]] = ("near", "near_platform")

    stage = many("by_stage", "stage code", Stage.values)
    parent = many("by_parent", "keys of parks; what lies in them, however deep, and not they themselves")
    operator = many("by_operator", "key of an organisation that operates it")
    tenant = many("by_tenant", "key of an organisation that is a tenant")
    positioning = one(forms.CharField, "by_positioning", "words that its positioning contains", max_length=100)
    siting = many("by_siting", "key of an indicator that is known of the site")
    siting_min = one(forms.DecimalField, "keep", "some value of those indicators is at least this", max_digits=24)
    siting_max = one(forms.DecimalField, "keep", "some value of those indicators is at most this", max_digits=24)
    measure_subject = many("by_measure_subject", "key of a term; where a policy applies that grants something of this "
                                                 "subject, by the rules of parks/{key}/policies/")  # fmt: skip
    layout_role = many("by_layout_role", "key of a layout role; a layout that nothing has replaced names it so")
    layout_roles_min = one(forms.IntegerField, "by_layout_roles_min", "layouts name it in so many different roles",
                           min_value=1, max_value=9)  # fmt: skip
    near_platform = many("by_distance", "keys of platforms; with radius_km, by how exactly both places are known")
    distance = many("by_distance", "whether it lies within radius_km of near or near_platform: yes, maybe, no by how "
                                   "exactly the place is known, or unknown; with near_platform yes and maybe unless "
                                   "told, with near its point alone decides unless told", ANSWERS)  # fmt: skip
    has = many("by_has", "facts that are known, all of them", FACTS)
    lacks = many("by_lacks", "facts that nobody knows, all of them", FACTS)
    refers = many("by_refers", "kind/key: what refers to that entry")

    def by_stage(self, queryset: QuerySet[Entry], name: str, value: list[str]) -> QuerySet[Entry]:
        stages = [*value, ""] if self.include_unknown else value
        if self.day:
            return queryset.filter(pk__in=Span.objects.on(self.day).filter(stage__in=stages).values("entry_id"))
        return queryset.filter(park__stage__in=stages)

    def by_parent(self, queryset: QuerySet[Entry], name: str, value: list[str]) -> QuerySet[Entry]:
        require_entries("park", name, value)
        parents = set(Entry.objects.live().of_kind("park").filter(key__in=value).values_list("pk", flat=True))
        return queryset.filter(pk__in=all_inside(parents, inner_parks(self.day)) - parents)

    def by_operator(self, queryset: QuerySet[Entry], name: str, value: list[str]) -> QuerySet[Entry]:
        return self._by_organisation("operators", queryset, name, value)

    def by_tenant(self, queryset: QuerySet[Entry], name: str, value: list[str]) -> QuerySet[Entry]:
        return self._by_organisation("tenants/organisation", queryset, name, value)

    def _by_organisation(self, field: str, queryset: QuerySet[Entry], name: str, value: list[str]) -> QuerySet[Entry]:
        require_entries("organisation", name, value)
        references = Reference.objects.filter(field=field, target__kind="organisation", target__key__in=value)
        if self.day:
            references = references.on(self.day)
        fact = field.partition("/")[0]
        return queryset.filter(self._or_unknown(Q(pk__in=references.values("entry_id")), fact))

    def _or_unknown(self, condition: Q, fact: str) -> Q:
        return condition | ~known(fact) if self.include_unknown else condition

    def by_positioning(self, queryset: QuerySet[Entry], name: str, value: str) -> QuerySet[Entry]:
        """The index of words narrows it; then the texts themselves decide."""
        kept = as_kept(value)
        told = queryset.annotate(positioning_text=Cast("park__positioning", TextField()))
        narrowed = Q(pk__in=index.matching(value).values("pk"), positioning_text__icontains=kept)
        return told.filter(self._or_unknown(narrowed, "positioning"))

    def by_siting(self, queryset: QuerySet[Entry], name: str, value: list[str]) -> QuerySet[Entry]:
        require_entries("indicator", name, value)
        told = SitingFact.objects.filter(indicator__key__in=value)
        condition = Q(pk__in=told.filter(self.siting_bounds).values("entry_id"))
        return queryset.filter(condition | ~Q(pk__in=told.values("entry_id")) if self.include_unknown else condition)

    @property
    def siting_bounds(self) -> Q:
        """Between which values an indicator is to be, as a condition on facts of sites."""
        given = {"value__gte": self.form.cleaned_data.get("siting_min"),
                 "value__lte": self.form.cleaned_data.get("siting_max")}  # fmt: skip
        return Q(**{lookup: limit for lookup, limit in given.items() if limit is not None})

    def by_measure_subject(self, queryset: QuerySet[Entry], name: str, value: list[str]) -> QuerySet[Entry]:
        require_entries("term", name, value)
        condition = Q(pk__in=[])
        for subject in set(value) & set(self.grounds):
            condition |= granted.parks_on(self.grounds[subject], self._on)
        return queryset.filter(condition)

    @cached_property
    def grounds(self) -> dict[str, granted.Ground]:
        """By subject of a measure, where it is granted on the day."""
        return granted.grounds(self._on)

    @property
    def _on(self) -> date:
        return self.day or timezone.localdate()

    def by_layout_role(self, queryset: QuerySet[Entry], name: str, value: list[str]) -> QuerySet[Entry]:
        require_entries("term", name, value)
        return queryset.filter(Exists(namings(self._on).filter(role_key__in=value, target=OuterRef("pk"))))

    def by_layout_roles_min(self, queryset: QuerySet[Entry], name: str, value: int) -> QuerySet[Entry]:
        named = namings(self._on).order_by().values("target").annotate(number=Count("role_key", distinct=True))
        return queryset.filter(pk__in=named.filter(number__gte=value).values("target"))

    def by_distance(self, queryset: QuerySet[Entry], name: str, value: Any) -> QuerySet[Entry]:
        """By the points alone, or by what the precision of both places lets one say."""
        asked = self.form.cleaned_data
        platforms, answers = asked["near_platform"], set(asked["distance"])
        if name != next((each for each in ("near", "near_platform", "distance") if asked.get(each)), None):
            return queryset  # applied together, with the first of them
        if not asked["near"] and not platforms:
            raise bad_parameter("distance", f"goes with {' or '.join(self.centres)}")
        if not platforms and not answers:
            return super().by_distance(queryset, name, asked["near"])
        centres = [*self._platforms(platforms), *([Circle(*asked["near"])] if asked["near"] else [])]
        answers = (answers or {"yes", "maybe"}) | ({"unknown"} if self.include_unknown else set())
        return answering(queryset, centres, asked.get("radius_km") or DEFAULT_KM, answers)

    def _platforms(self, keys: Sequence[str]) -> list[Circle]:
        """:raises Invalid: a platform whose place nobody knows."""
        if len(keys) > 20:
            raise bad_parameter("near_platform", "at most 20 at once")
        require_entries("platform", "near_platform", keys)
        found = circles(Entry.objects.live().of_kind("platform").filter(key__in=keys))
        for key in keys:
            if key not in found:
                raise bad_parameter("near_platform", f"nobody knows where {key!r} is")
        return list(found.values())

    def by_has(self, queryset: QuerySet[Entry], name: str, value: list[str]) -> QuerySet[Entry]:
        for fact in value:
            queryset = queryset.filter(known(fact))
        return queryset

    def by_lacks(self, queryset: QuerySet[Entry], name: str, value: list[str]) -> QuerySet[Entry]:
        for fact in value:
            queryset = queryset.exclude(known(fact))
        return queryset

    def by_refers(self, queryset: QuerySet[Entry], name: str, value: list[str]) -> QuerySet[Entry]:
        referring = Reference.objects.none()
        for text in value:
            kind, _, key = text.partition("/")
            if not Entry.objects.filter(kind=kind, key=key).exists():
                raise bad_parameter(name, f"there is nothing of kind and key {text!r}; write organisation/baidu")
            referring = referring | Reference.objects.filter(target__kind=kind, target__key=key)
        return queryset.filter(pk__in=referring.values("entry_id"))


def namings(day: date) -> QuerySet[Any]:
    """Where parts of the layouts of a day name parks, with ``role_key``: which role each gives."""
    rows = Reference.objects.filter(field=NAMED_IN_PARTS, entry__state=State.LIVE, target__isnull=False)
    part = "entry__layoutpart_set"
    rows = rows.annotate(part=F(f"{part}__key"), role_key=F(f"{part}__role__key")).filter(part=F("child"))
    return rows.filter(held_on(day, "entry__since_lower", "entry__until_upper"))


def as_kept(words: str) -> str:
    """Words as the column of a list of texts holds them: SQLite keeps JSON in ASCII, PostgreSQL as it is."""
    ascii_only = connection.vendor == "sqlite"
    return json.dumps(words.strip(), ensure_ascii=ascii_only)[1:-1]
