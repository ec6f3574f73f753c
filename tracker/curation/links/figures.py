"""How the addresses of sources fare, in figures that may be seen by everybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q

from tracker.entries.models import State
from tracker.sources.models import Source

from .models import SourceCheck


@dataclass(frozen=True)
class LinkFigures:
    sources: int
    with_address: int
    checked: int
    broken: int
    changed: int
    last: datetime | None


def gathered() -> LinkFigures:
    """In two queries."""
    sources = Source.objects.filter(entry__state=State.LIVE).aggregate(
        all=Count("pk"), addressed=Count("pk", filter=~Q(url=""))
    )
    checks = SourceCheck.objects.aggregate(
        checked=Count("pk", filter=Q(checked_at__isnull=False)), last=Max("checked_at"),
        broken=Count("pk", filter=Q(state=SourceCheck.State.BROKEN)),
        changed=Count("pk", filter=Q(changed_at__isnull=False)),
    )  # fmt: skip
    return LinkFigures(sources["all"], sources["addressed"], **{name: checks[name] for name in
                       ("checked", "broken", "changed", "last")})  # fmt: skip
