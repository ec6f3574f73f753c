"""Sources that cannot all be right, and no editor has ruled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date

from django.utils.translation import gettext as _

from tracker.curation.work.causes import Cause, WorkSort
from tracker.curation.work.models import Sort, Task
from tracker.delivery import gaps
from tracker.sources.models import Citation


def _find(pks: Collection[int], today: date) -> Iterator[Cause]:
    conflicts = list(gaps.undecided().filter(entry__in=pks).values_list("entry_id", "path"))
    said: dict[tuple[int, str], list[str]] = defaultdict(list)
    rows = Citation.objects.filter(entry__in={entry for entry, _path in conflicts})
    for entry, path, stated, source in rows.values_list("entry_id", "path", "stated", "source__key"):
        said[entry, path].append(f"{source}={stated}")
    for entry, path in conflicts:
        sources = said[entry, path]
        yield Cause(entry, path, state="|".join(sorted(sources)), about={"sources": len(sources)})


def _words(task: Task) -> str:
    return _("%(count)s 个来源的说法不能同时成立，请裁定") % {"count": task.about.get("sources", 2)}


CONFLICT = WorkSort(Sort.CONFLICT, _words, days=14, find=_find)
