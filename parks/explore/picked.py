"""The parks that a reader ticked in Explore, kept in the address while filters change: to compare or score."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.urls import reverse

from parks import chosen
from parks.chosen import Chosen
from parks.moments_api import MOST_COMPARED
from tracker.web import parameters

from .asked import Asked


@dataclass(frozen=True)
class Picked:
    parks: list[Chosen]
    keys: frozenset[str]
    compare: str
    """Where they are compared; '' where they are too few or too many."""
    score: str
    shortlist: str
    """Where they are put on a team's shortlist."""
    none: str
    """The page without them."""
    along: list[tuple[str, str]]
    """What the form of ticks sends beside the ticks that stand on this page."""


def picked(asked: Asked, shown: Collection[str]) -> Picked:
    """
    :param shown: keys of the parks on this page.
    :raises Invalid: more than an address may name.
    """
    keys = chosen.keys(asked.query, chosen.MOST_IN_ADDRESS)
    parks = chosen.named(keys, lambda others: _with(asked, others)) if keys else []
    along = [(name, value) for name, values in asked.query.lists() for value in values if name != "keys"]
    along += [("keys", key) for key in keys if key not in shown]
    return Picked(
        parks, frozenset(keys), _page("compare", keys) if 2 <= len(keys) <= MOST_COMPARED else "",
        _page("score", keys), f"{reverse('shortlists')}?park={','.join(keys)}", _with(asked, ()), along,
    )  # fmt: skip


def _with(asked: Asked, keys: Sequence[str]) -> str:
    return parameters.changed(asked.query, keys=",".join(keys))


def _page(name: str, keys: Sequence[str]) -> str:
    return f"{reverse(name)}?keys={','.join(keys)}"
