"""The part of publishing in which what is already stored, and the database's own rules, speak: done and undone.

For a whole file the rehearsal of ``publish`` would cost as much as publishing. Here only what can refuse a row is done:
references, terms, and writing the rows, in a savepoint that is rolled back. What other rows of the file will bring is
taken for there; foreign keys are checked at the commit that never comes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from django.db import DatabaseError, transaction

from tracker.curation import gate
from tracker.curation.check import problem_from_database
from tracker.curation.ripple import targets_of
from tracker.entries import storing
from tracker.entries.fields import Json
from tracker.entries.models import Entry
from tracker.entries.storing import Stored
from tracker.entries.world import Names
from tracker.values.errors import Invalid

Identity = tuple[str, str]
Found = dict[Identity, list[tuple[str, str]]]
"""By entry: (path, sentence)."""
ComingWith = Callable[[str, Collection[str]], Iterable[str]]
"""(kind, keys) → which of the keys the file brings."""
_NOT_HERE_YET = -1
_MOST_ROUNDS = 20


def problems_in(right: Sequence[Json], coming: ComingWith, others: Sequence[Json] = ()) -> Found:
    """What would keep these from being published, as far as the database knows.

    :param coming: what else the file brings.
    :param others: payloads whose references are looked at as well, and no more: what is left of rows that are wrong,
        and the new terms of the file, so that what uses them is not called foreign. None is of one entry with another.
    """
    found: Found = {}
    with transaction.atomic():
        items = _items([*right, *others])
        world = _world(items, coming)
        kept = _sort_out_lost(items, world, found)[: len(right)]
        _sort_out_refused([item for item in kept if _identity(item) not in found], world, found)
        transaction.set_rollback(True)
    return found


def _identity(item: Stored) -> Identity:
    return item.entry.kind, item.entry.key


def _items(payloads: Sequence[Json]) -> list[Stored]:
    """The entries of the payloads; those that are new are given numbers that no row has."""
    live: dict[Identity, Entry] = {}
    for kind in {payload["kind"] for payload in payloads}:
        keys = [payload["key"] for payload in payloads if payload["kind"] == kind]
        rows = Entry.objects.filter(kind=kind, key__in=keys).defer("document", "reference")
        live |= {(kind, entry.key): entry for entry in rows}
    items = []
    for number, payload in enumerate(payloads, start=2):
        identity = payload["kind"], payload["key"]
        items.append(Stored(live.get(identity) or Entry(pk=-number, kind=identity[0], key=identity[1]), payload))
    return items


def _world(items: Sequence[Stored], coming: ComingWith) -> Names:
    world = Names()
    for item in items:
        world.learn(item.entry.kind, item.entry.key, item.entry.pk, {})
    targets = {target for item in items for target in targets_of(item)}
    world.load(targets)
    lost: dict[str, set[str]] = {}
    for target in targets:
        if target.key and world.pk(target) is None:
            lost.setdefault(target.kind, set()).add(target.key)
    for kind, keys in lost.items():
        for key in coming(kind, keys):
            world.learn(kind, key, _NOT_HERE_YET, {})
    return world


def _sort_out_lost(items: Sequence[Stored], world: Names, found: Found) -> list[Stored]:
    """Note every reference that leads nowhere; what is wrong is taken out, so that the rest can speak too."""
    left = list(items)
    for _ in range(_MOST_ROUNDS):
        try:
            gate.refuse_lost(left, world)
        except Invalid as error:
            left = [Stored(item.entry, dict(item.payload)) for item in left]
            _note(error, left, found)
        else:
            break
    return left


def _note(error: Invalid, items: Sequence[Stored], found: Found) -> None:
    by_identity = {_identity(item): item for item in items}
    for where, sentence in error.errors:
        kind, _, rest = where.partition("/")
        key, slash, path = rest.partition("/")
        found.setdefault((kind, key), []).append((slash + path, sentence))
        by_identity[kind, key].payload.pop(path.split("/")[0], None)


def _sort_out_refused(items: Sequence[Stored], world: Names, found: Found) -> None:
    """Write what could be refused; where the database refuses it, halves are tried until the one is found."""
    if not items:
        return
    try:
        with transaction.atomic():
            storing.store_guarded_facts(items, world)
    except DatabaseError as error:
        if len(items) == 1:
            problem = problem_from_database(error, items[0].entry.kind)
            found[_identity(items[0])] = [(problem.path, problem.message)]
            return
        middle = len(items) // 2
        _sort_out_refused(items[:middle], world, found)
        _sort_out_refused(items[middle:], world, found)
