"""From payload to rows and back. Only ``curation.publish`` writes with it; ``check_data`` reads with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache

from django.apps import apps
from django.db import models

from tracker.values import canonical, edtf
from tracker.values.folding import fold

from . import kinds
from .fields import Json, Wanted, World
from .inserting import insert
from .kinds import Kind
from .models import Containment, Entry, Name, Reference

Rows = dict[type[models.Model], list[models.Model]]


@dataclass
class Stored:
    """One entry on its way into the tables."""

    entry: Entry
    payload: Json
    kind: Kind = field(init=False)

    def __post_init__(self) -> None:
        self.kind = kinds.get(self.entry.kind)

    @cached_property
    def wanted(self) -> tuple[Wanted, ...]:
        """Every reference in the payload."""
        return tuple(self.kind.wanted(self.payload))


def store(items: Sequence[Stored], world: World) -> None:
    """Write the detail rows, children, references and names of the payloads, replacing what stood there.

    The entries themselves must exist; their common columns are set on the objects, for the caller to save.
    """
    pks = published(item.entry for item in items)
    Reference.objects.filter(entry_id__in=pks).delete()
    Name.objects.filter(entry_id__in=pks).delete()
    store_facts(items, world)
    references = [reference for item in items for reference in _references(item, world)]
    insert(Reference, references)
    insert(Name, [name for item in items for name in _names(item)])


def published(entries: Iterable[Entry]) -> list[int]:
    """Which of these were published before: rows of theirs stand in the tables, of the others none."""
    return [entry.pk for entry in entries if entry.version]


def store_facts(items: Sequence[Stored], world: World) -> None:
    """Write the detail rows and children."""
    pks = published(item.entry for item in items)
    for model in _child_models(items):
        model._default_manager.filter(entry_id__in=pks).delete()
    for item in items:
        _set_common_columns(item, world)
    for model, objects in _details(items, world).items():
        model._default_manager.filter(entry_id__in=pks).delete()
        insert(model, objects)
    for model, objects in _children(items, world, lambda model: True).items():
        insert(model, objects)


def store_guarded_facts(items: Sequence[Stored], world: World) -> None:
    """Write only the rows that a rule of their table could refuse: for rehearsals, of entries that need not exist."""
    guarded = [item for item in items if _has_rules(item.kind.detail_model)]
    pks = published(item.entry for item in items)
    for model, objects in (*_details(guarded, world).items(), *_children(items, world, _has_rules).items()):
        model._default_manager.filter(entry_id__in=pks).delete()
        insert(model, objects)


@lru_cache(maxsize=100)
def _has_rules(model: type[models.Model]) -> bool:
    return any(isinstance(rule, models.CheckConstraint) for rule in model._meta.constraints)


def _child_models(items: Iterable[Stored]) -> set[type[models.Model]]:
    present = {item.kind.name: item.kind for item in items}
    return {apps.get_model(field.model) for kind in present.values() for field in kind.children()}


def _set_common_columns(item: Stored, world: World) -> None:
    entry, payload, kind = item.entry, item.payload, item.kind
    for member in kind.all_fields:
        for column, value in member.store(payload.get(member.name), world).items():
            if column in kind.entry_columns:
                setattr(entry, column, value)
    entry.name_folded = fold(entry.name)


def _detail(item: Stored, world: World) -> models.Model:
    columns: Json = {}
    for member in item.kind.all_fields:
        stored = member.store(item.payload.get(member.name), world)
        columns |= {name: value for name, value in stored.items() if name not in item.kind.entry_columns}
    return item.kind.detail_model(entry_id=item.entry.pk, **columns)


def _details(items: Iterable[Stored], world: World) -> Rows:
    rows: Rows = defaultdict(list)
    for item in items:
        rows[item.kind.detail_model].append(_detail(item, world))
    return rows


def _children(items: Iterable[Stored], world: World, wanted: Callable[[type[models.Model]], bool]) -> Rows:
    rows: Rows = defaultdict(list)
    for item in items:
        for member in item.kind.children():
            model = apps.get_model(member.model)
            if not item.payload.get(member.name) or not wanted(model):
                continue
            for columns in member.rows(item.payload.get(member.name), world):
                if member.derive and "value_m2" in {name for name, _ in member.derived}:
                    columns |= member.derive(columns)
                rows[model].append(model(entry_id=item.entry.pk, **columns))
    return rows


def _references(item: Stored, world: World) -> Iterable[Reference]:
    windows = _windows(item)
    for position, wanted in enumerate(item.wanted):
        lower, upper = windows.get((wanted.field.partition("/")[0], wanted.child), (None, None))
        yield Reference(
            entry_id=item.entry.pk, field=wanted.field, child=wanted.child, role=wanted.role,
            position=position, valid_lower=lower, valid_upper=upper,
            target_kind=wanted.target.kind, target_id=world.pk(wanted.target), sought=fold(wanted.target.title),
            named=wanted.target.key if world.key(wanted.target) != wanted.target.key else "",
        )  # fmt: skip


def _windows(item: Stored) -> dict[tuple[str, str], tuple[date | None, date | None]]:
    """For each dated child the first day on which it may have held, and the last on which it may have ended."""
    found = {}
    for member in item.kind.children():
        starts, ends = member.window
        for child in item.payload.get(member.name, []):
            start = next((child[name] for name in starts if child.get(name)), None)
            end = child.get(ends)
            found[member.name, child["key"]] = (start and edtf.parse(start).lower, end and edtf.parse(end).upper)
    return found


def _names(item: Stored) -> Iterable[Name]:
    entry = item.entry
    return [Name(entry_id=entry.pk, kind=entry.kind, text=text) for text in sorted(names_of(item.kind, item.payload))]


def names_of(kind: Kind, payload: Json) -> set[str]:
    """Every name a payload gives its entry, folded; by one of them a title leads to it."""
    names = [payload.get(member) for member in (*kind.names, "short_name")]
    return {fold(name) for name in (*names, *payload.get("aliases", [])) if name}


# --- containment --------------------------------------------------------------------------------------------------


def contain(items: Sequence[Stored]) -> None:
    """Write which places and industries the entries lie in, replacing what stood there."""
    Containment.objects.filter(entry_id__in=published(item.entry for item in items)).delete()
    insert(Containment, containments(items))


def containments(items: Sequence[Stored]) -> list[Containment]:
    """Which places and industries the entries lie in, however deep, regions included, by their stored references."""
    pks = [item.entry.pk for item in items]
    direct: dict[int, list[int]] = defaultdict(list)
    fields = {item.kind.containers for item in items} | {"industries"}
    rows = Reference.objects.filter(entry_id__in=pks, field__in=fields, child="", target__isnull=False)
    rows = rows.filter(target_kind__in=("place", "industry"))  # an organisation has a parent too
    for entry_id, target_id in rows.values_list("entry_id", "target_id"):
        direct[entry_id].append(target_id)
    themselves = {item.entry.pk for item in items if item.kind.containers == "parent"}
    above = _ancestors(themselves.union(*direct.values()))
    levels = _levels(items, {pk for inside in above.values() for pk in inside} | set(above))
    found: list[Containment] = []
    for item in items:
        own = [item.entry.pk] if item.entry.pk in themselves else []
        own += direct[item.entry.pk]
        inside = set(own).union(*(above[target] for target in own)) if own else set()
        found += [Containment(entry_id=item.entry.pk, container_id=container, direct=container in own,
                              kind=item.entry.kind, level=levels[container])
                  for container in sorted(inside)]  # fmt: skip
    return found


def _levels(items: Sequence[Stored], containers: set[int]) -> dict[int, str]:
    """The level of each container; those of this batch are not in the tables yet."""
    own = {item.entry.pk: item.entry for item in items if item.kind.containers == "parent"}
    rows = Entry.objects.filter(pk__in=containers - set(own)).only("pk", "kind", "key", "reference")
    return {entry.pk: _level(entry) for entry in (*own.values(), *rows)}


def _level(entry: Entry) -> str:
    if entry.kind == "industry":
        return Containment.Level.INDUSTRY
    reference = canonical.loads(entry.reference)
    city = reference.get("city")
    if reference["level"] == Containment.Level.PROVINCE and city and city["key"] == entry.key:
        return Containment.Level.MUNICIPALITY
    return str(reference["level"])


def _ancestors(pks: set[int]) -> dict[int, set[int]]:
    """For each place or industry the ones it lies in: by ``parent``, and by the ``members`` of a region."""
    up: dict[int, set[int]] = defaultdict(set)
    frontier = set(pks)
    while frontier:
        reached: set[int] = set()
        parents = Reference.objects.filter(entry_id__in=frontier, field="parent", target__isnull=False)
        for child, parent in parents.values_list("entry_id", "target_id"):
            up[child].add(parent)
            reached.add(parent)
        regions = Reference.objects.filter(target_id__in=frontier, field="members")
        for member, region in regions.values_list("target_id", "entry_id"):
            up[member].add(region)
            reached.add(region)
        frontier = reached - set(up)
    closed: dict[int, set[int]] = {}
    for pk in pks:
        inside: set[int] = set()
        stack = list(up[pk])
        while stack:
            above = stack.pop()
            if above not in inside:
                inside.add(above)
                stack.extend(up.get(above, ()))
        closed[pk] = inside
    return closed
