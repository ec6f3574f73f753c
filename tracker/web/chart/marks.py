"""From counted events to marks on an axis. Pure: places are per cent of the width, rows are counted from the top.

An event alone in its cell of the axis is a mark of its own, as wide as its doubt; several in one cell are gathered
into one mark with their number. What is known less closely than a cell is wide is a span across its days; spans of
the same days are gathered too. No event is left out: the counts of the marks add up to the counts that came in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil, sqrt

from .steps import Piece, Step
from .window import Window

_DAY = timedelta(days=1)
LEVELS = 5
SPAN_ROWS = 4
"""Spans that overlap more deeply than this are gathered in the last row."""


@dataclass(frozen=True)
class Group:
    """Events of one lane that the database counted together; of one day, month or year, or of the same bounds."""

    lower: date | None
    upper: date | None
    """The first and last possible day of all of them; None: open."""
    spanning: bool
    """Known less closely than a cell of the axis is wide; all have these very bounds."""
    count: int
    conflicts: int = 0
    possible: int = 0
    """How many may lie after the day that the page stands on."""
    alone: str = ""
    """The sort key of the only event."""

    @property
    def ends(self) -> tuple[date, date]:
        """The bounds; an open side stands at the other one."""
        first, last = self.lower or self.upper, self.upper or self.lower
        assert first is not None and last is not None
        return first, last


@dataclass(frozen=True)
class Axis:
    """A window across the width; a gutter on a side holds what lies beyond it there."""

    window: Window
    before: float = 0.0
    after: float = 0.0

    def at(self, day: date) -> float:
        """Where a day begins."""
        share = (day - self.window.first).days / self.window.days
        return self.before + min(1.0, max(0.0, share)) * (100.0 - self.before - self.after)

    def extent(self, first: date, last: date) -> tuple[float, float]:
        """Left edge and width of the days from first to last, as far as they lie in the window."""
        left = self.at(first)
        return left, max(0.0, self.at(last + _DAY) - left)


@dataclass(frozen=True)
class Mark:
    """What is drawn for one event or a gathering of them."""

    x: float
    width: float
    first: date
    last: date
    """The days it stands for."""
    count: int
    conflicts: int
    possible: int
    alone: str
    row: int = -1
    """Spans lie in rows; what is in a cell has none."""
    target: tuple[float, float] = (0.0, 0.0)
    """Left edge and width of what answers to the pointer."""
    level: int = 0
    """How full a cell is, 1 to 5."""

    @property
    def spanning(self) -> bool:
        return self.row >= 0


class _Cells:
    """The pieces that a step cuts the window into; an outer one too narrow to be pressed is joined to the next."""

    def __init__(self, axis: Axis, step: Step, least: float) -> None:
        self._window, self._step = axis.window, step
        first, last = axis.window.first, axis.window.last
        self._left, self._right = min(step.end(first), last), max(step.start(last), first)
        if self._left < last and axis.extent(first, self._left)[1] < least:
            self._left = min(step.end(self._left + _DAY), last)
        if self._right > first and axis.extent(self._right, last)[1] < least:
            self._right = max(step.start(self._right - _DAY), first)
        if self._left >= self._right:  # both joined to the one between them
            self._left, self._right = last, first

    def holding(self, day: date) -> Piece:
        """The piece of a day; of one outside the window, the outer piece on that side."""
        first, last = self._window.first, self._window.last
        start = first if day <= self._left else min(self._right, self._step.start(day))
        end = last if day >= self._right else max(self._left, self._step.end(day))
        return Piece(start, end)


def lay(groups: Iterable[Group], axis: Axis, step: Step, least: float) -> list[Mark]:
    """The marks of one lane, cells from left to right, then spans.

    :param least: how wide a target must be, in per cent.
    """
    pieces = _Cells(axis, step, least)
    cells: dict[Piece, list[Group]] = {}
    spans: dict[tuple[date, date], list[Group]] = {}
    for group in groups:
        first, last = group.ends
        gutter = _gutter(first, last, axis)
        if gutter is None and group.spanning and (last - first).days >= step.days:
            spans.setdefault((first, last), []).append(group)
        else:
            cells.setdefault(gutter or pieces.holding(first), []).append(group)
    marks = [_in_cell(piece, found, axis) for piece, found in sorted(cells.items(), key=lambda item: item[0].first)]
    return marks + _packed([_span(ends, found, axis, least) for ends, found in sorted(spans.items())])


def _gutter(first: date, last: date, axis: Axis) -> Piece | None:
    """The days before or after the window that a gutter stands for, if the event lies wholly there."""
    if axis.before and last < axis.window.first:
        return Piece(date.min, axis.window.first - _DAY)
    if axis.after and first > axis.window.last:
        return Piece(axis.window.last + _DAY, date.max)
    return None


def _in_cell(piece: Piece, groups: Sequence[Group], axis: Axis) -> Mark:
    mark = _gathered(groups, piece.first, piece.last)
    x, width = _cell_extent(piece, axis)
    if not mark.alone or piece.first == date.min or piece.last == date.max:
        return replace(mark, x=x, width=width, target=(x, width), alone="")
    own_x, own_width = axis.extent(*groups[0].ends)
    first, last = groups[0].ends
    return replace(mark, x=own_x, width=own_width, first=first, last=last, target=(x, width))


def _cell_extent(piece: Piece, axis: Axis) -> tuple[float, float]:
    if piece.first == date.min:
        return 0.0, axis.before
    if piece.last == date.max:
        return 100.0 - axis.after, axis.after
    return axis.extent(piece.first, piece.last)


def _span(ends: tuple[date, date], groups: Sequence[Group], axis: Axis, least: float) -> Mark:
    x, width = axis.extent(*ends)
    left = max(0.0, min(x, 100.0 - least))
    return replace(_gathered(groups, *ends), x=x, width=width, target=(left, max(width, least)), row=0)


def _gathered(groups: Sequence[Group], first: date, last: date) -> Mark:
    count = sum(group.count for group in groups)
    return Mark(0.0, 0.0, first, last, count, sum(group.conflicts for group in groups),
                sum(group.possible for group in groups), groups[0].alone if count == 1 else "")  # fmt: skip


def _packed(spans: Iterable[Mark]) -> list[Mark]:
    """Spans in rows so that no two overlap; what finds no row is gathered with its neighbour in the last."""
    rows: list[list[Mark]] = []
    for span in spans:
        free = next((number for number, row in enumerate(rows) if _right(row[-1]) <= span.target[0] + 1e-9), None)
        if free is None and len(rows) < SPAN_ROWS:
            rows.append([])
            free = len(rows) - 1
        if free is None:
            free = len(rows) - 1
            span = _joined(rows[free].pop(), span)
        rows[free].append(replace(span, row=free))
    return [span for row in rows for span in row]


def _right(mark: Mark) -> float:
    return sum(mark.target)


def _joined(one: Mark, other: Mark) -> Mark:
    """Two overlapping spans as one gathering over the days of both."""
    right = max(one.x + one.width, other.x + other.width)
    left = min(one.target[0], other.target[0])
    return Mark(
        min(one.x, other.x), right - min(one.x, other.x), min(one.first, other.first), max(one.last, other.last),
        one.count + other.count, one.conflicts + other.conflicts, one.possible + other.possible, "",
        target=(left, max(_right(one), _right(other)) - left),
    )  # fmt: skip


def shaded(lanes: Sequence[list[Mark]]) -> list[list[Mark]]:
    """The gathered cells of all lanes with the level of their count, on one scale."""
    largest = max((mark.count for lane in lanes for mark in lane if not mark.spanning), default=1)
    return [[replace(mark, level=_level(mark.count, largest)) for mark in lane] for lane in lanes]


def _level(count: int, largest: int) -> int:
    return min(LEVELS, max(1, ceil(LEVELS * sqrt(count / largest))))


def each_in_its_row(groups: Sequence[Group], axis: Axis) -> list[Mark]:
    """Single events one under the other, for a lane with few of them."""
    marks = []
    for row, group in enumerate(groups):
        first, last = group.ends
        gutter = _gutter(first, last, axis)
        x, width = _cell_extent(gutter, axis) if gutter else axis.extent(first, last)
        marks.append(replace(_gathered([group], first, last), x=x, width=width, target=(x, width), row=row))
    return marks
