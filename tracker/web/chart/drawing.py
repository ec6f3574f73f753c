"""A lane as SVG: cells in one row, spans in rows below; or few events one under the other with their titles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.safestring import SafeString

from . import svg, words
from .marks import Mark
from .tiers import Pen
from .words import Told

PAD = 4
THIN = 0.4
"""Per cent: no span is drawn narrower."""
TITLE_ROW = 26
_LETTER, _LEAST_WIDTH, _USUAL_WIDTH = 14, 820, 1100
"""Size of a title's letters and widths of a lane, in px. A title to the right is cut by the edge where there is less
than the usual width; one to the left must be short enough for the least."""
_ROOM = 35
"""Per cent of the width that a title beside a span should have."""


def lane(marks: Sequence[Mark], pen: Pen, *, name: str, tone: str) -> SafeString:
    cells = [mark for mark in marks if not mark.spanning]
    rows = max((mark.row for mark in marks), default=-1) + 1
    top = pen.tier.row if cells or not rows else PAD
    height = top + rows * pen.tier.span_row + (PAD if rows else 0)
    drawn = [_cell(mark, pen, name, tone) for mark in cells]
    drawn += [_span(mark, pen, name, tone, top + mark.row * pen.tier.span_row) for mark in marks if mark.spanning]
    return svg.drawing(f"marks-{pen.tier.name}", height, drawn, label=name)


def _cell(mark: Mark, pen: Pen, name: str, tone: str) -> SafeString:
    height, middle = pen.tier.row, mark.x + mark.width / 2
    if mark.alone:
        event, top = pen.events[mark.alone], (height - 22) // 2
        return _single(mark, event, _shape(mark, event, top, 22) + _conflict(mark, middle, top, 0), 0, height)
    box = svg.rect(f"cell tone-{tone} level-{mark.level}", mark.x, PAD, mark.width, height - 2 * PAD)
    number = svg.text("", middle, height // 2 + 5, mark.count)
    return _many(mark, pen, name, svg.joined(box, number, _conflict(mark, mark.x + mark.width, PAD + 11, -7)))


def _span(mark: Mark, pen: Pen, name: str, tone: str, y: int) -> SafeString:
    height, right = pen.tier.span_row, mark.x + mark.width
    top = y + (height - 14) // 2
    conflict = _conflict(mark, right, top + 11, -8)
    if mark.alone:
        event = pen.events[mark.alone]
        return _single(mark, event, _shape(mark, event, top, 14) + conflict, y, height)
    hit = svg.rect("hit", mark.target[0], y, mark.target[1], height)
    bar = svg.rect(f"span tone-{tone}", mark.x, top, max(mark.width, THIN), 14, round_=2)
    number = svg.text("", mark.x + mark.width / 2, top + 11, mark.count)
    return _many(mark, pen, name, svg.joined(hit, bar, number, conflict))


def _many(mark: Mark, pen: Pen, name: str, shape: SafeString) -> SafeString:
    classes = "mark many possible" if mark.possible == mark.count else "mark many"
    return svg.link(classes, pen.address(mark.first, mark.last), words.gathered(mark, name), shape)


def _single(mark: Mark, event: Told, shape: SafeString, y: int, height: int) -> SafeString:
    classes = "mark one possible" if mark.possible else "mark one"
    hit = svg.rect("hit", mark.target[0], y, mark.target[1], height)
    return svg.link(classes, event.href, words.single(mark, event), hit + shape, title=event.title, date=event.date,
                    edtf=event.edtf, about=event.about, sources=event.sources)  # fmt: skip


def _shape(mark: Mark, event: Told, y: int, height: int, bar: int = 12) -> SafeString:
    """A day is an upright tick; a doubt of days is as wide as they are, with a broken edge where it is only about."""
    tone = f"tone-{event.tone} doubt" if event.doubtful else f"tone-{event.tone}"
    if mark.first == mark.last:
        return svg.tick(f"tick {tone}", mark.x + mark.width / 2, y, height) + _open_side(mark, event, y)
    return svg.rect(f"span {tone}", mark.x, y + (height - bar) // 2, max(mark.width, THIN), bar, round_=2)


def _open_side(mark: Mark, event: Told, y: int) -> SafeString:
    """An arrow from the known side of a date to the one that is open."""
    if event.open_side == "after":
        return svg.text("open-side", mark.x, y + 14, "→", shift=8)
    return svg.text("open-side", mark.x, y + 14, "←", shift=-8) if event.open_side == "before" else svg.NOTHING


def _conflict(mark: Mark, x: float, y: int, shift: int) -> SafeString:
    return svg.text("conflict-mark", x, y, "≠", shift=shift) if mark.conflicts else svg.NOTHING


# --- few events, with their titles ------------------------------------------------------------------------------------


def titled(marks: Sequence[Mark], pen: Pen, *, name: str) -> SafeString:
    drawn = [_titled(mark, pen.events[mark.alone], PAD + mark.row * TITLE_ROW) for mark in marks]
    return svg.drawing(f"marks-{pen.tier.name}", len(marks) * TITLE_ROW + 2 * PAD, drawn, label=name)


def _titled(mark: Mark, event: Told, y: int) -> SafeString:
    place = _place(mark, event)
    shape = _shape(mark, event, y + 3, 20, 20 if place.inside else 12)
    return _single(mark, event, shape + _title(mark, event, place, y + 18), y, TITLE_ROW)


class _Place(NamedTuple):
    """Where a title stands: to the right of its mark, to the left, or inside."""

    x: float
    shift: int
    anchor: str
    room: float
    """In per cent of the width."""
    inside: bool = False


def _place(mark: Mark, event: Told) -> _Place:
    """The side that has more room; inside a span that leaves none."""
    left, right = mark.x, 100 - mark.x - mark.width
    if max(left, right) < min(mark.width, _ROOM):
        return _Place(mark.x, 8, "start", mark.width, inside=True)
    shift = 20 if event.open_side else 10
    return _Place(100 - right, shift, "start", right) if right >= left else _Place(mark.x, -shift, "end", left)


def _title(mark: Mark, event: Told, place: _Place, y: int) -> SafeString:
    width = _LEAST_WIDTH if place.anchor == "end" else _USUAL_WIDTH
    title = svg.escaped(words.shortened(event.title, place.room / 100 * width / _LETTER))
    conflict = svg.safe('<tspan class="conflict-mark" dx="4">≠</tspan>') if mark.conflicts else svg.NOTHING
    return svg.text(f"label {place.anchor}", place.x, y, title + conflict, shift=place.shift)
