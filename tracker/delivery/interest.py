"""What a partner wants to hear of: the filters of the feed, of subscriptions, and of whatever else follows changes.

A change is of interest if it is so by each filter that is given; within a filter one match is enough.

``place``: the entry lay in the place before the change, or lies in it after, however deep. What has left is told.
``kind``, ``nature``: as the change says.
``field``: ``areas`` or ``/areas`` is the member and all below it; ``/areas/site-2019`` is one child of it. A change of
the whole member is one of each child. What leaves public view or returns is told whatever the field, because all of
its fields go and come with it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import QueryDict

from tracker.entries import kinds, successors
from tracker.entries.fields import Json
from tracker.entries.models import Change, ChangePlace
from tracker.rest.problems import bad_parameter, suggestion, unknown_parameter
from tracker.values.codes import Nature

from .filters import require_entries
from .shape import document_members

FILTERS: dict[str, str] = {
    "place": "adcode or region key; includes what lies inside, and what has left it by the change",
    "kind": "kind of entry",
    "field": "a member of the document that changed, such as areas, or a child of one, such as /areas/site-2019",
    "nature": "nature of the change",
}
"""The names of the filters, in a query and as stored, with the line of each in the contract."""

BESIDE = ("rulings", "events")
"""What may change besides members of the document: a ruling shows as a conflict, events go out beside it."""


@dataclass(frozen=True)
class Interest:
    """Empty means no filter: everything is of interest."""

    places: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    """Paths of one or two segments: ``/areas``, ``/areas/site-2019``."""
    natures: tuple[str, ...] = ()

    @classmethod
    def of_query(cls, parameters: QueryDict) -> Self:
        """Read the filters among the parameters of a query; repeating one means “or”.

        :raises Invalid: naming the parameter whose value does not exist, with a suggestion.
        """
        return cls._of_lists({name: parameters.getlist(name) for name in FILTERS})

    @classmethod
    def of_json(cls, stored: Any) -> Self:
        """Read ``{"place": ["320100"], "kind": ["park"]}``, as ``as_json`` writes it.

        :raises Invalid: naming the member that is unknown, of a wrong type, or whose value does not exist.
        """
        if not isinstance(stored, dict):
            raise bad_parameter("filters", f"must be an object of {', '.join(FILTERS)}")
        for name, values in stored.items():
            if name not in FILTERS:
                raise unknown_parameter(name, FILTERS)
            if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
                raise bad_parameter(name, "must be a list of texts")
        return cls._of_lists(stored)

    @classmethod
    def recall(cls, stored: Json) -> Self:
        """Read back what ``as_json`` wrote, without asking whether each value still exists."""
        return cls(*(tuple(stored.get(name, ())) for name in FILTERS))

    def followed(self) -> Self:
        """The same, and of places that were merged since it was chosen also what stands for them now."""
        led = successors.standing_for("place", self.places) if self.places else {}
        return replace(self, places=tuple(dict.fromkeys([*self.places, *led.values()])))

    @classmethod
    def _of_lists(cls, lists: Mapping[str, Sequence[str]]) -> Self:
        places, names, fields, natures = (tuple(dict.fromkeys(lists.get(name, ()))) for name in FILTERS)
        for name in names:
            _require("kind", name, [kind.name for kind in kinds.every()])
        for nature in natures:
            _require("nature", nature, Nature.values)
        paths = tuple(dict.fromkeys(_path(field, names) for field in fields))
        for place, standing in zip(places, require_entries("place", "place", places), strict=True):
            if place != standing:  # a copy of the one is no copy of the other
                raise bad_parameter("place", f"{place} was merged into {standing}: begin again from 0 with {standing}")
        return cls(places, names, paths, natures)

    def as_json(self) -> Json:
        """The filters that are given, as lists; ``of_json`` reads it back."""
        lists = {"place": self.places, "kind": self.kinds, "field": self.fields, "nature": self.natures}
        return {name: list(values) for name, values in lists.items() if values}

    def narrow(self, changes: QuerySet[Change]) -> QuerySet[Change]:
        """Those of the changes that are of interest.

        Places have an index; fields are looked for in the rows themselves, so bound ``changes`` by their numbers.
        """
        if self.places:
            changes = changes.filter(pk__in=ChangePlace.objects.filter(place__in=self.places).values("change_id"))
        if self.kinds:
            changes = changes.filter(kind__in=self.kinds)
        if self.natures:
            changes = changes.filter(nature__in=self.natures)
        if self.fields:
            changes = changes.annotate(paths=Cast("changed_fields", TextField())).filter(self._any_field())
        return changes

    def includes(self, change: Change) -> bool:
        """Whether one change is of interest. Reads ``change.places``: prefetch them for many."""
        return (
            (not self.kinds or change.kind in self.kinds)
            and (not self.natures or change.nature in self.natures)
            and (not self.fields or self._concerns_field(change))
            and (not self.places or any(held.place in self.places for held in change.places.all()))
        )

    def _any_field(self) -> Q:
        """``paths`` is the JSON text of the list, such as ``["/areas/site-2019", "/name"]``."""
        wanted = Q(action__in=_WHOLE)
        for field in self.fields:
            for path in _covering(field):
                wanted |= Q(paths__contains=f'"{path}"')
            wanted |= Q(paths__contains=f'"{field}/')
        return wanted

    def _concerns_field(self, change: Change) -> bool:
        if change.action in _WHOLE:
            return True
        return any(path in _covering(field) or path.startswith(f"{field}/")
                   for path in change.changed_fields for field in self.fields)  # fmt: skip


_WHOLE = (Change.Action.WITHDRAWN, Change.Action.MERGED, Change.Action.RESTORED)
"""Actions with which an entry goes or comes, all of its fields with it."""


def _covering(field: str) -> Iterable[str]:
    """The path itself, and the member it stands in."""
    return {field, f"/{field.split('/')[1]}"}


def _path(text: str, of_kinds: Sequence[str]) -> str:
    """``areas`` and ``/areas`` are the same path.

    :raises Invalid: no document of these kinds (of any, where none is given) has such a member.
    """
    segments = text.removeprefix("/").split("/")
    chosen = [kinds.get(name) for name in of_kinds] or kinds.every()
    _require("field", segments[0], {*BESIDE}.union(*(document_members(kind) for kind in chosen)))
    if len(segments) > 2 or not all(segments):
        raise bad_parameter("field", f"{text!r} is neither a member nor a child of one, such as /areas/site-2019")
    return "/" + "/".join(segments)


def _require(parameter: str, value: str, known: Collection[str]) -> None:
    if value not in known:
        listed = f"; there are {', '.join(known)}" if len(known) <= 20 else ""
        raise bad_parameter(parameter, f"there is no {parameter} {value!r}{suggestion(value, known) or listed}")
