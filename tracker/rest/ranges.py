"""Byte ranges of a file (RFC 9110, section 14): which bytes a request asks for, and whether it may have them.

One range is honoured; several, another unit or what cannot be read is ignored, as the standard allows, and the whole
file is sent.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_RANGE = re.compile(r"^bytes=\s*(?P<first>\d*)\s*-\s*(?P<last>\d*)\s*$", re.IGNORECASE)
_DIGITS = 18


class Unsatisfiable(Exception):
    """The file has no byte of the range that was asked for: 416."""


class Span(NamedTuple):
    """From the first byte to the last, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


def asked_for(header: str, size: int) -> Span | None:
    """The span a ``Range`` header asks for; None for the whole file.

    :raises Unsatisfiable: it begins after the end, or asks for the last nothing.
    """
    match = _RANGE.match(header)
    if not match or max(len(match["first"]), len(match["last"])) > _DIGITS:
        return None
    first, last = match["first"], match["last"]
    if not first and not last:
        return None
    if not first:
        return _ending(int(last), size)
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise Unsatisfiable
    return Span(int(first), min(int(last), size - 1) if last else size - 1)


def _ending(length: int, size: int) -> Span:
    """The last bytes of a file; all of them when it has fewer."""
    if length == 0 or size == 0:
        raise Unsatisfiable
    return Span(max(size - length, 0), size - 1)


def still_fits(header: str, etag: str, last_modified: str) -> bool:
    """Whether ``If-Range`` lets the range stand: without one, or when it names this very file."""
    return header in ("", etag, last_modified)
