"""Facts whose source says something else now than when it was read."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from tracker.curation.work.causes import Cause, WorkSort
from tracker.curation.work.models import Sort, Task
from tracker.sources.models import Citation

from .looked_again import looked_again


def _find(pks: Collection[int], today: date) -> Iterator[Cause]:
    rows = Citation.objects.filter(entry__in=pks, source__check_of_address__changed_at__isnull=False)
    columns = ("entry_id", "path", "source__key", "source__name", "source__check_of_address__changed_at")
    found = list(rows.order_by("entry_id", "position").values_list(*columns))
    again = looked_again({entry for entry, *_rest in found})
    for entry, path, source, name, changed in dict.fromkeys(found):
        if not again(entry, path, changed):
            day = timezone.localdate(changed).isoformat()
            yield Cause(entry, path, source, changed.isoformat(), {"source": source, "name": name, "day": day})


def _words(task: Task) -> str:
    return _("来源《%(name)s》的网页在 %(day)s 有变，请重新核对") % {
        "name": task.about["name"], "day": task.about["day"]}  # fmt: skip


SOURCE_CHANGED = WorkSort(Sort.SOURCE_CHANGED, _words, days=14, find=_find)
