"""What is wrong with a payload, as far as the payload alone can tell: pure, no database.

References are resolved by ``check`` (which knows the database) and by ``fixtures`` (which knows the whole batch).
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, cast

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.entries.kinds import Kind
from tracker.values import quick_schema
from tracker.values.paths import covering_paths, value_at


@dataclass(frozen=True)
class Problem:
    """Something wrong at a path of a payload, in a sentence an editor can act on."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path or '/'}: {self.message}"


def problems_of(payload: Any) -> list[Problem]:
    """Everything wrong with the shape, the dates, the numbers and the citations of one payload."""
    if not isinstance(payload, dict):
        return [Problem("", "a payload is a JSON object")]
    name = payload.get("kind")
    if not isinstance(name, str) or not kinds.known(name):
        return [Problem("/kind", f"unknown kind {name!r}{_suggest(str(name), [k.name for k in kinds.every()])}")]
    kind = kinds.get(name)
    if not _surely_shaped(name)(payload):
        shape = [_from_schema(error, kind) for error in _validator(name).iter_errors(payload)]
        if shape:
            return shape
    found: list[Problem] = []
    if payload["key"] in kinds.RESERVED_KEYS:
        found.append(Problem("/key", f"{payload['key']!r} is a word of the API and cannot be a key"))
    for member in kind.all_fields:
        if payload.get(member.name) is not None:
            member.check(payload[member.name], f"/{member.name}", lambda path, text: found.append(Problem(path, text)))
    found += _uncited(kind, payload)
    found += _stray_citations(kind, payload)
    return found


def is_drawable(payload: Any) -> bool:
    """Whether every member has the type it should have and none is unknown, so that a form can show all of it."""
    if not isinstance(payload, dict) or not kinds.known(str(payload.get("kind"))):
        return False
    errors = _validator(payload["kind"]).iter_errors(payload)
    return not any(error.validator in ("type", "additionalProperties", "anyOf") or error.message.startswith("'key'")
                   for error in errors)  # fmt: skip


@lru_cache(maxsize=64)
def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(kinds.get(name).payload_json_schema())


@lru_cache(maxsize=64)
def _surely_shaped(name: str) -> quick_schema.Accepts:
    return quick_schema.compiled(kinds.get(name).payload_json_schema())


def _from_schema(error: ValidationError, kind: Kind) -> Problem:
    path = "".join(f"/{part}" for part in error.absolute_path)
    schema: Any = error.schema
    expected: Any = error.validator_value
    if error.validator == "additionalProperties":
        allowed = list(schema.get("properties", {}))
        strangers = [name for name in cast(Json, error.instance) if name not in allowed]
        return Problem(path, f"unknown member {strangers[0]!r}{_suggest(strangers[0], allowed)}")
    if error.validator == "enum":
        allowed = [str(item) for item in expected]
        near = _suggest(str(error.instance), allowed)
        return Problem(path, f"{error.instance!r} is none of {', '.join(allowed)}{near}")
    if error.validator == "required":
        missing = error.message.split("'")[1]
        return Problem(f"{path}/{missing}", "is missing")
    if error.validator == "pattern" and path == "/key":
        return Problem(path, "a key is lower-case ASCII letters, digits and single hyphens")
    return Problem(path, error.message[:300])


def _suggest(word: str, allowed: list[str]) -> str:
    near = get_close_matches(word, allowed, n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _uncited(kind: Kind, payload: Json) -> list[Problem]:
    if kind.reference_data:
        return []
    cited = {citation["path"] for citation in payload.get("citations", [])}
    return [
        Problem(leaf, "no citation covers this fact")
        for leaf in kind.leaves(payload)
        if cited.isdisjoint(covering_paths(leaf))
    ]


def _stray_citations(kind: Kind, payload: Json) -> list[Problem]:
    return [
        Problem(f"/citations/{index}/path", f"the payload has nothing at {citation['path']}")
        for index, citation in enumerate(payload.get("citations", []))
        if citation["path"] and value_at(payload, citation["path"]) is None
    ]
