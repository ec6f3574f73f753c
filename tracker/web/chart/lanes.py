"""The lanes of the chart: what there is one for, what it counts, and its drawings for wide and narrow windows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tracker.entries import kinds
from tracker.timeline.models import Event
from tracker.web import order, parameters, phrases
from tracker.web.language import Spoken, many

from . import drawing, gathering, marks
from .asked import Asked
from .gathering import Division, Key
from .marks import Axis, Group, Mark
from .sources import Sources
from .steps import Step, finest
from .tiers import NARROW, WIDE, Address, Pen, Tier
from .words import Told, told

FEW, TITLES = 12, 60
"""A lane with few events shows each with its title, as long as all such lanes together have no more than so many."""
CELLS_IN_ALL = 300
"""How many cells all lanes together may have: many lanes have coarser ones."""


@dataclass(frozen=True)
class Line:
    """One event of a lane with few, for narrow windows: its title wraps."""

    event: Told
    mark: Mark
    conflict: bool
    possible: bool

    @property
    def x(self) -> str:
        return f"{min(self.mark.x, 99.0):.2f}%"

    @property
    def width(self) -> str:
        return f"{max(self.mark.width, 1.0):.2f}%"


@dataclass(frozen=True)
class Lane:
    name: Spoken
    tone: str
    href: str
    """The page narrowed to this lane, '' where it cannot be."""
    count: int
    wide: SafeString
    narrow: SafeString
    lines: list[Line]
    """Instead of the narrow drawing, when there are few."""


@dataclass(frozen=True)
class Section:
    """The lanes of one place beside others; without places there is one section without a name."""

    name: Spoken | None
    href: str
    count: int
    lanes: list[Lane]


@dataclass(frozen=True)
class Planned:
    """A lane before it is counted."""

    name: Spoken
    tone: str
    href: str
    division: Division
    key: Key
    section: int = 0


def sections(asked: Asked, events: QuerySet[Event], axes: dict[Tier, Axis], address: Address,
             sources: Sources) -> list[Section]:  # fmt: skip
    """The events of the window in lanes; two or three queries for each division, whatever it holds."""
    plan = list(_plan(asked, events))
    step = _step(axes[WIDE], len(plan))
    counted = _counted(plan, step, asked)
    few = _with_titles(counted)
    counted |= _members(few, asked)
    laid = {tier: _laid(counted, few, axes[tier], tier, step) for tier in axes}
    shown = {mark.alone for found in laid.values() for lane in found.values() for mark in lane if mark.alone}
    events_shown = {sort: told(row, sources) for sort, row in gathering.single(events, shown).items()}
    pens = {tier: Pen(tier, events_shown, address) for tier in axes}
    drawn = [(lane, _drawn(lane, counted[lane], lane in few, {tier: found[lane] for tier, found in laid.items()}, pens))
             for lane in plan if _total(counted[lane]) or asked.side_by_side]  # fmt: skip
    return _in_sections(asked, drawn)


def _step(axis: Axis, lanes: int) -> Step:
    return finest(axis.window.first, axis.window.last, max(8, min(WIDE.cells, CELLS_IN_ALL // max(1, lanes))))


def _total(groups: Sequence[Group]) -> int:
    return sum(group.count for group in groups)


def _with_titles(counted: dict[Planned, list[Group]]) -> dict[Planned, list[Group]]:
    """The lanes with fewest events, as many as can show their titles."""
    found, titles = {}, 0
    for lane, groups in sorted(counted.items(), key=lambda item: _total(item[1])):
        titles += _total(groups)
        if 0 < _total(groups) <= FEW and titles <= TITLES:
            found[lane] = groups
    return found


# --- which lanes there are --------------------------------------------------------------------------------------------


def _plan(asked: Asked, events: QuerySet[Event]) -> Iterator[Planned]:
    if asked.side_by_side:
        yield from _side_by_side(asked, events)
    elif asked.lanes == "city":
        yield from _by_city(asked, events)
    else:
        division = gathering.by_kind(events)
        for kind in _kinds(asked):
            href = parameters.changed(asked.query, kind=kind.name)
            yield Planned(Spoken(many(kind)), kind.name, href, division, (kind.name,))


def _kinds(asked: Asked) -> list[kinds.Kind]:
    return [kind for kind in order.entry_kinds() if kind.events and (not asked.kinds or kind.name in asked.kinds)]


def _by_city(asked: Asked, events: QuerySet[Event]) -> Iterator[Planned]:
    cities = gathering.cities(events)
    division = gathering.by_place(events, [city.id for city in cities])
    for city in cities:
        # chosen places would be replaced by the city and the lane widened, so that there it leads nowhere
        href = "" if asked.places else parameters.changed(asked.query, place=city.key, lanes=None)
        yield Planned(city.name, "any", href, division, (city.id,))
    rest = gathering.elsewhere(events, [city.id for city in cities])
    yield Planned(Spoken(_("全国与其他地区")), "any", "", rest, ())


def _side_by_side(asked: Asked, events: QuerySet[Event]) -> Iterator[Planned]:
    division = gathering.by_place_and_kind(events, [row.pk for row in asked.places.values()])
    for number, (key, row) in enumerate(asked.places.items()):
        for kind in _kinds(asked):
            href = parameters.changed(asked.query, place=key, kind=kind.name, side=None)
            yield Planned(Spoken(many(kind)), kind.name, href, division, (row.pk, kind.name), number)


# --- counting and laying out ------------------------------------------------------------------------------------------


def _counted(plan: Sequence[Planned], step: Step, asked: Asked) -> dict[Planned, list[Group]]:
    divisions = {id(lane.division): lane.division for lane in plan}
    found = {name: gathering.groups(division, step, asked.day) for name, division in divisions.items()}
    return {lane: found[id(lane.division)].get(lane.key, []) for lane in plan}


def _members(few: dict[Planned, list[Group]], asked: Asked) -> dict[Planned, list[Group]]:
    divisions = {id(lane.division): lane.division for lane in few}
    found = {name: gathering.members(division, [lane.key for lane in few if lane.division is division], asked.day)
             for name, division in divisions.items()}  # fmt: skip
    return {lane: found[id(lane.division)][lane.key] for lane in few}


def _laid(counted: dict[Planned, list[Group]], few: dict[Planned, list[Group]], axis: Axis, tier: Tier,
          step: Step) -> dict[Planned, list[Mark]]:  # fmt: skip
    coarse = step if tier is WIDE else finest(axis.window.first, axis.window.last, tier.cells)
    many_ = {lane: marks.lay(found, axis, coarse, tier.least) for lane, found in counted.items() if lane not in few}
    shaded = dict(zip(many_, marks.shaded(list(many_.values())), strict=True))
    return shaded | {lane: marks.each_in_its_row(counted[lane], axis) for lane in few}


def _drawn(lane: Planned, groups: list[Group], few: bool, laid: dict[Tier, list[Mark]],
           pens: dict[Tier, Pen]) -> Lane:  # fmt: skip
    name, pen = lane.name.text, pens[WIDE]
    if not few:
        drawings = [drawing.lane(laid[tier], pens[tier], name=name, tone=lane.tone) for tier in (WIDE, NARROW)]
        return Lane(lane.name, lane.tone, lane.href, _total(groups), drawings[0], drawings[1], [])
    lines = [Line(pen.events[mark.alone], mark, bool(mark.conflicts), bool(mark.possible)) for mark in laid[NARROW]]
    return Lane(lane.name, lane.tone, lane.href, len(groups), drawing.titled(laid[WIDE], pen, name=name),
                SafeString(""), lines)  # fmt: skip


def _in_sections(asked: Asked, drawn: Sequence[tuple[Planned, Lane]]) -> list[Section]:
    if not asked.side_by_side:
        return [Section(None, "", 0, [lane for _planned, lane in drawn])]
    filled = {planned.tone for planned, lane in drawn if lane.count}
    found = []
    for number, row in enumerate(asked.places.values()):
        lanes = [lane for planned, lane in drawn if planned.section == number and planned.tone in filled]
        found.append(Section(gathering.place_lane(row).name, phrases.address("place", row.key),
                             sum(lane.count for lane in lanes), lanes))  # fmt: skip
    return found
