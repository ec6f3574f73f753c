"""What a request brings along: JSON of a bounded size, held to the schema that the OpenAPI document shows."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from rest_framework import exceptions, status
from rest_framework.parsers import BaseParser

from tracker.values import canonical
from tracker.values.errors import Invalid

from .problems import suggestion

Json = dict[str, Any]
_LONGEST_MESSAGE = 200


MOST_DEPTH = 30
MOST_DIGITS = 40


class TooLarge(exceptions.APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"


class JSONBodyParser(BaseParser):
    """Reads JSON with exact decimals, and no more of it than the view's ``most_bytes``."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """
        :raises TooLarge: there is more of it.
        :raises Invalid: it is not UTF-8, not JSON, nested beyond reason, or holds what no text of ours may.
        """
        most = parser_context["view"].most_bytes
        raw = stream.read(most + 1)
        if len(raw) > most:
            raise TooLarge(f"最多 {most:,} 字节 at most {most:,} bytes")
        try:
            value = canonical.loads(raw.decode("utf-8"))
            _refuse_unstorable(value)
        except UnicodeError as error:
            raise _not_json("不是 UTF-8 it is not UTF-8") from error
        except RecursionError as error:
            raise _not_json("嵌套过深 it is nested too deep") from error
        except ValueError as error:
            raise _not_json(f"不是 JSON it is not JSON: {error}") from error
        return value


def _not_json(why: str) -> Invalid:
    return Invalid(why, [("body", why)])


def _refuse_unstorable(value: Any, depth: int = 0) -> None:
    """Refuse what JSON can say and we cannot keep.

    Texts with NUL or half a surrogate pair; numbers whose plain notation would fill the memory; endless nesting.
    """
    if depth > MOST_DEPTH:
        raise _not_json("嵌套过深 it is nested too deep")
    if isinstance(value, str):
        if "\x00" in value:
            raise _not_json("含 NUL 字符 it holds a NUL character")
        value.encode()
    elif isinstance(value, dict):
        for name, member in value.items():
            _refuse_unstorable(name, depth)
            _refuse_unstorable(member, depth + 1)
    elif isinstance(value, list):
        for item in value:
            _refuse_unstorable(item, depth + 1)
    elif isinstance(value, int | Decimal) and value and not -MOST_DIGITS < Decimal(value).adjusted() < MOST_DIGITS:
        raise _not_json("数过大或过小 a number is too large or too small")


def validated(body: Any, schema: Json) -> Json:
    """The body, which is as the schema of an object says.

    :raises Invalid: naming each member that is unknown, missing or wrong.
    """
    found_wrong = Draft202012Validator(schema).iter_errors(body)
    errors = list(dict.fromkeys(named for error in found_wrong for named in _named(error)))
    if errors:
        raise Invalid("; ".join(f"{name}: {message}" for name, message in errors), errors)
    found: Json = body
    return found


def _named(error: ValidationError) -> Iterator[tuple[str, str]]:
    """(member, sentence); members of members as ``filters/place/0``."""
    where = "/".join(str(part) for part in error.absolute_path)
    instance: Any = error.instance
    schema: Any = error.schema
    if error.validator == "additionalProperties":
        known = list(schema["properties"])
        for name in sorted(set(instance) - set(known)):
            yield _below(where, name), f"unknown member{suggestion(name, known)}"
    elif error.validator == "required":
        for name in sorted(set(schema["required"]) - set(instance)):
            yield _below(where, name), "is missing"
    else:
        yield where or "body", _short(error.message)


def _short(message: str) -> str:
    """The message quotes what is wrong first, and says what is wrong with it last."""
    return message if len(message) <= _LONGEST_MESSAGE else f"… {message[-_LONGEST_MESSAGE:]}"


def _below(where: str, name: str) -> str:
    return f"{where}/{name}" if where else name
