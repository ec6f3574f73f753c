"""How often each token is used: counted in the memory of the process, added to the rows once a minute.

A request pays no query for being counted. The rows are added to, never set, so that any number of processes may count
at once; a process that is killed takes at most its last minute with it.
"""

from __future__ import annotations

import atexit
import logging
import threading
from collections import Counter
from datetime import date, datetime
from typing import NamedTuple

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone

from .models import ApiToken, TokenUsage

logger = logging.getLogger(__name__)

COLUMNS = ("requests", "unchanged", "errors", "throttled")


class Day(NamedTuple):
    token_id: int
    day: date


class Ledger:
    """What was counted and is not written yet."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[Day, Counter[str]] = {}
        self._last_used: dict[int, datetime] = {}
        self._timer: threading.Timer | None = None

    def note(self, token: ApiToken, status: int, now: datetime) -> None:
        """Count one answer to a token; the first one since the last writing sets the time of the next."""
        with self._lock:
            counts = self._counts.setdefault(Day(token.pk, timezone.localdate(now)), Counter())
            counts.update({"requests", *_sort(status)})
            self._last_used[token.pk] = now
            if self._timer is None and settings.USAGE_WRITE_SECONDS:
                self._timer = threading.Timer(settings.USAGE_WRITE_SECONDS, self._write_in_background)
                self._timer.daemon = True
                self._timer.start()

    def write(self) -> None:
        """Add what was counted to the rows, in one transaction; what cannot be written is kept for the next time."""
        with self._lock:
            counts, last_used, self._timer = self._counts, self._last_used, None
            self._counts, self._last_used = {}, {}
        try:
            with transaction.atomic():
                known = set(ApiToken.objects.filter(pk__in=last_used).values_list("pk", flat=True))
                _add({day: counted for day, counted in counts.items() if day.token_id in known})
                _touch(last_used)
        except DatabaseError:
            self._take_back(counts, last_used)
            raise

    def _take_back(self, counts: dict[Day, Counter[str]], last_used: dict[int, datetime]) -> None:
        with self._lock:
            for day, counted in counts.items():
                self._counts.setdefault(day, Counter()).update(counted)
            self._last_used = last_used | self._last_used

    def _write_in_background(self) -> None:
        try:
            self.write()
        except DatabaseError as error:
            logger.warning("the usage of tokens could not be written and waits: %s", error)
        finally:
            connection.close()

    def write_at_exit(self) -> None:
        if self._counts and settings.USAGE_WRITE_SECONDS:
            self._write_in_background()


def _sort(status: int) -> set[str]:
    if status == 304:
        return {"unchanged"}
    if status == 429:
        return {"throttled"}
    return {"errors"} if status >= 400 else set()


def _add(counts: dict[Day, Counter[str]]) -> None:
    TokenUsage.objects.bulk_create((TokenUsage(token_id=day.token_id, day=day.day) for day in sorted(counts)),
                                   ignore_conflicts=True)  # fmt: skip
    for day in sorted(counts):
        more = {name: F(name) + counts[day][name] for name in COLUMNS if counts[day][name]}
        TokenUsage.objects.filter(token_id=day.token_id, day=day.day).update(**more)


def _touch(last_used: dict[int, datetime]) -> None:
    for pk in sorted(last_used):
        ApiToken.objects.filter(pk=pk).exclude(last_used_at__gte=last_used[pk]).update(last_used_at=last_used[pk])


ledger = Ledger()
atexit.register(ledger.write_at_exit)
