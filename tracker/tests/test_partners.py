"""The examples of docs/partners.md work as printed, one after the other."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings as installed
from django.test import Client
from django.utils import timezone

from tracker.accounts import tokens
from tracker.accounts.models import Scope
from tracker.accounts.roles import Role
from tracker.curation.tests import factories

SITE = "http://localhost:8000"
PAGE = (installed.BASE_DIR / "docs" / "partners.md").read_text("utf-8")


@dataclass
class Example:
    """One ``curl`` of the page."""

    section: str
    address: str = ""
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    data: str = ""
    status: int = 200

    @classmethod
    def of(cls, section: str, comment: str, command: str) -> Example:
        """Read what a shell would give to ``curl``; an option that no example has yet is an error."""
        found = cls(section)
        words = iter(shlex.split(command.replace("\\\n", " "))[1:])
        for word in words:
            if word in ("-H", "--header"):
                name, _, value = next(words).partition(": ")
                found.headers[name] = value
            elif word in ("-d", "--data"):
                found.data = next(words)
                found.method = "POST" if found.method == "GET" else found.method
            elif word in ("-X", "--request"):
                found.method = next(words)
            elif word.startswith(SITE):
                found.address = word.removeprefix(SITE)
            elif word == "--compressed":
                found.headers["Accept-Encoding"] = "gzip"
            else:
                assert word in ("-i", "-s"), f"{section}: {word}"
        if status := re.search(r"→ (\d{3})", comment):
            found.status = int(status[1])
        return found

    def run(self, variables: dict[str, str]) -> Any:
        headers = {name: _filled(value, variables) for name, value in self.headers.items()}
        body = _filled(self.data, variables)
        return Client().generic(
            self.method, _filled(self.address, variables), body, headers.pop("Content-Type", ""), headers=headers
        )


def _filled(text: str, variables: dict[str, str]) -> str:
    for name, value in variables.items():
        text = text.replace(name, value)
    return text


def examples() -> list[Example]:
    found = []
    for section in re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]:
        for block in re.findall(r"^```sh\n(.*?)^```", section, re.MULTILINE | re.DOTALL):
            commands = re.findall(r"((?:^#[^\n]*\n)*)^(curl .*?)(?=^curl |^#|\Z)", block, re.MULTILINE | re.DOTALL)
            found += [Example.of(section.partition(" ")[0], comment, command) for comment, command in commands]
    return found


def test_every_example_answers_as_printed(founding: None, settings: Any) -> None:
    settings.WEBHOOK_ALLOWED_HOSTS = ["127.0.0.1"]
    partner = factories.user("partner", Role.API_PARTNER)
    token = tokens.create(actor=partner, name="docs", scopes=list(Scope), now=timezone.now()).text
    variables = {"$TOKEN": token, "https://hooks.example.org/tracker": "http://127.0.0.1:1/tracker"}
    for example in examples():
        answer = example.run(variables)
        assert answer.status_code == example.status, f"{example}: {answer.content[:500]}"
        variables["$ETAG"] = answer.headers.get("ETag", "")
        if answer.status_code == 201:
            variables["$WEBHOOK"] = answer.json()["key"]


def test_every_curl_of_the_page_is_read() -> None:
    assert len(examples()) == len(re.findall(r"^curl ", PAGE, re.MULTILINE)) > 0


@pytest.mark.parametrize("name", ["ANONYMOUS", "TOKEN"])
def test_the_limits_printed_are_those_that_hold_unless_set(name: str) -> None:
    """The settings of the tests are others; what the page says is the default in the settings' own text."""
    text = (installed.BASE_DIR / "tracker" / "settings.py").read_text("utf-8")
    default = re.search(rf'env\.int\("API_{name}_LIMIT", (\d+)', text)
    assert default is not None
    assert re.search(rf"\b{default[1]} (?:requests )?a\s+minute", PAGE)
