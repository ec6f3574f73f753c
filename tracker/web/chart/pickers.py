"""The fields in which a reader names places, industries, programmes, organisations and entries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Count
from django.utils.translation import gettext as _

from tracker.entries.models import Entry, Reference
from tracker.web import overview
from tracker.web.language import Spoken, spoken

from .asked import PICKED, Asked, eventful

OFFERED = 60
"""How many names a field offers before anything is typed; script asks the search for others."""
_SECONDS = 300
Names = list[tuple[str, str]]
"""(Chinese, English)"""


@dataclass(frozen=True)
class Picker:
    name: str
    words: str
    hint: str
    kinds: Sequence[str]
    chosen: list[tuple[str, Spoken]]
    names: list[str]


def pickers(asked: Asked) -> list[Picker]:
    words = {"place": (_("地区"), _("南京、长三角…")), "organisation": (_("机构"), _("百度、清华大学…")),
             "industry": (_("产业"), _("智能机器人…")), "programme": (_("认定计划"), _("开放创新平台…")),
             "entry": (_("条目"), _("名称或 kind/key"))}  # fmt: skip
    offered = _offered()
    return [
        Picker(name, title, hint, PICKED.get(name) or eventful(),
               [(key, spoken(row.name, row.name_en)) for key, row in asked.picked[name].items()],
               [spoken(zh, en).text for zh, en in offered.get(name, [])])
        for name, (title, hint) in words.items()
    ]  # fmt: skip


def _offered() -> dict[str, Names]:
    """The names each field begins with: the cities with most entries, all industries and programmes, the
    organisations most referred to; kept for five minutes."""
    found: dict[str, Names] | None = cache.get("web.chart.names")
    if found is None:
        found = {"place": [(name, name_en) for _key, name, name_en in overview.switcher()],
                 "organisation": _organisations(), **_all_of("industry", "programme")}  # fmt: skip
        cache.set("web.chart.names", found, _SECONDS)
    return found


def _organisations() -> Names:
    referred = Reference.objects.filter(target_kind="organisation", target__state="live")
    counted = referred.values_list("target__name", "target__name_en").annotate(number=Count("pk"))
    return [(name, name_en) for name, name_en, _number in counted.order_by("-number", "target__name")[:OFFERED]]


def _all_of(*kinds: str) -> dict[str, Names]:
    found: dict[str, Names] = {}
    rows = Entry.objects.live().filter(kind__in=kinds).order_by("kind", "key")
    for kind, name, name_en in rows.values_list("kind", "name", "name_en"):
        found.setdefault(kind, []).append((name, name_en))
    return found
