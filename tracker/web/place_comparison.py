"""Two places side by side: what is there, by which pattern, with which figures; a row for what both or either has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString

from tracker.entries.models import Entry

from . import profile
from .language import many
from .profile import Figure, LayoutCard, Profile


@dataclass(frozen=True)
class Row:
    """One line of the table; a cell is empty where nothing is known."""

    label: SafeString | str
    cells: tuple[SafeString | str, SafeString | str]
    hrefs: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class FigureRow:
    label: SafeString
    figures: tuple[Figure | None, Figure | None]


@dataclass(frozen=True)
class Comparison:
    profiles: tuple[Profile, Profile]
    counts: list[Row]
    statuses: list[Row]
    figures: list[FigureRow]

    @property
    def layouts(self) -> list[tuple[Profile, LayoutCard | None]]:
        """Of each place the layout that stands: the newest that is dated and that nothing has replaced."""
        return [(each, _standing(each.layouts)) for each in self.profiles]


def _standing(cards: Sequence[LayoutCard]) -> LayoutCard | None:
    left = [card for card in cards if not card.superseded_by]
    return next(iter([*(card for card in reversed(left) if card.adopted), *left]), None)


def of(keys: Sequence[str], today: date) -> Comparison:
    """Two live places; each costs as many queries as its own page."""
    found = {row.key: row for row in Entry.objects.live().of_kind("place").filter(key__in=keys)}
    one, other = (profile.of(found[key], today=today) for key in keys)
    return Comparison((one, other), _counts(one, other), _statuses(one, other), _figures(one, other))


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
    """By indicator, where each place has one series of it; those that both have come first."""
    here, there = (_by_indicator(each) for each in (one, other))
    keys = [*(key for key in here if key in there), *(key for key in here if key not in there),
            *(key for key in there if key not in here)]  # fmt: skip
    return [FigureRow((here.get(key) or there[key]).indicator, (here.get(key), there.get(key))) for key in keys]


def _by_indicator(each: Profile) -> dict[str, Figure]:
    """The indicators that are told once of the place itself: several series of one are of its parts."""
    found: dict[str, list[Figure]] = {}
    for figure in [*each.figures, *each.more_figures]:
        found.setdefault(figure.indicator_key, []).append(figure)
    return {key: figures[0] for key, figures in found.items() if len(figures) == 1}
