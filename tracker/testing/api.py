"""How tests read the API: JSON with exact decimals, every answer checked against the OpenAPI document."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.test import Client
from django.utils import timezone
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from tracker.accounts import roles, tokens
from tracker.accounts.models import Scope, User
from tracker.delivery.openapi import document
from tracker.entries.kinds import RESERVED_KEYS
from tracker.values import canonical


def openapi() -> dict[str, Any]:
    """The OpenAPI document this release serves."""
    return document()


def looked_up(value: dict[str, Any]) -> dict[str, Any]:
    """What stands in the OpenAPI document, or what its reference leads to."""
    if "$ref" not in value:
        return value
    found: dict[str, Any] = openapi()
    for name in value["$ref"].removeprefix("#/").split("/"):
        found = found[name]
    return found


def get(path: str, code: int = 200, *, checked: bool = True, **parameters: Any) -> Any:
    """The answer of ``/api/v1/{path}``; lists of values repeat a parameter."""
    query = urlencode([(name, value) for name, values in parameters.items()
                       for value in (values if isinstance(values, list) else [values])])  # fmt: skip
    response = Client().get(f"/api/v1/{path}" + (f"?{query}" if query else ""))
    assert response.status_code == code, response.content[:500]
    body = canonical.loads(response.content)
    if code == 200:
        if checked:
            conforms(path, body)
    else:
        assert response["Content-Type"] == "application/problem+json"
        has_shape("Problem", body)
    return body


def send(method: str, path: str, code: int, *, token: str = "", body: Any = None,
         **headers: str) -> Any:  # fmt: skip
    """The answer of a request with a token and a JSON body, checked against the contract; None where there is none.

    :param headers: further headers, ``if_match`` for ``If-Match``.
    """
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    shown = {"Authorization": f"Bearer {token}"} if token else {}
    data = "" if body is None else canonical.dumps(body)
    response = Client().generic(method, f"/api/v1/{path}", data, "application/json", headers=shown | named)
    assert response.status_code == code, response.content[:500]
    if code == 204:
        assert response.content == b""
        return None
    answer = canonical.loads(response.content)
    if code < 400:
        conforms(path, answer, method=method.lower(), code=code)
    else:
        assert response["Content-Type"] == "application/problem+json"
        assert str(code) in _responses(path.partition("?")[0], method.lower()), f"{method} {path} may not answer {code}"
        has_shape("Problem", answer)
    return answer


def every(path: str, **parameters: Any) -> list[Any]:
    """All results of a list, page after page; the first page is checked against the contract."""
    found: list[Any] = []
    body = get(path, **parameters)
    while True:
        found += body["results"]
        if not body["next"]:
            return found
        body = get(body["next"].removeprefix("/api/v1/"), checked=False)


def refused(path: str, **parameters: Any) -> dict[str, str]:
    """The errors of a 400 as {name: message}."""
    return {error["name"]: error["message"] for error in get(path, 400, **parameters)["errors"]}


def conforms(path: str, body: Any, *, method: str = "get", code: int = 200) -> None:
    """Check an answer against the schema of its operation; says in one line where it differs."""
    answer = _responses(path.partition("?")[0], method)[str(code)]
    error = best_match(_validator(answer["content"]["application/json"]["schema"]).iter_errors(body))
    assert error is None, f"{path}: {error and error.json_path}: {error and error.message[:300]}"


@lru_cache(maxsize=200)
def _operation(path: str) -> str:
    parts = f"/api/v1/{path}".split("/")
    for template in openapi()["paths"]:
        pieces = template.split("/")
        if len(pieces) == len(parts) and all(_fits(one, other) for one, other in zip(pieces, parts, strict=True)):
            return str(template)
    raise AssertionError(f"the OpenAPI document has no path for {path}")


def _fits(piece: str, part: str) -> bool:
    if not piece.startswith("{"):
        return piece == part
    return part not in RESERVED_KEYS and (("..." in piece) == ("..." in part))


def _responses(path: str, method: str) -> dict[str, Any]:
    """What the contract says may be answered, by status."""
    found: dict[str, Any] = openapi()["paths"][_operation(path)][method]["responses"]
    return found


def has_shape(name: str, value: Any) -> None:
    """Check a value against a schema of the contract by its name."""
    _validator({"$ref": f"#/components/schemas/{name}"}).validate(value)


def api_token(*scopes: Scope) -> str:
    """The text of a token for reading, or of the scopes given; its holder is an API partner made for it."""
    roles.ensure_groups()
    holder = User.objects.create_user(f"partner-{User.objects.count()}")
    roles.give(holder, roles.Role.API_PARTNER)
    return tokens.create(actor=holder, name="test", scopes=scopes or [Scope.READ], now=timezone.now()).text


def _validator(schema: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator({**schema, "components": openapi()["components"]})
