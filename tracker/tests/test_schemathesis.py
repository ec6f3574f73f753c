"""Thousands of made-up requests, right and wrong: no answer is a server error, each is as the OpenAPI document says.

``SCHEMATHESIS_EXAMPLES`` is how many requests are made up for each operation; docs/operations.md has the long run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from tracker.accounts import roles, tokens
from tracker.accounts.models import Scope, User
from tracker.delivery.interest import Interest
from tracker.delivery.webhooks import subscribing
from tracker.delivery.webhooks.subscribing import Wish
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


class Partner(NamedTuple):
    """
    :param url: the address of a server over its own copy of the founding data.
    :param token: may do everything.
    :param own: names of the partner's own things, as the configuration asks for them.
    """

    url: str
    token: str
    own: dict[str, str]


@pytest.fixture
def partner(founding_database: str, django_db_blocker: Any, tmp_path: Path) -> Iterator[Partner]:
    with django_db_blocker.unblock(), connected_to(founding_database):
        connection.creation.clone_test_db(suffix=COPY, verbosity=0, autoclobber=True)
        name = connection.creation.get_test_db_clone_settings(COPY)["NAME"]
        with connected_to(name), override_settings(SNAPSHOT_DIR=tmp_path / "snapshots"):
            call_command("snapshot", verbosity=0)
            roles.ensure_groups()
            holder = User.objects.create_user("schemathesis")
            roles.give(holder, roles.Role.API_PARTNER)
            now = timezone.now()
            token = tokens.create(actor=holder, name="test", scopes=list(Scope), now=now).text
            own = _own(holder, now)
    with served(tmp_path, name) as url:
        yield Partner(url, token, own)
    with django_db_blocker.unblock(), connected_to(founding_database):
        connection.creation.destroy_test_db(suffix=COPY, verbosity=0)


def _own(holder: User, now: datetime) -> dict[str, str]:
    wish = Wish("made up", "https://8.8.8.8/hook", Interest(), include_document=False)
    webhook = subscribing.create(actor=holder, wish=wish, now=now).webhook
    message = subscribing.send_test(actor=holder, webhook=webhook, now=now).message
    return {"SCHEMATHESIS_WEBHOOK": webhook.key, "SCHEMATHESIS_MESSAGE": message}


def test_made_up_requests_are_answered_as_the_contract_says(partner: Partner, tmp_path: Path) -> None:
    assert connection.vendor == "postgresql"
    report = tmp_path / "report.json"
    done = subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIGURATION), "run",
         f"{partner.url}/api/v1/schema/", "--header", f"Authorization: Bearer {partner.token}",
         "--phases", PHASES, "--max-examples", str(EXAMPLES), "--seed", SEED, "--workers", "4", "--continue-on-failure",
         "--exclude-checks", "positive_data_acceptance", "--generation-database", "none",
         "--request-timeout", "60", "--report-json-path", str(report), "--no-color"],
        capture_output=True, text=True, cwd=tmp_path, env={**os.environ, **partner.own},
    )  # fmt: skip
    print(done.stdout[-3000:])  # noqa: T201 - how many there were
    told = json.loads(report.read_text("utf-8"))
    assert done.returncode == 0, done.stdout[-20_000:]
    assert told["test_cases"]["generated"] >= ENOUGH, told["test_cases"]
    assert told["operations"]["tested"] == told["operations"]["total"]
