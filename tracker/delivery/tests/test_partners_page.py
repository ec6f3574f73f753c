"""What docs/partners.md says of loading and maps works as printed."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client

from tracker.accounts.roles import Role
from tracker.curation.tests import factories
from tracker.delivery.snapshots.tests.making import Made, made
from tracker.entries.models import Entry, State
from tracker.testing.browser import Site

SITE = "http://localhost:8000"
PAGE = (configured.BASE_DIR / "docs" / "partners.md").read_text("utf-8")
LOADING = PAGE.partition("## Load everything once")[2]
COMMANDS = [line.removeprefix("$ ") for block in re.findall(r"^```console\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
            for line in block.splitlines()]  # fmt: skip
CLIENTS = PAGE.partition("## Generated clients")[2].partition("\n## ")[0]
"""Whose commands tests/test_clients.py runs."""
CURLS = [command for command in COMMANDS if command.startswith("curl ")]
OGRS = [command for command in COMMANDS if command.startswith("ogr")]


@pytest.fixture
def served(founding: None, founding_snapshot: Made, settings: Any) -> None:
    settings.SNAPSHOT_DIR = Path(founding_snapshot.folder).parent
    founding_snapshot.row()


def test_every_command_of_the_page_is_run() -> None:
    others = {command for command in COMMANDS if command not in (*CURLS, *OGRS)}
    assert all(f"$ {command}\n" in CLIENTS for command in others)
    assert len(CURLS) > 5 and len(OGRS) > 2


@pytest.mark.parametrize("command", CURLS)
def test_a_call_answers_with_something(served: None, command: str) -> None:
    words = shlex.split(command)
    headers = dict(words[at + 1].split(": ") for at, word in enumerate(words) if word == "-H")
    address = next(word.removeprefix(SITE) for word in words if word.startswith(SITE))
    answer = Client().get(address, headers=headers, follow="-L" in words)
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    assert len(content) > 200


def test_the_program_of_the_page_makes_a_whole_copy(transactional_db: None, live_server: Any, settings: Any,
                                                    tmp_path: Path) -> None:  # fmt: skip
    settings.SNAPSHOT_DIR = tmp_path
    factories.ensure_world()
    factories.live(factories.park(), factories.park("second"), factories.policy(parks=["river-park"]))
    made()
    author, reviewer = (factories.user(name, Role.EDITOR) for name in ("author", "reviewer"))
    factories.change(author, reviewer, factories.park(name="新名"))
    factories.withdraw(author, reviewer, factories.entry("park", "second"))
    program = re.findall(r"^```python\n(.*?)^```", LOADING, re.MULTILINE | re.DOTALL)[0].replace(SITE, live_server.url)
    told = "\nfor kind, key in sorted(copy): print(kind, key, copy[kind, key]['version'])"
    done = subprocess.run(
        [sys.executable, "-c", program + told], capture_output=True, text=True, timeout=60, check=True
    )
    rows = Entry.objects.filter(state=State.LIVE).values_list("kind", "key", "version")
    assert done.stdout.splitlines() == sorted(f"{kind} {key} {version}" for kind, key, version in rows)


@pytest.mark.gdal
@pytest.mark.xdist_group("browser")
@pytest.mark.parametrize("command", OGRS)
def test_gdal_does_what_the_page_says(site: Site, tmp_path: Path, command: str) -> None:
    done = subprocess.run(shlex.split(command.replace(SITE, site.url)), cwd=tmp_path, capture_output=True, text=True,
                          timeout=300, check=True)  # fmt: skip
    assert "ERROR" not in done.stderr
    assert done.stdout or next(tmp_path.glob("*.gpkg")).stat().st_size > 50_000
