"""The page: facets at left, what is in force above, and the parks as a list, as cards or on a map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from parks.score_gathering import MOST_SCORED
from policies.models import AreaMeasure
from tracker.delivery.distance import circles
from tracker.entries import kinds
from tracker.entries.models import Entry
from tracker.values.circles import Circle
from tracker.values.units import UNIT_LABELS
from tracker.web import dossier, paging, parameters
from tracker.web.language import english, label, many, spoken
from tracker.web.views.kept import kept_page
from tracker.web.views.page import public_page

from . import among
from . import asked as asking
from .active import Active, active, answer_words
from .asked import FIND, SORTS, UNITS, VIEWS, Asked
from .facets import Facet, Fact, facets, facts
from .lines import Line, lines
from .map import map_context
from .picked import picked

PLATFORMS = 150
"""Platforms that are offered as centres at once."""


class Option(NamedTuple):
    """One of a few ways to show or to ask."""

    value: str
    words: str
    chosen: bool
    href: str = ""


class Question(NamedTuple):
    """A question that is answered in one step."""

    words: str
    query: str
    needs: tuple[str, str]
    """Kind and key of what it asks about; it is offered where that is kept."""


QUESTIONS = (
    Question(gettext_noop("城东智造大走廊里，可开发工业用地超过 10 km² 的平台"),
             "parent=hangzhou-chengdong-manufacturing-corridor&measure=industrial_developable&min_area=10"
             "&area_unit=km2", ("park", "hangzhou-chengdong-manufacturing-corridor")),
    Question(gettext_noop("深圳在布局中有两个及以上角色的园区"), "place=440300&layout_roles_min=2",
             ("place", "440300")),
    Question(gettext_noop("杭州 2018 年以前投用的园区"), "place=330100&date_to=2017", ("place", "330100")),
    Question(gettext_noop("面积无人知道的园区"), "lacks=area", ("place", "100000")),
)  # fmt: skip


@dataclass
class Listing:
    """What the page shows."""

    asked: Asked
    count: int
    lines: list[Line]
    facets: list[Facet]
    facts: list[Fact]
    active: list[Active]
    next: str | None
    previous: str | None
    centred: bool
    """Whether distances are told."""
    nowhere: int
    """On the map: of how many parks nobody knows where they are."""


@public_page
@kept_page
def explore(request: HttpRequest) -> HttpResponse:
    """Parks, narrowed and shown as the address says."""
    asked = asking.read(request.GET)
    today = dossier.today()
    page = paging.page(asked.ordered(), asked.order, asked.query, request.path) if asked.view != "map" else None
    centres = _centres(asked)
    listing = Listing(
        asked=asked, count=len(asked.pks()),
        lines=lines(page.rows, asked=asked, centres=centres,
                    km=asked.values["radius_km"] or 10, today=today) if page else [],
        facets=facets(asked, today), facts=facts(asked), active=active(asked),
        next=page.next if page else None, previous=page.previous if page else None,
        centred=bool(centres), nowhere=asked.select().filter(lat__isnull=True).count() if asked.view == "map" else 0,
    )  # fmt: skip
    context = {
        "picked": picked(asked, {line.row.key for line in listing.lines}), "clear": _clear(asked),
        "score_all": among.score_address(asked) if 0 < listing.count <= MOST_SCORED else "",
        "title": many(kinds.get("park")), "listing": listing, "asked": asked, "views": _views(asked),
        "sorts": _sorts(asked), "units": _units(asked), "measures": _measures(asked), **_platforms(asked),
        "area_answers": _answers(asked, "area", ("yes", "no", "unknown"), ("yes",)),
        "distance_answers": _answers(asked, "distance", ("yes", "maybe", "no", "unknown"), ("yes", "maybe")),
        "files": [(suffix, asking.export(asked, suffix)) for suffix in ("csv", "xlsx", "geojson")],
        "questions": [] if listing.active else _questions(), "kept": _kept(asked), "map": map_context(asked),
    }  # fmt: skip
    return render(request, "web/explore.html", context)


def _clear(asked: Asked) -> str:
    """The page without filters: how it is shown and what is ticked stay."""
    kept = QueryDict(mutable=True)
    for name in ("view", "keys"):
        kept.setlist(name, asked.query.getlist(name))
    return f"?{kept.urlencode()}"


def _centres(asked: Asked) -> list[Circle]:
    """The centres that distances are told from."""
    platforms = asked.chosen("near_platform")
    found = circles(Entry.objects.live().of_kind("platform").filter(key__in=platforms)) if platforms else {}
    return [*found.values(), *([Circle(*asked.values["near"])] if asked.values["near"] else [])]


def _views(asked: Asked) -> list[Option]:
    words = {"list": _("列表"), "cards": _("卡片"), "map": _("地图")}
    return [Option(view, words[view], view == asked.view, parameters.changed(asked.query, view=view))
            for view in VIEWS]  # fmt: skip


def _sorts(asked: Asked) -> list[Option]:
    words = {"date": _("投用日期"), "name": _("名称"), "area": _("面积"), "changed": _("最近变更")}
    return [Option(sort, words[sort], sort == asked.sort, parameters.changed(asked.query, sort=sort))
            for sort in SORTS]  # fmt: skip


def _units(asked: Asked) -> list[Option]:
    """The units areas are shown in: the one printed, or the reader's."""
    words = {"": _("原文单位")} | {unit: UNIT_LABELS[unit][english()] for unit in UNITS}
    return [Option(unit, words[unit], unit == asked.unit, parameters.changed(asked.query, area_unit=unit))
            for unit in ("", *UNITS)]  # fmt: skip


def _measures(asked: Asked) -> list[Option]:
    return [Option(measure.value, label(measure), measure.value in asked.chosen("measure")) for measure in AreaMeasure]


def _answers(asked: Asked, name: str, answers: tuple[str, ...], default: tuple[str, ...]) -> list[Option]:
    words, chosen = answer_words(), asked.chosen(name) or default
    return [Option(answer, words[answer], answer in chosen) for answer in answers]


def _platforms(asked: Asked) -> dict[str, Any]:
    """The platforms one may look around: those of the places chosen, the chosen ones always."""
    chosen = asked.chosen("near_platform")
    rows = Entry.objects.live().of_kind("platform").filter(lat__isnull=False)
    if places := asked.chosen("place"):
        rows = rows.within(places) | rows.filter(key__in=chosen)
    named = list(rows.order_by("name_folded", "key").values_list("key", "name", "name_en").distinct())
    offered = [one for place, one in enumerate(named) if place < PLATFORMS or one[0] in chosen]
    return {"platforms": [Option(key, spoken(name, name_en).text, key in chosen) for key, name, name_en in offered],
            "platforms_more": len(named) - len(offered)}  # fmt: skip


def _questions() -> list[tuple[str, str]]:
    keys = {question.needs for question in QUESTIONS}
    rows = Entry.objects.live().filter(kind__in={kind for kind, _key in keys}, key__in={key for _kind, key in keys})
    there = set(rows.values_list("kind", "key"))
    return [(_(question.words), f"?{question.query}") for question in QUESTIONS if question.needs in there]


def _kept(asked: Asked) -> dict[str, list[tuple[str, str]]]:
    """For each form, the parameters of the address that it sends along: all but its own."""
    own = {
        "words": ("q", "positioning", "from", "to", "date_from", "date_to", "unknown"),
        "area": ("min_area", "max_area", "area_unit", "measure", "area"),
        "near": ("near_platform", "near", "radius_km", "distance"), "find": (),
    }  # fmt: skip
    return {form: [(name, value) for name, values in asked.query.lists() for value in values
                   if name not in (*names, "cursor") and not (form == "find" and name.startswith(FIND))]
            for form, names in own.items()}  # fmt: skip
