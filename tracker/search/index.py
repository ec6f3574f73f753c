"""The full-text index behind one ``find``: tsvector on PostgreSQL, FTS5 on SQLite."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db import connection
from django.db.models import Case, Exists, IntegerField, OuterRef, QuerySet, Value, When
from django.db.models.expressions import RawSQL

from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.entries.inserting import insert
from tracker.entries.models import Entry, Name
from tracker.entries.storing import published
from tracker.values.folding import fold

from . import tokens
from .models import SearchText


def write(entries: Sequence[Entry], documents: dict[int, Json]) -> None:
    """Replace the index rows of the entries; an entry without a document leaves the index."""
    before = published(entries)
    SearchText.objects.filter(entry_id__in=before).delete()
    rows = [_row(entry, documents[entry.pk]) for entry in entries if entry.pk in documents]
    insert(SearchText, rows)
    if connection.vendor == "sqlite":
        _write_fts(before, rows)


def _row(entry: Entry, document: Json) -> SearchText:
    names = [entry.name, entry.name_en, *entry.aliases]
    return SearchText(
        entry_id=entry.pk,
        starts="|" + "|".join(dict.fromkeys(start for name in names if name for start in tokens.starts_of(name))),
        names=tokens.joined(token for name in names for token in tokens.of_name(name)),
        others=tokens.joined(token for text in _other_texts(document) for token in tokens.of_text(text)),
    )


def _other_texts(document: Json) -> Iterator[str]:
    """The kind's searched members, and the names of whatever the document refers to."""
    kind = kinds.get(document["kind"])
    for name in kind.searched:
        value = document.get(name)
        yield from value if isinstance(value, list) else [value] if value else []
    if not kind.reference_data:
        for member in kind.fields:
            yield from _names_in(document.get(member.name))
        yield from _names_in(document.get("places"))


def _names_in(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _names_in(item)
    elif isinstance(value, dict):
        if isinstance(value.get("name"), str):
            yield value["name"]
        for item in value.values():
            if isinstance(item, dict | list):
                yield from _names_in(item)


def _write_fts(pks: list[int], rows: Sequence[SearchText]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany("DELETE FROM tracker_search_fts WHERE rowid = %s", [(pk,) for pk in pks])
        cursor.executemany(
            "INSERT INTO tracker_search_fts (rowid, names, others) VALUES (%s, %s, %s)",
            [(row.entry_id, row.names, row.others) for row in rows],
        )


def find(query: str) -> QuerySet[Entry]:
    """Live entries in which every word of the query is found, best first.

    Annotated with ``tier``: 0 one of its names equals, 1 one begins so (in pinyin or initials too), 2 its name contains
    the query, 3 the query is found elsewhere.
    """
    folded = fold(query)
    tier = Case(
        When(Exists(Name.objects.filter(entry=OuterRef("pk"), text=folded)), then=Value(0)),
        When(name_folded__startswith=folded, then=Value(1)),
        When(search_text__starts__contains=f"|{folded.replace(' ', '')}", then=Value(1)),
        When(name_folded__contains=folded, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    return matching(query).annotate(tier=tier)


def matching(query: str) -> QuerySet[Entry]:
    """Live entries that match, in no order: the filter ``q`` of every list."""
    whole, prefixes = tokens.of_query(query)
    if not whole and not prefixes:
        return Entry.objects.none()
    return Entry.objects.live().filter(pk__in=_matching_pks(whole, prefixes))


def _matching_pks(whole: list[str], prefixes: list[str]) -> RawSQL:
    if connection.vendor == "postgresql":
        terms = " & ".join([*whole, *(f"{prefix}:*" for prefix in prefixes)])
        return RawSQL(
            "SELECT entry_id FROM tracker_searchtext "
            "WHERE to_tsvector('simple', names || ' ' || others) @@ to_tsquery('simple', %s)",
            (terms,),
        )
    terms = " AND ".join([*(f'"{token}"' for token in whole), *(f'"{prefix}"*' for prefix in prefixes)])
    return RawSQL("SELECT rowid FROM tracker_search_fts WHERE tracker_search_fts MATCH %s", (terms,))
