"""Whether a fact has been looked at again since its source changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from datetime import datetime

from tracker.entries.models import Revision
from tracker.values.codes import Nature

Looked = Callable[[int, str, datetime], bool]


def looked_again(entries: Collection[int]) -> Looked:
    """(entry, path, moment) → whether a later revision says so; read in one query.

    A revision of evidence alone, a confirmation, speaks for all facts; any other for those that it touches.
    """
    since: dict[int, list[tuple[datetime, str, list[str]]]] = defaultdict(list)
    rows = Revision.objects.filter(entry__in=entries).values_list("entry_id", "recorded_at", "nature", "changed_fields")
    for entry, recorded_at, nature, changed in rows:
        since[entry].append((recorded_at, nature, changed))

    def answer(entry: int, path: str, moment: datetime) -> bool:
        return any(recorded_at > moment and (nature == Nature.EVIDENCE or any(_touches(one, path) for one in changed))
                   for recorded_at, nature, changed in since[entry])  # fmt: skip

    return answer


def _touches(changed: str, path: str) -> bool:
    """Whether one of the two paths contains the other; a citation of the whole entry is touched by everything."""
    return path == "" or f"{path}/".startswith(f"{changed}/") or f"{changed}/".startswith(f"{path}/")
