"""Every filter of a list is served by an index: one whose first columns are those that the filter compares.

A new filter fails here until it is declared with what serves it.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db.models import Model

from parks.api import ObservationFilter
from parks.models import Figure, Layout, LayoutPart, Parent, Park, Series, SitingFact
from policies.models import Area, Measure, Policy
from tracker.api_urls import VIEWSETS
from tracker.delivery.filters import EntryFilter
from tracker.delivery.timeline_filters import TimelineFilter
from tracker.entries.models import Containment, Entry, Reference
from tracker.geography.models import Place
from tracker.search.models import SearchText
from tracker.sources.models import Citation, Conflict, Coverage
from tracker.timeline.models import Event, Span
from tracker.vocabulary.models import Term

Served = tuple[type[Model], tuple[str, ...]]

KEY = (Entry, ("kind", "key"))
CONTAINED, REFERRING = (Containment, ("container",)), (Reference, ("target",))
BY_FIELD, POINT = (Reference, ("field", "target", "entry")), (Entry, ("lat", "lng"))
WORDS = (SearchText, ())
"""Its index is no index of Django's: migration 0002 makes it, of words on PostgreSQL and FTS5 on SQLite."""
AREA = ((Area, ("value_m2",)), (Area, ("measure", "value_m2")))
INDICATOR = (Series, ("indicator",))

ENTRIES: dict[str, tuple[Served, ...]] = {
    "key": (KEY,), "place": (KEY, CONTAINED), "industry": (KEY, CONTAINED), "programme": (REFERRING,),
    "category": ((Entry, ("kind", "state", "category")),), "organisation": (REFERRING,),
    "status": ((Entry, ("kind", "state", "status")), (Span, ("entry",))), "q": (WORDS,),
    "date_from": ((Entry, ("kind", "date_upper")),), "date_to": ((Entry, ("kind", "date_lower")),),
    "bbox": (POINT,), "near": (POINT,),
    "updated_since": ((Entry, ("kind", "updated_at")),), "verified_since": ((Entry, ("kind", "verified_at")),),
    "gap": ((Entry, ("kind", "stale_after")), (Conflict, ("ruling", "entry")), (Citation, ("source",)),
            (Citation, ("entry",)), (Reference, ("entry",)), BY_FIELD),
    "level": ((Policy, ("level",)), (Place, ("level",))), "vocabulary": ((Term, ("vocabulary",)),),
    "topic": ((Coverage, ("topic",)),), "finding": ((Coverage, ("finding",)),),
    "measure_subject": ((Measure, ("subject",)), (Containment, ("container",)), BY_FIELD),
    "min_area": AREA, "max_area": AREA, "area": AREA,
    "stage": ((Park, ("stage",)), (Span, ("entry",))), "parent": ((Parent, ("park",)),),
    "operator": ((Reference, ("target", "field")), BY_FIELD), "tenant": ((Reference, ("target", "field")), BY_FIELD),
    "positioning": (WORDS,), "siting": ((SitingFact, ("indicator",)),),
    "layout_role": (BY_FIELD, (LayoutPart, ("entry", "key"))), "near_platform": (KEY, POINT), "distance": (POINT,),
    "layout_roles_min": (BY_FIELD, (LayoutPart, ("entry", "key"))),
    "has": (BY_FIELD, *AREA, (SitingFact, ("entry",))), "lacks": (BY_FIELD, *AREA, (SitingFact, ("entry",))),
    "refers": (KEY, REFERRING), "subject": (BY_FIELD,), "basis": ((Layout, ("basis",)),),
    "indicator": (INDICATOR,),
}  # fmt: skip
"""By parameter what its condition asks; one of several kinds of entry asks the same of all."""
EVENTS: dict[str, tuple[Served, ...]] = {
    "place": (CONTAINED,), "industry": (CONTAINED,), "programme": (REFERRING,), "organisation": (REFERRING,),
    "kind": ((Event, ("entry",)), KEY), "entry": ((Event, ("entry",)), KEY),
    "type": ((Event, ("type",)),), "date_from": ((Event, ("date_upper",)),), "date_to": ((Event, ("date_lower",)),),
}  # fmt: skip
FIGURES: dict[str, tuple[Served, ...]] = {
    "series": ((Figure, ("entry",)),), "subject": ((Series, ("subject",)),), "place": (CONTAINED,),
    "indicator": (INDICATOR,), "nature": ((Figure, ("nature",)),),
    "date_from": ((Figure, ("date_upper",)),), "date_to": ((Figure, ("date_lower",)),),
}  # fmt: skip
READ_BY_OTHERS = frozenset({"radius_km", "unknown", "area_unit", "measure", "siting_min", "siting_max"})
"""Parameters that filter nothing by themselves."""


def columns_of_indexes(model: type[Model]) -> Iterator[tuple[str, ...]]:
    """The columns of each index, in order; a constraint of uniqueness and a foreign key have one."""
    meta = model._meta
    for column in meta.concrete_fields:
        if column.primary_key or column.unique or getattr(column, "db_index", False):
            yield (column.name,)
    yield from (tuple(index.fields) for index in meta.indexes)
    for constraint in meta.constraints:
        yield tuple(getattr(constraint, "fields", ()))


def serves(index: tuple[str, ...], columns: tuple[str, ...]) -> bool:
    return index[: len(columns)] == columns


@pytest.mark.parametrize("table", [ENTRIES, EVENTS, FIGURES])
def test_every_filter_has_an_index(table: dict[str, tuple[Served, ...]]) -> None:
    missing = [
        (name, model.__name__, columns)
        for name, served in table.items() for model, columns in served
        if columns and not any(serves(index, columns) for index in columns_of_indexes(model))
    ]  # fmt: skip
    assert missing == []


def test_every_filter_is_declared_with_what_serves_it() -> None:
    of_entries = {name for viewset in VIEWSETS for name in viewset.filterset_class.base_filters}
    assert of_entries - READ_BY_OTHERS == set(ENTRIES)
    assert set(EntryFilter.base_filters) <= of_entries
    assert set(TimelineFilter.base_filters) == set(EVENTS)
    assert set(ObservationFilter.base_filters) == set(FIGURES)
