"""Whether a value surely satisfies a JSON Schema, found quickly: a schema becomes one function.

``jsonschema`` says what is wrong, and takes two milliseconds to find that nothing is. Here nothing is said: True is
certain, False means “ask the other”. Of what our schemas use everything is understood; another word makes it False.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

Accepts = Callable[[Any], bool]
Json = dict[str, Any]

_SILENT = {"title", "description", "format", "default", "examples"}
"""Words that refuse nothing: ``format`` is a note unless a checker is given, and none is."""


def compiled(schema: Json) -> Accepts:
    """The function of a schema."""
    tests = [test for word, value in schema.items() if word not in _SILENT and (test := _test(word, value, schema))]
    if len(tests) == 1:
        return tests[0]
    return lambda value: all(test(value) for test in tests)


def _test(word: str, value: Any, schema: Json) -> Accepts | None:
    made = _MAKERS.get(word)
    if made is None:
        return None if word in _WITH_OTHERS else lambda given: False
    return made(value, schema)


_WITH_OTHERS = {"required", "additionalProperties"}
"""Words that ``properties`` looks at; an object schema of ours always has it."""


def _type(names: Any, schema: Json) -> Accepts:
    allowed = [_TYPES[name] for name in ([names] if isinstance(names, str) else names)]
    if len(allowed) == 1:
        return allowed[0]
    return lambda value: any(test(value) for test in allowed)


_TYPES: dict[str, Accepts] = {
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float | Decimal) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "null": lambda value: value is None,
}


def _properties(properties: Json, schema: Json) -> Accepts:
    members = {name: compiled(member) for name, member in properties.items()}
    needed = frozenset(schema.get("required", ()))
    closed = schema.get("additionalProperties") is False

    def test(value: Any) -> bool:
        if not isinstance(value, dict) or not needed <= value.keys():
            return False
        for name, item in value.items():
            member = members.get(name)
            if closed if member is None else not member(item):
                return False
        return True

    return test


def _items(items: Json, schema: Json) -> Accepts:
    each = compiled(items)
    return lambda value: isinstance(value, list) and all(map(each, value))


def _pattern(pattern: str, schema: Json) -> Accepts:
    found = re.compile(pattern).search
    return lambda value: isinstance(value, str) and found(value) is not None


def _unique(wanted: bool, schema: Json) -> Accepts:
    def test(value: Any) -> bool:
        texts = [item for item in value if isinstance(item, str)]
        return len(texts) == len(value) and len(set(texts)) == len(texts)

    return test


def _any_of(schemas: list[Json], schema: Json) -> Accepts:
    tests = [compiled(one) for one in schemas]
    return lambda value: any(test(value) for test in tests)


_MAKERS: dict[str, Callable[[Any, Json], Accepts]] = {
    "type": _type, "properties": _properties, "items": _items, "pattern": _pattern, "uniqueItems": _unique,
    "anyOf": _any_of,
    "enum": lambda values, schema: lambda value: isinstance(value, str) and value in values,
    "const": lambda wanted, schema: lambda value: isinstance(value, str) and value == wanted,
    "minLength": lambda least, schema: lambda value: isinstance(value, str) and len(value) >= least,
    "maxLength": lambda most, schema: lambda value: isinstance(value, str) and len(value) <= most,
    "minItems": lambda least, schema: lambda value: isinstance(value, list) and len(value) >= least,
    "maxItems": lambda most, schema: lambda value: isinstance(value, list) and len(value) <= most,
    "minimum": lambda least, schema: lambda value: _is_number(value) and value >= least,
    "maximum": lambda most, schema: lambda value: _is_number(value) and value <= most,
}  # fmt: skip


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)
