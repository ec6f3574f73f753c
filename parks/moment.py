"""The moment of both clocks at which parks are decided about: told by the address, else now; the answer repeats it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.http import QueryDict
from django.utils import timezone

from tracker.delivery.feed import number_at
from tracker.delivery.filters import day_of, known_at
from tracker.delivery.moments import today_at
from tracker.entries.models import Change


@dataclass(frozen=True)
class Moment:
    """``as_of`` what was true on that day, ``known_at`` as the tracker told it at that time."""

    as_of: date
    known_at: datetime
    asked_as_of: bool
    asked_known_at: bool

    @property
    def number(self) -> int:
        """The feed number of ``known_at``."""
        return number_at(self.known_at)

    @property
    def known_at_text(self) -> str:
        return self.known_at.isoformat().replace("+00:00", "Z")

    @property
    def asked(self) -> datetime | None:
        """``known_at`` where it was asked for; None where what is said now is meant."""
        return self.known_at if self.asked_known_at else None


def of(parameters: QueryDict) -> Moment:
    """:raises Invalid: a clock that cannot be read, naming it."""
    return at(day_of(parameters), known_at(parameters))


def at(day: date | None, known: datetime | None) -> Moment:
    """Without ``known`` it is the time of the last change there is, so that the same question has the same answer."""
    moment = known or _last_change()
    return Moment(day or today_at(known), moment, day is not None, known is not None)


def _last_change() -> datetime:
    last = Change.objects.order_by("-seq").values_list("recorded_at", flat=True).first()
    return last or timezone.now()
