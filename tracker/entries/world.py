"""What a batch of payloads refers to: looked up once for all, by key or by title."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from tracker.values import canonical
from tracker.values.folding import fold

from .fields import Json, Target
from .models import Entry, Name, State

Identity = tuple[str, str]


class Names:
    """The entries a batch refers to, with what each looks like where it is referred to."""

    def __init__(self) -> None:
        self._pks: dict[Identity, int] = {}
        self._references: dict[Identity, Json] = {}
        self._points: dict[Identity, tuple[Decimal, Decimal]] = {}
        self._titles: dict[Identity, Identity] = {}
        self._learned_titles: dict[str, set[str]] = {}

    def load(self, targets: Iterable[Target]) -> None:
        """Look up every target not known yet, in two queries."""
        by_kind: dict[str, set[str]] = {}
        titles: dict[str, set[str]] = {}
        for target in targets:
            if target.key and (target.kind, target.key) not in self._pks:
                by_kind.setdefault(target.kind, set()).add(target.key)
            elif target.title and (target.kind, fold(target.title)) not in self._titles:
                titles.setdefault(target.kind, set()).add(fold(target.title))
        for kind, texts in titles.items():
            for chunk in _chunks(sorted(texts)):
                rows = Name.objects.filter(kind=kind, text__in=chunk, entry__state=State.LIVE)
                for text, key in rows.order_by("-entry_id").values_list("text", "entry__key"):
                    self._titles[kind, text] = (kind, key)
                    by_kind.setdefault(kind, set()).add(key)
        for kind, keys in by_kind.items():
            for chunk in _chunks(sorted(keys)):
                found = Entry.objects.filter(kind=kind, key__in=chunk)
                for entry in found.only("pk", "key", "reference", "lat", "lng", "precision"):
                    self._pks[kind, entry.key] = entry.pk
                    self._references[kind, entry.key] = canonical.loads(entry.reference)
                    self._learn_point(kind, entry)
        cities = [self._references["place", key].get("city") for key in by_kind.get("place", set())
                  if ("place", key) in self._references]  # fmt: skip
        missing = {city["key"] for city in cities if city} - {key for kind, key in self._pks if kind == "place"}
        if missing:
            self.load(Target("place", key) for key in missing)

    def learn_point(self, kind: str, key: str, point: Json) -> None:
        """Remember where an entry of this batch is."""
        if point.get("lat") is not None:
            self._points[kind, key] = (point["lat"], point["lng"])

    def _learn_point(self, kind: str, entry: Entry) -> None:
        """A place's point, or an entry's own; one that was itself borrowed is not lent on."""
        if entry.lat is not None and entry.lng is not None and entry.precision in ("", "site"):
            self._points[kind, entry.key] = (Decimal(repr(entry.lat)), Decimal(repr(entry.lng)))

    def point(self, target: Target) -> tuple[Decimal, Decimal] | None:
        """Where the target is, when that is known."""
        return self._points.get(self._identity(target))

    def learn(self, kind: str, key: str, pk: int, reference: Json) -> None:
        """Remember an entry that this batch itself writes."""
        self._pks[kind, key] = pk
        self._references[kind, key] = reference

    def learn_title(self, kind: str, title: str, key: str) -> None:
        self._titles[kind, fold(title)] = (kind, key)
        self._learned_titles.setdefault(kind, set()).add(fold(title))

    def learned_titles(self) -> dict[str, set[str]]:
        """The titles this batch brings, folded, by kind."""
        return self._learned_titles

    def pk(self, target: Target) -> int | None:
        """The row of the target; None when nothing of that key or title is here."""
        return self._pks.get(self._identity(target))

    def reference(self, target: Target) -> Json:
        """What a document shows of the target; an unresolved title has a null key."""
        found = self._references.get(self._identity(target))
        return found or {"kind": target.kind, "key": None, "name": target.title or target.key, "name_en": None}

    def _identity(self, target: Target) -> Identity:
        if target.key:
            return target.kind, target.key
        return self._titles.get((target.kind, fold(target.title)), (target.kind, ""))


def _chunks(items: list[str], size: int = 500) -> Iterable[list[str]]:
    return (items[start : start + size] for start in range(0, len(items), size))
