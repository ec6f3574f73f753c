"""A payload as text that people edit: indented JSON with its numbers exact."""

from __future__ import annotations

from typing import Any

from tracker.values import canonical

_NARROW = 100


def pretty(value: Any, indent: str = "") -> str:
    """Indented JSON; what fits on a line stays on it, and decimals keep their digits."""
    line = canonical.dumps_ordered(value)
    if not isinstance(value, dict | list) or (indent and len(line) + len(indent) <= _NARROW):
        return line
    inner = indent + "  "
    if isinstance(value, list):
        items = [inner + pretty(item, inner) for item in value]
        return "[\n" + ",\n".join(items) + f"\n{indent}]"
    members = [f"{inner}{canonical.dumps(name)}: {pretty(item, inner)}" for name, item in value.items()]
    return "{\n" + ",\n".join(members) + f"\n{indent}}}"
