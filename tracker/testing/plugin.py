"""The pytest plugin of this project, loaded for every run by pyproject.toml.

Each test process keeps its files in a temporary folder of its own, so that it never touches the data of a tracker
that runs from the same folder. At the end it says which tests were left out, and what each sort needs.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis

ROOT = Path(__file__).resolve().parents[2]
VAR = Path(tempfile.mkdtemp(prefix="tracker-test-"))
os.environ["TRACKER_VAR"] = str(VAR)
(VAR / "static").mkdir()

# Tests ask as often as they like, write the usage of tokens when they want to see it, and see each page made anew (they
# take back what they publish, so two of them give out the same feed numbers); in their servers too.
os.environ |= {"API_ANONYMOUS_LIMIT": "1000000", "API_TOKEN_LIMIT": "1000000", "USAGE_WRITE_SECONDS": "0",
               "PAGES_KEPT_SECONDS": "0", "REGISTRATIONS_PER_HOUR": "1000000"}  # fmt: skip

# How fast a machine is must not decide whether a property holds.
hypothesis.register_profile("tracker", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.load_profile("tracker")

NEEDS = {
    "postgres": "PostgreSQL",
    "broker": "RabbitMQ and Redis",
    "browser": "Chromium",
    "gdal": "GDAL",
    "clients": "Node.js with npm",
    "schemathesis": "PostgreSQL and some minutes",
}

_deselected: Counter[str] = Counter()


def pytest_configure() -> None:
    """Passwords are hashed fast in tests, as Django's manual advises."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_deselected(items: list[pytest.Item]) -> None:
    for item in items:
        _deselected.update({name for name in NEEDS if item.get_closest_marker(name)} or {"other"})


def pytest_sessionfinish(session: pytest.Session) -> None:
    output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["deselected"] = dict(_deselected)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Every process of a parallel run leaves out the same tests; the first to end says which."""
    if not _deselected:
        _deselected.update(getattr(node, "workeroutput", {}).get("deselected", {}))


def pytest_unconfigure() -> None:
    shutil.rmtree(VAR, ignore_errors=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not _deselected:
        return
    terminalreporter.section("deselected")
    for name, needed in NEEDS.items():
        terminalreporter.write_line(f"{_deselected[name]} {name} (need {needed}; .ci/run runs them)")
    if _deselected["other"]:
        terminalreporter.write_line(f"{_deselected['other']} for other reasons")
