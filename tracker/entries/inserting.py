"""Many new rows of one table: ``COPY`` on PostgreSQL, ``INSERT`` elsewhere.

Forty rows stand behind an entry. ``bulk_create`` writes them as arrays in the text of a statement, and reads back every
number that the database gives them; where nobody asks for those, ``COPY`` is less work for both sides.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models

BATCH = 400


def insert(model: type[models.Model], rows: Iterable[models.Model]) -> None:
    """Write new rows of a table; automatic primary keys are not set on the objects.

    :raises DatabaseError: a rule of the table refuses one of them; then none is written.
    """
    connection = connections[DEFAULT_DB_ALIAS]  # itself, not its proxy: it is asked for every value
    if connection.vendor != "postgresql":
        model._default_manager.bulk_create(rows, batch_size=BATCH)
        return
    found = list(rows)
    if not found:
        return
    fields = _written(model)
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(_statement(model)) as copy:
        for row in found:
            copy.write_row([field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields])


@lru_cache(maxsize=100)
def _written(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """The fields whose values come from us and not from the database."""
    return [
        field for field in model._meta.concrete_fields if not field.generated and field is not model._meta.auto_field
    ]


@lru_cache(maxsize=100)
def _statement(model: type[models.Model]) -> str:
    columns = ", ".join(f'"{field.column}"' for field in _written(model))
    return f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN'


def analyze() -> None:
    """Let the database look at what came in: until it knows, some lists take fifty times as long."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("ANALYZE")
