"""What differs between two payloads: pure, children compared by their key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple


class Difference(NamedTuple):
    path: str
    old: Any
    new: Any


def differences(old: Any, new: Any, path: str = "") -> Iterator[Difference]:
    """Leaf by leaf; a value that is not there on one side is ``None`` there."""
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for name in [*old, *(name for name in new if name not in old)]:
            yield from differences(old.get(name), new.get(name), f"{path}/{name}")
    elif _is_children(old) and _is_children(new):
        before, after = ({child["key"]: child for child in children} for children in (old, new))
        for key in [*before, *(key for key in after if key not in before)]:
            yield from differences(before.get(key), after.get(key), f"{path}/{key}")
        if before == after:
            yield Difference(path, [*before], [*after])  # only the order differs
    else:
        yield Difference(path, old, new)


def _is_children(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) and "key" in item for item in value)


def changed_fields(old: Any, new: Any) -> list[str]:
    """Paths of what changed, at most two levels deep (``/areas/site-2019``), for feeds and revisions."""
    paths = {"/".join(difference.path.split("/")[:3]) for difference in differences(old, new)}
    return sorted(paths - {""})
