"""A list of Explore handed over to another page: by the filters that make it, in one parameter of the address."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from . import asked as asking
from .active import Active, active
from .asked import Asked


@dataclass(frozen=True)
class Among:
    """The parks of a list: which, by which filters, and where the list stands."""

    keys: list[str]
    active: list[Active]
    href: str


def told(asked: Asked) -> str:
    """The filters of a list as a text, without how it is shown."""
    filters = asked.filters.copy()
    filters.pop("ordering", None)
    return filters.urlencode()


def read(text: str, most: int) -> Among:
    """The list that a text tells of, as it is today: at most one key more than ``most``.

    :raises Invalid: a filter that cannot be meant.
    """
    asked = asking.read(QueryDict(text))
    keys = asked.select().order_by("key").values_list("key", flat=True)[: most + 1]
    return Among(list(keys), active(asked), f"{reverse('list', args=['parks'])}?{text}")


def score_address(asked: Asked) -> str:
    """The score of all parks of a list."""
    text = told(asked)
    return f"{reverse('score')}?{urlencode({'among': text})}" if text else reverse("score")
