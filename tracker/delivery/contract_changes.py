"""The history of the contract, and what will change."""

from __future__ import annotations

from datetime import date
from typing import Any

from tracker.entries.fields import Json
from tracker.rest import deprecation
from tracker.rest.deprecation import Deprecation

from .terms import CONTRACT_VERSION

DEPRECATIONS: tuple[Deprecation, ...] = ()
"""What goes away. One line here marks the OpenAPI document, the changelog and the headers of the answers."""

RELEASES: tuple[Json, ...] = (
    {"version": "1.0.0", "date": date(2026, 11, 28).isoformat(), "changes": [
        {"effect": "added", "text": {
            "zh": "第一版：条目、参照数据、时间线、搜索、变更流与摘要、快照、推送、提案、空间要素。",
            "en": "The first version: entries, reference data, timeline, search, the change feed and its digests, "
                  "snapshots, webhooks, proposals, features for maps."}},
        {"effect": "added", "text": {
            "zh": "OpenAPI 文档中的列表、正文与代码都有名称，可直接生成 Python 与 TypeScript 客户端。",
            "en": "Pages, bodies and codes have names in the OpenAPI document, from which Python and TypeScript "
                  "clients are generated."}},
    ]},
)  # fmt: skip
"""Newest first."""

_BOTH: Json = {"type": "object", "properties": {"zh": {"type": "string"}, "en": {"type": "string"}},
               "required": ["zh", "en"]}  # fmt: skip
_DAY: Json = {"type": "string", "format": "date"}
_TEXTS: Json = {"type": "array", "items": {"type": "string"}}
CHANGELOG: dict[str, Json] = {
    "ContractUpcoming": {
        "type": "object",
        "description": "What is deprecated: it works until removed_on, at least a year.",
        "properties": {
            "operations": _TEXTS, "parameter": {"type": ["string", "null"]}, "member": {"type": ["string", "null"]},
            "deprecated_on": _DAY, "removed_on": _DAY, "text": _BOTH,
        },
        "required": ["operations", "parameter", "member", "deprecated_on", "removed_on", "text"],
    },
    "ContractRelease": {
        "type": "object",
        "properties": {
            "version": {"type": "string"}, "date": _DAY,
            "changes": {"type": "array", "items": {
                "type": "object",
                "properties": {"effect": {"enum": ["added", "changed", "fixed", "deprecated", "removed"]},
                               "text": _BOTH},
                "required": ["effect", "text"]}},
        },
        "required": ["version", "date", "changes"],
    },
    "ContractChangelog": {
        "type": "object",
        "properties": {
            "contract_version": {"type": "string"},
            "upcoming": {"type": "array", "items": {"$ref": "#/components/schemas/ContractUpcoming"}},
            "releases": {"type": "array", "items": {"$ref": "#/components/schemas/ContractRelease"}},
        },
        "required": ["contract_version", "upcoming", "releases"],
    },
}  # fmt: skip


def upcoming() -> list[Json]:
    """What is deprecated, the first to go first."""
    return [{"operations": list(one.operations), "parameter": one.parameter or None, "member": one.member or None,
             "deprecated_on": one.since.isoformat(), "removed_on": one.sunset.isoformat(),
             "text": {"zh": one.zh, "en": one.en}}
            for one in sorted(DEPRECATIONS, key=lambda one: one.sunset)]  # fmt: skip


def mark(result: Json, generator: Any, request: Any, public: bool) -> Json:
    """A post-processing hook of drf-spectacular: what is deprecated says so."""
    deprecation.mark(result, DEPRECATIONS)
    return result


def told() -> Json:
    return {"contract_version": CONTRACT_VERSION, "upcoming": upcoming(), "releases": list(RELEASES)}
