"""``/parks/score/``: criteria and weights in a form, parks in the order of their fit; every state is an address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from parks import chosen, criteria, moment, score_form
from parks.chosen import Chosen
from parks.comparison_views import private_for_teams
from parks.explore import among
from parks.explore.among import Among
from parks.models import Team
from parks.moment import Moment
from parks.score import score
from parks.score_form import Choices
from parks.score_gathering import MOST_SCORED, TooMany
from parks.score_readings import Own
from parks.teams import own
from tracker.entries.fields import Json
from tracker.values.errors import Invalid
from tracker.web import parameters, phrases
from tracker.web.language import Spoken, bracketed, listed, name_of, pick
from tracker.web.notes import Notes, SourceNotes
from tracker.web.views.page import public_page

SHOWN = 10
"""Parks explained criterion by criterion; of the others the total is shown."""
MIDDLE = 2
"""Width of the mark of the middle."""
RAIL = 240 - MIDDLE
"""How far the mark moves from 0 to 100 points."""


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
    soft: bool = False
    """Whether a criterion gives points; else parks only stay or go."""
    parts: list[tuple[Spoken, Spoken]] = field(default_factory=list)
    """Parks that lie within another one of the list, with that one."""
    whole: list[str] = field(default_factory=list)
    """The keys of the others."""


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
    selection, handed = selected(query)
    keys = list(selection.get("key", ()))
    shown, trouble, narrower = None, "", []
    if rows:
        try:
            asked = criteria.parsed(score_form.checked(rows))
            shown = as_shown(score(selection, asked, when, _own(team, selection)), Notes([]))
        except TooMany:
            narrower = _narrower(query, choices)
        except Invalid as error:
            trouble = score_form.worded(error, rows, choices).message
    context: dict[str, Any] = {
        "rows": list(score_form.rows(query, rows, choices)), "added": choices.added(), "shown": shown,
        "trouble": trouble, "moment": when, "as_of": when.as_of, "cities": choices.terms["place"],
        "pinned": _pinned(query, keys, when), "team": team, "list": own.list_of(request, team),
        "narrower": narrower, "most": MOST_SCORED,
        "here": score_form.query_of(query, rows), "lists": own.lists_to_score(request, rows),
        "everywhere": chosen.with_keys(query, ()), "asked_anyway": query.get("anyway"),
        "among": handed, "place": next(iter(selection.get("place", ())), ""),
        "keys": "" if handed else ",".join(keys), "heads": [] if handed else _heads(query, keys),
        "offers": chosen.search(query, keys), "sought": parameters.words(query),
        **_apart(query, shown),
    }  # fmt: skip
    return private_for_teams(request, render(request, "parks/score.html", context, status=400 if trouble else 200))


def _narrower(query: QueryDict, choices: Choices) -> list[tuple[str, str]]:
    """The cities to score one of, each with the address that does so."""
    return [(words, parameters.changed(query, place=key, among=None)) for key, words in choices.terms["place"]
            if key != query.get("place")]  # fmt: skip


def _own(team: Team | None, selection: dict[str, Sequence[str]]) -> dict[str, list[Own]]:
    """The numbers of the team that the address names, on the parks named."""
    return own.scored(own.values(team, selection.get("key", ()))) if team else {}


def selected(query: QueryDict) -> tuple[dict[str, Sequence[str]], Among | None]:
    """Which parks: those named, else those of a list of Explore, else those of a place, else all.

    :raises Invalid: more than an address may name, or a list without a park.
    """
    if keys := chosen.keys(query, chosen.MOST_IN_ADDRESS):
        return {"key": keys}, None
    if text := query.get("among", ""):
        found = among.read(text, MOST_SCORED)
        if not found.keys:
            raise parameters.wrong("among", text, _("没有符合这些条件的园区。"))
        return {"key": found.keys}, found
    place = query.get("place", "")
    return ({"place": [place]} if place else {}), None


def _heads(query: QueryDict, keys: Sequence[str]) -> list[Chosen]:
    return chosen.named(keys, lambda others: chosen.with_keys(query, others))


def _pinned(query: QueryDict, keys: Sequence[str], when: Moment) -> str:
    """The address that shows the same for ever, with its parks named; '' where they are too many for one."""
    if len(keys) > chosen.MOST_IN_ADDRESS:
        return ""
    named = query.copy()
    named.pop("among", None)
    named.setlist("keys", [",".join(keys)] if keys else [])
    return chosen.pinned(named, when)


def _apart(query: QueryDict, shown: Shown | None) -> dict[str, Any]:
    """A park and its own part are no rivals: of parks chosen by name the score waits until it is asked for anyway."""
    asked = parameters.one_of(query, "anyway", ("1",))
    if shown is None or not shown.parts or asked:
        return {}
    few = len(shown.whole) <= chosen.MOST_IN_ADDRESS
    return {"parts": shown.parts, "without_parts": chosen.with_keys(query, shown.whole) if few else "",
            "anyway": parameters.changed(query, anyway="1"), "waits": bool(query.get("keys"))}  # fmt: skip


def as_shown(answer: Json, notes: Notes) -> Shown:
    """An answer of the score in the page's language."""
    shown = Shown(criteria=[_criterion(one) for one in answer["criteria"]],
                  soft=any(one["soft"] for one in answer["criteria"]))  # fmt: skip
    staying = [one for one in answer["results"] if one["rank"] is not None]
    shown.results = [_result(one, notes) for one in staying[:SHOWN]]
    shown.others = [_result(one, None) for one in staying[SHOWN:]]
    shown.eliminated = [_result(_why(one), notes) for one in answer["results"] if one["rank"] is None]
    shown.swings = list(dict.fromkeys(pick(**one["said"]) for one in answer["swings"]))
    shown.not_yet = [phrases.linked(park) for park in answer["not_yet"]]
    shown.parts = [(name_of(one["park"]), name_of(one["within"])) for one in answer["parts"]]
    inner = {one["park"]["key"] for one in answer["parts"]}
    shown.whole = [key for key in answer["request"]["parks"]["key"] if key not in inner]
    shown.sources = notes.by_source()
    return shown


def _criterion(one: Json) -> str:
    """A criterion by its title, and how it counts."""
    hard = [_("必须满足")] if one["hard"] else []
    soft = [_("权重 %(share)s%%") % {"share": round(one["share"] * 100)}] if one["soft"] else []
    return f"{pick(**one['title'])}{bracketed(listed([*hard, *soft]))}"


def _why(one: Json) -> Json:
    """Of what was eliminated only the criteria that did so."""
    return one | {"criteria": [each for each in one["criteria"] if each["verdict"] == "fails"]}


def _result(one: Json, notes: Notes | None) -> Result:
    low, middle, high = (float(one[name]) for name in ("low", "middle", "high"))
    lines = [_line(each, notes) for each in one["criteria"]] if notes is not None else []
    park = one["park"]
    return Result(
        one["rank"], park["key"], name_of(park), phrases.address("park", park["key"]), *_hundredths(low, middle, high),
        (round(low * RAIL, 1), round((high - low) * RAIL + MIDDLE, 1), round(middle * RAIL, 1)), len(one["open"]),
        lines,
    )  # fmt: skip


def _hundredths(*shares: float) -> tuple[int, int, int]:
    low, middle, high = (round(share * 100) for share in shares)
    return low, middle, high


def _line(each: Json, notes: Notes) -> Line:
    verdict = each["verdict"] or ""
    return Line(pick(**each["said"]), notes.marks_of(each["citations"]), verdict, each["own"])
