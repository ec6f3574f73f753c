"""What an OpenAPI document promises, as plain facts, and which differences between two of them break a client. Pure.

A fact is a line ``name: value``: an operation, a parameter, a body, an answer, a member of a shape. Descriptions
promise nothing. docs/partners.md says the same rules in words (Stability).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .sharing import METHODS

Json = dict[str, Any]
Facts = dict[str, str]
REQUIRED, SENT = "required ", "sent "
"""Marks at the beginning of a value: it must be there; it is something that the client sends."""


@dataclass(frozen=True)
class Difference:
    """One fact that is new, gone (``new`` is empty) or another."""

    name: str
    old: str
    new: str
    of_something_new: bool = False
    """Whether the operation or shape that it belongs to is new as well."""

    @property
    def is_breaking(self) -> bool:
        if not self.old:
            return self.new.startswith(f"{SENT}{REQUIRED}") and not self.of_something_new
        if not self.new:
            return True
        old, new = _Value.of(self.old), _Value.of(self.new)
        if old.sent != new.sent or not old.codes <= new.codes or (new.codes and not old.codes):
            return True
        if not (old.types <= new.types if old.sent else old.types == new.types):
            return True
        return (new.required and not old.required) if old.sent else (old.required and not new.required)


@dataclass(frozen=True)
class _Value:
    sent: bool
    required: bool
    types: frozenset[str]
    codes: frozenset[str]

    @classmethod
    def of(cls, text: str) -> _Value:
        sent, text = text.startswith(SENT), text.removeprefix(SENT)
        required, text = text.startswith(REQUIRED), text.removeprefix(REQUIRED)
        type_, _, codes = text.partition(" of ")
        return cls(
            sent, required, frozenset(type_.split(" or ")), frozenset(codes.split("|")) if codes else frozenset()
        )


def differences(old: Facts, new: Facts) -> list[Difference]:
    found = (Difference(name, old.get(name, ""), new.get(name, ""), _owner(name) not in old)
             for name in sorted({*old, *new}))  # fmt: skip
    return [difference for difference in found if difference.old != difference.new]


def _owner(name: str) -> str:
    """``GET /parks/ ?place`` belongs to ``GET /parks/``, ``Park.areas[].value`` to ``Park.areas``."""
    if name.startswith(tuple(f"{method.upper()} " for method in METHODS)):
        return " ".join(name.split(" ")[:2])
    return name.rpartition(".")[0].removesuffix("[]")


def read(text: str) -> Facts:
    return dict(line.split(": ", 1) for line in text.splitlines() if line)


def written(facts: Facts) -> str:
    return "".join(f"{name}: {value}\n" for name, value in sorted(facts.items()))


def facts(document: Json) -> Facts:
    """Everything that the document promises."""
    return dict(_facts(document))


def _facts(document: Json) -> Iterator[tuple[str, str]]:
    components = document["components"]
    sent = _sent_shapes(document)
    for path, operations in document["paths"].items():
        for method in METHODS:
            if method in operations:
                yield from _operation(f"{method.upper()} {path}", operations[method], components)
    for name, answer in components.get("responses", {}).items():
        yield from _answer(name, answer)
    for name, schema in components["schemas"].items():
        mark = SENT if name in sent else ""
        yield name, mark + _type(schema)
        yield from _members(name, schema, mark)


def _operation(name: str, operation: Json, components: Json) -> Iterator[tuple[str, str]]:
    yield name, f"operation {operation['operationId']}"
    for given in operation.get("parameters", []):
        parameter = _found(given, components)
        where = {"query": "?", "header": "header ", "path": "path "}[parameter["in"]]
        mark = SENT + (REQUIRED if parameter.get("required") else "")
        yield f"{name} {where}{parameter['name']}", mark + _type(parameter["schema"])
    if "requestBody" in operation:
        [content] = operation["requestBody"]["content"].values()
        yield f"{name} body", SENT + _type(content["schema"])
    for code, answer in operation["responses"].items():
        if "$ref" in answer:
            yield f"{name} {code}", _type(answer)
        else:
            yield from _answer(f"{name} {code}", answer)


def _answer(name: str, answer: Json) -> Iterator[tuple[str, str]]:
    """Its headers, and the shape in each media type."""
    yield name, f"answer of {'|'.join(sorted(answer.get('headers', {})))}".removesuffix(" of ")
    for media, content in answer.get("content", {}).items():
        yield f"{name} {media}", _type(content["schema"])


def _found(value: Json, components: Json) -> Json:
    if "$ref" not in value:
        return value
    kind, name = value["$ref"].split("/")[-2:]
    found: Json = components[kind][name]
    return found


def _members(name: str, schema: Json, mark: str) -> Iterator[tuple[str, str]]:
    for member, inner in schema.get("properties", {}).items():
        required = REQUIRED if member in schema.get("required", []) else ""
        yield f"{name}.{member}", mark + required + _type(inner)
        yield from _members(f"{name}.{member}", inner, mark)
    if isinstance(items := schema.get("items"), dict):
        yield from _members(f"{name}[]", items, mark)


def _type(schema: Json) -> str:
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    for word in ("anyOf", "oneOf", "allOf"):
        if word in schema:
            return f" {'and' if word == 'allOf' else 'or'} ".join(_type(part) for part in schema[word])
    if "const" in schema:
        return f"constant {schema['const']}"
    types = schema.get("type", "any")
    name = " or ".join(types) if isinstance(types, list) else str(types)
    if isinstance(schema.get("items"), dict):
        return f"{name} ({_type(schema['items'])})"
    codes = "|".join(str(code) for code in schema.get("enum", []))
    return f"{name} of {codes}" if codes else name


def _sent_shapes(document: Json) -> set[str]:
    """The names of the shapes that clients send, however deep."""
    schemas = document["components"]["schemas"]
    waiting = [operation["requestBody"] for path in document["paths"].values() for operation in path.values()
               if "requestBody" in operation]  # fmt: skip
    found: set[str] = set()
    while waiting:
        for name in _references(waiting.pop()) - found:
            found.add(name)
            waiting.append(schemas[name])
    return found


def _references(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {value["$ref"].rpartition("/")[2]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*(_references(inner) for inner in value.values()))
    if isinstance(value, list):
        return set().union(*(_references(inner) for inner in value))
    return set()
