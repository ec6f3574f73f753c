"""What a batch of payloads refers to: looked up once for all, by key or by title.

A key that gave way to another — merged, or withdrawn with a successor — leads to it wherever it is written. A title
leads to the live entry of that name, to the oldest where there are several.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from decimal import Decimal

from tracker.values import canonical
from tracker.values.folding import fold

from .fields import Json, Target
from .models import Entry, Name, Redirect, State

Identity = tuple[str, str]
"""Kind and key; of a title: kind and the folded text."""

Point = tuple[Decimal, Decimal]


def own_point(entry: Entry) -> Point | None:
    """A place's point, or an entry's own; one that was itself borrowed is not lent on."""
    if entry.lat is None or entry.lng is None or entry.precision not in ("", "site"):
        return None
    return Decimal(repr(entry.lat)), Decimal(repr(entry.lng))


class Names:
    """The entries a batch refers to, with what each looks like where it is referred to."""

    def __init__(self) -> None:
        self._pks: dict[Identity, int] = {}
        self._references: dict[Identity, Json] = {}
        self._points: dict[Identity, Point | None] = {}
        self._leads_to: dict[Identity, Identity] = {}
        self._titles: dict[Identity, Identity] = {}
        self._own: set[Identity] = set()
        self._own_titles: dict[Identity, list[tuple[int, str]]] = defaultdict(list)

    # --- what the batch changes

    def learn(self, kind: str, key: str, pk: int, reference: Json) -> None:
        """Remember how an entry looks after this batch."""
        self._pks[kind, key] = pk
        self._references[kind, key] = reference

    def learn_point(self, kind: str, key: str, point: Point | None) -> None:
        """Remember where an entry is after this batch."""
        self._points[kind, key] = point

    def learn_names(self, kind: str, key: str, names: Collection[str]) -> None:
        """Remember what an entry is called after this batch, folded; what the tables say of it no longer counts."""
        self._own.add((kind, key))
        for name in names:
            self._own_titles[kind, name].append((self._pks[kind, key], key))

    def learn_successor(self, kind: str, key: str, successor: str) -> None:
        """Remember that this batch lets an entry give way to another of its kind."""
        self._leads_to[kind, key] = (kind, successor)
        self.load([Target(kind, successor)])

    # --- what the tables hold

    def load(self, targets: Iterable[Target]) -> None:
        """Look up every target not known yet, in two queries a kind."""
        keys: dict[str, set[str]] = defaultdict(set)
        titles: dict[str, set[str]] = defaultdict(set)
        for target in targets:
            if target.key and (target.kind, target.key) not in self._pks:
                keys[target.kind].add(target.key)
            elif target.title and (target.kind, fold(target.title)) not in self._titles:
                titles[target.kind].add(fold(target.title))
        for kind, texts in titles.items():
            keys[kind] |= self._load_titles(kind, texts)
        for kind, wanted in keys.items():
            self._load_keys(kind, wanted)

    def _load_titles(self, kind: str, texts: Collection[str]) -> set[str]:
        """Work out where titles lead; returns the keys that are not known yet."""
        bearers = {text: list(self._own_titles.get((kind, text), [])) for text in texts}
        for chunk in _chunks(sorted(texts)):
            rows = Name.objects.filter(kind=kind, text__in=chunk, entry__state=State.LIVE)
            for text, pk, key in rows.values_list("text", "entry_id", "entry__key"):
                if (kind, key) not in self._own:
                    bearers[text].append((pk, key))
        found = {text: min(those)[1] for text, those in bearers.items() if those}
        self._titles |= {(kind, text): (kind, key) for text, key in found.items()}
        return {key for key in found.values() if (kind, key) not in self._pks}

    def _load_keys(self, kind: str, keys: Collection[str]) -> None:
        gone: list[str] = []
        for chunk in _chunks(sorted(keys)):
            rows = Entry.objects.filter(kind=kind, key__in=chunk)
            for entry in rows.only("pk", "key", "state", "reference", "lat", "lng", "precision"):
                self._pks[kind, entry.key] = entry.pk
                self._references[kind, entry.key] = canonical.loads(entry.reference)
                self._points[kind, entry.key] = own_point(entry)
                if entry.state != State.LIVE:
                    gone.append(entry.key)
        if gone:
            self._follow(kind, gone)

    def _follow(self, kind: str, gone: Collection[str]) -> None:
        rows = Redirect.objects.filter(kind=kind, old_key__in=gone).values_list("old_key", "new_key")
        successors = dict(rows)
        self._leads_to |= {(kind, old): (kind, new) for old, new in successors.items()}
        self.load(Target(kind, new) for new in successors.values())

    # --- questions

    def pk(self, target: Target) -> int | None:
        """The row of the target; None when nothing of that key or title is here."""
        return self._pks.get(self._identity(target))

    def key(self, target: Target) -> str:
        """The key that the target leads to: its own, its successor's, that of its title; '' when nothing has it."""
        return self._identity(target)[1]

    def reference(self, target: Target) -> Json:
        """What a document shows of the target; an unresolved title has a null key."""
        found = self._references.get(self._identity(target))
        return found or {"kind": target.kind, "key": None, "name": target.title or target.key, "name_en": None}

    def point(self, target: Target) -> Point | None:
        """Where the target is, when that is known."""
        self.load([target])
        return self._points.get(self._identity(target))

    def _identity(self, target: Target) -> Identity:
        found = (target.kind, target.key)
        if not target.key:
            found = self._titles.get((target.kind, fold(target.title)), found)
        passed: set[Identity] = set()
        while found in self._leads_to and found not in passed:
            passed.add(found)
            found = self._leads_to[found]
        return found


def _chunks(items: list[str], size: int = 500) -> Iterable[list[str]]:
    return (items[start : start + size] for start in range(0, len(items), size))
