"""Sections of entry pages that other apps bring: registered in their ``ready()``, drawn by a template.

The pages know no kind by name; an app that knows what belongs on the page of a park says so here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.http import QueryDict

from tracker.entries.models import Entry

Gather = Callable[[Entry, QueryDict, date], Any]
"""(entry, query of the page, today) → what the template shows as ``data``."""


@dataclass(frozen=True)
class Section:
    kinds: tuple[str, ...]
    template: str
    gather: Gather


class Shown(NamedTuple):
    template: str
    data: Any


_sections: list[Section] = []


def register(section: Section) -> None:
    """Add a section to the pages of its kinds; registering it twice changes nothing."""
    if section not in _sections:
        _sections.append(section)


def of(entry: Entry, parameters: QueryDict, today: date) -> list[Shown]:
    """The sections of one entry's page.

    :raises Invalid: a parameter that a section reads is wrong.
    """
    return [Shown(section.template, section.gather(entry, parameters, today))
            for section in _sections if entry.kind in section.kinds]  # fmt: skip
