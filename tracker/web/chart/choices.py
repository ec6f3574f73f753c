"""What a reader can choose: the views, the filters, those in force, and the feeds of the same events."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tracker.entries import kinds
from tracker.entries.kinds import Kind
from tracker.timeline.types import TYPES
from tracker.timeline.types import name_of as type_name
from tracker.web import order, parameters
from tracker.web.language import label, pick, said, spoken
from tracker.web.lists import Active

from .asked import Asked
from .moving import Choice, address, ends


def views(asked: Asked) -> list[Choice]:
    """How the lanes are divided."""
    query, city = asked.query, asked.lanes == "city" and not asked.side
    return [
        Choice("kind", _("按种类"), parameters.changed(query, lanes=None, side=None), not asked.side and not city),
        Choice("city", _("按城市"), parameters.changed(query, lanes="city", side=None), city),
        Choice("side", _("几地并列"), parameters.changed(query, lanes=None, side="cities"), asked.side),
    ]  # fmt: skip


def beyond(asked: Asked) -> Choice:
    """The switch that shows what is still to come, or hides it again; it leaves an as-of day."""
    if asked.future:
        return Choice("future", _("不含未来事件"), parameters.changed(asked.query, future=None), True)
    return Choice("future", _("含未来事件"), parameters.changed(asked.query, future="include", as_of=None), False)


def eventful_kinds(asked: Asked) -> list[tuple[Kind, bool]]:
    return [(kind, kind.name in asked.kinds) for kind in order.entry_kinds() if kind.events]


def types(asked: Asked) -> list[tuple[str, str, bool]]:
    """(code, words, whether chosen)"""
    return [(code, type_label(code), code in asked.types) for code in TYPES]


def type_label(code: str) -> str:
    return pick(*type_name(code))


def feeds(asked: Asked) -> list[tuple[str, str]]:
    """The same events as a calendar, a feed and a table: (words, address)."""
    formats = {"ics": _("日历"), "atom": "Atom", "csv": "CSV"}
    query = asked.for_the_api
    return [(word, f"/api/v1/timeline.{suffix}{'?' if query else ''}{query}") for suffix, word in formats.items()]


def active(asked: Asked) -> list[Active]:
    """The filters in force, each with the address without it."""
    query = asked.query
    titles = {"place": _("地区"), "industry": _("产业"), "programme": _("认定计划"), "organisation": _("机构"),
              "entry": _("条目")}  # fmt: skip
    found = [Active(titles[name], spoken(row.name, row.name_en).text, parameters.toggled(query, name, key))
             for name, rows in asked.picked.items() for key, row in rows.items()]  # fmt: skip
    for name in asked.kinds:
        found.append(Active(_("种类"), label(kinds.get(name)), parameters.toggled(query, "kind", name)))
    for code in asked.types:
        found.append(Active(_("类型"), type_label(code), parameters.toggled(query, "type", code)))
    if asked.bounded:
        found.append(Active(_("时段"), ends(asked), address(asked, None, None)))
    if asked.as_of:
        found.append(Active(_("截至"), said(asked.as_of.isoformat()), parameters.changed(query, as_of=None)))
    if asked.future:
        found.append(Active(_("未来事件"), _("包括"), parameters.changed(query, future=None)))
    return found
