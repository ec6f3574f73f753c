"""Both clocks, against models that know nothing of columns and queries."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tracker.delivery.as_of import cut
from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.entries.models import Entry
from tracker.testing.api import every, get, refused
from tracker.timeline.counting import By, counts, in_memory
from tracker.values import canonical

pytestmark = pytest.mark.usefixtures("founding")

DAYS = ["2016-06-30", "2018-06-01", "2019-10-17", "2020-01-01", "2020-12-31", "2022-07-01", "2025-12-31"]
KINDS = ["park", "policy", "zone", "platform", "layout", "initiative", "programme", "series"]


def soon() -> str:
    """A moment after everything that was told."""
    return (timezone.now() + timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%SZ")


def stored(kind: str) -> list[Json]:
    rows = Entry.objects.live().of_kind(kind).order_by("key").values_list("document", flat=True)
    return [canonical.loads(text) for text in rows]


def cut_to(kind: str, day: str) -> dict[str, Json]:
    shown = (cut(document, date.fromisoformat(day)) for document in stored(kind))
    return {then["key"]: then for then in shown if then is not None}


def listed(kind: str, **parameters: Any) -> dict[str, Json]:
    found = every(f"{kinds.get(kind).plural}/", page_size=200, ordering="key", **parameters)
    return {document["key"]: document for document in found}


def text(value: Any) -> str:
    return canonical.dumps(value)


# --- as_of --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("day", DAYS[1:5:2])
def test_a_list_as_of_a_day_is_every_document_cut_to_it(kind: str, day: str) -> None:
    assert text(listed(kind, as_of=day)) == text(cut_to(kind, day))


@pytest.mark.parametrize("kind", KINDS)
def test_as_of_today_is_the_plain_list_cut_to_today(kind: str) -> None:
    today = timezone.localdate().isoformat()
    plain = {key: cut(document, timezone.localdate()) for key, document in listed(kind).items()}
    assert text(listed(kind, as_of=today)) == text({key: then for key, then in plain.items() if then})


@pytest.mark.parametrize("kind", ["policy", "park", "zone", "platform"])
@pytest.mark.parametrize("day", DAYS)
def test_status_on_a_day_filters_and_counts_as_the_documents_say(kind: str, day: str) -> None:
    counted = Counter(document["status"] for document in cut_to(kind, day).values())
    facets = get(f"{kinds.get(kind).plural}/facets/", as_of=day)
    assert {item["key"]: item["count"] for item in facets["status"]} == counted
    assert facets["count"] == sum(counted.values())
    for status in counted:
        wanted = {key for key, document in cut_to(kind, day).items() if document["status"] == status}
        assert set(listed(kind, as_of=day, status=status, fields="key")) == wanted


@pytest.mark.parametrize("day", DAYS)
def test_the_stage_of_parks_on_a_day_filters_and_counts_as_the_documents_say(day: str) -> None:
    counted = Counter(document["stage"] for document in cut_to("park", day).values() if document["stage"])
    assert {item["key"]: item["count"] for item in get("parks/facets/", as_of=day)["stage"]} == counted
    assert len(listed("park", as_of=day, stage="open", fields="key")) == counted["open"]


@pytest.mark.parametrize("day", DAYS)
def test_the_programme_of_a_day_is_that_of_titles_held_on_it(day: str) -> None:
    for kind in ("zone", "park", "platform"):
        then = cut_to(kind, day).items()
        for programme in ("national-ai-innovation-application-pilot-zone", "first-ai-demonstration-parks-2019"):
            wanted = {key for key, document in then
                      if programme in [title["programme"]["key"] for title in document["designations"]]}  # fmt: skip
            assert set(listed(kind, as_of=day, programme=programme, fields="key")) == wanted


def test_an_area_of_another_time_does_not_count() -> None:
    zone = "shenzhen-high-tech-zone"
    for day, km2 in (("2018-06-01", "11.52"), ("2020-01-01", "159.48")):
        found = listed("park", as_of=day, key=zone, min_area=100_000_000)
        assert bool(found) == (km2 == "159.48")
        areas = get(f"parks/{zone}/", as_of=day)["areas"]
        assert km2 in [str(area["value"]) for area in areas]


def test_what_no_source_had_told_by_the_day_only_possibly_was() -> None:
    undated = [document for document in stored("park") if not document["opened"] and document["citations"]]
    assert all(cut(document, date(1990, 1, 1))["certain"] is False for document in undated)  # type: ignore[index]
    assert all(cut(document, timezone.localdate())["certain"] is True for document in undated)  # type: ignore[index]


# --- known_at -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [*KINDS, "place", "industry", "term"])
def test_known_at_now_is_the_plain_answer(kind: str) -> None:
    path = f"{kinds.get(kind).plural}/"
    plain = get(f"{path}", page_size=20, count="true")
    then = get(f"{path}", page_size=20, count="true", known_at=soon())
    assert (then["results"], then["count"]) == (plain["results"], plain["count"])
    assert get(f"{path}facets/", known_at=soon()) == get(f"{path}facets/")


@pytest.mark.parametrize("filters", [
    {}, {"kind": "policy"}, {"place": "320100"}, {"place": "320000", "type": "approved"},
    {"type": ["issued", "adopted"]},
    {"date_from": "2019", "date_to": "2020-06"}, {"entry": "park/suzhou-ai-industrial-park"}, {"future": "include"},
    {"as_of": "2019-06-01"}, {"as_of": "2019-06-01", "kind": ["park", "zone"], "ordering": "date"},
])  # fmt: skip
def test_a_timeline_known_at_now_is_the_plain_one_page_by_page(filters: dict[str, Any]) -> None:
    assert every("timeline/", page_size=37, known_at=soon(), **filters) == every("timeline/", page_size=37, **filters)
    counted = {name: value for name, value in filters.items() if name != "ordering"}
    for by in ("year", "month"):
        assert get("timeline/counts/", by=by, known_at=soon(), **counted) == get("timeline/counts/", by=by, **counted)
    assert table(known_at=soon(), **counted) == table(**counted)


def table(**parameters: Any) -> bytes:
    return Client().get("/api/v1/timeline.csv", parameters).content


@pytest.mark.parametrize("kind", ["policy", "park", "zone"])
@pytest.mark.parametrize("day", ["2018-06-01", "2020-12-31"])
def test_both_clocks_together_say_now_what_as_of_says_alone(kind: str, day: str) -> None:
    assert text(listed(kind, as_of=day, known_at=soon())) == text(listed(kind, as_of=day))
    path = f"{kinds.get(kind).plural}/facets/"
    assert get(path, as_of=day, known_at=soon()) == get(path, as_of=day)
    for item in get(path, as_of=day)["status"]:
        both = listed(kind, as_of=day, known_at=soon(), status=item["key"], fields="key")
        assert len(both) == item["count"]


def test_the_previous_page_of_then_leads_back() -> None:
    first = get("timeline/", page_size=5, known_at=soon())
    second = get(first["next"].removeprefix("/api/v1/"))
    assert get(second["previous"].removeprefix("/api/v1/"))["results"] == first["results"]


# --- timelines ----------------------------------------------------------------------------------------------------


def test_what_is_to_come_is_told_on_request_only() -> None:
    today = timezone.localdate().isoformat()
    told, more = every("timeline/", page_size=200), every("timeline/", page_size=200, future="include")
    assert all(not event["lower"] or event["lower"] <= today for event in told)
    assert [event for event in more if not event["lower"] or event["lower"] <= today] == told


@pytest.mark.parametrize("day", DAYS)
def test_a_timeline_as_of_a_day_is_what_had_happened_by_it(day: str) -> None:
    whole = every("timeline/", page_size=200, future="include")
    expected = [event | {"certain": event["upper"] is not None and event["upper"] <= day} for event in whole
                if not event["lower"] or event["lower"] <= day]  # fmt: skip
    assert every("timeline/", page_size=200, as_of=day) == expected


@pytest.mark.parametrize("filters", [{}, {"place": "310000"}, {"kind": "park", "as_of": "2020-01-01"}])
@pytest.mark.parametrize("by", ["year", "month"])
def test_counts_equal_lists(filters: dict[str, Any], by: str) -> None:
    answer = get("timeline/counts/", by=by, **filters)
    events = every("timeline/", page_size=200, **filters)
    assert answer["count"] == len(events)
    assert answer == counts(in_memory(events, By(by)), By(by))
    for bucket in answer["results"]:
        assert bucket["count"] == len([event for event in events
                                       if (event["lower"] or event["upper"]).startswith(bucket["date"])])  # fmt: skip


def test_an_entry_tells_its_timeline_under_both_clocks() -> None:
    path = "layouts/nanjing-layout-2017/timeline/"
    assert [event["type"] for event in get(path)["results"]] == ["superseded", "adopted"]
    assert [event["type"] for event in get(path, as_of="2018-06-01")["results"]] == ["adopted"]
    assert get(path, known_at=soon())["results"] == get(path)["results"]
    get(path, 404, known_at="2001-01-01")


def test_words_that_do_not_go_together_are_refused_by_name() -> None:
    assert "future" in refused("timeline/", future="include", as_of="2020-01-01")
    assert "future" in refused("timeline/", future="yes")
    assert "by" in refused("timeline/counts/", by="week")
    assert "known_at" in refused("timeline.ics", known_at="2026-01-01")
    assert "type" in refused("timeline/", type="isued")
    assert "issued" in refused("timeline/", type="isued")["type"]
    assert "industry" in refused("timeline/", known_at="2026-01-01", industry="ai")
    assert "cursor" in refused("parks/facets/", cursor="x")
