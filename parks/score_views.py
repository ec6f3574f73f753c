"""``/parks/score/``: criteria and weights in a form, parks in the order of their fit; every state is an address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString

from parks import chosen, criteria, moment, score_form
from parks.comparison_views import private_for_teams
from parks.models import Team
from parks.score import score
from parks.score_form import Choices
from parks.score_gathering import MOST_SCORED
from parks.score_readings import Own
from parks.teams import own
from tracker.entries.fields import Json
from tracker.values.errors import Invalid
from tracker.web import parameters, phrases
from tracker.web.language import Spoken, name_of, pick
from tracker.web.notes import Notes, SourceNotes
from tracker.web.views.page import public_page

SHOWN = 10
"""Parks explained criterion by criterion; of the others the total is shown."""
BAR = 240
"""Width of the bar of a range."""


@dataclass(frozen=True)
class Line:
    """One criterion of one park."""

    said: str
    marks: SafeString
    verdict: str
    own: bool


@dataclass(frozen=True)
class Result:
    rank: int | None
    key: str
    name: Spoken
    href: str
    low: int
    middle: int
    high: int
    """In points of a hundred."""
    bar: tuple[float, float, float]
    """x and width of the range, x of its middle."""
    open: int
    lines: list[Line]


@dataclass
class Shown:
    """A score as the page shows it."""

    results: list[Result] = field(default_factory=list)
    others: list[Result] = field(default_factory=list)
    eliminated: list[Result] = field(default_factory=list)
    swings: list[str] = field(default_factory=list)
    not_yet: list[SafeString] = field(default_factory=list)
    sources: list[SourceNotes] = field(default_factory=list)
    criteria: list[str] = field(default_factory=list)


@public_page
def score_page(request: HttpRequest) -> HttpResponse:
    """The form, and what it finds; a row that cannot be meant is named and kept as typed."""
    query = request.GET
    team = own.team_of(request)
    choices = Choices.read()
    rows = score_form.texts(query)
    if query.get("add"):
        added = parameters.one_of(query, "add", (c.value for _group, group in choices.added() for c in group))
        return redirect(request.path + score_form.query_of(query, [*rows, choices.first(added)]))
    when = moment.of(query)
    selection = selected(query)
    shown, trouble = None, ""
    if rows:
        try:
            asked = criteria.parsed([score_form.asked(row) for row in rows])
            shown = as_shown(score(selection, asked, when, _own(team, selection)), Notes([]))
        except Invalid as error:
            trouble = error.message
    context: dict[str, Any] = {
        "rows": list(score_form.rows(query, rows, choices)), "added": choices.added(), "shown": shown,
        "trouble": trouble, "moment": when, "as_of": when.as_of, "cities": choices.terms["place"],
        "selection": selection, "pinned": chosen.pinned(query, when), "most": MOST_SCORED,
        "team": team, "list": own.list_of(request, team), "here": score_form.query_of(query, rows),
        "keys": ",".join(selection.get("key", ())), "place": next(iter(selection.get("place", ())), ""),
    }  # fmt: skip
    return private_for_teams(request, render(request, "parks/score.html", context, status=400 if trouble else 200))


def _own(team: Team | None, selection: dict[str, Sequence[str]]) -> dict[str, list[Own]]:
    """The numbers of the team that the address names, on the parks named."""
    return own.scored(own.values(team, selection.get("key", ()))) if team else {}


def selected(query: Any) -> dict[str, Sequence[str]]:
    """Which parks: those named, else those of a place, else all."""
    keys = chosen.keys(query, chosen.MOST_IN_ADDRESS)
    if keys:
        return {"key": keys}
    place = query.get("place", "")
    return {"place": [place]} if place else {}


def as_shown(answer: Json, notes: Notes) -> Shown:
    """An answer of the score in the page's language."""
    shown = Shown(criteria=[pick(**one["title"]) for one in answer["criteria"]])
    staying = [one for one in answer["results"] if one["rank"] is not None]
    shown.results = [_result(one, notes) for one in staying[:SHOWN]]
    shown.others = [_result(one, None) for one in staying[SHOWN:]]
    shown.eliminated = [_result(_why(one), notes) for one in answer["results"] if one["rank"] is None]
    shown.swings = list(dict.fromkeys(pick(**one["said"]) for one in answer["swings"]))
    shown.not_yet = [phrases.linked(park) for park in answer["not_yet"]]
    shown.sources = notes.by_source()
    return shown


def _why(one: Json) -> Json:
    """Of what was eliminated only the criteria that did so."""
    return one | {"criteria": [each for each in one["criteria"] if each["verdict"] == "fails"]}


def _result(one: Json, notes: Notes | None) -> Result:
    low, middle, high = (float(one[name]) for name in ("low", "middle", "high"))
    lines = [_line(each, notes) for each in one["criteria"]] if notes is not None else []
    park = one["park"]
    return Result(
        one["rank"], park["key"], name_of(park), phrases.address("park", park["key"]), *_hundredths(low, middle, high),
        (round(low * BAR, 1), max(2.0, round((high - low) * BAR, 1)), round(middle * BAR, 1)), len(one["open"]), lines,
    )  # fmt: skip


def _hundredths(*shares: float) -> tuple[int, int, int]:
    low, middle, high = (round(share * 100) for share in shares)
    return low, middle, high


def _line(each: Json, notes: Notes) -> Line:
    verdict = each["verdict"] or ""
    return Line(pick(**each["said"]), notes.marks_of(each["citations"]), verdict, each["own"])
