"""The parts of a snapshot, in the order in which they are made.

JSON Lines come first, from the versions at one feed number; every other file is made from them, so that all say the
same, and asks the database nothing but where places are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from tracker.delivery import columns, features, formats, recorded
from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.entries.kinds import Kind
from tracker.values import canonical

from . import database, files, metadata
from .plan import Plan

DATABASE = "tracker.sqlite3"
EVENTS = "events.jsonl"
MEDIA = {
    "jsonl": "application/jsonl", "csv": "text/csv; charset=utf-8; header=present",
    "geojson": "application/geo+json", "sqlite": "application/vnd.sqlite3", "json": "application/json",
    "txt": "text/plain; charset=utf-8",
}  # fmt: skip


class Part(NamedTuple):
    """One file; ``write`` fills it and returns how many rows it holds."""

    name: str
    format: str
    kind: str
    weight: Callable[[Plan], int]
    write: Callable[[Plan, Path], int]
    compress: bool = True


def every() -> list[Part]:
    spoken = kinds.every()
    return [
        *(_of_kind(kind, "jsonl", _json_lines) for kind in spoken),
        Part(EVENTS, "jsonl", "", lambda plan: plan.with_events, _events),
        *(_of_kind(kind, "csv", _table) for kind in spoken),
        *(_of_kind(kind, "geojson", _features) for kind in spoken if features.drawable(kind)),
        Part(DATABASE, "sqlite", "", lambda plan: plan.documents, _database),
        Part("datasette.json", "json", "", lambda plan: 0, _datasette, compress=False),
        Part("LICENCE.txt", "txt", "", lambda plan: 0, _licence, compress=False),
    ]


def total(plan: Plan) -> int:
    """How many documents all parts together go through."""
    return sum(part.weight(plan) for part in every())


def _of_kind(kind: Kind, format_: str, write: Callable[[Plan, Path, Kind], int]) -> Part:
    return Part(f"{kind.plural}.{format_}", format_, kind.name, lambda plan: plan.counts.get(kind.name, 0),
                lambda plan, path: write(plan, path, kind))  # fmt: skip


# --- from the database --------------------------------------------------------------------------------------------


def _json_lines(plan: Plan, path: Path, kind: Kind) -> int:
    versions = recorded.in_order(recorded.at(plan.seq), kind.name)
    return files.write_text(path, formats.json_lines(version.document for version in plan.pulse.over(versions)))


def _events(plan: Plan, path: Path) -> int:
    having = recorded.at(plan.seq).exclude(events="[]")
    versions = (version for kind in kinds.every() for version in recorded.in_order(having, kind.name))
    events = (event for version in plan.pulse.over(versions) for event in canonical.loads(version.events))
    return files.write_text(path, formats.json_lines(map(canonical.dumps_ordered, events)))


# --- from JSON Lines ----------------------------------------------------------------------------------------------


def _read(plan: Plan, name: str) -> Iterator[Json]:
    with (plan.folder / name).open(encoding="utf-8") as lines:
        yield from map(canonical.loads, lines)


def _documents(plan: Plan, kind: Kind) -> Iterable[Json]:
    return plan.pulse.over(_read(plan, f"{kind.plural}.jsonl"))


def _table(plan: Plan, path: Path, kind: Kind) -> int:
    heading = 1
    return files.write_text(path, formats.table(columns.of_kind(kind), _documents(plan, kind))) - heading


def _features(plan: Plan, path: Path, kind: Kind) -> int:
    located = features.with_points(_documents(plan, kind), recorded.at(plan.seq))
    around = 2
    collection = formats.feature_collection(features.shown_columns(kind), located, metadata.about(plan))
    return files.write_text(path, collection) - around


def _database(plan: Plan, path: Path) -> int:
    with database.opened(path) as connection:
        database.create(connection)
        for kind in kinds.every():
            database.fill(connection, kind, _documents(plan, kind))
        database.fill_events(connection, plan.pulse.during(_read(plan, EVENTS)))
        database.conclude(connection, metadata.about(plan), plan.pulse.during(database.every_table()))
    return plan.documents


# --- about it -----------------------------------------------------------------------------------------------------


def _datasette(plan: Plan, path: Path) -> int:
    files.write_text(path, [canonical.dumps_ordered(metadata.datasette(plan)), "\n"])
    return 1


def _licence(plan: Plan, path: Path) -> int:
    files.write_text(path, [metadata.licence(plan)])
    return 1
