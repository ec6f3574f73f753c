"""JSON-LD on pages: an entry in the words of schema.org, for search engines and data catalogues.

Licence, sources and date are the page's; the entry, which may be a place or a body, is what the page is mainly of.
Only what schema.org has a word for is said; a date that ISO 8601 cannot write (about, an interval) is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString

from tracker.delivery import terms
from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.values import canonical

_ISO_DATE = re.compile(r"^\d{4}(-\d{2}(-\d{2})?)?$")


def script(document: Json) -> SafeString:
    """The JSON of ``describe``, safe inside a ``script`` element."""
    text = canonical.dumps_ordered(describe(document))
    return SafeString(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def describe(document: Json) -> Json:
    """The page of an entry's public document as a schema.org ``WebPage``, the entry as its ``mainEntity``."""
    return _without_nothing({
        "@context": "https://schema.org", "@type": "WebPage", "url": _absolute(document),
        "license": terms.LICENCE_URL, "dateModified": document["updated_at"],
        "isBasedOn": [_without_nothing({"@type": "CreativeWork", "name": title, "datePublished": date})
                      for title, date in dict(_sources(document)).items()],
        "mainEntity": _thing(document),
    })  # fmt: skip


def _thing(document: Json) -> Json:
    kind = kinds.get(document["kind"])
    return _without_nothing({
        "@type": kind.thing, "@id": _absolute(document), "identifier": document["key"],
        "name": document[kind.naming],
        "alternateName": list(filter(None, [document[f"{kind.naming}_en"], *document["aliases"]])),
        **{word: _said(document.get(name)) for name, word in kind.thing_words},
        "geo": _point(document),
        kind.thing_place: [_reference(place) for place in document.get("places", [])],
    })  # fmt: skip


def _without_nothing(found: Json) -> Json:
    return {name: value for name, value in found.items() if name and value not in (None, [], "")}


def _absolute(reference: Json) -> str:
    """The address of its Chinese page: one thing has one name, whatever the page's language."""
    return f"{settings.SITE_URL}/{kinds.get(reference['kind']).plural}/{reference['key']}/"


def _reference(reference: Json) -> Json:
    thing = {"@type": kinds.get(reference["kind"]).thing, "name": reference["name"]}
    return thing | ({"@id": _absolute(reference)} if reference["key"] else {})


def _said(value: Any) -> Any:
    if isinstance(value, list):
        return [_said(item) for item in value]
    if isinstance(value, dict):
        return _reference(value) if "kind" in value else None
    if isinstance(value, str) and value[:4].isdigit():
        return value if _ISO_DATE.match(value) else None
    return value


def _sources(document: Json) -> Iterator[tuple[str, str | None]]:
    for citation in document["citations"]:
        yield citation["source"]["title"], _said(citation["source"]["date"])


def _point(document: Json) -> Json | None:
    """The site's own point; one borrowed from a district or city would say more than anybody knows."""
    location = document.get("location") or {}
    if location.get("precision") != "site":
        return None
    return {"@type": "GeoCoordinates", "latitude": location["lat"], "longitude": location["lng"]}
