"""Words of a name for a full-text index that cannot be taught Chinese: whatever is typed of it is one of them.

SQLite takes a run of Chinese characters for one word, in the index and in what is searched for. So the index is given
every stretch of a name, up to a length that nobody types beyond.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from tracker.values.folding import fold

LONGEST = 8
_RUNS = re.compile(r"[^\W_]+")
_UNITS = re.compile(r"[\u3400-\u9fff]|[^\u3400-\u9fff]+")


def of_names(names: Iterable[str]) -> str:
    """The words under which an entry of these names is found, separated by blanks."""
    words = {word for name in names for run in _RUNS.findall(fold(name)) for word in _stretches(_UNITS.findall(run))}
    return " ".join(sorted(words))


def _stretches(units: list[str]) -> Iterable[str]:
    """Every stretch of neighbouring characters; a Latin word or a number counts as one."""
    ends = range(1, LONGEST + 1)
    return {"".join(units[start : start + length]) for start in range(len(units)) for length in ends}
