"""Two places side by side: what is there, by which pattern, with which figures; a row for what both or either has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString

from tracker.delivery.as_of import cut
from tracker.entries.models import Entry, Reference

from . import phrases, profile, rows
from .language import many
from .profile import Figure, LayoutCard, Profile

POSITIONS = 14


@dataclass(frozen=True)
class Row:
    """One line of the table; a cell is empty where nothing is known."""

    label: SafeString | str
    cells: tuple[SafeString | str, SafeString | str]
    hrefs: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class FigureRow:
    label: SafeString
    segment: SafeString
    figures: tuple[Figure | None, Figure | None]


@dataclass(frozen=True)
class Role:
    """A part of a layout that names a place."""

    role: SafeString
    name: str
    texts: list[str]
    layout: rows.Line


@dataclass(frozen=True)
class Side:
    """The layouts of one place: the one that stands, and the parts that name it in those of what is around it."""

    profile: Profile
    card: LayoutCard | None
    roles: list[Role]

    @property
    def texts(self) -> list[Role]:
        """What the place is to be by the first of those parts that say so."""
        return [role for role in self.roles if role.texts][:POSITIONS]


@dataclass(frozen=True)
class Comparison:
    profiles: tuple[Profile, Profile]
    counts: list[Row]
    statuses: list[Row]
    figures: list[FigureRow]
    layouts: list[Side]


def _standing(cards: Sequence[LayoutCard]) -> LayoutCard | None:
    """The newest that is dated and that nothing has replaced."""
    left = [card for card in cards if not card.superseded_by]
    return next(iter([*(card for card in reversed(left) if card.adopted), *left]), None)


def of(keys: Sequence[str], today: date) -> Comparison:
    """Two live places; each costs a query more than its own profile."""
    found = {row.key: row for row in Entry.objects.live().of_kind("place").filter(key__in=keys)}
    one, other = (profile.of(found[key], today=today) for key in keys)
    return Comparison((one, other), _counts(one, other), _statuses(one, other), _figures(one, other),
                      [_side(each, today) for each in (one, other)])  # fmt: skip


def _side(each: Profile, today: date) -> Side:
    card = _standing(each.layouts)
    roles = _roles(each.entry, today)
    return Side(each, card, [role for role in roles if card is None or role.layout.key != card.line.key])


def _counts(one: Profile, other: Profile) -> list[Row]:
    return [Row(many(kind), (str(number), str(number_there)), (href, href_there))
            for (kind, number, href), (_kind, number_there, href_there) in zip(one.counts, other.counts, strict=True)
            if number or number_there]  # fmt: skip


def _statuses(one: Profile, other: Profile) -> list[Row]:
    here, there = ({code: (word, number, href) for code, word, number, href in each.policies} for each in (one, other))
    nothing = ("", 0, "")
    rows = []
    for code in [*here, *(code for code in there if code not in here)]:
        (word, number, href), (word_there, number_there, href_there) = here.get(code, nothing), there.get(code, nothing)
        rows.append(Row(word or word_there, (str(number), str(number_there)), (href, href_there)))
    return rows


def _figures(one: Profile, other: Profile) -> list[FigureRow]:
    """By indicator and scope; those that both have come first.

    What one place alone has is told where it has one series of the indicator: several are of its parts.
    """
    mine, theirs = (_by_scope(each) for each in (one, other))
    here, there = ({key: figure for key, (figure, alone) in own.items() if alone or key in others}
                   for own, others in ((mine, theirs), (theirs, mine)))  # fmt: skip
    keys = [*(key for key in here if key in there), *(key for key in here if key not in there),
            *(key for key in there if key not in here)]  # fmt: skip
    shown = [(here.get(key), there.get(key)) for key in keys]
    return [FigureRow(told.indicator, told.segment, both) for both in shown if (told := both[0] or both[1])]


def _by_scope(each: Profile) -> dict[tuple[str, str], tuple[Figure, bool]]:
    """The figures of which there is one of its indicator and scope, and whether it is the only one of the indicator."""
    found: dict[tuple[str, str], list[Figure]] = {}
    for figure in (told := [*each.figures, *each.more_figures]):
        found.setdefault((figure.indicator_key, figure.scope), []).append(figure)
    number = Counter(figure.indicator_key for figure in told)
    return {key: (figures[0], number[key[0]] == 1) for key, figures in found.items() if len(figures) == 1}


def _roles(entry: Entry, today: date) -> list[Role]:
    """The parts of layouts in force that name the place or parks there, the newest layout first; one query."""
    naming = Reference.objects.filter(field="parts/places", target=entry).values("entry_id")
    found = Entry.objects.live().of_kind("layout").filter(pk__in=naming).order_by("undated", "-date_sort", "key")
    return [role for row in found for role in _roles_in(rows.line(row), entry.key, today)]


def _roles_in(line: rows.Line, key: str, today: date) -> Iterator[Role]:
    layout = cut(line.document, today)
    for part in layout["parts"] if layout else []:
        if any(place["key"] == key for place in part["places"]):
            texts = [*part["positioning"], *filter(None, [part["function"]])]
            yield Role(phrases.linked(part["role"]), part["name"], texts, line)
