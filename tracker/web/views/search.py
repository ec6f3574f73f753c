"""Search over all kinds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.entries.models import Entry
from tracker.rest import keyset
from tracker.search import index
from tracker.values import canonical
from tracker.web import highlight, paging, parameters, rows
from tracker.web.language import Spoken, spoken

from .kept import kept_page
from .page import public_page

_ORDER = [keyset.Column("tier"), keyset.Column("date_sort", descending=True), keyset.Column("kind"),
          keyset.Column("key")]  # fmt: skip


@public_page
@kept_page
def search(request: HttpRequest) -> HttpResponse:
    """What is found, best first, with the name that matched; without words an invitation."""
    words = parameters.words(request.GET)
    chosen = parameters.one_of(request.GET, "kind", [kind.name for kind in kinds.every()])
    context: dict[str, Any] = {"words": words, "chosen": chosen, "title": words}
    if words:
        context |= _results(request, words, chosen)
    return render(request, "web/search.html", context)


def _results(request: HttpRequest, words: str, chosen: str) -> dict[str, Any]:
    found = index.find(words)
    counted = dict(found.order_by().values_list("kind").annotate(number=Count("pk")))
    if chosen:
        found = found.filter(kind=chosen)
    page = paging.page(found, _ORDER, request.GET, request.path)
    by_kind = [(kind, counted[kind.name], kind.name == chosen, parameters.changed(request.GET, kind=kind.name))
               for kind in kinds.every() if kind.name in counted]  # fmt: skip
    return {
        "results": [_result(row, words) for row in page.rows],
        "count": counted.get(chosen, 0) if chosen else sum(counted.values()),
        "by_kind": by_kind, "all_href": parameters.changed(request.GET, kind=None), "total": sum(counted.values()),
        **page.links,
    }  # fmt: skip


SUGGESTED = 8
_ABOUT_LOOKING = ExpressionWrapper(Q(kind__in=("coverage", "source")), BooleanField())
"""What tells where one looked comes after what was found there."""


@public_page
def suggest(request: HttpRequest) -> HttpResponse:
    """The first few that are found, or of one kind, as options of a box, each with why it matched; two queries."""
    words = parameters.words(request.GET)
    kind = parameters.one_of(request.GET, "kind", [kind.name for kind in kinds.every()])
    found = index.find(words).filter(Q(kind=kind) if kind else Q()) if words else None
    first: Iterable[Entry] = []
    if found is not None:
        first = found.order_by("tier", _ABOUT_LOOKING, *keyset.in_order(_ORDER))[:SUGGESTED]  # type: ignore[misc]  # annotated
    context = {
        "options": [_result(row, words) | {"why": _why(row, words), "where": _where(row)} for row in first],
        "words": words,
    }
    return render(request, "web/parts/suggestions.html", context)


def _where(row: Entry) -> Spoken:
    """Which of two of one name it is: the city or province of a place, the place of anything else."""
    document = canonical.loads(row.document)
    above = [document.get("city"), document.get("province"), *(document.get("places") or [])]
    return next((rows.short_place(place) for place in above if place and place.get("key") not in (None, row.key)),
                Spoken("", ""))  # fmt: skip


def _why(row: Entry, words: str) -> str:
    """Where the words were found, in a word; '' where the name that is shown holds them."""
    if highlight.has_hit(spoken(row.name, row.name_en).text, words):
        return ""
    places = ((_("中文名"), [row.name]), (_("英文名"), [row.name_en]), (_("别名"), row.aliases))
    named = next((word for word, texts in places if any(highlight.has_hit(text, words) for text in texts)), "")
    if named:
        return named
    return _("内容") if _matched(row, canonical.loads(row.document), words) else _("拼音")


def _result(row: Entry, words: str) -> dict[str, Any]:
    line = rows.line(row)
    matched = "" if highlight.has_hit(line.name.text, words) else _matched(row, line.document, words)
    return {"line": line, "name": highlight.pieces(line.name.text, words),
            "matched": highlight.pieces(highlight.around(matched, words), words) if matched else []}  # fmt: skip


def _matched(row: Entry, document: Json, words: str) -> str:
    """The other name, or the text, in which the words were found; '' when only the pinyin matched."""
    candidates = [row.name, row.name_en, *row.aliases, *_texts(document, kinds.get(row.kind).searched)]
    return next((text for text in candidates if text and highlight.has_hit(text, words)), "")


def _texts(document: Json, searched: tuple[str, ...]) -> Iterator[str]:
    for name in searched:
        value = document.get(name)
        yield from value if isinstance(value, list) else [value] if value else []
    for name, value in document.items():
        if name not in ("citations", "conflicts", "url"):
            yield from _names(value)


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("name"), str):
            yield value["name"]
        for item in value.values():
            yield from _names(item)
    elif isinstance(value, list):
        for item in value:
            yield from _names(item)
