"""The README's calls work as printed."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client

CALLS = re.findall(r"curl 'http://localhost:8000([^']+)'", (settings.BASE_DIR / "README.md").read_text("utf-8"))


def test_there_are_five_calls() -> None:
    assert len(CALLS) == 5


@pytest.mark.parametrize("address", CALLS)
def test_a_call_answers_with_results(founding: None, address: str) -> None:
    answer = Client().get(address)
    assert answer.status_code == 200
    assert answer.json()["results"]
