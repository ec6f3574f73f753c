"""Fields that one expects to know of an entry of its kind, and does not."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from django.db.models import BooleanField, ExpressionWrapper
from django.utils.translation import gettext as _

from tracker.curation.work.causes import Cause, WorkSort
from tracker.curation.work.models import Sort, Task
from tracker.delivery import gaps
from tracker.entries import kinds
from tracker.entries.kinds import Kind
from tracker.entries.models import Entry


def _find(pks: Collection[int], today: date) -> Iterator[Cause]:
    present = set(Entry.objects.filter(pk__in=pks).order_by().values_list("kind", flat=True).distinct())
    for name in sorted(present):
        kind = kinds.get(name)
        if kind.expected:
            yield from _lacking(kind, pks)


def _lacking(kind: Kind, pks: Collection[int]) -> Iterator[Cause]:
    flags = {f"lacks_{name}": ExpressionWrapper(gaps.lacks(kind, kind.field(name)), BooleanField())
             for name in kind.expected}  # fmt: skip
    rows = Entry.objects.of_kind(kind.name).filter(pk__in=pks).annotate(**flags)
    for pk, *lacking in rows.values_list("pk", *flags):
        for name, is_lacking in zip(kind.expected, lacking, strict=True):
            if is_lacking:
                yield Cause(pk, f"/{name}")


def _words(task: Task) -> str:
    return _("这一项还不知道，请查考补上")


MISSING_FIELD = WorkSort(Sort.MISSING_FIELD, _words, days=90, find=_find)
