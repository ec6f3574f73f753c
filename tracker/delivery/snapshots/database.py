"""The SQLite file of a snapshot: normal tables with foreign keys, indexes, and full-text search on names.

It is written from scratch beside the others and never changed after; so nothing guards against a crash but its name.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from tracker.delivery.columns import Column, Sort
from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.entries.kinds import Kind
from tracker.values import canonical

from . import grams, relational
from .relational import Table

BATCH = 500
_TYPES = {Sort.TEXT: "TEXT", Sort.INTEGER: "INTEGER", Sort.NUMBER: "REAL", Sort.FLAG: "INTEGER", Sort.LIST: "TEXT"}


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A new file to be filled; committed once, when the block ends."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;")
        yield connection
        connection.execute("COMMIT")
    finally:
        connection.close()


def create(connection: sqlite3.Connection) -> None:
    """Make the tables of all kinds, still empty, and one that says what their columns are called."""
    for table in every_table():
        connection.execute(_created(table))
    for kind in kinds.every():
        _create_search(connection, kind.plural, kind.naming)
    _create_search(connection, "entries", "name")
    connection.execute("CREATE TABLE snapshot (name TEXT PRIMARY KEY, value TEXT)")
    connection.execute(
        'CREATE TABLE columns ("table" TEXT, "column" TEXT, title TEXT, PRIMARY KEY ("table", "column"))'
    )
    titles = ((table.name, column.name, column.title) for table in every_table() for column in table.columns)
    connection.executemany("INSERT INTO columns VALUES (?, ?, ?)", titles)


def every_table() -> list[Table]:
    own = [table for kind in kinds.every() for table in relational.of_kind(kind)]
    return [*relational.shared(), *own, relational.events()]


def fill(connection: sqlite3.Connection, kind: Kind, documents: Iterable[Json]) -> None:
    """Write the documents of one kind into its tables and those of all kinds."""
    tables = (*relational.of_kind(kind), *relational.shared())
    rest = iter(documents)
    while batch := list(islice(rest, BATCH)):
        for table in tables:
            _insert(connection, table, (row for document in batch for row in table.rows(document)))
        for name in (kind.plural, "entries"):
            _index_names(connection, name, kind, batch)


def fill_events(connection: sqlite3.Connection, events: Iterable[Json]) -> None:
    table = relational.events()
    rest = iter(events)
    while batch := list(islice(rest, BATCH)):
        _insert(connection, table, batch)


def conclude(connection: sqlite3.Connection, about: Json, tables: Iterable[Table]) -> None:
    """Say what the file is, let no reference lead nowhere, and add the indexes.

    :param tables: all of them, one after the other.
    :raises RuntimeError: the file is not whole.
    """
    rows = [(name, value if isinstance(value, str) else canonical.dumps_ordered(value))
            for name, value in about.items()]  # fmt: skip
    connection.executemany("INSERT INTO snapshot VALUES (?, ?)", rows)
    for table in tables:
        _let_go(connection, table)
        _add_indexes(connection, table)
    connection.execute("ANALYZE")
    if broken := connection.execute("PRAGMA foreign_key_check").fetchall():
        raise RuntimeError(f"the SQLite file has references that lead nowhere: {broken[:5]}")


# --- tables -------------------------------------------------------------------------------------------------------


def _created(table: Table) -> str:
    lines = [f"{_quoted(column.name)} {_TYPES[column.sort]}" for column in table.columns]
    lines.append(f"PRIMARY KEY ({_listed(table.primary)})")
    lines += [f"FOREIGN KEY ({_listed(foreign.columns)}) REFERENCES {_quoted(foreign.table)} ({_listed(foreign.keys)})"
              for foreign in table.all_foreign]  # fmt: skip
    return f"CREATE TABLE {_quoted(table.name)} ({', '.join(lines)})"


def _insert(connection: sqlite3.Connection, table: Table, rows: Iterable[Json]) -> None:
    places = ", ".join("?" for _ in table.columns)
    # the names are those that the kinds declare
    statement = f"INSERT INTO {_quoted(table.name)} VALUES ({places})"  # noqa: S608
    connection.executemany(statement, ([_stored(column, row) for column in table.columns] for row in rows))


def _stored(column: Column, row: Json) -> Any:
    value = column.read(row)
    if column.sort is Sort.LIST:
        return canonical.dumps_ordered(value or [])
    if isinstance(value, Decimal):
        return float(value)
    return value


def _quoted(name: str) -> str:
    return f'"{name}"'


def _listed(names: Sequence[str]) -> str:
    return ", ".join(map(_quoted, names))


# --- references and indexes ---------------------------------------------------------------------------------------


def _let_go(connection: sqlite3.Connection, table: Table) -> None:
    """A document may name what has been withdrawn since; its name stays in the row, the key is taken out."""
    for foreign in table.all_foreign:
        if foreign.columns[-1] in table.primary:
            continue
        same = " AND ".join(f"{_quoted(key)} = {_quoted(table.name)}.{_quoted(column)}"
                            for column, key in zip(foreign.columns, foreign.keys, strict=True))  # fmt: skip
        last, there = _quoted(foreign.columns[-1]), _quoted(foreign.table)
        connection.execute(
            f"UPDATE {_quoted(table.name)} SET {last} = NULL WHERE {last} IS NOT NULL"  # noqa: S608
            f" AND NOT EXISTS (SELECT 1 FROM {there} AS target WHERE {same})"
        )


def _add_indexes(connection: sqlite3.Connection, table: Table) -> None:
    lists = {column.name for column in table.columns if column.sort is Sort.LIST}
    wanted = {foreign.columns for foreign in table.all_foreign}
    wanted |= {(name,) for name in table.facets if name not in lists}
    wanted -= {table.primary[: len(names)] for names in wanted}
    for names in sorted(wanted):
        index = f"{table.name}_by_{'_'.join(names)}"
        connection.execute(f"CREATE INDEX {_quoted(index)} ON {_quoted(table.name)} ({_listed(names)})")


# --- search -------------------------------------------------------------------------------------------------------


def _create_search(connection: sqlite3.Connection, table: str, naming: str) -> None:
    """A full-text table of its names beside a table; Datasette finds it by ``content`` and offers a search box."""
    connection.execute(f'CREATE VIRTUAL TABLE "{table}_fts" USING fts5("{naming}", content="{table}")')


def _index_names(connection: sqlite3.Connection, table: str, kind: Kind, documents: Sequence[Json]) -> None:
    last = connection.execute(f'SELECT max(rowid) FROM "{table}"').fetchone()[0]  # noqa: S608
    first = last - len(documents) + 1
    rows = ((first + at, grams.of_names(_names(kind, document))) for at, document in enumerate(documents))
    naming = kind.naming if table == kind.plural else "name"
    connection.executemany(f'INSERT INTO "{table}_fts" (rowid, "{naming}") VALUES (?, ?)', rows)  # noqa: S608


def _names(kind: Kind, document: Json) -> list[str]:
    name, name_en = kind.names
    return [text for text in (document[name], document[name_en], *document["aliases"]) if text]
