"""The page for people who download: it offers what is there, and its recipes work as printed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tracker.curation.tests import factories
from tracker.delivery.snapshots.tests.making import made
from tracker.entries import kinds
from tracker.web import downloads


@pytest.fixture
def small(db: None, settings: Any, tmp_path: Path) -> None:
    settings.SNAPSHOT_DIR = tmp_path
    factories.ensure_world()


def test_before_the_first_snapshot_it_says_what_to_do_instead(client: Client, small: None) -> None:
    page = client.get("/data/").content.decode()
    assert "还没有制作过快照" in page
    assert "/api/v1/docs/" in page


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_file_is_offered_and_every_offer_can_be_fetched(client: Client, small: None, prefix: str) -> None:
    manifest = made().manifest
    page = client.get(f"{prefix}/data/").content.decode()
    offered = set(re.findall(r'href="(/api/v1/snapshots/\d+/[^"]+)"', page))
    assert offered == {file["url"] for file in manifest["files"]} - {f"{manifest['url']}LICENCE.txt"}
    for address in offered:
        assert client.head(address).status_code == 200
    for kind in kinds.every():
        assert f"{kind.plural}.jsonl" in page


def test_it_says_where_in_the_feed_the_files_stand_and_lists_the_earlier_ones(client: Client, small: None) -> None:
    made()
    factories.live(factories.park())
    seq = made().manifest["seq"]
    page = client.get("/data/").content.decode()
    assert f"/api/v1/changes/?after={seq}" in page
    assert 'href="/api/v1/snapshots/1/"' in page and "CC BY 4.0" in page


def test_the_footer_of_every_page_leads_there(client: Client, small: None) -> None:
    assert 'href="/data/"' in client.get("/about/").content.decode()
    assert 'href="/en/data/"' in client.get("/en/about/").content.decode()


def test_the_three_lines_of_python_load_the_parks(transactional_db: None, live_server: Any, settings: Any,
                                                  tmp_path: Path) -> None:  # fmt: skip
    settings.SNAPSHOT_DIR, settings.SITE_URL = tmp_path, live_server.url
    factories.ensure_world()
    factories.live(factories.park(), factories.park("second"))
    made()
    program = f"{downloads.recipes()['python']}\nprint(*(park['key'] for park in parks))"
    assert len(downloads.recipes()["python"].splitlines()) == 3
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == ["river-park", "second"]
