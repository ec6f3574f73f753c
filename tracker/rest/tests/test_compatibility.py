"""Which differences break clients: docs/partners.md (Stability) says the same in words."""

from __future__ import annotations

import pytest

from tracker.rest.compatibility import differences, facts, read, written

DOCUMENT = {
    "paths": {"/parks/": {
        "get": {"operationId": "list_parks",
                "parameters": [{"$ref": "#/components/parameters/place"},
                               {"in": "query", "name": "stage", "schema": {"$ref": "#/components/schemas/Stage"}}],
                "responses": {"200": {"headers": {"ETag": {}}, "content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/Park"}}}}, "400": {"$ref": "#/components/responses/Bad"}}},
        "post": {"operationId": "add", "requestBody": {"content": {"application/json": {
            "schema": {"$ref": "#/components/schemas/Wish"}}}}, "responses": {}},
    }},
    "components": {
        "parameters": {"place": {"in": "query", "name": "place", "required": True, "schema": {"type": "string"}}},
        "responses": {"Bad": {"content": {"application/problem+json": {"schema": {"type": "object"}}}}},
        "schemas": {
            "Stage": {"type": "string", "enum": ["open", "planned"]},
            "Park": {"type": "object", "required": ["key"], "properties": {
                "key": {"type": "string"}, "areas": {"type": "array", "items": {"type": "object", "properties": {
                    "value": {"type": ["number", "null"]}}}}}},
            "Wish": {"type": "object", "required": ["reason"], "properties": {"reason": {"type": "string"}}},
        },
    },
}  # fmt: skip


def test_every_promise_of_a_document_is_a_fact() -> None:
    assert facts(DOCUMENT) == {
        "GET /parks/": "operation list_parks", "GET /parks/ ?place": "sent required string",
        "GET /parks/ ?stage": "sent Stage", "GET /parks/ 200": "answer of ETag",
        "GET /parks/ 200 application/json": "Park", "GET /parks/ 400": "Bad",
        "POST /parks/": "operation add", "POST /parks/ body": "sent Wish",
        "Bad": "answer", "Bad application/problem+json": "object",
        "Stage": "string of open|planned", "Park": "object", "Park.key": "required string",
        "Park.areas": "array (object)", "Park.areas[].value": "number or null",
        "Wish": "sent object", "Wish.reason": "sent required string",
    }  # fmt: skip


def test_facts_are_read_as_they_were_written() -> None:
    assert read(written(facts(DOCUMENT))) == facts(DOCUMENT)


@pytest.mark.parametrize(("name", "old", "new"), [
    ("GET /parks/", "operation list_parks", ""),
    ("GET /parks/", "operation list_parks", "operation parks"),
    ("GET /parks/ ?place", "sent string", ""),
    ("GET /parks/ ?place", "sent string", "sent required string"),
    ("GET /parks/ ?place", "", "sent required string"),
    ("GET /parks/ ?stage", "sent string", "sent string of open|planned"),
    ("GET /parks/ 200", "answer of ETag|RateLimit", "answer of RateLimit"),
    ("Park.key", "required string", "string"),
    ("Park.key", "required string", ""),
    ("Park.size", "number", "number or null"),
    ("Stage", "string of open|planned", "string of open"),
    ("Wish.reason", "", "sent required string"),
    ("Body", "sent Park or Zone", "sent Park"),
    ("Body", "Park or Zone", "Park or Zone or Layout"),
])  # fmt: skip
def test_what_breaks(name: str, old: str, new: str) -> None:
    assert breaking(name, old, new)


@pytest.mark.parametrize(("name", "old", "new"), [
    ("GET /zones/", "", "operation list_zones"),
    ("GET /parks/ ?colour", "", "sent string"),
    ("GET /parks/ ?place", "sent required string", "sent string"),
    ("GET /parks/ 200", "answer of ETag", "answer of ETag|Sunset"),
    ("Park.colour", "", "required string"),
    ("Park.size", "number", "required number"),
    ("Stage", "string of open", "string of open|planned"),
    ("Body", "sent Park or Zone", "sent Park or Zone or Layout"),
    ("GET /zones/ ?place", "", "sent required string"),
    ("Wish.sources[].title", "", "sent required string"),
    ("Order.reason", "", "sent required string"),
])  # fmt: skip
def test_what_does_not(name: str, old: str, new: str) -> None:
    assert not breaking(name, old, new)


def breaking(name: str, old: str, new: str) -> bool:
    """Where operations and shapes that are there already get, lose or change one fact."""
    there = {"GET /parks/": "operation list_parks", "Park": "object", "Wish": "sent object"}
    before, after = ({**there, name: value} for value in (old, new))
    [difference] = differences(*({fact: value for fact, value in side.items() if value} for side in (before, after)))
    return difference.is_breaking
