"""Evidence past its shelf life: nobody can say that it is still so."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from django.utils.translation import gettext as _

from tracker.curation.work.causes import Cause, WorkSort
from tracker.curation.work.models import Sort, Task
from tracker.delivery import gaps
from tracker.entries import kinds
from tracker.entries.models import Entry


def _find(pks: Collection[int], today: date) -> Iterator[Cause]:
    """What has ended is history, and need not be looked up again."""
    curated = [kind.name for kind in kinds.entry_kinds()]
    rows = Entry.objects.filter(gaps.stale(today), pk__in=pks, kind__in=curated).exclude(until_upper__lte=today)
    for pk, day in rows.values_list("pk", "stale_after"):
        assert day is not None  # it is before today
        yield Cause(pk, state=day.isoformat(), about={"since": day.isoformat()})


def _words(task: Task) -> str:
    return _("证据自 %(since)s 起过期，请找新来源核实") % {"since": task.about["since"]}


STALE = WorkSort(Sort.STALE, _words, days=90, find=_find)
