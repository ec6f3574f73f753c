"""The sources of the events on the page, numbered in the order in which it first names them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tracker.entries.fields import Json
from tracker.web import phrases
from tracker.web.language import Spoken, spoken


@dataclass(frozen=True)
class Numbered:
    number: int
    name: Spoken
    href: str
    publisher: str
    date: str


class Sources:
    def __init__(self) -> None:
        self._found: dict[str, Numbered] = {}

    def numbers(self, citations: Iterable[Json]) -> list[int]:
        """The numbers of the sources of these citations, smallest first."""
        return sorted({self._number(citation["source"]).number for citation in citations})

    def _number(self, source: Json) -> Numbered:
        key = source["key"]
        if key not in self._found:
            self._found[key] = Numbered(
                len(self._found) + 1, spoken(source["title"], source.get("title_en") or ""),
                phrases.address("source", key), source.get("publisher") or "", source.get("date") or "",
            )  # fmt: skip
        return self._found[key]

    @property
    def listed(self) -> list[Numbered]:
        return list(self._found.values())
