"""The client of docs/partners.md, run as a partner runs it; test_replica.py kills it while others write."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tracker.accounts.models import User
from tracker.accounts.roles import Role
from tracker.curation.tests import factories
from tracker.curation.tests.factories import area, change, entry, park
from tracker.delivery import feed
from tracker.entries.models import Entry
from tracker.testing.plugin import ROOT

pytestmark = pytest.mark.django_db(transaction=True)

CLIENT = ROOT / "docs" / "examples" / "replica.py"


@pytest.fixture
def people(live_server: Any) -> tuple[User, User]:
    factories.ensure_world()
    factories.live(park(areas=[area("site", 8.1), area("least", Decimal("0.000001"))]), park("lake-park", "湖畔园"))
    return factories.user("tougao", Role.CONTRIBUTOR), factories.user("bianji", Role.EDITOR)


class Partner:
    def __init__(self, site: str, file: Path) -> None:
        self.site, self.file = site, file

    def run(self, task: str, code: int = 0) -> str:
        done = subprocess.run([sys.executable, str(CLIENT), self.site, str(self.file), task], capture_output=True,
                              text=True, timeout=120)  # fmt: skip
        assert done.returncode == code, done.stderr
        return done.stdout

    def rows(self, query: str) -> list[Any]:
        opened = sqlite3.connect(self.file)
        try:
            with opened:
                return opened.execute(query).fetchall()
        finally:
            opened.close()


@pytest.fixture
def partner(live_server: Any, people: tuple[User, User], tmp_path: Path) -> Partner:
    return Partner(live_server.url, tmp_path / "copy.sqlite3")


def public() -> set[tuple[str, str, str]]:
    return set(Entry.objects.live().values_list("kind", "key", "document"))


def test_it_holds_every_document_to_the_byte(partner: Partner) -> None:
    partner.run("catch-up")
    assert set(partner.rows("SELECT kind, key, document FROM documents")) == public()
    assert '"value":0.000001' in entry("park", "river-park").document
    assert partner.rows("SELECT through FROM state") == [(feed.last_number(),)]
    assert partner.run("check") == "equal\n"


def test_it_takes_what_changed_and_drops_what_is_gone(partner: Partner, people: tuple[User, User]) -> None:
    partner.run("catch-up")
    factories.merge(*people, entry("park", "river-park"), "lake-park")
    change(*people, park("lake-park", "镜湖园"))
    partner.run("catch-up")
    assert set(partner.rows("SELECT kind, key, document FROM documents")) == public()
    merged = partner.rows("SELECT key, successor FROM changes WHERE action = 'merged'")
    assert merged == [("river-park", "lake-park")]


def test_it_finds_where_a_copy_is_not_equal(partner: Partner) -> None:
    partner.run("catch-up")
    partner.rows("DELETE FROM documents WHERE kind = 'park' AND key = 'lake-park'")
    bucket = sha256(b"lake-park").digest()[0]
    assert partner.run("check", code=1) == f"park: bucket {bucket} differs\n"


def test_a_copy_from_the_future_is_told_so(partner: Partner) -> None:
    partner.run("catch-up")
    partner.rows("UPDATE state SET through = through + 1")
    with pytest.raises(AssertionError, match="the last feed number is"):
        partner.run("catch-up")
