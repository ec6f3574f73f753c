"""Why an entry matched: the field, and the text with the match marked. Pure but for the entry it reads."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.entries.models import Entry
from tracker.entries.rendering import url_of
from tracker.values import canonical
from tracker.values.folding import fold

from . import tokens


def explain(entry: Entry, query: str) -> Json:
    """``{kind, key, name, name_en, matched_field, highlight, date, places}`` of one result."""
    document = canonical.loads(entry.document)
    field, text = _matched(entry, document, query)
    return {
        "kind": entry.kind, "key": entry.key, "url": url_of(kinds.get(entry.kind), entry.key), "name": entry.name,
        "name_en": entry.name_en or None, "matched_field": field, "highlight": highlight(text, query),
        "date": entry.date or None, "places": document.get("places", []),
    }  # fmt: skip


def _matched(entry: Entry, document: Json, query: str) -> tuple[str, str]:
    """The first text that holds the whole query, else the first that shares a token; names before the rest."""
    naming = kinds.get(entry.kind).naming
    texts = [(naming, entry.name), (f"{naming}_en", entry.name_en), *(("aliases", alias) for alias in entry.aliases),
             *_texts(document)]  # fmt: skip
    folded = fold(query)
    for field, text in texts:
        if text and folded in fold(text):
            return field, text
    whole, prefixes = tokens.of_query(query)
    for field, text in texts:
        present = tokens.of_name(text)
        if any(token in present for token in whole) or any(
            token.startswith(prefix) for prefix in prefixes for token in present
        ):
            return field, text
    return naming, entry.name


def _texts(document: Json) -> Iterator[tuple[str, str]]:
    kind = kinds.get(document["kind"])
    for member in (*kind.head, *kind.fields):
        for text in _strings(document.get(member.name)):
            yield member.name, text


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name not in ("key", "kind", "url"):
                yield from _strings(item)


def highlight(text: str, query: str) -> list[Json]:
    """The text in pieces, ``{"text", "match"}``, so that no page has to trust markup."""
    folded_text, folded = fold(text), fold(query)
    at = folded_text.find(folded) if len(folded_text) == len(text) else text.lower().find(query.lower())
    if at < 0 or not folded:
        return [{"text": text, "match": False}]
    end = at + (len(folded) if len(folded_text) == len(text) else len(query))
    pieces = [(text[:at], False), (text[at:end], True), (text[end:], False)]
    return [{"text": piece, "match": match} for piece, match in pieces if piece]
