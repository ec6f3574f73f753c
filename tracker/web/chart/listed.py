"""The events as a plain list: the same ones that the lanes show, for reading, for screen readers and without script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import QueryDict

from tracker.rest import keyset
from tracker.timeline.listing import certain_by
from tracker.timeline.models import Event, Span
from tracker.values import canonical
from tracker.web import dossier, paging, rows
from tracker.web.dossier import Happening

from .asked import Asked
from .sources import Sources

_NEWEST_FIRST = [keyset.Column("sort", descending=True)]


@dataclass(frozen=True)
class Listed:
    event: Happening
    certain: bool
    to_come: bool
    """It lies after the day of the page."""
    status: str
    """The word of the entry's status on the day of the page; kinds without statuses have none."""
    status_code: str
    sources: list[int]


@dataclass(frozen=True)
class Page:
    events: list[Listed]
    next: str | None
    previous: str | None


def page(events: QuerySet[Event], asked: Asked, query: QueryDict, path: str, sources: Sources) -> Page:
    """One keyset page, newest first.

    :raises Invalid: a broken cursor or page size.
    """
    plain = asked.query
    for name in ("cursor", "page_size"):
        if text := query.get(name):
            plain[name] = text
    shown = events.select_related("entry").defer("entry__reference", "entry__document")
    cut = paging.page(shown, _NEWEST_FIRST, plain, path)
    statuses = _statuses(cut.rows, asked)
    return Page([_listed(row, asked, statuses.get(row.entry_id, ""), sources) for row in cut.rows],
                cut.next, cut.previous)  # fmt: skip


def _statuses(found: Sequence[Event], asked: Asked) -> dict[int, str]:
    """The status code of each entry on the day of the page."""
    if not asked.as_of:
        return {row.entry_id: row.entry.status for row in found}
    spans = Span.objects.on(asked.as_of).filter(entry_id__in={row.entry_id for row in found})
    return dict(spans.values_list("entry_id", "status"))


def _listed(row: Event, asked: Asked, status: str, sources: Sources) -> Listed:
    happening = dossier.happening(row, row.entry)
    return Listed(
        happening, certain_by(row.date_upper, asked.day), row.date_lower is not None and row.date_lower > asked.day,
        rows.status_label(happening.kind, status), status, sources.numbers(canonical.loads(row.document)["citations"]),
    )  # fmt: skip
