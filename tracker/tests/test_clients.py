"""Public generators make clients of the OpenAPI document that a server gives, and these make the README's calls."""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tracker.testing.commands import run
from tracker.testing.plugin import ROOT
from tracker.testing.server import served

pytestmark = [pytest.mark.clients, pytest.mark.xdist_group("clients")]

EXAMPLES = ROOT / "docs" / "examples" / "clients"
CALLS = re.findall(r"curl 'http://localhost:8000([^']+)'", (ROOT / "README.md").read_text("utf-8"))
SHOWN = {"zones": "key", "timeline": "id", "layouts": "pattern", "parks": "key", "changes": "seq"}
"""What the examples print of each result, by the address of the list."""


@pytest.fixture(scope="module")
def server(founding_database: str, tmp_path_factory: pytest.TempPathFactory) -> Any:
    with served(tmp_path_factory.mktemp("clients"), founding_database) as url:
        yield url


@pytest.fixture
def folder(server: str, tmp_path: Path) -> Path:
    """A partner's folder: the examples, and the OpenAPI document as the server gives it."""
    shutil.copytree(EXAMPLES, tmp_path, dirs_exist_ok=True)
    (tmp_path / "openapi.json").write_bytes(given(f"{server}/api/v1/schema/"))
    return tmp_path


def test_a_python_client_makes_the_calls(server: str, folder: Path) -> None:
    run(folder, sys.executable, "-m", "openapi_python_client", "generate", "--path", "openapi.json", "--meta", "none",
        "--output-path", "tracker_client", "--config", "python.yml", "--fail-on-warning")  # fmt: skip
    run(
        folder,
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--follow-imports",
        "silent",
        "--cache-dir",
        str(folder / ".mypy"),
        "five_calls.py",
    )
    assert json.loads(run(folder, sys.executable, "five_calls.py", server)) == told_by(server)


def test_a_typescript_client_makes_the_calls(server: str, folder: Path) -> None:
    run(folder, "npm", "install", "--no-audit", "--no-fund", "--cache", str(folder / ".npm"))
    run(folder, "npm", "run", "generate")
    run(folder, "npm", "run", "build")
    assert json.loads(run(folder, "node", "five_calls.js", server)) == told_by(server)


def test_the_examples_make_the_calls_of_the_readme() -> None:
    assert [re.split(r"[/?]", call.removeprefix("/api/v1/"))[0] for call in CALLS] == list(SHOWN)


def told_by(server: str) -> dict[str, list[Any]]:
    """What the README's calls answer, as the examples print it."""
    answers = [json.loads(given(server + call)) for call in CALLS]
    return {name: [result[member] for result in answer["results"]]
            for (name, member), answer in zip(SHOWN.items(), answers, strict=True)}  # fmt: skip


def given(address: str) -> bytes:
    request = Request(address, headers={"Accept": "*/*"})
    with urlopen(request) as answer:
        content: bytes = answer.read()
    return content
