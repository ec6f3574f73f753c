"""Rendering: documents are stored as JSON text and go out as they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rest_framework.renderers import BaseRenderer

from tracker.values import canonical


class JSONText(str):
    """Text that is JSON already."""


class CanonicalJSONRenderer(BaseRenderer):
    """Writes exact decimals, and passes ``JSONText`` through untouched."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        if isinstance(data, JSONText):
            return data.encode()
        return b"" if data is None else canonical.dumps_ordered(data).encode()


def page(results: Iterable[str], following: str | None, previous: str | None, count: int | None) -> JSONText:
    """A list of documents as one JSON text, without parsing any of them."""
    parts = [f'"next":{canonical.dumps(following)}', f'"previous":{canonical.dumps(previous)}']
    if count is not None:
        parts.append(f'"count":{count}')
    return JSONText(f'{{"results":[{",".join(results)}],{",".join(parts)}}}')
