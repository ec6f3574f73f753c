"""Bodies that are not what they should be: each the right problem, none a failure of ours."""

from __future__ import annotations

from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest

from tracker.rest.bodies import JSONBodyParser, TooLarge, validated
from tracker.values.errors import Invalid

SCHEMA = {"type": "object", "additionalProperties": False, "required": ["name"], "properties": {
    "name": {"type": "string"}, "list": {"type": "array", "items": {"type": "integer"}}}}  # fmt: skip


def parse(raw: bytes, most: int = 10_000) -> Any:
    return JSONBodyParser().parse(BytesIO(raw), parser_context={"view": SimpleNamespace(most_bytes=most)})


def test_numbers_are_read_exactly() -> None:
    assert str(parse(b'{"a": 0.1000000000000000055}')["a"]) == "0.1000000000000000055"


@pytest.mark.parametrize("raw", [
    b"", b"{", b"nonsense", b'{"a": 1,}', b"\xff\xfe", b'{"a": "\xff"}', b'{"a": NaN}', b'{"a": Infinity}',
    b'{"a": "\\u0000"}', b'{"\\u0000": 1}', b'{"a": "\\ud800"}', b'{"a": 1e999999999}', b'{"a": 1e-999999999}',
    b'{"a": 1' + b"0" * 5000 + b"}", b'{"a": 1' + b"0" * 100 + b"}", b"[" * 5000, b'{"a":' * 5000,
    b"[" * 40 + b"]" * 40,
])  # fmt: skip
def test_what_is_no_json_of_ours_is_refused(raw: bytes) -> None:
    with pytest.raises(Invalid) as error:
        parse(raw, 100_000)
    assert [name for name, _ in error.value.errors] == ["body"]


def test_no_more_is_read_than_is_allowed() -> None:
    assert parse(b'"' + b"x" * 98 + b'"', 100)
    with pytest.raises(TooLarge):
        parse(b'"' + b"x" * 99 + b'"', 100)


def test_a_member_that_is_unknown_missing_or_wrong_is_named() -> None:
    with pytest.raises(Invalid) as error:
        validated({"nmae": "x", "list": [1, "two"]}, SCHEMA)
    found = dict(error.value.errors)
    assert "did you mean name" in found["nmae"]
    assert found["name"] == "is missing"
    assert "two" in found["list/1"]


@pytest.mark.parametrize("body", [None, 5, "text", []])
def test_a_body_of_another_type_is_refused(body: Any) -> None:
    with pytest.raises(Invalid):
        validated(body, SCHEMA)
