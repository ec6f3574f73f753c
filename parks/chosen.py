"""The parks that a page is about: named in its address, found by searching, added, removed and moved by links."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from parks.kinds import PARK
from parks.moment import Moment
from tracker.entries.models import Entry
from tracker.rest import keyset
from tracker.rest.keyset import Column
from tracker.search import index
from tracker.web import parameters, phrases, rows
from tracker.web.language import Spoken, spoken

MOST_IN_ADDRESS = 200
FOUND = 12
"""How many parks a search offers."""
_BEST_FIRST = [Column("tier"), Column("date_sort", descending=True), Column("key")]


@dataclass(frozen=True)
class Offer:
    """A park that the search found, and the address of the page with it."""

    line: rows.Line
    href: str
    chosen: bool


@dataclass(frozen=True)
class Moves:
    """Where the links beside a chosen park lead; '' where there is none."""

    earlier: str
    later: str
    without: str


@dataclass(frozen=True)
class Chosen:
    """A chosen park by its name."""

    key: str
    name: Spoken
    href: str
    moves: Moves


def keys(query: QueryDict, most: int) -> list[str]:
    """The keys of the address in their order, each once; fewer than a page needs is no error.

    :raises Invalid: more than the page takes.
    """
    found = list(dict.fromkeys(key.strip() for text in query.getlist("keys") for key in text.split(",") if key.strip()))
    if len(found) > most:
        raise parameters.wrong("keys", ",".join(found), _too_many(most))
    return found


def _too_many(most: int) -> str:
    return _("最多 %(most)s 个园区。") % {"most": most}


def search(query: QueryDict, chosen: Sequence[str]) -> list[Offer]:
    """What the words ``q`` find among parks, best first.

    :raises Invalid: words that cannot be meant.
    """
    words = parameters.words(query)
    if not words:
        return []
    found = keyset.paginate(index.find(words).filter(kind=PARK.name), _BEST_FIRST, QueryDict(f"page_size={FOUND}"), "")
    return [
        Offer(rows.line(entry), with_keys(query, [*chosen, entry.key]), entry.key in chosen) for entry in found.rows
    ]


def moves(query: QueryDict, chosen: Sequence[str], at: int) -> Moves:
    """The three moves of the park at a place."""
    return Moves(
        earlier=with_keys(query, _swapped(chosen, at - 1)) if at else "",
        later=with_keys(query, _swapped(chosen, at)) if at + 1 < len(chosen) else "",
        without=with_keys(query, [key for key in chosen if key != chosen[at]]),
    )


def named(chosen: Sequence[str], address: Callable[[Sequence[str]], str]) -> list[Chosen]:
    """Chosen parks with their names, in one query; a key that leads nowhere stands for itself.

    :param address: of the page with other parks.
    """
    rows = Entry.objects.of_kind(PARK.name).filter(key__in=chosen).values_list("key", "name", "name_en")
    found = {key: spoken(name, name_en) for key, name, name_en in rows}
    return [
        Chosen(key, found.get(key, Spoken(key)), phrases.address(PARK.name, key),
               Moves("", "", address([other for other in chosen if other != key])))
        for key in chosen
    ]  # fmt: skip


def _swapped(chosen: Sequence[str], first: int) -> list[str]:
    return [*chosen[:first], chosen[first + 1], chosen[first], *chosen[first + 2 :]]


def with_keys(query: QueryDict, chosen: Sequence[str]) -> str:
    """The query with other parks; commas stay readable, the words of the search and other choices are dropped."""
    copy = query.copy()
    for name in ("keys", "q", "anyway", "among", "place"):
        copy.pop(name, None)
    parts = [f"keys={','.join(chosen)}"] if chosen else []
    return "?" + "&".join([*parts, *([copy.urlencode()] if copy else [])])


def pinned(query: QueryDict, moment: Moment) -> str:
    """The query with both clocks in it, so that it will always show the same."""
    copy = query.copy()
    for name in ("format", "q", "keys"):
        copy.pop(name, None)
    copy["as_of"], copy["known_at"] = moment.as_of.isoformat(), moment.known_at_text
    chosen = ",".join(keys(query, MOST_IN_ADDRESS))
    return "?" + "&".join([*([f"keys={chosen}"] if chosen else []), copy.urlencode()])
