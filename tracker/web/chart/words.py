"""What marks and axes say, in the page's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.timeline.models import Event
from tracker.timeline.types import name_of as type_name
from tracker.values import canonical
from tracker.web import phrases
from tracker.web.dossier import anchor
from tracker.web.language import label, pick, said
from tracker.web.rows import short_place

from .marks import Mark
from .sources import Sources
from .ticks import Tick
from .window import text_of

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Told:
    """One event as its mark tells it."""

    title: str
    date: str
    edtf: str
    about: str
    """Kind, type and places."""
    sources: str
    """The numbers of its sources on this page."""
    href: str
    tone: str
    doubtful: bool
    """Stated as approximate or uncertain."""
    open_side: str
    """``before`` or ``after`` where the date has no such end."""


def told(row: Event, sources: Sources) -> Told:
    event: Json = canonical.loads(row.document)
    kind = kinds.get(row.entry.kind)
    places = [short_place(place).text for place in event["places"][:3] if place.get("key")]
    about = [label(kind), pick(*type_name(row.type)), pick("、", ", ").join(places)]
    numbers = " ".join(map(str, sources.numbers(event["citations"])))
    href = f"{phrases.address(row.entry.kind, row.entry.key)}#{anchor(row.id)}"
    return Told(pick(row.title_zh, row.title_en), said(row.date), row.date, " · ".join(filter(None, about)), numbers,
                href, row.entry.kind, row.date.endswith(("~", "?", "%")), _open_side(row))  # fmt: skip


def _open_side(row: Event) -> str:
    if row.date_lower is None:
        return "before"
    return "after" if row.date_upper is None else ""


def gathered(mark: Mark, lane: str) -> str:
    """“2019年上半年：政策 12 件，其中 2 件日期说法不一”."""
    parts = [pick(f"{lane} {mark.count} 件", f"{lane}, {mark.count} events")]
    if mark.conflicts:
        parts.append(pick(f"其中 {mark.conflicts} 件日期说法不一", f"{mark.conflicts} with dates in conflict"))
    if mark.possible:
        parts.append(pick(f"{mark.possible} 件只是可能已发生", f"{mark.possible} only possibly by then"))
    return pick("：", ": ").join([stretch(mark.first, mark.last), pick("，", ", ").join(parts)])


def single(mark: Mark, event: Told) -> str:
    parts = [event.date, event.title]
    if mark.conflicts:
        parts.append(pick("日期说法不一", "dates in conflict"))
    if mark.possible:
        parts.append(pick("只是可能已发生", "only possibly by then"))
    return pick("，", ", ").join(parts)


def stretch(first: date, last: date) -> str:
    """The days from first to last as people say them."""
    if first == date.min:
        return pick(f"{last.year}年及以前", f"{last.year} and before")
    if last == date.max:
        return pick(f"{first.year}年及以后", f"{first.year} and after")
    return said(text_of(first, last))


def tick(mark: Tick) -> str:
    """2019; 3月, at the beginning of a year 2019年1月; 6, at the beginning of a month 3月1日."""
    day = mark.day
    if mark.unit == "year":
        return str(day.year)
    month = _MONTHS[day.month - 1]
    if mark.unit == "month":
        return (
            pick(f"{day.year}年{day.month}月", f"{month} {day.year}") if mark.whole else pick(f"{day.month}月", month)
        )
    return pick(f"{day.month}月{day.day}日", f"{day.day} {month}") if mark.whole else str(day.day)


def bar(mark: Mark) -> str:
    return pick(f"{stretch(mark.first, mark.last)}：{mark.count} 件", f"{stretch(mark.first, mark.last)}: {mark.count}")


def shortened(text: str, ems: float) -> str:
    """A text that is no wider than so many ems, by the usual widths of Chinese and Latin letters."""
    width = 0.0
    for number, letter in enumerate(text):
        width += 0.56 if letter.isascii() else 1.0
        if width > ems:
            return f"{text[: max(1, number - 1)]}…"
    return text


def overview() -> str:
    return pick("各年事件数", "Events by year")
