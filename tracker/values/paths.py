"""Paths into a payload, such as ``/areas/site-2019-04/value``."""

from __future__ import annotations

from typing import Any


def covering_paths(path: str) -> list[str]:
    """The path and every path that contains it: ``/a/b`` → ``/a/b``, ``/a``, ````."""
    parts = path.split("/")
    return ["/".join(parts[:end]) for end in range(len(parts), 0, -1)]


def value_at(payload: Any, path: str) -> Any:
    """The value at a path like ``/areas/site-2019-04/value``: lists of children by key, plain lists by position."""
    value = payload
    for part in path.split("/")[1:]:
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list):
            children = [item for item in value if isinstance(item, dict) and item.get("key") == part]
            if children:
                value = children[0]
            elif part.isdigit() and int(part) < len(value):
                value = value[int(part)]
            else:
                return None
        else:
            return None
    return value
