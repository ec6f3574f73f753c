"""The layout glyph: 一核两带, 4+X, 一园三基地 as a small schematic. Pure geometry.

Cores are discs, belts and corridors strokes, circles rings, areas boxes, points dots. A part that has parts of its own
encloses them: a belt is drawn through its points, everything else around them. It is a schema, not a map.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from math import ceil
from unicodedata import east_asian_width

WIDTH = 640
NARROW = 420
"""Wide enough for two side by side."""
_GAP = 14
_LINE = 18
_SIZE = 14
_CELL = 140
_NODE_CELL = 120
_MAX_LINES = 4
_BOX = 240
_OPENING = "（《“("
_CLOSING = "）》”、，。；)"

_FORMS = {
    "disc": {"core", "center", "pole", "city", "leading", "base", "town"},
    "stroke": {"belt", "corridor", "axis", "wing"},
    "ring": {"ring", "lake", "agglomeration", "island-role"},
    "box": {"section", "division", "tier", "group"},
}
_RADIUS = {"disc": 19, "dot": 6, "ring": 19}


@dataclass(frozen=True)
class Part:
    """One part of a layout, as the glyph needs it."""

    key: str
    role: str
    """Key of the role's term: core, belt, point …"""
    word: str
    """The role as people say it, written inside a disc when it is short."""
    name: str
    href: str = ""
    part_of: str = ""
    note: str = ""

    @property
    def form(self) -> str:
        return next((form for form, roles in _FORMS.items() if self.role in roles), "dot")


@dataclass(frozen=True)
class Shape:
    form: str
    x: int
    y: int
    width: int = 0
    height: int = 0
    radius: int = 0
    title: str = ""

    @property
    def left(self) -> int:
        return self.x - self.width // 2

    @property
    def path(self) -> str:
        """A stroke: a gentle curve from one side to the other, as a belt on a map would run."""
        bend = 7
        return f"M{self.x} {self.y + bend} Q{self.x + self.width // 4} {self.y - bend} {self.x + self.width // 2} {self.y} T{self.x + self.width} {self.y - bend}"  # noqa: E501


@dataclass(frozen=True)
class Words:
    text: str
    x: int
    y: int
    anchor: str = "middle"
    href: str = ""
    tone: str = ""


@dataclass
class Glyph:
    shapes: list[Shape] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)
    width: int = WIDTH
    height: int = _GAP


def draw(parts: Sequence[Part], width: int = WIDTH) -> Glyph | None:
    """The glyph of a layout's parts in order; None when there is nothing to draw."""
    if not parts:
        return None
    inside = _contained(parts)
    nested = {part.key for group in inside.values() for part in group}
    top = [part for part in parts if part.key not in nested]
    glyph = Glyph(width=width)
    for composite, group in groupby(top, key=lambda part: part.key in inside or part.form == "stroke"):
        if composite:
            for part in group:
                _enclose(glyph, part, inside, 0, width)
        else:
            _leaves(glyph, list(group), 0, width)
    return glyph


def _contained(parts: Sequence[Part]) -> dict[str, list[Part]]:
    """The parts of each part; one that would contain itself, however deep, stands outside."""
    above = {part.key: part.part_of for part in parts}
    inside: dict[str, list[Part]] = {}
    for part in parts:
        seen = {part.key}
        container = part.part_of
        while container in above and container not in seen:
            seen.add(container)
            container = above[container]
        if part.part_of in above and container not in seen:
            inside.setdefault(part.part_of, []).append(part)
    return inside


def _leaves(glyph: Glyph, parts: Sequence[Part], left: int, width: int) -> None:
    """Parts without parts, a row for each form, as many across as can be read."""
    most = max(1, width // _CELL)
    for _, group in groupby(parts, key=lambda part: part.form):
        members = list(group)
        across = ceil(len(members) / ceil(len(members) / most))
        for start in range(0, len(members), across):
            _row(glyph, members[start : start + across], left, width, across)


def _row(glyph: Glyph, parts: Sequence[Part], left: int, width: int, across: int) -> None:
    cell = width // across
    offset = left + (width - cell * len(parts)) // 2
    box = min(cell - 10, _BOX)
    names = [wrapped(part.name, (box if part.form == "box" else cell) - 12) for part in parts]
    lines = max(len(name) for name in names)
    top = glyph.height
    for at, (part, name) in enumerate(zip(parts, names, strict=True)):
        x = offset + cell * at + cell // 2
        if part.form == "box":
            _box(glyph, part, name, x, top, box, lines)
        else:
            _sign(glyph, part, name, x, top)
    sign = 0 if parts[0].form == "box" else 2 * _RADIUS.get(parts[0].form, 6) + 4
    glyph.height = top + sign + lines * _LINE + (16 if parts[0].form == "box" else 4) + _GAP


def _box(glyph: Glyph, part: Part, name: Sequence[str], x: int, top: int, width: int, lines: int) -> None:
    height = lines * _LINE + 14
    glyph.shapes.append(Shape("box", x, top, width, height, title=_title(part)))
    first = top + (height - len(name) * _LINE) // 2 + _SIZE
    _write(glyph, part, name, x, first)


def _sign(glyph: Glyph, part: Part, name: Sequence[str], x: int, top: int) -> None:
    radius = _RADIUS.get(part.form, 6)
    form = part.form if part.form in _RADIUS else "dot"
    glyph.shapes.append(Shape(form, x, top + radius, radius=radius, title=_title(part)))
    if form != "dot" and 0 < measure(part.word) <= 2 * _SIZE:
        glyph.words.append(Words(part.word, x, top + radius + 5, tone=f"in-{form}"))
    _write(glyph, part, name, x, top + 2 * radius + 4 + _SIZE)


def _write(glyph: Glyph, part: Part, name: Sequence[str], x: int, y: int) -> None:
    for at, line in enumerate(name):
        glyph.words.append(Words(line, x, y + at * _LINE, href=part.href))


def _enclose(glyph: Glyph, part: Part, inside: dict[str, list[Part]], left: int, width: int) -> None:
    """A part with its own parts: a belt through them, or a frame around them."""
    members = inside.get(part.key, [])
    top = glyph.height
    disc = part.form == "disc" and 0 < measure(part.word) <= 2 * _SIZE
    heading = part.name if disc or part.word in part.name else f"{part.word} · {part.name}"
    indent = left + (56 if disc else 16)
    name = wrapped(heading, width - (indent - left) - 24)
    for at, line in enumerate(name):
        glyph.words.append(Words(line, indent, top + (31 if disc else 22) + at * _LINE, "start", part.href, "heading"))
    glyph.height = top + 14 + len(name) * _LINE
    if part.form == "stroke":
        _stroke(glyph, part, members, left, width)
    else:
        glyph.height += 18 if disc else 6
        _members(glyph, members, inside, left + 10, width - 20)
        frame = {"ring": "orbit", "disc": "halo"}.get(part.form, "panel")
        height = max(glyph.height - top, 44)
        glyph.shapes.insert(0, Shape(frame, left + width // 2, top, width - 2, height, title=_title(part)))
        if disc:
            glyph.shapes.append(Shape("disc", left + 30, top + 26, radius=18, title=_title(part)))
            glyph.words.append(Words(part.word, left + 30, top + 31, tone="in-disc"))
        glyph.height = top + height + _GAP


def _members(glyph: Glyph, members: Sequence[Part], inside: dict[str, list[Part]], left: int, width: int) -> None:
    for composite, group in groupby(members, key=lambda part: part.key in inside):
        if composite:
            for part in group:
                _enclose(glyph, part, inside, left, width)
        else:
            _leaves(glyph, list(group), left, width)


def _stroke(glyph: Glyph, part: Part, members: Sequence[Part], left: int, width: int) -> None:
    """The line of a belt, with its points on it. More points than fit beside each other go on as a second line."""
    most = max(1, width // _NODE_CELL)
    across = ceil(len(members) / ceil(len(members) / most)) if members else 1
    for start in range(0, max(1, len(members)), across):
        row = members[start : start + across]
        y = glyph.height + 16
        glyph.shapes.append(Shape("stroke", left + 8, y, width - 16, title=_title(part)))
        cell = (width - 16) // max(1, len(row))
        names = [wrapped(member.name, cell - 10) for member in row]
        for at, (member, name) in enumerate(zip(row, names, strict=True)):
            x = left + 8 + cell * at + cell // 2
            glyph.shapes.append(Shape("node", x, y, radius=6, title=_title(member)))
            _write(glyph, member, name, x, y + 30)
        lines = max((len(name) for name in names), default=0)
        glyph.height = y + 16 + lines * _LINE + _GAP


def _title(part: Part) -> str:
    return " · ".join(filter(None, (part.word, part.name, part.note)))


def measure(text: str) -> int:
    """The width of a text in the units of the drawing: a Chinese character is as wide as it is high."""
    return sum(_SIZE if east_asian_width(character) in "WFA" else 8 for character in text)


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most that width; what does not fit in four ends in …, and stands in the table below."""
    lines = [""]
    for word in _words(text):
        if lines[-1] and measure(lines[-1] + word) > width:
            lines.append("")
        lines[-1] += word if lines[-1] else word.lstrip()
    lines = [line for line in lines if line] or [""]
    if len(lines) > _MAX_LINES:
        lines = [*lines[: _MAX_LINES - 1], lines[_MAX_LINES - 1][:-1] + "…"]
    return lines


def _words(text: str) -> list[str]:
    """Where a line may break: between Chinese characters and at blanks, but not before what closes or after what opens.

    Latin words stay whole, with the blank before them.
    """
    words: list[str] = []
    for character in text:
        joins = bool(words) and (
            character in _CLOSING or words[-1][-1] in _OPENING or (_latin(character) and _latin(words[-1][-1]))
            or (character not in " " and words[-1] == " ")
        )  # fmt: skip
        if joins:
            words[-1] += character
        else:
            words.append(character)
    return words


def _latin(character: str) -> bool:
    return character != " " and east_asian_width(character) not in "WF"
