"""What an address asks of Explore: the filters of the API under the same names, and how to show what is found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from parks.filters import ParkFilter, namings
from tracker.delivery.filters import REVERSED
from tracker.delivery.views import ordering
from tracker.entries import kinds
from tracker.entries.models import Entry, EntryQuerySet
from tracker.rest.keyset import Column
from tracker.rest.parameters import cleaned
from tracker.values.errors import Invalid
from tracker.web import parameters
from tracker.web.language import english

FIND = "find_"
"""Before the name of a facet: words by which its values are searched."""
VIEWS = ("list", "cards", "map")
SORTS = {"date": "-date", "name": "name", "area": "-area", "changed": "-version"}
OLDER_NAMES = {"from": "date_from", "to": "date_to"}
"""Names of pages for parameters of the API."""

UNITS = ("km2", "ha", "亩", "万m2")

TOGETHER = {
    "area": ("min_area", "max_area", "area"),
    "near": ("near", "near_platform", "distance"),
    "facts": ("has", "lacks"),
}
"""Parameters that are one filter: a facet is counted without all of its own."""
GROUPS: Mapping[str, str] = {name: group for group, names in TOGETHER.items() for name in names}
ALONG = ("measure", "area_unit", "radius_km", "siting_min", "siting_max", "unknown")
"""Parameters that filter nothing by themselves."""


@dataclass(frozen=True)
class Asked:
    query: QueryDict
    """As it stands in the address, without what is empty."""
    filters: QueryDict
    """What the API is asked for the same."""
    filterset: ParkFilter
    view: str
    sort: str
    unit: str
    """In which areas are shown and asked for; '' for the unit printed."""

    @property
    def values(self) -> dict[str, Any]:
        found: dict[str, Any] = self.filterset.form.cleaned_data
        return found

    @property
    def order(self) -> list[Column]:
        return ordering(self.filters, kinds.get("park"))

    @cached_property
    def kept(self) -> dict[str, set[int]]:
        """By group of filters in force, the parks it keeps; each is asked once, however many facets are counted."""
        found: dict[str, QuerySet[Entry]] = {}
        for name, value in self.values.items():
            if name not in ALONG and value not in (None, "", []):
                group = GROUPS.get(name, name)
                found[group] = self.filterset.filters[name].filter(found.get(group, _parks()), value)
        return {group: set(rows.values_list("pk", flat=True)) for group, rows in found.items()}

    def pks(self, *, without: str = "") -> set[int]:
        """The parks found; without one group of filters, those that a facet counts."""
        kept = [pks for group, pks in self.kept.items() if group != without]
        return set.intersection(*kept) if kept else self._all

    def select(self, *, without: str = "") -> QuerySet[Entry]:
        """The same as a query."""
        return Entry.objects.among(self.pks(without=without)) if self.kept.keys() - {without} else _parks()

    @cached_property
    def _all(self) -> set[int]:
        return set(_parks().values_list("pk", flat=True))

    @cached_property
    def roles(self) -> dict[int, set[str]]:
        """By park, the roles that layouts give it today; one query."""
        found: dict[int, set[str]] = defaultdict(set)
        for park, role in namings(localdate()).order_by().values_list("target", "role_key"):
            found[park].add(role)
        return found

    def ordered(self) -> QuerySet[Entry]:
        """The parks found, with what their order needs."""
        rows = self.select()
        return rows.annotate(area_m2=self.filterset.largest_area()) if self.sort == "area" else rows

    def chosen(self, name: str) -> list[str]:
        """The values of a filter that may be repeated."""
        found: list[str] = self.values.get(name) or []
        return found

    def find(self, facet: str) -> str:
        """The words by which the values of a facet are searched."""
        return self.query.get(f"{FIND}{facet}", "").strip()[: parameters.MAX_QUERY]


def _parks() -> EntryQuerySet:
    return Entry.objects.live().of_kind("park")


def read(query: QueryDict) -> Asked:
    """Understand and check an address; what is empty or of other purposes is left alone.

    :raises Invalid: a wrong value, by name.
    """
    parameters.words(query)
    kept = _without_empty(query)
    view = parameters.one_of(kept, "view", VIEWS) or "list"
    sort = parameters.one_of(kept, "sort", SORTS) or "date"
    for name in OLDER_NAMES:
        parameters.date(kept, name)
    filters = _filters(kept)
    filters["ordering"] = SORTS[sort]
    filterset = ParkFilter(filters, queryset=Entry.objects.none())
    try:
        found = Asked(kept, filters, cleaned(filterset), view, sort, kept.get("area_unit", ""))
        found.kept  # noqa: B018 - what a filter cannot do with a value it says when it is asked
    except Invalid as error:
        raise _said(error, kept) from error
    return found


def _without_empty(query: QueryDict) -> QueryDict:
    kept = QueryDict(mutable=True)
    for name, values in query.lists():
        if given := [value for value in dict.fromkeys(values) if value.strip()]:
            kept.setlist(name, given)
    return kept


def _filters(query: QueryDict) -> QueryDict:
    filters = QueryDict(mutable=True)
    for name, values in query.lists():
        name = OLDER_NAMES.get(name, name)
        if name in ParkFilter.base_filters:
            filters.setlist(name, values)
    if "radius_km" in filters and not any(name in filters for name in ParkFilter.centres):
        del filters["radius_km"]
    if "distance" in filters and not any(name in filters for name in ParkFilter.centres):
        del filters["distance"]
    return filters


def _said(error: Invalid, query: QueryDict) -> Invalid:
    """What the API refuses, as pages say it."""
    name, message = error.errors[0]
    name = next((older for older, newer in OLDER_NAMES.items() if newer == name and older in query), name)
    if message == REVERSED:
        hint = _("“自”晚于“至”；请调换。")
    elif english() or not message[:1].isascii():  # what Django says of a number is in the reader's language
        hint = message
    else:
        hint = _("请从页面上选择，或改成可用的值。")
    return parameters.wrong(name, query.get(name, ""), hint)


def export(asked: Asked, suffix: str) -> str:
    """The address of a file with what is shown."""
    return f"/api/v1/parks.{suffix}?{asked.filters.urlencode()}"
