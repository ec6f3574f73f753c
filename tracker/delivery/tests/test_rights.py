"""Every answer, and every file whose format has a place for it, names licence, attribution and contract version."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any

import feedparser
import icalendar
import pytest
from django.test import Client
from openpyxl import load_workbook

from tracker.delivery import terms

pytestmark = pytest.mark.usefixtures("founding")

SAID = (terms.ATTRIBUTION, terms.LICENCE_URL)


def of_workbook(content: bytes) -> str:
    sheet = load_workbook(BytesIO(content)).worksheets[1]
    return " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row)


def of_geojson(content: bytes) -> str:
    collection: dict[str, Any] = json.loads(content)
    assert collection["contract_version"] == terms.CONTRACT_VERSION
    return f"{collection['licence_url']} {collection['attribution']}"


def of_atom(content: bytes) -> str:
    return str(feedparser.parse(content).feed.rights)


def of_calendar(content: bytes) -> str:
    return str(icalendar.Calendar.from_ical(content)["description"])


@pytest.mark.parametrize(
    ("address", "read"),
    [("zones.xlsx", of_workbook), ("zones.geojson", of_geojson), ("timeline.atom?place=320100", of_atom),
     ("timeline.ics?place=320100", of_calendar)],
)  # fmt: skip
def test_a_file_says_it_inside(address: str, read: Callable[[bytes], str]) -> None:
    answer = Client().get(f"/api/v1/{address}")
    content = b"".join(answer) if answer.streaming else answer.content
    said = read(content)
    assert [words for words in SAID if words not in said] == []


@pytest.mark.parametrize(
    "path",
    ["zones/", "zones.csv", "zones.jsonl", "zones.xlsx", "zones.geojson", "timeline.ics", "timeline.csv",
     "timeline.atom", "changes/", "search/?q=南京", "schema/", "zones/x/"],
)  # fmt: skip
def test_every_answer_says_it_in_its_headers(path: str) -> None:
    answer = Client().get(f"/api/v1/{path}")
    assert answer["X-Attribution"] == terms.ATTRIBUTION
    assert answer["X-Contract-Version"] == terms.CONTRACT_VERSION
    assert answer["Link"] == f'<{terms.LICENCE_URL}>; rel="license"'
