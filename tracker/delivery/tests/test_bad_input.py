"""Bad queries are refused with a 400 that names the parameter; nothing is ever a 500."""

from __future__ import annotations

import pytest
from django.test import Client

from tracker.testing.api import get, refused

pytestmark = pytest.mark.usefixtures("founding")


@pytest.mark.parametrize(
    ("path", "parameters", "named"),
    [
        ("parks/", {"color": "red"}, "color"),
        ("parks/", {"place": "320999"}, "place"),
        ("parks/", {"place": ["320100", "nowhere"]}, "place"),
        ("parks/", {"min_area": "-1"}, "min_area"),
        ("parks/", {"min_area": "big"}, "min_area"),
        ("parks/", {"measure": "volume"}, "measure"),
        ("parks/", {"stage": "opened"}, "stage"),
        ("parks/", {"bbox": "200,0,300,10"}, "bbox"),
        ("parks/", {"bbox": "120,32,110,30"}, "bbox"),
        ("parks/", {"bbox": "nan,0,1,1"}, "bbox"),
        ("parks/", {"near": "32.1"}, "near"),
        ("parks/", {"near": "32.1,118.8", "radius_km": "-3"}, "radius_km"),
        ("parks/", {"radius_km": "3"}, "radius_km"),
        ("parks/", {"page_size": "0"}, "page_size"),
        ("parks/", {"page_size": "1000"}, "page_size"),
        ("parks/", {"page_size": "ten"}, "page_size"),
        ("parks/", {"cursor": "not-a-cursor"}, "cursor"),
        ("parks/", {"unknown": "maybe"}, "unknown"),
        ("policies/", {"level": "galactic"}, "level"),
        ("policies/", {"date_from": "2017.9"}, "date_from"),
        ("policies/", {"date_from": "2020", "date_to": "2018"}, "date_from"),
        ("policies/", {"measure_subject": "no-such-term"}, "measure_subject"),
        ("policies/", {"updated_since": "yesterday"}, "updated_since"),
        ("policies/", {"status": "fine"}, "status"),
        ("layouts/", {"subject": "999999"}, "subject"),
        ("series/", {"indicator": "no-such"}, "indicator"),
        ("observations/", {"nature": "dream"}, "nature"),
        ("observations/", {"colour": "red"}, "colour"),
        ("timeline/", {"kind": "castle"}, "kind"),
        ("timeline/", {"entry": "park/nowhere"}, "entry"),
        ("timeline/", {"date_from": "2021", "date_to": "2019"}, "date_from"),
        ("timeline/", {"ordering": "size"}, "ordering"),
        ("timeline/", {"known_at": "2026-11-01", "programme": "x"}, "programme"),
        ("search/", {}, "q"),
        ("search/", {"q": "x" * 201}, "q"),
        ("search/", {"q": "芯片", "kind": "castle"}, "kind"),
        ("changes/", {"after": "-1"}, "after"),
        ("changes/", {"include": "everything"}, "include"),
        ("parks/", {"known_at": "2026-11-01", "q": "芯片"}, "q"),
        ("parks/", {"as_of": "2020"}, "as_of"),
    ],
)
def test_a_wrong_parameter_is_named(path: str, parameters: dict[str, str], named: str) -> None:
    assert named in refused(path, **parameters)


def test_a_cursor_of_another_query_is_refused() -> None:
    following = get("parks/", page_size=1)["next"]
    cursor = following.partition("cursor=")[2].partition("&")[0]
    assert "cursor" in refused("policies/", cursor=cursor)
    assert "cursor" in refused("parks/", cursor=cursor, place="320100")


@pytest.mark.parametrize("path", ["castles/", "parks/No_Such/", "parks/a/b/c/", "parks/x/revisions/999999999999/"])
def test_an_address_that_does_not_exist_is_a_problem_document(path: str) -> None:
    assert get(path, 404)["status"] == 404


def test_a_key_that_does_not_exist_is_a_404_that_names_it() -> None:
    assert "no-such-park" in get("parks/no-such-park/", 404)["detail"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_writing_to_a_reading_address_is_refused(method: str) -> None:
    answer = getattr(Client(), method)("/api/v1/parks/")
    assert answer.status_code == 405
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("name", ["place", "q", "key", "cursor", "ordering", "subject"])
def test_a_nul_character_is_refused_by_name(name: str) -> None:
    assert name in refused("layouts/", **{name: "a\x00"})


@pytest.mark.parametrize("query", ["q=%00", "q=%ff%fe", "place=%27%3B--", "key=" + "a" * 5000, "q=%22%20AND%20%2A"])
def test_hostile_text_is_at_worst_a_bad_request(query: str) -> None:
    assert Client().get(f"/api/v1/parks/?{query}").status_code in (200, 400)
