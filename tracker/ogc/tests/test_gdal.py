"""GDAL, as Debian has it, reads the running service by its address."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import urllib.request
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tracker.testing.browser import Site

pytestmark = [pytest.mark.gdal, pytest.mark.xdist_group("browser")]

NANJING = ("118.3", "31.2", "119.3", "32.7")
SMALL_PAGES = ("-oo", "PAGE_SIZE=7")


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    assert "ERROR" not in done.stderr, done.stderr
    return done.stdout


def service(site: Site) -> str:
    return f"OAPIF:{site.url}/ogc/"


def counted(site: Site, layer: str, *options: str) -> int:
    """How many features ogrinfo finds."""
    said = run("ogrinfo", "-ro", "-so", service(site), layer, *options)
    line = next(line for line in said.splitlines() if line.startswith("Feature Count:"))
    return int(line.partition(":")[2])


def api_keys(site: Site, path: str) -> set[str]:
    """The keys of a list of the REST API, page after page."""
    found: set[str] = set()
    address: str | None = f"/api/v1/{path}"
    while address:
        with urllib.request.urlopen(f"{site.url}{address}") as answer:
            body: dict[str, Any] = json.load(answer)
        found |= {item["key"] for item in body["results"]}
        address = body["next"]
    return found


def to_geopackage(site: Site, folder: Path, layer: str, *options: str) -> list[tuple[str, Any]]:
    """What ogr2ogr writes: each feature's id and whether it has a geometry."""
    target = folder / f"{layer}.gpkg"
    run("ogr2ogr", "-f", "GPKG", str(target), service(site), layer, *options)
    with closing(sqlite3.connect(target)) as connection:
        return connection.execute(f'SELECT id, geom IS NOT NULL FROM "{layer}"').fetchall()  # noqa: S608


def test_ogrinfo_lists_the_collections(site: Site) -> None:
    said = run("ogrinfo", "-ro", service(site))
    for line in ("parks (title: 园区 Park) (Point)", "zones (title: 先导区/试验区 Pilot zone) (Multi Point)",
                 "layouts (title: 产业布局 Layout) (Multi Point)"):  # fmt: skip
        assert line in said


@pytest.mark.parametrize("layer", ["parks", "zones", "layouts"])
def test_ogr2ogr_copies_all_features_page_by_page(site: Site, tmp_path: Path, layer: str) -> None:
    found = to_geopackage(site, tmp_path, layer, *SMALL_PAGES)
    keys = api_keys(site, f"{layer}/?page_size=200&fields=key")
    assert len(keys) > 7, "more than one page"
    assert [key for key, _ in found] == sorted(keys)
    assert counted(site, layer) == len(keys)


def test_the_points_that_gdal_reads_are_those_of_the_api(site: Site, tmp_path: Path) -> None:
    target = tmp_path / "parks.geojson"
    run("ogr2ogr", "-f", "GeoJSON", str(target), service(site), "parks", "-lco", "COORDINATE_PRECISION=7")
    features = json.loads(target.read_text())["features"]
    with urllib.request.urlopen(f"{site.url}/api/v1/parks/?page_size=200") as answer:
        parks = {park["key"]: park for park in json.load(answer)["results"]}
    compared = 0
    for feature in features:
        park = parks.get(feature["properties"]["key"])
        if park and feature["geometry"]:
            assert feature["geometry"]["coordinates"] == [park["location"]["lng"], park["location"]["lat"]]
            assert feature["properties"]["precision"] == park["location"]["precision"]
            compared += 1
    assert compared > 100


def test_a_box_is_asked_of_the_service(site: Site, tmp_path: Path) -> None:
    west, south, east, north = NANJING
    keys = api_keys(site, f"parks/?bbox={','.join(NANJING)}&page_size=200&fields=key")
    found = to_geopackage(site, tmp_path, "parks", "-spat", *NANJING, *SMALL_PAGES)
    assert {key for key, _ in found} == keys
    assert counted(site, "parks", "-spat", *NANJING) == len(keys) > 7
    assert counted(site, "layouts", "-spat", west, south, east, north) > 0


@pytest.mark.parametrize(("layer", "condition", "query"), [
    ("parks", "category = 'island'", "parks/?category=island"),
    ("parks", "status = 'in_operation' AND stage = 'open'", "parks/?status=in_operation&stage=open"),
    ("zones", "status = 'approved'", "zones/?status=approved"),
    ("layouts", "basis = 'analyst'", "layouts/?basis=analyst"),
])  # fmt: skip
def test_conditions_on_attributes_give_what_the_api_gives(
    site: Site, tmp_path: Path, layer: str, condition: str, query: str
) -> None:
    found = to_geopackage(site, tmp_path, layer, "-where", condition, *SMALL_PAGES)
    assert {key for key, _ in found} == api_keys(site, f"{query}&page_size=200&fields=key") != set()


def test_a_condition_is_sent_to_the_service_and_not_only_applied_by_gdal(site: Site) -> None:
    said = subprocess.run(
        ["ogrinfo", "-ro", "-so", "-where", "category = 'island'", service(site), "parks", "--debug", "on"],
        capture_output=True, text=True, timeout=300, check=True,
    ).stderr  # fmt: skip
    assert "category=island" in said


def test_a_single_collection_can_be_opened_by_its_own_address(site: Site) -> None:
    said = run("ogrinfo", "-ro", "-so", f"OAPIF:{site.url}/ogc/collections/zones", "zones")
    assert f"Feature Count: {len(api_keys(site, 'zones/?page_size=200'))}" in said
