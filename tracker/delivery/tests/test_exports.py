"""A list as a file: the same entries in the same order, under both clocks, in formats that others read."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from tracker.curation.models import Proposal
from tracker.curation.tests import factories
from tracker.delivery.exports import MEDIA
from tracker.delivery.snapshots.tests.making import Made
from tracker.entries import kinds
from tracker.testing.api import every, openapi, refused
from tracker.values import canonical

from .test_recorded_time import edit

ISLAND = "nanjing-jiangxinzhou-eco-tech-island"


def fetched(path: str, **headers: str) -> Any:
    answer = Client().get(f"/api/v1/{path}", headers=headers)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    assert answer.status_code == 200, content[:500]
    return answer, content


def content_of(path: str) -> bytes:
    found: bytes = fetched(path)[1]
    return found


def keys_of_csv(content: bytes) -> list[str]:
    return [row["key"] for row in csv.DictReader(StringIO(content.decode("utf-8-sig"), newline=""))]


def keys_of_xlsx(content: bytes) -> list[str]:
    heading, *rows = load_workbook(BytesIO(content), read_only=True).worksheets[0].iter_rows(values_only=True)
    at = heading.index("key")
    return [row[at] for row in rows]


def keys_of_geojson(content: bytes) -> list[str]:
    return [feature["id"] for feature in canonical.loads(content)["features"]]


def keys_of_jsonl(content: bytes) -> list[str]:
    return [canonical.loads(line)["key"] for line in content.splitlines()]


READERS: dict[str, Callable[[bytes], list[str]]] = {
    "csv": keys_of_csv, "xlsx": keys_of_xlsx, "geojson": keys_of_geojson, "jsonl": keys_of_jsonl,
}  # fmt: skip
QUERIES = [
    ("parks", {"place": "320100"}), ("parks", {"category": ["island", "corridor"], "ordering": "-name"}),
    ("policies", {"date_from": "2018", "ordering": "date"}), ("zones", {"as_of": "2020-12-31"}),
    ("layouts", {"known_at": "2999-01-01", "ordering": "-key"}), ("parks", {"bbox": "118,31,119,33"}),
    ("zones", {"as_of": "2020-12-31", "known_at": "2999-01-01", "ordering": "date"}), ("parks", {"q": "人工智能"}),
]  # fmt: skip


@pytest.mark.parametrize("suffix", READERS)
@pytest.mark.parametrize(("plural", "query"), QUERIES)
def test_an_export_holds_what_the_list_holds_in_its_order(founding: None, suffix: str, plural: str,
                                                          query: dict[str, Any]) -> None:  # fmt: skip
    words = "&".join(f"{name}={value}" for name, values in query.items()
                     for value in (values if isinstance(values, list) else [values]))  # fmt: skip
    listed = [item["key"] for item in every(f"{plural}/", page_size=200, **query)]
    assert READERS[suffix](content_of(f"{plural}.{suffix}?{words}")) == listed != []


@pytest.mark.parametrize("suffix", READERS)
def test_every_kind_has_every_format(founding: None, suffix: str) -> None:
    for kind in kinds.every():
        answer, content = fetched(f"{kind.plural}.{suffix}?ordering=key")
        assert answer["Content-Type"].partition(";")[0] == MEDIA[suffix]
        assert f'filename="{kind.plural}.{suffix}"' in answer["Content-Disposition"]
        assert 'rel="license"' in answer["Link"]
        assert len(READERS[suffix](content)) > 0


def test_a_whole_list_is_byte_for_byte_the_file_of_a_snapshot(founding: None, founding_snapshot: Made) -> None:
    for kind in kinds.every():
        for suffix in ("csv", "jsonl"):
            stored = (founding_snapshot.folder / f"{kind.plural}.{suffix}").read_bytes()
            assert content_of(f"{kind.plural}.{suffix}?ordering=key") == stored


def test_features_are_those_of_a_snapshot(founding: None, founding_snapshot: Made) -> None:
    for plural in ("parks", "zones", "layouts", "platforms", "places"):
        found = canonical.loads(content_of(f"{plural}.geojson?ordering=key"))
        assert found["features"] == founding_snapshot.features(plural)
        assert found["licence"] == "CC BY 4.0" and "GeoNames" in found["attribution"]


def test_the_list_answers_with_the_format_that_the_client_likes(founding: None) -> None:
    for suffix, media in MEDIA.items():
        answer, content = fetched("parks/?place=320100", accept=f"{media}, application/json;q=0.5")
        assert answer["Content-Type"].partition(";")[0] == media
        assert content == content_of(f"parks.{suffix}?place=320100")
        assert "Accept" in answer["Vary"]
    for likes in ("*/*", "application/json", "text/html,*/*;q=0.8", "application/json, text/csv"):
        assert fetched("parks/?page_size=1", accept=likes)[0]["Content-Type"] == "application/json"
    assert Client().get("/api/v1/parks/", headers={"accept": "image/png"}).status_code == 406


def test_the_formats_of_a_list_are_in_its_contract() -> None:
    paths = openapi()["paths"]
    assert set(paths["/api/v1/parks/"]["get"]["responses"]["200"]["content"]) == {"application/json", *MEDIA.values()}
    for suffix, media in MEDIA.items():
        assert set(paths[f"/api/v1/parks.{suffix}"]["get"]["responses"]["200"]["content"]) == {media}


# --- both clocks --------------------------------------------------------------------------------------------------

TIMED = ["parks.csv?place=320100", "parks.xlsx?place=320100", "parks.geojson?place=320100", "parks.jsonl?place=320100",
         "layouts.geojson?place=320100", "zones.geojson?ordering=key", "zones.csv?as_of=2020-12-31",
         "places.csv?level=province", "policies.jsonl?place=320100&ordering=date"]  # fmt: skip


def test_under_an_earlier_moment_an_export_is_byte_for_byte_what_it_was_then(founding: None) -> None:
    before = timezone.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    addresses = [f"{path}&known_at={before}" for path in TIMED if "level" not in path]
    then = {address: content_of(address) for address in addresses}
    edit("park", ISLAND, name="新名字", location={"lat": 32.02, "lng": 118.70})
    edit("place", "320100", name_en="Nanking", point={"lat": 32.0, "lng": 118.8})
    edit("policy", "nanjing-ai-opinions-2017", action=Proposal.Action.WITHDRAW)
    assert {address: content_of(address) for address in addresses} == then
    later = (timezone.now() + timedelta(seconds=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
    for address, said in then.items():
        if "place=320100" in address or "zones.geojson" in address:
            assert content_of(address.replace(before, later)) != said, address


def test_what_is_said_now_is_what_was_known_now(founding: None) -> None:
    for path in ("parks.csv?ordering=key", "layouts.jsonl?ordering=key"):
        assert content_of(path) == content_of(f"{path}&known_at=2999-01-01")


def test_as_of_cuts_the_documents_and_says_what_is_not_certain(founding: None) -> None:
    rows = list(csv.DictReader(StringIO(content_of("zones.csv?as_of=2020-12-31").decode("utf-8-sig"), newline="")))
    listed = every("zones/", as_of="2020-12-31", page_size=200)
    assert [(row["key"], row["certain"]) for row in rows] == [
        (item["key"], "true" if item["certain"] else "false") for item in listed
    ]
    lines = content_of("zones.jsonl?as_of=2020-12-31").decode().splitlines()
    assert [canonical.loads(line) for line in lines] == listed


def test_only_the_members_asked_for_are_columns(founding: None) -> None:
    for path, heading in (("parks.csv?fields=name,category", "kind,key,name,category,category_name,category_name_en"),
                          ("terms.csv?omit=citations,conflicts,note,url,aliases,version,revision,published_at,"
                           "updated_at,verified_at,stale_after", "kind,key,name,name_en,vocabulary,rank")):  # fmt: skip
        assert content_of(path).decode("utf-8-sig").splitlines()[0] == heading
    first = canonical.loads(content_of("parks.jsonl?fields=name").splitlines()[0])
    assert set(first) == {"kind", "key", "name"}


# --- Excel --------------------------------------------------------------------------------------------------------


def test_the_second_sheet_says_what_the_first_one_is(founding: None) -> None:
    answer, content = fetched("zones.xlsx?as_of=2020-12-31&known_at=2999-01-01")
    about = dict(load_workbook(BytesIO(content)).worksheets[1].iter_rows(values_only=True))
    assert (about["as_of"], about["known_at"]) == ("2020-12-31", "2999-01-01")
    assert about["seq"] == answer["X-Feed-Number"]
    assert about["licence"] == "CC BY 4.0" and "GeoNames" in about["attribution"]


def test_numbers_are_numbers_and_text_is_text(founding: None) -> None:
    sheet = load_workbook(BytesIO(content_of("series.xlsx?ordering=key"))).worksheets[0]
    heading = [cell.value for cell in sheet[1]]
    rows = list(sheet.iter_rows(min_row=2))
    documents = every("series/", ordering="key", page_size=200)
    for row, document in zip(rows, documents, strict=True):
        latest = (document["latest"] or {}).get("value")
        cell = row[heading.index("latest_value")]
        assert cell.value == (None if latest is None else float(latest))
        assert row[heading.index("version")].data_type == "n"
        assert row[heading.index("key")].value == document["key"]


@pytest.mark.parametrize(
    "name", ['=HYPERLINK("http://evil.example","x")', "+1", "-2+3", "@SUM(A1)", "＝1", "http://a.b"]
)
def test_a_name_that_is_a_formula_stays_text_in_every_table(db: None, name: str) -> None:
    factories.ensure_world()
    factories.live(factories.park("odd", name))
    sheet = load_workbook(BytesIO(content_of("parks.xlsx"))).worksheets[0]
    heading = [cell.value for cell in sheet[1]]
    cell = sheet[2][heading.index("name")]
    assert (cell.value, cell.data_type, cell.hyperlink) == (name, "s", None)
    assert bool(cell.quotePrefix) == (name[0] != "h")
    row = next(csv.DictReader(StringIO(content_of("parks.csv").decode("utf-8-sig"), newline="")))
    assert row["name"] == (name if name[0] == "h" else f"'{name}")


def test_a_cell_longer_than_excel_allows_is_cut_and_marked(db: None) -> None:
    factories.ensure_world()
    lines = [f"定位{number:03}{'长' * 280}" for number in range(150)]
    factories.live(factories.park("long", "长园", positioning=lines))
    sheet = load_workbook(BytesIO(content_of("parks.xlsx"))).worksheets[0]
    cell = sheet[2][[cell.value for cell in sheet[1]].index("positioning")]
    assert len(cell.value) == 32_000 and cell.value.endswith("…")


# --- what is refused ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", READERS)
def test_an_export_is_whole_and_strict(founding: None, suffix: str) -> None:
    wrong = {"cursor": "x", "page_size": "5", "count": "true", "plaec": "1", "place": "999999", "as_of": "2020",
             "known_at": "x", "fields": "colour", "ordering": "colour"}  # fmt: skip
    for name, value in wrong.items():
        assert name in refused(f"parks.{suffix}", **{name: value})
    assert "category" in refused(f"parks.{suffix}", category="no-such")
    assert "stage" in refused(f"parks.{suffix}", stage="open", known_at="2999-01-01")


def test_more_than_an_export_holds_is_refused_and_says_what_to_do_instead(founding: None, settings: Any) -> None:
    settings.EXPORT_DOCUMENTS = 200
    assert "snapshots" in refused("parks.csv")["place"]
    assert len(keys_of_csv(content_of("parks.csv?place=320100"))) < 200


def test_an_export_costs_the_same_few_queries_for_each_batch(
    founding: None, django_assert_max_num_queries: Any
) -> None:
    for path, most in {"zones.csv": 4, "parks.csv": 5, "parks.jsonl?place=320100": 5, "layouts.geojson": 8}.items():
        with django_assert_max_num_queries(most):
            content_of(path)
