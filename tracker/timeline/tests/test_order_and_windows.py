"""Order and windows of random dates, against a model that tries every day."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest

from tracker.curation.tests import factories
from tracker.testing.api import every
from tracker.values import edtf

FIRST, LAST = date(2015, 1, 1), date(2022, 12, 31)
RANK = {"issued": 10, "effective": 20}


def day(random: Random) -> date:
    return FIRST + timedelta(days=random.randrange((LAST - FIRST).days))


def stated(random: Random) -> str:
    shape = random.choice(["%Y", "%Y-%m", "%Y-%m-%d", "%Y-%m~", "%Y-33", "%Y-41", "%Y/..", "../%Y-%m", "%Y-%m/%Y-12"])
    return day(random).strftime(shape)


def may_be_on(text: str, some_day: date) -> bool:
    value = edtf.parse(text)
    return (value.lower is None or value.lower <= some_day) and (value.upper is None or some_day <= value.upper)


def days_of(first: date, last: date) -> list[date]:
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]


@pytest.mark.parametrize("seed", range(4))
def test_windows_and_order_are_those_of_a_model(db: None, seed: int) -> None:
    random = Random(seed)
    factories.ensure_world()
    dates = {f"p-{at:02}": (stated(random), stated(random)) for at in range(40)}
    factories.live(*(factories.policy(key, f"意见{key}", issued=issued, effective=effective)
                     for key, (issued, effective) in dates.items()))  # fmt: skip
    told = {f"policy/{key}/{type_}": text for key, both in dates.items()
            for type_, text in zip(("issued", "effective"), both, strict=True)}  # fmt: skip
    events = every("timeline/", page_size=13, kind="policy", ordering="date")
    assert [event["id"] for event in events] == sorted(told, key=lambda name: model_order(name, told[name]))
    assert [event["id"] for event in every("timeline/", kind="policy", page_size=11)] == [
        event["id"] for event in reversed(events)
    ]
    for _ in range(12):
        first, last = sorted((day(random), day(random)))
        last = min(last, first + timedelta(days=random.choice([0, 20, 200])))
        inside = {name for name, text in told.items() if any(may_be_on(text, each) for each in days_of(first, last))}
        window = {"date_from": first.isoformat(), "date_to": last.isoformat()}
        assert {event["id"] for event in every("timeline/", kind="policy", page_size=200, **window)} == inside
        issued = {
            key for key, (text, _) in dates.items() if any(may_be_on(text, each) for each in days_of(first, last))
        }
        assert {item["key"] for item in every("policies/", page_size=200, fields="key", **window)} == issued


def model_order(name: str, text: str) -> tuple[date, int, int, str]:
    """First day, finer precision first, then meaning, then id."""
    value = edtf.parse(text)
    first = value.lower or value.upper
    assert first
    length = (value.upper - value.lower).days if value.lower and value.upper else 99999
    return first, length, RANK[name.rpartition("/")[2]], name
