"""What the passing of days changes in an entry: its status, and a park's stage, from one day to the next.

Found by asking the kind's own rule on every day on which something dated in the document begins or ends, so that no
rule is written twice. The rows answer “status on that day” for lists and facets, and tell the daily job whom to touch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.entries.inserting import insert
from tracker.entries.models import Entry
from tracker.entries.rendering import on_day
from tracker.entries.storing import published
from tracker.values import edtf

from .models import Span

ONE_DAY = timedelta(days=1)


class Stretch(NamedTuple):
    """From a day (inclusive; None: always) until another (exclusive; None: for good)."""

    since: date | None
    until: date | None
    members: Json
    """What ``entries.rendering.on_day`` says: the status and the kind's members of that sort."""

    def told(self) -> list[str | None]:
        """``[since, until, status]`` as JSON."""
        return [self.since and self.since.isoformat(), self.until and self.until.isoformat(), self.members["status"]]


def stretches_of(document: Json) -> list[Stretch]:
    """The stretches between which what a document says of itself differs, in order, without a gap. Pure."""
    kind = kinds.get(document["kind"])
    if kind.reference_data or (kind.statuses is None and kind.on_day is None):
        return []
    found: list[Stretch] = []
    for day in (None, *_turning_days(document)):
        members = on_day(document, day or date.min)
        if not found or members != found[-1].members:
            found[-1:] = [found[-1]._replace(until=day)] if found else []
            found.append(Stretch(day, None, members))
    return found


def _turning_days(document: Json) -> list[date]:
    """Every day on which something dated in the document may begin to hold, or no longer hold."""
    found: set[date] = set()
    for text in _dates(document):
        for bound in _bounds(text):
            if bound:
                found |= {bound, bound + ONE_DAY}
    return sorted(found)


def _bounds(text: str) -> Iterator[date | None]:
    """The first and last day of a date; of an interval, of both its sides: rules ask when a period began."""
    sides = [side for side in text.split("/") if side not in ("", "..")]
    for value in map(edtf.parse, sides):
        yield from (value.lower, value.upper)


def _dates(document: Json) -> Iterator[str]:
    kind = kinds.get(document["kind"])
    for name in ("stale_after", *(member.name for member in kind.all_fields), *(ref.name for ref in kind.backrefs)):
        yield from _texts(document[name])
    yield from (citation["source"]["date"] for citation in document["citations"] if citation["source"]["date"])


def _texts(value: Any) -> Iterator[str]:
    """The EDTF texts at any depth; a text that is none of a date is passed over."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, str) and value[:1].isdigit() | value.startswith(".."):
        try:
            yield edtf.parse(value).text
        except edtf.InvalidEdtf:
            return


def write(entries: Sequence[Entry], documents: dict[int, Json]) -> dict[int, list[Stretch]]:
    """Replace the spans of the entries; returns them by entry, for the versions."""
    Span.objects.filter(entry_id__in=published(entries)).delete()
    written = {entry.pk: stretches_of(documents[entry.pk]) for entry in entries if entry.pk in documents}
    insert(
        Span,
        [Span(entry_id=pk, since=stretch.since, until=stretch.until, status=stretch.members["status"],
              stage=stretch.members.get("stage") or "")
         for pk, stretches in written.items() for stretch in stretches],
    )  # fmt: skip
    return written
