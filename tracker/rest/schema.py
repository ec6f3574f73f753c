"""How a view tells the OpenAPI document what it takes and gives: ``contract(action)``, in plain JSON Schema."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

Json = dict[str, Any]
PROBLEM: Json = {"$ref": "#/components/schemas/Problem"}
AT_THE_DOOR = (401, 403, 429)
"""Problems that any request may meet before its view is asked: its token, the scope of that, the quota."""


@dataclass(frozen=True)
class Parameter:
    """One query parameter; ``many`` may be repeated."""

    name: str
    description: str
    schema: Json = field(default_factory=lambda: {"type": "string"})
    many: bool = False
    required: bool = False


@dataclass(frozen=True)
class Contract:
    """What one operation takes and gives."""

    operation: str
    summary: str
    response: Json
    parameters: tuple[Parameter, ...] = ()
    tag: str = ""
    problems: tuple[int, ...] = (400, 404)
    media: str = "application/json"
    request: Json | None = None
    """The schema of the body, where one is sent."""
    status: int = 200
    """Of the answer when all is well."""
    also: tuple[tuple[int, Json], ...] = ()
    """Other good answers: status and schema."""
    headers: tuple[Parameter, ...] = ()
    """Headers that the request may carry."""
    scope: str = ""
    """What the token must be made for; empty: none is needed."""
    alternatives: tuple[tuple[str, Json], ...] = ()
    """Media types, with their schemas, that Accept may ask for instead."""
    others: tuple[tuple[int, str], ...] = ()
    """Answers without a schema of their own: code and description."""


_CONDITIONAL = [
    OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER, description="the ETag of an answer you have"),
    OpenApiParameter("ETag", str, OpenApiParameter.HEADER, response=[200, 304], description="names this answer"),
]
_HEADERS = [
    OpenApiParameter("RateLimit-Policy", str, OpenApiParameter.HEADER, response=True, description="the quota"),
    OpenApiParameter("RateLimit", str, OpenApiParameter.HEADER, response=True, description="what is left of it"),
    OpenApiParameter("Retry-After", int, OpenApiParameter.HEADER, response=[429], description="seconds to wait"),
]


class ContractSchema(AutoSchema):
    """Reads the contract of the view instead of guessing from serializers."""

    @property
    def contract(self) -> Contract:
        view: Any = self.view
        found: Contract = view.contract(view.action)
        return found

    def get_operation_id(self) -> str:
        return self.contract.operation

    def get_summary(self) -> str:
        return self.contract.summary

    def get_description(self) -> str:  # type: ignore[override]
        return ""

    def get_tags(self) -> list[str]:
        return [self.contract.tag]

    def get_auth(self) -> list[Json]:
        """Nothing where no token is needed: then the document's own ``security`` holds, which lets everybody in."""
        return [{"token": [self.contract.scope]}] if self.contract.scope else []

    @property
    def is_public_reading(self) -> bool:
        """Whether everybody may read it, and so ask whether it has changed."""
        return self.method == "GET" and not self.contract.scope

    def _is_list_view(self, serializer: Any = None) -> bool:
        return False  # the contract's schema is the whole answer

    def get_request_serializer(self) -> Any:
        return {"application/json": self.contract.request} if self.contract.request else None

    def get_filter_backends(self) -> list[Any]:
        return []

    def get_override_parameters(self) -> list[Any]:
        own = [OpenApiParameter(header.name, str, OpenApiParameter.HEADER, description=header.description)
               for header in self.contract.headers]  # fmt: skip
        return own + _HEADERS + (_CONDITIONAL if self.is_public_reading else []) + [
            OpenApiParameter(
                name=parameter.name, description=parameter.description, required=parameter.required,
                type={"type": "array", "items": parameter.schema} if parameter.many else parameter.schema,
                explode=True if parameter.many else None, style="form" if parameter.many else None,
            )
            for parameter in self.contract.parameters
        ]  # fmt: skip

    def get_response_serializers(self) -> Any:
        code = self.contract.status
        answers: dict[Any, Any] = {code: OpenApiResponse(description="Done")} if code == 204 else {
            (code, self.contract.media): OpenApiResponse(response=self.contract.response, description="OK")
        }  # fmt: skip
        for code, schema in self.contract.also:
            answers[(code, self.contract.media)] = OpenApiResponse(response=schema, description="OK")
        for media, schema in self.contract.alternatives:
            answers[(200, media)] = OpenApiResponse(response=schema, description="OK")
        for code, described in self.contract.others:
            answers[code] = OpenApiResponse(description=described)
        answers[414] = OpenApiResponse(
            description="The address is longer than the web server takes (about 4,000 bytes)"
        )
        if self.is_public_reading:
            answers[304] = OpenApiResponse(description="Not changed since the answer with the ETag given")
        for code in sorted({*self.contract.problems, *AT_THE_DOOR}):
            answers[(code, "application/problem+json")] = OpenApiResponse(response=PROBLEM, description="Problem")
        return answers

    def map_renderers(self, attribute: str) -> list[str]:
        return ["application/json"]
