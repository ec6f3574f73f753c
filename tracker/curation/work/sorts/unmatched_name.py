"""Names that lead to no entry: the entry is not here yet, or goes by another name."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from django.utils.translation import gettext as _

from tracker.curation.work.causes import Cause, WorkSort
from tracker.curation.work.models import Sort, Task
from tracker.entries.models import Reference


def _find(pks: Collection[int], today: date) -> Iterator[Cause]:
    rows = Reference.objects.filter(entry__in=pks, target__isnull=True)
    for entry, field, child, sought in rows.values_list("entry_id", "field", "child", "sought"):
        yield Cause(entry, _path(field, child), mark=sought, about={"name": sought})


def _path(field: str, child: str) -> str:
    head, _slash, inner = field.partition("/")
    return f"/{head}/{child}/{inner}" if child else f"/{field}"


def _words(task: Task) -> str:
    return _("“%(name)s”还没有对上条目：新建，或为已有条目补别名") % {"name": task.about["name"]}


UNMATCHED_NAME = WorkSort(Sort.UNMATCHED_NAME, _words, days=60, find=_find)
