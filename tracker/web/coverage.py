"""How far one looked, told where a reader might take “nothing here” for “there is none”."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from tracker.entries.models import Containment, Entry
from tracker.sources.models import Finding, Topic
from tracker.values import canonical

from . import phrases
from .language import Spoken, label, name_of, said

SHOWN = 40


@dataclass(frozen=True)
class Looked:
    """One look: what for, where, as of when, and what came of it."""

    topic: str
    finding: str
    code: str
    when: str
    where: list[Spoken]
    scope: str
    href: str


def of(place: Entry | None, topics: Collection[str] = ()) -> list[Looked]:
    """Looks at the place and at what it lies in, the latest first; without a place, all of them. One query."""
    rows = Entry.objects.live().of_kind("coverage").order_by("-date_sort", "key")
    if place:
        around = Containment.objects.filter(entry=place).values("container")
        looks = Containment.objects.filter(kind="coverage", direct=True, container__in=around)
        rows = rows.filter(pk__in=looks.values("entry"))
    if topics:
        rows = rows.filter(coverage__topic__in=topics)
    return [_looked(row) for row in rows[:SHOWN]]


def _looked(row: Entry) -> Looked:
    document = canonical.loads(row.document)
    return Looked(
        topic=label(Topic(document["topic"])), finding=label(Finding(document["finding"])), code=document["finding"],
        when=said(document["looked"]), where=[name_of(place) for place in document["places"]],
        scope=document["scope"] or "", href=phrases.address(row.kind, row.key),
    )  # fmt: skip
