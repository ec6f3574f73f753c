"""Canonical JSON: one text per value, so that equal facts are equal bytes.

Names sorted, no blanks, UTF-8 without escapes, numbers as exact decimals in plain notation (``1.50`` is ``1.5``).
"""

from __future__ import annotations

import json
from decimal import Decimal
from hashlib import sha256
from json.encoder import encode_basestring as _quoted
from typing import Any


def loads(text: str | bytes) -> Any:
    """Read JSON with exact decimals; NaN and Infinity are refused (ValueError)."""
    return _decoder.decode(text if isinstance(text, str) else text.decode())


def dumps(value: Any) -> str:
    """Write canonical JSON with sorted names."""
    return _text(value, True)


def dumps_ordered(value: Any) -> str:
    """Write canonical JSON that keeps the order of names: for documents, which people read."""
    return _text(value, False)


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


_decoder = json.JSONDecoder(parse_float=Decimal, parse_constant=_refuse)
"""One for all: ``json.loads`` would make one for each text."""


def _text(value: Any, sort: bool) -> str:
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, dict):
        items = sorted(value.items()) if sort else value.items()
        return "{" + ",".join([f"{_quoted(name)}:{_text(item, sort)}" for name, item in items]) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join([_text(item, sort) for item in value]) + "]"
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, float):
        return plain(Decimal(repr(value)))
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return int.__repr__(value)
    raise TypeError(f"{type(value).__name__} is not of JSON")
