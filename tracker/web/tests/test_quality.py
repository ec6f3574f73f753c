"""The public page on data quality: every figure is the number of the list that it leads to."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import localdate

from tracker.delivery import quality
from tracker.entries import kinds
from tracker.testing.api import get, refused
from tracker.web.quality import Line

pytestmark = pytest.mark.usefixtures("founding")


def page(client: Client, **query: Any) -> Any:
    answer = client.get("/quality/", query)
    assert answer.status_code == 200
    return answer.context["page"]


def cells(line: Line) -> list[Any]:
    return [line.stale, line.unsourced, line.conflicts, *(field.unknown for field in line.fields)]


@pytest.mark.parametrize("query", [{}, {"place": "320100"}, {"kind": "park"}])
def test_every_figure_is_the_number_of_the_list_behind_it(client: Client, query: dict[str, str]) -> None:
    for line in page(client, **query).kinds:
        assert client.get(line.href).context["listing"].count == line.entries
        for cell in cells(line):
            if cell.number:
                assert client.get(cell.href).context["listing"].count == cell.number, cell.href


def test_the_row_of_a_city_is_the_page_of_that_city(client: Client) -> None:
    today, curated = localdate(), kinds.entry_kinds()
    for city in quality.Quality(curated, [], today).cities[:3]:
        assert list(city.figures) == [one for one in quality.Quality(curated, [city.key], today).kinds if one.entries]


def test_the_city_of_one_kind_leads_to_its_lists(client: Client) -> None:
    line = page(client, kind="park").cities[0]
    assert client.get(line.stale.href).context["listing"].count == line.stale.number


def test_of_many_cities_the_fullest_are_listed_and_the_others_when_asked_for(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = page(client)
    assert whole.all_cities == len(whole.cities) > 3
    monkeypatch.setattr("tracker.web.quality.FIRST_CITIES", 3)
    assert [line.href for line in page(client).cities] == [line.href for line in whole.cities[:3]]
    assert "cities=all" in client.get("/quality/").content.decode()
    assert len(page(client, cities="all").cities) == whole.all_cities
    assert client.get("/quality/?cities=some").status_code == 400


def test_a_place_without_entries_says_so(client: Client) -> None:
    assert "尚未查考" in client.get("/quality/?place=659001").content.decode()


@pytest.mark.parametrize("query", ["place=999999", "kind=x", "kind=place"])
def test_a_wrong_parameter_is_explained(client: Client, query: str) -> None:
    assert client.get(f"/quality/?{query}").status_code == 400
    assert client.get("/parks/?gap=colour").status_code == 400


def test_it_says_how_far_one_looked_there_and_beside_a_list_of_one_place(client: Client) -> None:
    looked = client.get("/quality/?place=320105").context["looked"]  # a district: its city was looked at
    assert [(look.topic, look.code, look.when) for look in looked] == [
        ("创新平台", "partial", "2021年"), ("政策", "partial", "2020年12月31日")]  # fmt: skip
    assert "截至 2020年12月31日" in client.get("/policies/?place=320100").content.decode()
    assert "截至 2020年12月31日" not in client.get("/parks/?place=320100").content.decode()


def test_it_speaks_english(client: Client) -> None:
    text = client.get("/en/quality/").content.decode()
    assert "Data quality" in text
    assert "Key fields known" in text


def test_the_api_gives_the_same_figures() -> None:
    rows = {row["kind"]: row for row in get("quality/")["results"]}
    for kind in kinds.entry_kinds():
        row = rows[kind.name]
        assert get(f"{kind.plural}/", count="true", page_size=1)["count"] == row["entries"]
        for gap in ("stale", "unsourced", "conflict"):
            told = row["conflicts" if gap == "conflict" else gap]
            assert get(f"{kind.plural}/", count="true", page_size=1, gap=gap)["count"] == told
        field = row["fields"][-1]
        lacking = get(f"{kind.plural}/", count="true", page_size=1, gap=field["name"])["count"]
        assert lacking == row["entries"] - field["known"]


def test_the_api_by_city_and_what_it_refuses() -> None:
    rows = get("quality/", by="city", kind="park", place="320000")["results"]
    assert {row["city"]["name"] for row in rows} >= {"南京市", "苏州市"}
    assert "by" in refused("quality/", by="colour")
    assert "kind" in refused("quality/", kind="place")
    assert "gap" in refused("parks/", gap="colour")
    assert "gap" in refused("parks/", gap="stale", known_at="2999-01-01")
