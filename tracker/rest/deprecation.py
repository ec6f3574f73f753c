"""What goes away, and how that is told: RFC 9745 (``Deprecation``), RFC 8594 (``Sunset``). Pure."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from django.utils.http import http_date

Json = dict[str, Any]
LEAST_DAYS = 365
"""How long a deprecated thing lives at least; docs/partners.md promises it."""


@dataclass(frozen=True)
class Deprecation:
    """One thing that will go: operations, a parameter of them, or a member of a shape that they answer with.

    This declaration is all there is to write: it marks the OpenAPI document, sets the headers of the answers concerned,
    and stands in the changelog as upcoming.
    """

    operations: tuple[str, ...]
    since: date
    sunset: date
    zh: str
    """What to use instead, in Chinese."""
    en: str
    parameter: str = ""
    member: str = ""
    """``Park.stage``: shape and member."""

    def __post_init__(self) -> None:
        if (self.sunset - self.since).days < LEAST_DAYS:
            raise ValueError(f"what is deprecated lives for {LEAST_DAYS} days at least")

    @property
    def what(self) -> str:
        named = f"?{self.parameter}" if self.parameter else self.member
        return f"{', '.join(self.operations)} {named}".strip()

    def concerns(self, operation: str, asked: Container[str]) -> bool:
        """Whether an answer of the operation to a query with these parameters is concerned."""
        return operation in self.operations and (not self.parameter or self.parameter in asked)


def headers(concerned: Iterable[Deprecation], changelog: str) -> Iterator[tuple[str, str]]:
    """The headers of an answer: since when the first of it is deprecated, and when the first of it goes."""
    concerned = list(concerned)
    if concerned:
        yield "Deprecation", f"@{int(_start(min(one.since for one in concerned)).timestamp())}"
        yield "Sunset", http_date(_start(min(one.sunset for one in concerned)).timestamp())
        yield "Link", f'<{changelog}>; rel="deprecation"; type="text/html"'


def mark(document: Json, declared: Iterable[Deprecation]) -> None:
    """Mark in an OpenAPI document, before its parts are shared, what is deprecated.

    :raises LookupError: a declaration names what is not there.
    """
    operations = {operation["operationId"]: operation for path in document["paths"].values()
                  for operation in path.values()}  # fmt: skip
    for one in declared:
        if one.member:
            shape, _, member = one.member.partition(".")
            members = document["components"]["schemas"][shape]["properties"]
            members[member] = {**members[member], "deprecated": True}
            continue
        for name in one.operations:
            found = operations[name]
            if one.parameter:
                [found] = [given for given in found["parameters"] if given["name"] == one.parameter]
            found["deprecated"] = True


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
