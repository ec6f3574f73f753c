"""A timeline as a calendar, an Atom feed and a table: from events as the API shows them."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from io import StringIO
from typing import NamedTuple

from django.utils.feedgenerator import Atom1Feed
from icalendar import Calendar
from icalendar import Event as CalendarEvent

from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.values.cells import defused

PRODUCT = "-//China AI Policy and Park Tracker//timeline 1//ZH"


class Told(NamedTuple):
    """An event with when it was last told, and how often: what a subscriber needs to see a change."""

    event: Json
    version: int
    told_at: datetime
    cancelled: bool = False


def calendar(events: Iterable[Told], *, name: str, site: str, rights: str) -> bytes:
    """An iCalendar feed (RFC 5545) of all-day events; a month or year spans its days, DTEND is the day after.

    UIDs are the events' ids; SEQUENCE is the entry's version, so that clients take over changes; what is no longer
    told comes as CANCELLED.
    """
    feed = Calendar()
    feed.add("prodid", PRODUCT)
    feed.add("version", "2.0")
    feed.add("method", "PUBLISH")
    feed.add("x-wr-calname", name)
    feed.add("description", rights)
    feed.add("refresh-interval;value=duration", "PT12H")
    host = site.partition("//")[2].partition(":")[0]
    for told in events:
        feed.add_component(_calendar_event(told, site, host))
    return bytes(feed.to_ical())


def _calendar_event(told: Told, site: str, host: str) -> CalendarEvent:
    event = told.event
    first, last = _days(event)
    item = CalendarEvent()
    item.add("uid", f"{event['id']}@{host}")
    item.add("dtstamp", told.told_at)
    item.add("last-modified", told.told_at)
    item.add("sequence", min(told.version, 2**31 - 1))
    item.add("dtstart", first)
    item.add("dtend", last + timedelta(days=1))
    item.add("summary", event["title"]["zh"])
    item.add("description", f"{event['date_text']['zh']} · {event['title']['en']} · {event['date_text']['en']}")
    item.add("url", f"{site}{address(event)}")
    item.add("transp", "TRANSPARENT")
    item.add("status", "CANCELLED" if told.cancelled else "CONFIRMED")
    item.add("categories", [event["entry"]["kind"], event["type"]])
    return item


def _days(event: Json) -> tuple[date, date]:
    """First and last day; an open side takes the other one."""
    lower, upper = event["lower"] or event["upper"], event["upper"] or event["lower"]
    return date.fromisoformat(lower), date.fromisoformat(upper)


def address(event: Json) -> str:
    """The page of the entry an event belongs to."""
    return f"/{kinds.get(event['entry']['kind']).plural}/{event['entry']['key']}/"


def atom(events: Iterable[Told], *, name: str, site: str, rights: str, updated: datetime) -> str:
    """An Atom feed (RFC 4287), newest told first."""
    feed = Atom1Feed(title=name, link=f"{site}/timeline/", description=name, language="zh",
                     feed_url=f"{site}/api/v1/timeline.atom", feed_guid=f"{site}/timeline/",
                     feed_copyright=rights)  # fmt: skip
    for told in events:
        event = told.event
        feed.add_item(
            title=f"{event['date_text']['zh']} {event['title']['zh']}", link=f"{site}{address(event)}",
            description=f"{event['title']['en']} · {event['date_text']['en']}",
            unique_id=f"{site}/events/{event['id']}",
            updateddate=told.told_at, pubdate=told.told_at, categories=[event["entry"]["kind"], event["type"]],
        )  # fmt: skip
    feed.latest_post_date = lambda: updated  # type: ignore[method-assign]
    return str(feed.writeString("utf-8"))


COLUMNS = ("id", "date", "lower", "upper", "type", "title_zh", "title_en", "kind", "key", "places", "conflict")


def table(events: Iterable[Json]) -> str:
    """A CSV table in UTF-8 with a byte order mark, for spreadsheets; formulas in cells are defused."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for event in events:
        places = " ".join(place["key"] for place in event["places"])
        row = [event["id"], event["date"], event["lower"], event["upper"], event["type"], event["title"]["zh"],
               event["title"]["en"], event["entry"]["kind"], event["entry"]["key"], places,
               "yes" if event["conflict"] else ""]  # fmt: skip
        writer.writerow([defused(cell or "") for cell in row])
    return "\ufeff" + text.getvalue()
