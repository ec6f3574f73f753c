"""The SQLite file: tables that refer to one another, and what Datasette makes of them."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from datasette.app import Datasette

from tracker.accounts.models import User
from tracker.accounts.roles import Role
from tracker.curation.tests import factories
from tracker.delivery.snapshots import grams
from tracker.entries import kinds
from tracker.values import canonical

from .making import Made, made


def opened(snapshot: Made) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{snapshot.folder / 'tracker.sqlite3'}?mode=ro", uri=True)


@pytest.fixture
def tables(founding_snapshot: Made) -> Iterator[sqlite3.Connection]:
    with closing(opened(founding_snapshot)) as connection:
        yield connection


def count(tables: sqlite3.Connection, table: str) -> int:
    found: int = tables.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608
    return found


def test_the_file_is_whole_and_no_reference_leads_nowhere(tables: sqlite3.Connection) -> None:
    assert tables.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert tables.execute("PRAGMA foreign_key_check").fetchall() == []


def test_every_kind_has_its_rows_and_every_list_its_own(founding_snapshot: Made, tables: sqlite3.Connection) -> None:
    for kind in kinds.every():
        documents = founding_snapshot.documents(kind.plural)
        assert count(tables, kind.plural) == len(documents)
        for member in kind.children():
            listed = sum(len(document[member.name]) for document in documents)
            assert count(tables, f"{kind.plural}_{member.name}") == listed
    assert count(tables, "entries") == sum(founding_snapshot.manifest["counts"].values())


def test_a_query_joins_parks_their_areas_and_their_places(tables: sqlite3.Connection) -> None:
    found = tables.execute(
        "SELECT parks.name, places.name, value, unit FROM parks"
        " JOIN parks_areas ON parks_areas.entry = parks.key AND measure = 'site'"
        " JOIN parks_places ON parks_places.entry = parks.key JOIN places ON places.key = parks_places.place"
        " WHERE parks.name = '江心洲生态科技岛'"
    ).fetchall()
    assert ("江心洲生态科技岛", "建邺区", 15.21, "km2") in found


def test_parts_of_layouts_and_what_they_name_are_tables_of_their_own(tables: sqlite3.Connection) -> None:
    found = tables.execute(
        "SELECT count(*) FROM layouts_parts_places AS named JOIN layouts_parts AS part"
        " ON part.entry = named.entry AND part.key = named.parts_key JOIN places ON places.key = named.place"
    ).fetchone()[0]
    assert found == count(tables, "layouts_parts_places") > 0


def test_the_file_says_what_it_is(founding_snapshot: Made, tables: sqlite3.Connection) -> None:
    said = dict(tables.execute("SELECT name, value FROM snapshot").fetchall())
    assert said["seq"] == str(founding_snapshot.manifest["seq"])
    assert "GeoNames" in said["attribution"]
    assert tables.execute(
        "SELECT title FROM columns WHERE \"table\" = 'parks' AND \"column\" = 'stage'"
    ).fetchone() == ("阶段 Stage",)


@pytest.mark.parametrize("words", ["江心洲", "江心", "洲", "江心洲生态科技岛", "生态"])
def test_names_are_found_by_any_stretch_of_them(tables: sqlite3.Connection, words: str) -> None:
    found = tables.execute(
        "SELECT name FROM parks WHERE rowid IN (SELECT rowid FROM parks_fts WHERE parks_fts MATCH ?)", [f'"{words}"']
    ).fetchall()
    assert ("江心洲生态科技岛",) in found


def test_a_word_is_found_in_traditional_names_and_beside_latin_letters() -> None:
    assert {"先导区", "ai产业园", "产业", "ai"} <= set(grams.of_names(["AI产业园", "先導區"]).split())


@pytest.fixture
def snapshot_after_a_withdrawal(world: None) -> Made:
    """A park whose operator was withdrawn after it was named."""
    author, reviewer = (factories.user(name, Role.EDITOR) for name in ("author", "reviewer"))
    assert isinstance(author, User)
    factories.live({"kind": "organisation", "key": "gone", "name": "旧公司", "citations": factories.WHOLE},
                   factories.park(operators=["gone", "city-government"]))  # fmt: skip
    factories.withdraw(author, reviewer, factories.entry("organisation", "gone"))
    return made()


def test_what_was_withdrawn_is_named_but_no_longer_referred_to(snapshot_after_a_withdrawal: Made) -> None:
    with closing(opened(snapshot_after_a_withdrawal)) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        rows = connection.execute("SELECT organisation, name FROM parks_operators ORDER BY position").fetchall()
    assert rows == [(None, "旧公司"), ("city-government", "南京市人民政府")]


# --- Datasette ----------------------------------------------------------------------------------------------------


def asked(snapshot: Made, *addresses: str) -> list[Any]:
    """What Datasette answers to each address, over the file and its metadata."""

    async def ask() -> list[Any]:
        metadata = canonical.loads(snapshot.text("datasette.json"))
        served = Datasette([], immutables=[str(snapshot.folder / "tracker.sqlite3")], metadata=metadata)
        await served.invoke_startup()
        return [await served.client.get(address) for address in addresses]

    return asyncio.run(ask())


def test_datasette_counts_parks_by_category_stage_and_city(founding_snapshot: Made) -> None:
    table, page = asked(founding_snapshot, "/tracker/parks.json?_size=1", "/tracker/parks")
    facets = table.json()["facet_results"]
    parks = founding_snapshot.documents("parks")
    counted = {item["label"]: item["count"] for item in facets["category"]["results"]}
    for label, count in counted.items():
        assert count == sum(park["category"] is not None and park["category"]["name"] == label for park in parks)
    shenzhen = sum("深圳市" in {(place["city"] or place)["name"] for place in park["places"]} for park in parks)
    assert {"label": "深圳市", "count": shenzhen}.items() <= facets["cities"]["results"][0].items()
    assert page.status_code == 200
    assert "facet-results" in page.text and "深圳市" in page.text and "CC BY 4.0" in page.text


def test_datasette_searches_names_and_follows_references(founding_snapshot: Made) -> None:
    found, park = asked(founding_snapshot, "/tracker/parks.json?_search=江心洲&_shape=objects",
                        "/tracker/parks/nanjing-jiangxinzhou-eco-tech-island")  # fmt: skip
    assert "江心洲生态科技岛" in {row["name"] for row in found.json()["rows"]}
    assert park.status_code == 200
    assert re.search(r'href="/tracker/parks_areas\?entry=nanjing-jiangxinzhou-eco-tech-island"', park.text)


def test_every_table_opens_in_datasette_with_the_facets_it_promises(founding_snapshot: Made) -> None:
    tables = canonical.loads(founding_snapshot.text("datasette.json"))["databases"]["tracker"]["tables"]
    answers = asked(founding_snapshot, *(f"/tracker/{name}.json?_size=1" for name in tables))
    for (name, described), answer in zip(tables.items(), answers, strict=True):
        assert answer.status_code == 200, name
        promised = {facet["array"] if isinstance(facet, dict) else facet for facet in described["facets"]}
        assert set(answer.json()["facet_results"]) == promised, name
