"""A source's address that answers no more."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from django.utils.translation import gettext as _

from tracker.curation.links.models import SourceCheck
from tracker.curation.work.causes import Cause, WorkSort
from tracker.curation.work.models import Sort, Task


def _find(pks: Collection[int], today: date) -> Iterator[Cause]:
    rows = SourceCheck.objects.filter(source__in=pks, state=SourceCheck.State.BROKEN)
    for pk, url, status, trouble in rows.values_list("source_id", "url", "status", "trouble"):
        said = str(status) if status else trouble
        yield Cause(pk, "/url", state=url, about={"url": url, "said": said})


def _words(task: Task) -> str:
    return _("网址打不开（%(said)s）：%(url)s") % {"said": task.about["said"], "url": task.about["url"]}


BROKEN_LINK = WorkSort(Sort.BROKEN_LINK, _words, days=14, find=_find)
