"""How many queries each page makes: a baseline that may sink and must not rise.

After a change that is meant to cost more, set ``RECORD_QUERY_COUNTS=1`` and commit the file.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

BASELINE = Path(__file__).parent / "query_counts.json"
RECORDING = os.environ.get("RECORD_QUERY_COUNTS") == "1"
PAGES = [
    "/", "/policies/", "/parks/?place=440300&category=industrial-park", "/places/", "/sources/",
    "/policies/nanjing-ai-opinions-2017/", "/parks/nanjing-jiangbei-new-area/",
    "/layouts/shenzhen-layout-ai-action-plan-2019/", "/places/320100/", "/timeline/",
    "/timeline/?place=320100&kind=policy", "/timeline/?lanes=city", "/timeline/?as_of=2019-06-01",
    "/timeline/?future=include", "/timeline/?side=cities&place=320100&place=320500", "/search/?q=人工智能",
    "/changes/", "/sources/bluebook-2021/", "/about/",
    "/data/", "/quality/", "/quality/?place=320100",
    "/places/compare/?keys=320100,440300", "/search/suggest/?q=人工智能",
    "/parks/compare/?keys=shenzhen-high-tech-zone,nanjing-jiangxinzhou-eco-tech-island,hangzhou-ai-town",
    "/parks/score/?place=440300&what=stage&of=open&unit=&least=&most=&worst=&best=&must=&weight=1",
]  # fmt: skip

pytestmark = [pytest.mark.usefixtures("founding"), pytest.mark.urls("tracker.web.tests.addresses")]


def queries(client: Client, address: str) -> int:
    cache.clear()
    client.get("/about/")  # fills the place switcher, which is kept for minutes
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_makes_as_many_queries_as_its_baseline_says(client: Client, address: str) -> None:
    number = queries(client, address)
    baseline: dict[str, int] = json.loads(BASELINE.read_text()) if BASELINE.exists() else {}
    if RECORDING:
        BASELINE.write_text(
            json.dumps(baseline | {address: number}, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        )
        return
    assert number == baseline[address]


@pytest.mark.parametrize(("small", "large"), [
    ("/places/320105/", "/places/100000/"), ("/parks/?place=320105", "/parks/?place=100000"),
    ("/timeline/?place=320100", "/timeline/?place=100000"),
    ("/timeline/?lanes=city&place=320000", "/timeline/?lanes=city&place=100000"),
    ("/search/?q=江心洲", "/search/?q=人工智能"),
    ("/sources/editor-judgement/", "/sources/bluebook-2021/"),
])  # fmt: skip
def test_the_number_of_queries_does_not_grow_with_the_data(client: Client, small: str, large: str) -> None:
    assert queries(client, large) <= queries(client, small)
