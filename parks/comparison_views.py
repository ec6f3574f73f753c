"""``/parks/compare/``: two to five parks side by side; every state is an address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from parks import chosen, comparison, comparison_sheet, moment, rivals
from parks.comparison import Table
from parks.kinds import PARK
from parks.moment import Moment
from parks.moments_api import MOST_COMPARED
from parks.rivals import Part
from parks.teams import own
from tracker.delivery.as_of import Told
from tracker.delivery.moments import documents_at
from tracker.rest.problems import Gone
from tracker.values.errors import Invalid
from tracker.web import parameters, phrases, rows
from tracker.web.language import Spoken, spoken
from tracker.web.numbers import AREA_UNITS
from tracker.web.views.kept import kept_page
from tracker.web.views.page import public_page

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Head:
    """The head of one park's column."""

    key: str
    name: Spoken
    href: str
    places: SafeString
    status: str
    status_code: str
    moves: chosen.Moves


@dataclass(frozen=True)
class Asked:
    """What the address asks for, read and checked."""

    keys: list[str]
    unit: str
    show: str
    anyway: bool
    moment: Moment


@public_page
@kept_page
def compare(request: HttpRequest) -> HttpResponse:
    """The table; before two parks are chosen, or while one lies within another, what to do first."""
    asked = _asked(request)
    told = _told(asked)
    parts = rivals.parts_among([park.then for park in told], asked.moment.asked) if len(told) > 1 else []
    ready = len(told) > 1 and (asked.anyway or not parts)
    if ready and request.GET.get("format") == "xlsx":
        return _file(request, asked, told)
    context: dict[str, Any] = {
        "team": own.team_of(request), "heads": _heads(request, asked, told), "asked": asked, "most": MOST_COMPARED,
        "offers": chosen.search(request.GET, asked.keys), "sought": parameters.words(request.GET),
        "parts": _warnings(request, parts, told), "units": _units(asked.unit), "as_of": asked.moment.as_of,
        "table": _table(request, asked, told) if ready else None, "full": len(told) >= MOST_COMPARED,
        "pinned": chosen.pinned(request.GET, asked.moment),
    }  # fmt: skip
    return private_for_teams(request, render(request, "parks/compare.html", context))


def _asked(request: HttpRequest) -> Asked:
    query = request.GET
    return Asked(
        keys=chosen.keys(query, MOST_COMPARED), unit=parameters.one_of(query, "unit", AREA_UNITS),
        show=parameters.one_of(query, "show", ("differences",)),
        anyway=bool(parameters.one_of(query, "anyway", ("1",))), moment=moment.of(query),
    )  # fmt: skip


def _told(asked: Asked) -> list[Told]:
    """The documents of the parks.

    :raises Invalid: one is not here, was withdrawn, or was not there yet.
    """
    try:
        return documents_at(PARK, asked.keys, asked.moment.as_of, asked.moment.asked)
    except Gone as error:
        raise Invalid(str(error.detail), [("keys", str(error.detail))]) from error


def _table(request: HttpRequest, asked: Asked, told: Sequence[Told]) -> Table:
    """With the own values of the team that the address names."""
    found = comparison.table(told, asked.unit, only_differing=asked.show == "differences")
    team = own.team_of(request)
    if team is not None:
        found.own = own.rows(own.values(team, asked.keys), asked.keys)
    return found


def _heads(request: HttpRequest, asked: Asked, told: Sequence[Told]) -> list[Head]:
    return [_head(request, asked, park, at) for at, park in enumerate(told)]


def _head(request: HttpRequest, asked: Asked, park: Told, at: int) -> Head:
    document = park.then
    return Head(
        document["key"], spoken(document["name"], document["name_en"] or ""), phrases.address("park", document["key"]),
        rows.places(document), rows.status_label(PARK, document["status"]), document["status"],
        chosen.moves(request.GET, asked.keys, at),
    )  # fmt: skip


def _warnings(request: HttpRequest, parts: Sequence[Part], told: Sequence[Told]) -> list[dict[str, Any]]:
    """Each park that lies within another one, and the addresses that leave one of the two out."""
    names = {park.then["key"]: spoken(park.then["name"], park.then["name_en"] or "") for park in told}
    keys = [park.then["key"] for park in told]
    return [
        {"inner": names[part.inner], "outer": names[part.outer],
         "without_inner": chosen.with_keys(request.GET, [key for key in keys if key != part.inner]),
         "without_outer": chosen.with_keys(request.GET, [key for key in keys if key != part.outer])}
        for part in parts
    ]  # fmt: skip


def _units(asked: str) -> list[tuple[str, str, bool]]:
    words = {"": _("自动"), "km2": "km²", "ha": _("公顷"), "亩": _("亩"), "万m2": _("万m²")}
    return [(unit, words[unit], unit == asked) for unit in ("", *AREA_UNITS)]


def _file(request: HttpRequest, asked: Asked, told: Sequence[Told]) -> HttpResponse:
    address = request.build_absolute_uri(f"{request.path}{chosen.pinned(request.GET, asked.moment)}")
    names = [spoken(park.then["name"], park.then["name_en"] or "").text for park in told]
    body = comparison_sheet.workbook(_table(request, asked, told), names, asked.moment, address)
    file = HttpResponse(body, XLSX, headers={"Content-Disposition": 'attachment; filename="parks-compared.xlsx"'})
    return private_for_teams(request, file)


def private_for_teams(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Nobody keeps an answer with a team's own values."""
    if request.GET.get("team"):
        patch_cache_control(answer, private=True, no_store=True)
    return answer
