"""Facts that rest on nothing but an editor's judgement."""

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
    present = set(Entry.objects.filter(pk__in=pks).order_by().values_list("kind", flat=True).distinct())
    for kind in kinds.entry_kinds():
        if kind.name not in present:
            continue
        rows = gaps.judged_alone(kind).filter(entry__in=pks)
        for entry, path, source in rows.values_list("entry_id", "path", "source__key").distinct():
            yield Cause(entry, path, state=source)


def _words(task: Task) -> str:
    return _("只凭编者判断，请补来源")


MISSING_SOURCE = WorkSort(Sort.MISSING_SOURCE, _words, days=30, find=_find)
