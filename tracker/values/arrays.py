"""Lists on their way to PostgreSQL, written faster.

Django hands many rows over as arrays, one a column (UNNEST), and psycopg escapes each text in them with a regular
expression that calls back for every quotation mark. Of documents, which are JSON, that was a seventh of the time of
publishing; replacing bytes says the same.
"""

from __future__ import annotations

import psycopg
from psycopg.types.array import ListDumper


class _Escaping:
    """Does what ``re.compile(rb'(["\\\\])').sub(rb"\\\\\\1", …)`` does."""

    def sub(self, replacement: bytes, text: bytes) -> bytes:
        return bytes(text).replace(b"\\", b"\\\\").replace(b'"', b'\\"')


class QuickListDumper(ListDumper):
    _re_esc = _Escaping()  # type: ignore[assignment]


def register() -> None:
    """Let every connection made from here on write lists so."""
    psycopg.adapters.register_dumper(list, QuickListDumper)
