"""Thousands of made-up requests, right and wrong: no answer is a server error, each is as the OpenAPI document says.

``SCHEMATHESIS_EXAMPLES`` is how many requests are made up for each operation; docs/operations.md has the long run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from tracker.accounts import roles, tokens
from tracker.accounts.models import Scope, User
from tracker.testing.founding import connected_to
from tracker.testing.plugin import ROOT
from tracker.testing.server import served

pytestmark = pytest.mark.schemathesis

CONFIGURATION = ROOT / "tracker" / "testing" / "schemathesis.toml"
EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "30"))
PHASES = os.environ.get("SCHEMATHESIS_PHASES", "fuzzing")
SEED = os.environ.get("SCHEMATHESIS_SEED", "1")
ENOUGH = 5000
COPY = "schemathesis"


@pytest.fixture
def partner(founding_database: str, django_db_blocker: Any, tmp_path: Path) -> Any:
    """The address of a server over its own copy of the founding data, and a token that may do everything."""
    with django_db_blocker.unblock(), connected_to(founding_database):
        connection.creation.clone_test_db(suffix=COPY, verbosity=0, autoclobber=True)
        name = connection.creation.get_test_db_clone_settings(COPY)["NAME"]
        with connected_to(name), override_settings(SNAPSHOT_DIR=tmp_path / "snapshots"):
            call_command("snapshot", verbosity=0)
            roles.ensure_groups()
            holder = User.objects.create_user("schemathesis")
            roles.give(holder, roles.Role.API_PARTNER)
            token = tokens.create(actor=holder, name="test", scopes=list(Scope), now=timezone.now()).text
    with served(tmp_path, name) as url:
        yield url, token
    with django_db_blocker.unblock(), connected_to(founding_database):
        connection.creation.destroy_test_db(suffix=COPY, verbosity=0)


def test_made_up_requests_are_answered_as_the_contract_says(partner: tuple[str, str], tmp_path: Path) -> None:
    url, token = partner
    assert connection.vendor == "postgresql"
    report = tmp_path / "report.json"
    done = subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIGURATION), "run", f"{url}/api/v1/schema/",
         "--header", f"Authorization: Bearer {token}", "--phases", PHASES, "--max-examples", str(EXAMPLES),
         "--seed", SEED, "--workers", "4", "--continue-on-failure",
         "--exclude-checks", "positive_data_acceptance", "--generation-database", "none",
         "--request-timeout", "60", "--report-json-path", str(report), "--no-color"],
        capture_output=True, text=True, cwd=tmp_path,
    )  # fmt: skip
    print(done.stdout[-3000:])  # noqa: T201 - how many there were
    told = json.loads(report.read_text("utf-8"))
    assert done.returncode == 0, done.stdout[-20_000:]
    assert told["test_cases"]["generated"] >= ENOUGH, told["test_cases"]
    assert told["operations"]["tested"] == told["operations"]["total"]
