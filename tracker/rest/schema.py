"""How a view tells the OpenAPI document what it takes and gives: ``contract(action)``, in plain JSON Schema."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

Json = dict[str, Any]
PROBLEM: Json = {"$ref": "#/components/schemas/Problem"}


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
        return []

    def _is_list_view(self, serializer: Any = None) -> bool:
        return False  # the contract's schema is the whole answer

    def get_request_serializer(self) -> Any:
        return None

    def get_filter_backends(self) -> list[Any]:
        return []

    def get_override_parameters(self) -> list[Any]:
        return [
            OpenApiParameter(
                name=parameter.name, description=parameter.description, required=parameter.required,
                type={"type": "array", "items": parameter.schema} if parameter.many else parameter.schema,
                explode=True if parameter.many else None, style="form" if parameter.many else None,
            )
            for parameter in self.contract.parameters
        ]  # fmt: skip

    def get_response_serializers(self) -> Any:
        answers: dict[Any, Any] = {
            (200, self.contract.media): OpenApiResponse(response=self.contract.response, description="OK")
        }
        for code in self.contract.problems:
            answers[(code, "application/problem+json")] = OpenApiResponse(response=PROBLEM, description="Problem")
        return answers

    def map_renderers(self, attribute: str) -> list[str]:
        return ["application/json"]
