"""The timeline as a calendar, an Atom feed and a table, read back by other people's programs."""

from __future__ import annotations

import csv
from datetime import date
from io import StringIO
from typing import Any

import feedparser
import icalendar
import pytest
import vobject
from django.test import Client

from tracker.curation.models import Proposal
from tracker.testing.api import every, refused

from .test_recorded_time import edit

pytestmark = pytest.mark.usefixtures("founding")


def fetched(suffix: str, query: str = "place=320100") -> str:
    answer = Client().get(f"/api/v1/timeline.{suffix}?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def by_uid(text: str) -> dict[str, Any]:
    return {str(item["uid"]).partition("@")[0]: item for item in icalendar.Calendar.from_ical(text).walk("VEVENT")}


def test_the_calendar_holds_every_event_as_two_libraries_read_it() -> None:
    text = fetched("ics")
    events = every("timeline/", place="320100")
    assert set(by_uid(text)) == {event["id"] for event in events}
    other = [item.uid.value.partition("@")[0] for item in vobject.readOne(text).vevent_list]
    assert sorted(other) == sorted(event["id"] for event in events)


def test_a_month_is_an_all_day_span_of_its_days() -> None:
    item = by_uid(fetched("ics"))["policy/nanjing-ai-opinions-2017/issued"]
    assert (item["dtstart"].dt, item["dtend"].dt) == (date(2017, 12, 1), date(2018, 1, 1))


def test_a_refreshed_subscription_shows_the_change_and_the_cancellation() -> None:
    before = by_uid(fetched("ics"))["policy/nanjing-ai-landmark-action-plan-2019/issued"]
    edit("policy", "nanjing-ai-landmark-action-plan-2019", issued="2019-06-15")
    changed = by_uid(fetched("ics"))["policy/nanjing-ai-landmark-action-plan-2019/issued"]
    assert changed["dtstart"].dt == date(2019, 6, 15)
    assert changed["sequence"] > before["sequence"]
    edit("policy", "nanjing-ai-landmark-action-plan-2019", action=Proposal.Action.WITHDRAW)
    gone = by_uid(fetched("ics"))["policy/nanjing-ai-landmark-action-plan-2019/issued"]
    assert gone["status"] == "CANCELLED"
    assert gone["sequence"] > changed["sequence"]


def test_the_atom_feed_is_well_formed_and_whole() -> None:
    feed = feedparser.parse(fetched("atom"))
    assert not feed.bozo
    assert len(feed.entries) == len(every("timeline/", place="320100"))
    assert len({entry.id for entry in feed.entries}) == len(feed.entries)


def test_the_table_has_a_row_for_every_event_and_no_formula() -> None:
    rows = list(csv.DictReader(StringIO(fetched("csv").removeprefix("\ufeff"))))
    assert [row["id"] for row in rows] == [event["id"] for event in every("timeline/", place="320100")]
    assert not [cell for row in rows for cell in row.values() if cell and cell[0] in "=+@"]


def test_feeds_refuse_what_the_timeline_refuses() -> None:
    for suffix in ("ics", "atom", "csv"):
        assert "plaec" in refused(f"timeline.{suffix}", plaec="320100")
