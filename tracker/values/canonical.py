"""Canonical JSON: one text per value, so that equal facts are equal bytes.

Names sorted, no blanks, UTF-8 without escapes, numbers as exact decimals in plain notation (``1.50`` is ``1.5``).
"""

from __future__ import annotations

import json
from decimal import Decimal
from hashlib import sha256
from typing import Any


def loads(text: str | bytes) -> Any:
    """Read JSON with exact decimals; NaN and Infinity are refused (ValueError)."""
    return json.loads(text, parse_float=Decimal, parse_constant=_refuse)


def dumps(value: Any) -> str:
    """Write canonical JSON with sorted names."""
    return "".join(_pieces(value, sort=True))


def dumps_ordered(value: Any) -> str:
    """Write canonical JSON that keeps the order of names: for documents, which people read."""
    return "".join(_pieces(value, sort=False))


def digest(value: Any) -> str:
    return sha256(dumps(value).encode()).hexdigest()


def plain(number: Decimal) -> str:
    """A decimal in plain notation without trailing zeros: 1.50 → 1.5, 1E+2 → 100."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON number")


def _pieces(value: Any, *, sort: bool) -> Any:
    if isinstance(value, dict):
        yield "{"
        for index, name in enumerate(sorted(value) if sort else value):
            yield ("," if index else "") + json.dumps(name, ensure_ascii=False) + ":"
            yield from _pieces(value[name], sort=sort)
        yield "}"
    elif isinstance(value, list | tuple):
        yield "["
        for index, item in enumerate(value):
            if index:
                yield ","
            yield from _pieces(item, sort=sort)
        yield "]"
    elif isinstance(value, Decimal):
        yield plain(value)
    elif isinstance(value, float):
        yield plain(Decimal(repr(value)))
    else:
        yield json.dumps(value, ensure_ascii=False, allow_nan=False)
