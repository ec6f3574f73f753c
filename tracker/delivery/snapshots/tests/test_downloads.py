"""Fetching the files: whole, in ranges, again, and under conditions."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.http.response import HttpResponseBase
from django.test import Client

from tracker.testing.api import get, refused

from .making import Made

ADDRESS = "/api/v1/snapshots/1/parks.jsonl"


@pytest.fixture
def served(founding: None, founding_snapshot: Made, settings: Any) -> Made:
    settings.SNAPSHOT_DIR = Path(founding_snapshot.folder).parent
    founding_snapshot.row()
    return founding_snapshot


@pytest.fixture
def whole(served: Made) -> bytes:
    return (served.folder / "parks.jsonl").read_bytes()


def fetched(address: str = ADDRESS, **headers: str) -> HttpResponseBase:
    return Client().get(address, headers={name.replace("_", "-"): value for name, value in headers.items()})


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_every_file_of_the_manifest_can_be_fetched_and_is_what_it_says(served: Made) -> None:
    for file in get("snapshots/1/")["files"]:
        answer = fetched(file["url"])
        content = body(answer)
        assert answer.status_code == 200
        assert sha256(content).hexdigest() == file["sha256"]
        assert (answer["Content-Length"], answer["Content-Type"]) == (str(len(content)), file["media_type"])
        assert 'rel="license"' in answer["Link"]


@pytest.mark.parametrize(("asked", "first", "last"), [
    ("bytes=0-99", 0, 99), ("bytes=0-0", 0, 0), ("bytes=100-", 100, None), ("bytes=-5", -5, None),
    ("bytes=10-999999999999", 10, None), ("bytes=-999999999999", 0, None), ("Bytes= 7 - 8 ", 7, 8),
])  # fmt: skip
def test_a_range_gives_these_bytes_and_no_others(whole: bytes, asked: str, first: int, last: int | None) -> None:
    answer = fetched(range=asked)
    start = first if first >= 0 else len(whole) + first
    end = len(whole) - 1 if last is None else last
    assert answer.status_code == 206
    assert answer["Content-Range"] == f"bytes {start}-{end}/{len(whole)}"
    assert body(answer) == whole[start : end + 1]
    assert answer["Content-Length"] == str(end + 1 - start)


@pytest.mark.parametrize("asked", ["bytes=5-2", "lines=0-9", "bytes=a-b", "bytes=", "bytes=-", "bytes=0-1,5-6", "0-9"])
def test_what_is_no_single_range_of_bytes_is_ignored(whole: bytes, asked: str) -> None:
    answer = fetched(range=asked)
    assert (answer.status_code, body(answer)) == (200, whole)
    assert "Content-Range" not in answer.headers


@pytest.mark.parametrize("asked", ["bytes=99999999999-", "bytes=-0"])
def test_a_range_beyond_the_end_is_not_satisfiable(whole: bytes, asked: str) -> None:
    answer = fetched(range=asked)
    assert answer.status_code == 416
    assert answer["Content-Range"] == f"bytes */{len(whole)}"


def test_a_download_that_broke_off_goes_on_where_it_ended(whole: bytes) -> None:
    start = fetched(range="bytes=0-999")
    rest = fetched(range="bytes=1000-", if_range=start["ETag"])
    assert rest.status_code == 206
    assert body(start) + body(rest) == whole


def test_a_range_of_another_file_gives_the_whole_one(whole: bytes) -> None:
    modified = fetched()["Last-Modified"]
    assert fetched(range="bytes=0-9", if_range=modified).status_code == 206
    for other in ('"another"', "Wed, 21 Oct 2015 07:28:00 GMT", "W/" + fetched()["ETag"]):
        answer = fetched(range="bytes=0-9", if_range=other)
        assert (answer.status_code, body(answer)) == (200, whole)


def test_what_has_not_changed_is_not_sent_again(whole: bytes) -> None:
    first = fetched()
    assert first["ETag"] == f'"{sha256(whole).hexdigest()}"'
    assert fetched(if_none_match=first["ETag"]).status_code == 304
    assert fetched(if_none_match=first["ETag"], range="bytes=0-9").status_code == 304
    assert fetched(if_modified_since=first["Last-Modified"]).status_code == 304
    assert fetched(if_match='"another"').status_code == 412


def test_a_client_that_takes_gzip_still_gets_the_bytes_it_asked_for(whole: bytes) -> None:
    answer = fetched(accept_encoding="gzip", range="bytes=0-4999")
    assert body(answer) == whole[:5000]


def test_asking_for_the_head_sends_no_body_and_its_length(whole: bytes) -> None:
    answer = Client().head(ADDRESS)
    assert (answer.status_code, answer.content, answer["Content-Length"]) == (200, b"", str(len(whole)))
    assert answer["Accept-Ranges"] == "bytes"


def test_the_newest_file_is_found_without_knowing_its_number(served: Made) -> None:
    answer = fetched("/api/v1/snapshots/latest/parks.jsonl.gz")
    assert (answer.status_code, answer["Location"]) == (302, "/api/v1/snapshots/1/parks.jsonl.gz")
    assert get("snapshots/latest/") == get("snapshots/1/")


@pytest.mark.parametrize("name", ["no-such.csv", "..%2F..%2Fsecret-key", "manifest.json%00", ".tmp"])
def test_a_file_the_manifest_does_not_list_is_not_served(served: Made, name: str) -> None:
    assert get(f"snapshots/1/{name}", 404)["status"] == 404
    assert get(f"snapshots/latest/{name}", 404)["status"] == 404


def test_unknown_parameters_and_cursors_are_refused_by_name(served: Made) -> None:
    assert "formt" in refused("snapshots/", formt="csv")
    assert "after" in refused("snapshots/1/", after="1")
    assert "cursor" in refused("snapshots/", cursor="x")
    assert "x" in refused("snapshots/1/parks.csv", x="1")


def test_before_the_first_snapshot_the_list_is_empty_and_there_is_no_newest(db: None) -> None:
    assert get("snapshots/")["results"] == []
    assert get("snapshots/latest/", 404)["status"] == 404


def test_the_list_pages_from_the_newest_backwards(served: Made) -> None:
    replace(served, manifest=served.manifest | {"number": 2}).row()
    first = get("snapshots/", page_size=1)
    assert [item["number"] for item in first["results"]] == [2]
    rest = get(first["next"].removeprefix("/api/v1/"))
    assert [item["number"] for item in rest["results"]] == [1]
    assert rest["next"] is None
