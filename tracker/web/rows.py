"""One line of a list: what an entry shows of itself where it stands among others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.entries.kinds import Kind
from tracker.entries.models import Entry
from tracker.values import canonical

from . import phrases
from .language import Spoken, label, listed, name_of, spoken

_REFERENCES = ("issuers", "operators", "authority", "subject")
_TEXTS = ("field", "focus", "positioning", "publisher", "activity", "definition", "vocabulary")


@dataclass(frozen=True)
class Line:
    kind: Kind
    key: str
    name: Spoken
    other_name: str
    """The name in the other language, where there is one."""
    href: str
    category: str
    status: str
    status_code: str
    places: SafeString
    date: SafeString
    summary: SafeString
    number: SafeString
    conflicts: int
    document: Json


def lines(entries: Sequence[Entry]) -> list[Line]:
    return [line(entry) for entry in entries]


def line(entry: Entry) -> Line:
    """Reads the entry's stored document; asks the database nothing."""
    kind = kinds.get(entry.kind)
    document: Json = canonical.loads(entry.document)
    category = document.get("category")
    chosen = spoken(entry.name, entry.name_en)
    return Line(
        kind=kind, key=entry.key, name=chosen,
        other_name=entry.name_en if chosen.text == entry.name else entry.name,
        href=phrases.address(entry.kind, entry.key),
        category=name_of(category).text if category else "",
        status=status_label(kind, entry.status), status_code=entry.status,
        places=places(document), date=phrases.dated(entry.date), summary=summary(document),
        number=_number(document), conflicts=len(document["conflicts"]), document=document,
    )  # fmt: skip


def status_label(kind: Kind, code: str) -> str:
    """The word of a status; kinds without statuses say nothing."""
    if kind.statuses is None or not code:
        return ""
    choice: Any = next((choice for choice in kind.statuses if choice.value == code), None)
    return label(choice) if choice else code


def short_place(place: Json) -> Spoken:
    return spoken(place.get("short_name") or place["name"], place.get("name_en") or "")


def places(document: Json, most: int = 3) -> SafeString:
    """The places of an entry, by their short names, the first few."""
    found = [place for place in document.get("places") or [] if place.get("key")]
    pieces = []
    for place in found[:most]:
        name = short_place(place)
        pieces.append(format_html('<a href="{}">{}</a>', phrases.address("place", place["key"]), phrases.spoken(name)))
    if len(found) > most:
        pieces.append(format_html("+{}", len(found) - most))
    return phrases.joined(pieces)


def summary(document: Json) -> SafeString:
    """The one thing that says most about an entry besides its name."""
    if document.get("pattern"):
        return format_html('<span class="pattern">{}</span>', document["pattern"])
    for name in _REFERENCES:
        found = document.get(name)
        items = found if isinstance(found, list) else [found] if found else []
        if items:
            return phrases.joined(phrases.linked(item) for item in items[:3])
    for name in _TEXTS:
        if found := document.get(name):
            return format_html("{}", listed(found[:3]) if isinstance(found, list) else found)
    return phrases.NOTHING


def _number(document: Json) -> SafeString:
    latest = document.get("latest")
    return phrases.quantity(latest) if latest else phrases.NOTHING
