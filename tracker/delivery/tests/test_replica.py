"""A copy that reads nothing but the feed is equal to what is public, whatever the editors do meanwhile.

Four writers publish, rename, re-parent, supersede, merge, withdraw and restore at random for ``REPLICA_SECONDS`` (8
unless set; a minute in ``.ci/run``), while the client of docs/partners.md follows over real HTTP, once undisturbed and
once killed with SIGKILL again and again. ``REPLICA_SEED`` makes the writers want the same things again; who comes first
is for PostgreSQL to decide.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from urllib.request import urlopen

import pytest
from django.db import connection

from tracker.accounts.models import User
from tracker.accounts.roles import Role
from tracker.curation import checking
from tracker.curation.tests import factories, turmoil
from tracker.curation.tests.turmoil import Editors, at_once
from tracker.delivery import feed
from tracker.entries import kinds, successors
from tracker.entries.models import Change, Entry
from tracker.testing.plugin import ROOT
from tracker.testing.server import served
from tracker.values import canonical

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

SECONDS = float(os.environ.get("REPLICA_SECONDS", "8"))
SEED = int(os.environ.get("REPLICA_SEED", time.time_ns() % 1_000_000))
WRITERS = 4
AT_LEAST = 40
"""Moves of each writer, so that every sort of move is made on a slow machine too."""

CLIENT = ROOT / "docs" / "examples" / "replica.py"


@pytest.fixture(autouse=True)
def seed(capsys: pytest.CaptureFixture[str]) -> None:
    assert connection.vendor == "postgresql", "these tests prove something only on PostgreSQL: set DATABASE_URL"
    with capsys.disabled():
        sys.stderr.write(f"\nREPLICA_SEED={SEED} REPLICA_SECONDS={SECONDS:g}\n")


@pytest.fixture
def people(seed: None) -> tuple[User, User]:
    turmoil.begin()
    return factories.user("zuozhe", Role.CONTRIBUTOR), factories.user("shenhe", Role.EDITOR)


@pytest.fixture
def site(people: None, tmp_path: Path) -> Iterator[str]:
    (tmp_path / "site").mkdir()
    with served(tmp_path / "site", str(connection.settings_dict["NAME"])) as url:
        yield url


class Copy:
    """A copy on disk, and the process that keeps it."""

    def __init__(self, site: str, file: Path) -> None:
        self.site, self.file = site, file
        self._process: subprocess.Popen[bytes] | None = None

    def run(self, task: str) -> str:
        """Let the client do one task to its end; returns what it says."""
        return subprocess.run(self._command(task), capture_output=True, check=True, text=True, timeout=300).stdout

    def follow(self) -> None:
        self._process = subprocess.Popen(self._command("follow"), env={**os.environ, "REPLICA_PAUSE": "0.1"})

    def kill(self) -> None:
        """Without a warning, wherever it is."""
        assert self._process is not None
        assert self._process.poll() is None, "the client ended by itself"
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def _command(self, task: str) -> list[str]:
        return [sys.executable, str(CLIENT), self.site, str(self.file), task]

    def documents(self) -> dict[tuple[str, str], str]:
        return {(kind, key): text for kind, key, text in self._rows("SELECT kind, key, document FROM documents")}

    def numbers(self) -> list[int]:
        return [seq for (seq,) in self._rows("SELECT seq FROM changes ORDER BY seq")]

    def _rows(self, query: str) -> list[Any]:
        opened = sqlite3.connect(self.file)
        try:
            return opened.execute(query).fetchall()
        finally:
            opened.close()


def test_copies_kept_while_four_write_are_byte_equal_to_what_is_public(
    site: str, people: tuple[User, User], tmp_path: Path
) -> None:
    undisturbed, killed = Copy(site, tmp_path / "undisturbed.sqlite3"), Copy(site, tmp_path / "killed.sqlite3")
    editors = [Editors(Random(f"{SEED}-{writer}"), *people) for writer in range(WRITERS)]
    end = time.monotonic() + SECONDS
    undisturbed.follow()
    raised = at_once(*(partial(_write, one, end) for one in editors), partial(_disturb, killed, end),
                     seconds=SECONDS + 120)  # fmt: skip
    undisturbed.kill()
    assert raised == []
    done = sum((one.done for one in editors), Counter[str]())
    assert set(turmoil.MOVES) <= set(done), done
    assert list(checking.everything()) == []
    moments = list(Change.objects.order_by("seq").values_list("recorded_at", flat=True))
    assert moments == sorted(moments)
    for copy in (undisturbed, killed):
        copy.run("catch-up")
        assert copy.numbers() == list(range(1, feed.last_number() + 1))
        assert copy.documents() == _exported(site)
        assert copy.run("check") == "equal\n"
    _filters_keep_a_copy(site)


def _write(editors: Editors, end: float) -> None:
    while time.monotonic() < end or editors.done.total() < AT_LEAST:
        editors.act()


def _disturb(copy: Copy, end: float) -> None:
    random = Random(SEED)
    while time.monotonic() < end:
        copy.follow()
        time.sleep(random.uniform(0.2, 1.5))
        copy.kill()


def _exported(site: str) -> dict[tuple[str, str], str]:
    """Every public document by the lists of all kinds, and the same as they are stored."""
    found: dict[tuple[str, str], str] = {}
    for kind in kinds.every():
        following: str | None = f"/api/v1/{kind.plural}/?ordering=key&page_size=200"
        while following:
            answer = _get(f"{site}{following}")
            found |= {(kind.name, item["key"]): canonical.dumps_ordered(item) for item in answer["results"]}
            following = answer["next"]
    stored = Entry.objects.live().values_list("kind", "key", "document")
    assert found == {(kind, key): document for kind, key, document in stored}
    return found


def _get(url: str) -> Any:
    with urlopen(url, timeout=60) as answer:
        return canonical.loads(answer.read())


def _filters_keep_a_copy(site: str) -> None:
    """Followed by place and kind alone, applied line by line, the feed gives what the list of that place holds."""
    for name in (*turmoil.CITIES, turmoil.REGION):
        place = successors.standing_for("place", [name]).get(name, name)
        copy: dict[str, Any] = {}
        following: str | None = f"/api/v1/changes/?after=0&place={place}&kind=park&include=document&page_size=7"
        while following:
            answer = _get(f"{site}{following}")
            for line in answer["results"]:
                copy.pop(line["key"], None)
                if line["document"] and line["inside"]:
                    copy[line["key"]] = line["document"]
            following = answer["next"]
        listed = _get(f"{site}/api/v1/parks/?place={place}&page_size=200")["results"]
        assert copy == {document["key"]: document for document in listed}, place
        assert Change.objects.filter(places__place=name, places__inside=False).exists() or name == "310100"
