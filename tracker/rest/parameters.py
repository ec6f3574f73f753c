"""Strict query parameters: what is unknown or wrong is refused by name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from django.http import QueryDict
from django_filters import FilterSet

from tracker.values.errors import Invalid

from .problems import bad_parameter, unknown_parameter

AnyFilterSet = TypeVar("AnyFilterSet", bound=FilterSet)


def refuse_unknown(parameters: QueryDict, allowed: Iterable[str]) -> None:
    """:raises Invalid: a parameter that is none of the allowed, with a suggestion."""
    allowed = list(allowed)
    for name in parameters:
        if name not in allowed:
            raise unknown_parameter(name, allowed)


def refuse_nul(parameters: QueryDict) -> None:
    """Refuse the NUL character, which no text of ours holds and PostgreSQL does not take.

    :raises Invalid: naming the parameter.
    """
    for name, values in parameters.lists():
        if any("\x00" in text for text in (name, *values)):
            raise bad_parameter(name.replace("\x00", ""), "holds a NUL character")


def refuse_blank(parameters: QueryDict, names: Iterable[str]) -> None:
    """Refuse a number, yes or no, or code that is given without a value.

    :raises Invalid: naming the parameter.
    """
    for name in names:
        if "" in parameters.getlist(name):
            raise bad_parameter(name, "has no value; leave it out")


def refuse_repeated(parameters: QueryDict, names: Iterable[str]) -> None:
    """Refuse two values where there can be one.

    :raises Invalid: naming the parameter.
    """
    for name in names:
        if len(parameters.getlist(name)) > 1:
            raise bad_parameter(name, "is given more than once")


def cleaned(filterset: AnyFilterSet) -> AnyFilterSet:
    """The filter set, its values checked.

    :raises Invalid: naming each wrong parameter.
    """
    if not filterset.form.is_valid():
        errors = [(name, message) for name, messages in filterset.form.errors.items() for message in messages]
        raise Invalid("; ".join(f"{name}: {message}" for name, message in errors), errors)
    return filterset
