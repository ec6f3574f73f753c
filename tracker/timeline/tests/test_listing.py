"""What had happened by a day, and what lies in a window, against a model that looks at every event."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db.models import QuerySet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracker.entries.models import Entry
from tracker.timeline import listing
from tracker.timeline.models import Event
from tracker.values import edtf

DATES = ["1980/1989", "2009/..", "../2016", "2012-12~", "2016", "2017-09", "2017-12-01", "2018-06-01", "2018-06-02",
         "2018-33", "2019?", "2020-40", "2020/2021", "2021-01-01", "2030"]  # fmt: skip
DAYS = st.dates(date(1979, 1, 1), date(2031, 1, 1)) | st.sampled_from([date(2018, 6, 1), date(2016, 12, 31)])
FEW = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)

pytestmark = pytest.mark.django_db


@pytest.fixture
def events() -> None:
    entry = Entry.objects.create(kind="policy", key="of-all-dates", name="各种日期")
    Event.objects.bulk_create(
        Event(id=f"policy/of-all-dates/issued/{number}", entry=entry, type="issued", date=text, sort=f"{number}")
        for number, text in enumerate(DATES)
    )


def dates(found: QuerySet[Event]) -> set[str]:
    return set(found.values_list("date", flat=True))


@FEW
@given(day=DAYS)
def test_by_a_day_had_happened_what_may_have_begun_by_then(events: None, day: date) -> None:
    expected = {text for text in DATES if (edtf.parse(text).lower or day) <= day}
    assert dates(listing.happened_by(Event.objects.all(), day)) == expected


@given(day=DAYS)
def test_what_had_certainly_happened_by_a_day_had_also_the_day_after(day: date) -> None:
    for text in DATES:
        last = edtf.parse(text).upper
        assert not listing.certain_by(last, day) or listing.certain_by(last, day + timedelta(days=1))
    assert not listing.certain_by(None, day)


@FEW
@given(days=st.tuples(DAYS, DAYS).map(sorted))
def test_a_window_holds_what_shares_a_day_with_it(events: None, days: list[date]) -> None:
    first, last = days
    window = edtf.parse(f"{first}/{last}")
    expected = {text for text in DATES if edtf.overlap(edtf.parse(text), window)}
    assert dates(listing.within(Event.objects.all(), first, last)) == expected


def test_a_window_without_sides_holds_everything(events: None) -> None:
    assert dates(listing.within(Event.objects.all(), None, None)) == set(DATES)
