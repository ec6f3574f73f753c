"""The OpenAPI document as partners fetch it: made once a process, since only a release changes it."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.entries.fields import Json
from tracker.rest.parameters import refuse_unknown
from tracker.rest.renderers import JSONText
from tracker.rest.schema import Contract
from tracker.values import canonical

from . import conditional, contract_changes
from .timeline_feeds import AnyType
from .views import PublicViewSet

JSON_TYPES = ("application/json", "application/vnd.oai.openapi+json")
YAML_TYPES = ("application/yaml", "application/vnd.oai.openapi")


@lru_cache(maxsize=1)
def document() -> Json:
    """The document that this release serves; nobody may change it."""
    generator: Any = SchemaGenerator
    made: Json = generator().get_schema(request=None, public=True)
    return made


@lru_cache(maxsize=2)
def text(media: str) -> bytes:
    if media in YAML_TYPES:
        plain = canonical.loads(canonical.dumps_ordered(document()))
        renderer: Any = OpenApiYamlRenderer()
        written: bytes = renderer.render(plain, renderer_context={})
        return written
    return canonical.dumps_ordered(document()).encode()


class SchemaViewSet(PublicViewSet):
    """JSON, or YAML where the client likes that better."""

    schema = None
    content_negotiation_class = AnyType

    def retrieve(self, request: Request) -> HttpResponseBase:
        refuse_unknown(request.query_params, ())
        liked = request.get_preferred_type([*JSON_TYPES, *YAML_TYPES]) or JSON_TYPES[0]
        content = text(liked)
        answer = conditional.answer(request, _tag(content), lambda: HttpResponse(content, content_type=liked))
        patch_vary_headers(answer, ("Accept",))
        return answer


class ChangelogViewSet(PublicViewSet):
    """What has changed in the contract, and what will."""

    def contract(self, action: str) -> Contract:
        answer = {"$ref": "#/components/schemas/ContractChangelog"}
        return Contract("get_changelog", "接口变更 changes of this interface", answer, (), "contract", (400,))

    def retrieve(self, request: Request) -> HttpResponseBase:
        refuse_unknown(request.query_params, ())
        content = canonical.dumps_ordered(contract_changes.told())
        return conditional.answer(request, _tag(content.encode()), lambda: Response(JSONText(content)))


def _tag(content: bytes) -> str:
    return f'"{sha256(content).hexdigest()[:32]}"'
