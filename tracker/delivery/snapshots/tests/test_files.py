"""What the files of a snapshot say, read back by what other people use."""

from __future__ import annotations

import gzip
from hashlib import sha256

import pytest

from tracker.curation.tests import factories
from tracker.delivery import columns, features
from tracker.entries import kinds
from tracker.entries.models import Entry, State
from tracker.testing import drafts
from tracker.timeline.models import Event
from tracker.values import canonical
from tracker.values.cells import FORMULA_STARTS

from .making import Made, made


def test_json_lines_are_the_stored_documents_byte_for_byte(founding: None, founding_snapshot: Made) -> None:
    for kind in kinds.every():
        stored = Entry.objects.filter(kind=kind.name, state=State.LIVE).order_by("key")
        written = (founding_snapshot.folder / f"{kind.plural}.jsonl").read_bytes()
        assert written == b"".join(text.encode() + b"\n" for text in stored.values_list("document", flat=True))


def test_events_are_told_as_the_timeline_tells_them(founding: None, founding_snapshot: Made) -> None:
    told = set(Event.objects.values_list("document", flat=True))
    assert set(founding_snapshot.lines("events")) == told


def test_the_manifest_counts_weighs_and_hashes_every_file(founding_snapshot: Made) -> None:
    listed = {file["name"]: file for file in founding_snapshot.manifest["files"]}
    assert {path.name for path in founding_snapshot.folder.iterdir()} == {*listed, "manifest.json"}
    for name, file in listed.items():
        content = (founding_snapshot.folder / name).read_bytes()
        assert (len(content), sha256(content).hexdigest()) == (file["bytes"], file["sha256"]), name
    for kind in kinds.every():
        count = founding_snapshot.manifest["counts"][kind.name]
        assert len(founding_snapshot.lines(kind.plural)) == listed[f"{kind.plural}.jsonl"]["count"] == count
        assert len(founding_snapshot.rows(kind.plural)) == listed[f"{kind.plural}.csv"]["count"] == count
    assert canonical.loads(founding_snapshot.text("manifest.json")) == founding_snapshot.manifest


def test_no_file_holds_a_word_of_a_draft(world: None) -> None:
    factories.live(factories.park(), factories.policy())
    for kind in ("park", "policy", "place", "organisation", "source", "term"):
        found = Entry.objects.filter(kind=kind).first()
        assert found is not None
        drafts.drafts_of(found)
    snapshot = made()
    for path in snapshot.folder.iterdir():
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        assert drafts.MARK.encode() not in content, path.name
        assert drafts.KEY.encode() not in content, path.name
    assert any(b"river-park" in path.read_bytes() for path in snapshot.folder.iterdir())


def test_compressed_files_hold_the_same(founding_snapshot: Made) -> None:
    zipped = [file["name"] for file in founding_snapshot.manifest["files"] if file["compression"]]
    assert {"parks.jsonl.gz", "parks.csv.gz", "parks.geojson.gz", "tracker.sqlite3.gz"} <= set(zipped)
    for name in zipped:
        content = gzip.decompress((founding_snapshot.folder / name).read_bytes())
        assert content == (founding_snapshot.folder / name.removesuffix(".gz")).read_bytes()


def test_licence_and_attribution_are_in_what_can_carry_them(founding_snapshot: Made) -> None:
    for name in ("manifest.json", "LICENCE.txt", "datasette.json", "parks.geojson"):
        assert "CC BY 4.0" in founding_snapshot.text(name)
        assert "GeoNames" in founding_snapshot.text(name)


# --- CSV ----------------------------------------------------------------------------------------------------------


def test_tables_begin_with_a_byte_order_mark_and_hold_what_the_documents_say(founding_snapshot: Made) -> None:
    assert (founding_snapshot.folder / "parks.csv").read_bytes().startswith(b"\xef\xbb\xbfkind,key,")
    rows, documents = founding_snapshot.rows("parks"), founding_snapshot.documents("parks")
    assert [row["key"] for row in rows] == [document["key"] for document in documents]
    for row, document in zip(rows, documents, strict=True):
        assert row["name"] == document["name"]
        assert row["category"] == (document["category"] or {"key": ""})["key"]
        assert row["places"] == " | ".join(place["key"] for place in document["places"])
        assert row["location_precision"] == (document["location"]["precision"] or "")
        assert row["version"] == str(document["version"])


def test_an_area_can_be_read_in_the_table(founding_snapshot: Made) -> None:
    island = next(row for row in founding_snapshot.rows("parks") if row["name"] == "江心洲生态科技岛")
    assert "site" in island["areas"] and "15.21" in island["areas"] and "km2" in island["areas"]


def test_no_cell_of_any_table_begins_like_a_formula(founding_snapshot: Made) -> None:
    for kind in kinds.every():
        numbers = {column.name for column in columns.of_kind(kind) if column.sort in ("integer", "number")}
        for row in founding_snapshot.rows(kind.plural):
            cells = (cell for name, cell in row.items() if name not in numbers)
            assert not [cell for cell in cells if cell[:1] in FORMULA_STARTS and cell], row["key"]


@pytest.mark.parametrize("name", ['=HYPERLINK("http://evil.example","x")', "+1", "-1", "@SUM(A1)", "＝1+1"])
def test_a_name_that_is_a_formula_is_defused(world: None, name: str) -> None:
    factories.live(factories.park("odd", name))
    row = next(row for row in made().rows("parks") if row["key"] == "odd")
    assert row["name"] == f"'{name}"


def test_a_name_with_separators_quotes_and_lines_comes_back_whole(world: None) -> None:
    odd = 'A,B;"C"\tD'
    factories.live(factories.park("odd", odd, positioning=["一,二", '"三"']))
    row = next(row for row in made().rows("parks") if row["key"] == "odd")
    assert (row["name"], row["positioning"]) == (odd, '一,二 | "三"')


# --- GeoJSON ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("plural", ["parks", "platforms", "zones", "places", "layouts"])
def test_every_entry_is_a_feature_and_no_point_is_made_up(founding_snapshot: Made, plural: str) -> None:
    found = founding_snapshot.features(plural)
    documents = founding_snapshot.documents(plural)
    assert [feature["id"] for feature in found] == [document["key"] for document in documents]
    known = [feature for feature in found if feature["geometry"]]
    assert known
    points = {(point.lng, point.lat) for place in founding_snapshot.documents("places")
              if (point := features.own_point(place))}  # fmt: skip
    for feature in known:
        geometry, said = feature["geometry"], feature["properties"]
        each = geometry["coordinates"] if geometry["type"] == "MultiPoint" else [geometry["coordinates"]]
        assert {(lng, lat) for lng, lat in each} <= points, feature["id"]
        assert said["precision"] and said["of"]
    for feature in found:
        if not feature["geometry"]:
            assert not feature["properties"]["precision"]


def test_a_park_with_a_point_of_its_own_is_drawn_there_and_one_without_any_is_listed(world: None) -> None:
    factories.live(factories.park("own", "有点", location={"lat": 32.1, "lng": 118.7}),
                   factories.park("lost", "无点", places=[]))  # fmt: skip
    own, lost = (feature for key in ("own", "lost") for feature in made().features("parks") if feature["id"] == key)
    assert own["geometry"] == {"type": "Point", "coordinates": [canonical.loads("118.7"), canonical.loads("32.1")]}
    assert (own["properties"]["precision"], own["properties"]["of"]) == ("site", None)
    assert lost["geometry"] is None


def test_a_layout_is_drawn_by_what_its_parts_name(founding_snapshot: Made) -> None:
    layouts = {feature["id"]: feature for feature in founding_snapshot.features("layouts")}
    documents = {document["key"]: document for document in founding_snapshot.documents("layouts")}
    located = {("place", place["key"]) for place in founding_snapshot.documents("places") if place["point"]}
    located |= {("park", park["key"]) for park in founding_snapshot.documents("parks") if park["location"]["precision"]}
    for key, document in documents.items():
        named = [(item["kind"], item["key"]) for name in ("places", "parks") for part in document["parts"]
                 for item in part[name]]  # fmt: skip
        said = layouts[key]["properties"]
        assert said["of"] == [f"{kind}/{name}" for kind, name in named if (kind, name) in located]
        assert len(said["of"]) == len(said["precision"]) == len(said["of_parts"])
        drawn = layouts[key]["geometry"]
        assert len(drawn["coordinates"]) == len(said["of"]) if drawn else said["of"] == []
