"""“What changed” as the pages of layouts and of places show it: one version of a layout beside another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString

from parks import layout_versions
from parks.layout_differences import Change, differences
from parks.models import Basis
from tracker.delivery.as_of import Held, begun_by
from tracker.entries.fields import Json
from tracker.entries.models import Entry
from tracker.values import canonical
from tracker.web import dossier, glyph, phrases
from tracker.web.language import Spoken, label, listed, name_of, pick, said
from tracker.web.parameters import day, one_of
from tracker.web.sections import Section

ORDER = (Change.ROLE, Change.GONE, Change.APPEARED, Change.PART, Change.POSITIONING, Change.FUNCTION)
"""In which order the table tells them; what is the same is folded away."""


@dataclass(frozen=True)
class Side:
    """One of the two layouts."""

    name: Spoken
    href: str
    pattern: str
    adopted: SafeString
    basis: str
    glyph: glyph.Glyph | None


@dataclass(frozen=True)
class PartShown:
    """One part of a layout, with the address of its row on the layout's page."""

    role: SafeString
    name: str
    href: str
    within: str
    texts: list[str]


@dataclass(frozen=True)
class Line:
    """What became of one place, park or name."""

    about: SafeString
    change: str
    old_roles: SafeString
    new_roles: SafeString
    also: str
    """What differs besides, in words."""
    sides: tuple[list[PartShown], list[PartShown]]
    """The parts that name it, before and after."""


@dataclass(frozen=True)
class Step:
    """One layout set beside another."""

    sides: tuple[Side, Side]
    relation: str
    """previous: the first is what the second replaced; next: the same, seen from the first; versions: both of one
    chain; '': neither of them replaced the other."""
    lines: list[Line]
    same: list[Line]
    located: list[Line]
    counts: list[tuple[str, int]]
    api: str


@dataclass(frozen=True)
class WhatChanged:
    step: Step | None
    coming: Side | None
    """The first version to replace another, where the day asked for lies before it."""
    day: date
    kept: list[tuple[str, str]]
    """The other parameters of the page, which the form sends along."""
    before: list[tuple[str, str, bool]]
    after: list[tuple[str, str, bool]]
    """The layouts to choose from: (key, words, chosen)."""


def what_changed(entry: Entry, parameters: QueryDict, today: date) -> WhatChanged | None:
    """None for a place that has no layout of its own.

    :raises Invalid: as_of is not a day; before or after is none of the subject's layouts.
    """
    chosen_day = day(parameters, "as_of") or today
    document: Json = canonical.loads(entry.document)
    found = layout_versions.about(document) if entry.kind == "place" else layout_versions.around(document)
    if not found:
        return None
    ordered = layout_versions.in_order(found.values())
    steps = [(older, newer) for newer in ordered if (older := layout_versions.predecessor(newer, ordered))]
    told = [step for step in steps if begun_by(step[1], chosen_day) is not Held.NO]
    asked = {name: one_of(parameters, name, found) for name in ("before", "after")}
    pair = _asked(asked, found, steps) if any(asked.values()) else _own(entry, steps, told)
    before, after = pair or (found.get(asked["before"], ordered[-2:][0]), found.get(asked["after"], ordered[-1]))
    waiting = entry.kind == "place" and steps and not told and not pair
    return WhatChanged(
        step=_step(*pair, _relation(*pair, steps, entry)) if pair else None,
        coming=_side(steps[0][1]) if waiting else None, day=chosen_day,
        kept=[(name, value) for name, values in parameters.lists() for value in values if name not in asked],
        before=_choices(ordered, before), after=_choices(ordered, after),
    )  # fmt: skip


Pair = tuple[Json, Json]


def _asked(asked: Mapping[str, str], found: Mapping[str, Json], steps: Sequence[Pair]) -> Pair | None:
    """The two layouts that the address names; where it names one, with its neighbour in the chain."""
    before, after = asked["before"], asked["after"]
    if before and after:
        return found[before], found[after]
    near = (step for step in steps if before == step[0]["key"] or after == step[1]["key"])
    return next(near, None)


def _own(entry: Entry, steps: Sequence[Pair], told: Sequence[Pair]) -> Pair | None:
    """Of a layout, what it replaced, else what replaced it; of a place, the latest step by the day."""
    if entry.kind == "place":
        return told[-1] if told else None
    replaced = [step for step in steps if step[1]["key"] == entry.key]
    own = replaced or [step for step in steps if step[0]["key"] == entry.key]
    return own[-1] if own else None


def _relation(before: Json, after: Json, steps: Sequence[Pair], entry: Entry) -> str:
    if any(before["key"] == older["key"] and after["key"] == newer["key"] for older, newer in steps):
        return "next" if entry.kind == "layout" and entry.key == before["key"] else "previous"
    chain = {document["key"]: document for step in steps for document in step}
    return "versions" if after in layout_versions.linked(chain, before["key"]) else ""


def _choices(ordered: Sequence[Json], chosen: Json) -> list[tuple[str, str, bool]]:
    return [(document["key"], _words(document), document["key"] == chosen["key"]) for document in ordered]


def _words(document: Json) -> str:
    adopted = said(document["adopted"]) if document["adopted"] else ""
    return " · ".join(filter(None, [adopted, document["pattern"] or name_of(document).text]))


# --- one beside the other -----------------------------------------------------------------------------------------


def _step(before: Json, after: Json, relation: str) -> Step:
    told = differences(before, after)
    addresses = [phrases.address("layout", document["key"]) for document in (before, after)]
    items = [(item, _line(item, *addresses)) for item in told["items"]]
    named = [line for item, line in items if not item["location"]]
    counted = [(label(change), sum(line.change == change for line in named)) for change in Change]
    return Step(
        sides=(_side(before), _side(after)), relation=relation,
        lines=[line for change in ORDER for line in named if line.change == change],
        same=[line for line in named if line.change == Change.SAME],
        located=[line for item, line in items if item["location"]],
        counts=[(word, number) for word, number in counted if number],
        api=f"/api/v1/layouts/differences/?keys={before['key']},{after['key']}",
    )  # fmt: skip


def _side(document: Json) -> Side:
    return Side(
        name_of(document), phrases.address("layout", document["key"]), document["pattern"] or "",
        phrases.dated(document["adopted"]), label(Basis(document["basis"])) if document["basis"] else "",
        dossier.layout_glyph(document, glyph.NARROW),
    )  # fmt: skip


def _line(item: Json, before: str, after: str) -> Line:
    """:param before, after: the addresses of the two layouts' pages."""
    about = item["about"]
    linked = format_html("{}", about["name"]) if about["kind"] == "part" else phrases.linked(about)
    return Line(
        linked, item["change"], _roles(item["before"]), _roles(item["after"]),
        listed([_aspect(change) for change in item["changes"][1:] if change != Change.PART]),
        ([_part(part, before) for part in item["before"]], [_part(part, after) for part in item["after"]]),
    )  # fmt: skip


def _aspect(change: str) -> str:
    return pick(*{Change.POSITIONING: ("定位", "positioning"), Change.FUNCTION: ("功能", "function")}[Change(change)])


def _roles(parts: Iterable[Json]) -> SafeString:
    return phrases.joined({part["role"]["key"]: phrases.linked(part["role"]) for part in parts}.values())


def _part(part: Json, page: str) -> PartShown:
    texts = [*part["positioning"], *([part["function"]] if part["function"] else [])]
    return PartShown(phrases.linked(part["role"]), part["name"], f"{page}#parts-{part['key']}", part["within"] or "",
                     texts)  # fmt: skip


WHAT_CHANGED = Section(("layout", "place"), "web/parts/changed.html", what_changed)
