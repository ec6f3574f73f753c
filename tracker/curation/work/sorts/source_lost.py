"""Facts whose source is to be had no more at its address."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from tracker.curation.links.models import SourceCheck
from tracker.curation.work.causes import Cause, WorkSort
from tracker.curation.work.models import Sort, Task
from tracker.sources.models import Citation


def _find(pks: Collection[int], today: date) -> Iterator[Cause]:
    rows = Citation.objects.filter(entry__in=pks, source__check_of_address__state=SourceCheck.State.BROKEN)
    columns = ("entry_id", "path", "source__key", "source__name", "source__check_of_address__failing_since")
    found = rows.order_by("entry_id", "position").values_list(*columns)
    for entry, path, source, name, since in dict.fromkeys(found):
        assert since is not None  # the table refuses what is broken since never
        day = timezone.localdate(since).isoformat()
        yield Cause(entry, path, source, since.isoformat(), {"source": source, "name": name, "day": day})


def _words(task: Task) -> str:
    return _("来源《%(name)s》自 %(day)s 起打不开，请另找来源或存档") % {
        "name": task.about["name"], "day": task.about["day"]}  # fmt: skip


SOURCE_LOST = WorkSort(Sort.SOURCE_LOST, _words, days=30, find=_find)
