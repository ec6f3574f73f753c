"""How tests ask the service: every answer is held against the OpenAPI document that the service itself gives."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.test import Client
from openapi_schema_validator import OAS30Validator

from tracker.values import canonical

PROBLEM = "application/problem+json"


@lru_cache(maxsize=1)
def definition() -> Any:
    return canonical.loads(Client().get("/ogc/api").content)


def ask(path: str, code: int = 200, **parameters: Any) -> Any:
    """The answer of ``/ogc/{path}``, or of an address that a link gave."""
    split = urlsplit(path)
    where = split.path.removeprefix("/ogc/")
    query = "&".join(filter(None, (split.query, urlencode(parameters, doseq=True))))
    answer = Client().get(f"/ogc/{where}" + (f"?{query}" if query else ""))
    assert answer.status_code == code, answer.content[:500]
    body = canonical.loads(answer.content)
    conforms(where, code, answer["Content-Type"], body)
    return body


def conforms(where: str, code: int, media: str, body: Any) -> None:
    answers = definition()["paths"][_template(f"/{where}")]["get"]["responses"]
    schema = answers[str(code)]["content"][media]["schema"]
    whole = {**schema, "components": definition()["components"]}
    errors = [error.message[:300] for error in OAS30Validator(whole).iter_errors(_plain(body))]
    assert errors == [], f"{where}: {errors[:3]}"


def _plain(body: Any) -> Any:
    """Numbers as JSON has them: the validator takes an exact decimal for no number."""
    if isinstance(body, dict):
        return {name: _plain(value) for name, value in body.items()}
    if isinstance(body, list):
        return [_plain(value) for value in body]
    return float(body) if type(body).__name__ == "Decimal" else body


def _template(path: str) -> str:
    paths: dict[str, Any] = definition()["paths"]
    if path in paths:
        return path
    return f"{path.rpartition('/')[0]}/{{featureId}}"


def every(path: str, **parameters: Any) -> list[Any]:
    """All features of a query, page after page."""
    found: list[Any] = []
    body = ask(path, **parameters)
    while True:
        found += body["features"]
        following = [link["href"] for link in body["links"] if link["rel"] == "next"]
        if not following:
            return found
        body = ask(following[0])


def refused(path: str, **parameters: Any) -> dict[str, str]:
    """The errors of a 400 as {name: message}."""
    return {error["name"]: error["message"] for error in ask(path, 400, **parameters)["errors"]}
