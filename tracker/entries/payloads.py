"""The one form of a payload: what says nothing is left out, so that equal facts are equal texts."""

from __future__ import annotations

from typing import Any

from .fields import Json


def normalised(payload: Json) -> Json:
    """Without nulls, empty lists, empty objects and ranks that are normal anyway."""
    kept = {name: _normalised(value) for name, value in payload.items()}
    return {name: value for name, value in kept.items() if value not in (None, [], {})}


def _normalised(value: Any) -> Any:
    if isinstance(value, list):
        return [_normalised(item) for item in value]
    if isinstance(value, dict):
        kept = {name: _normalised(item) for name, item in value.items()}
        return {name: item for name, item in kept.items()
                if item not in (None, [], {}) and not (name == "rank" and item == "normal")}  # fmt: skip
    return value
