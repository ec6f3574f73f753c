"""One keyset page of a list, with the addresses of the pages around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from tracker.rest import keyset

from . import parameters


@dataclass(frozen=True)
class Page:
    rows: list[Any]
    next: str | None
    previous: str | None

    @property
    def links(self) -> dict[str, str | None]:
        """What the pager's template reads."""
        return {"next": self.next, "previous": self.previous}


def page(found: QuerySet[Any], order: Sequence[keyset.Column], query: QueryDict, path: str) -> Page:
    """The page that the query's cursor names.

    :raises Invalid: a broken cursor, or a page size that is no number from 1 to 200.
    """
    size = query.get("page_size", "")
    if size and not (size.isascii() and size.isdigit()):
        raise parameters.wrong("page_size", size, _("请写 1 到 200 的整数。"))
    cut = keyset.paginate(found, order, query, path)
    return Page(cut.rows, keyset.link(path, query, cut.following), keyset.link(path, query, cut.previous))
