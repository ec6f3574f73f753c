"""docs/questions.md: every question is asked as it stands there, and the answer is what it says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tracker.curation.totals import values_at
from tracker.testing.api import get
from tracker.values import canonical

DOCUMENT = Path(settings.BASE_DIR) / "docs" / "questions.md"
READERS = ("Editors", "Site-selection teams", "Partner systems")
QUESTION = re.compile(r"^### (\d+)\. (.+)$", re.MULTILINE)
ADDRESS = re.compile(r"^`GET /api/v1/(\S+)`$", re.MULTILINE)
CLAIM = re.compile(r"^- `(/[^`]*)` (is|has|counts) `(.+)`$", re.MULTILINE)


@dataclass(frozen=True)
class Claim:
    pointer: str
    verb: str
    value: Any


@dataclass(frozen=True)
class Question:
    number: int
    text: str
    body: str

    @property
    def addresses(self) -> list[str]:
        return ADDRESS.findall(self.body)

    @property
    def claims(self) -> list[Claim]:
        return [Claim(pointer, verb, canonical.loads(value)) for pointer, verb, value in CLAIM.findall(self.body)]


def questions() -> list[Question]:
    pieces = QUESTION.split(DOCUMENT.read_text(encoding="utf-8"))[1:]
    return [Question(int(number), text, body)
            for number, text, body in zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True)]  # fmt: skip


def holds(claim: Claim, answer: Any) -> bool:
    """Whether an answer says what the claim says; lists are compared as sets of values."""
    found = values_at(answer, claim.pointer)
    if claim.verb == "counts":
        return [len(value) for value in found] == [claim.value]
    if "*" not in claim.pointer and not isinstance(claim.value, list):
        return bool(found == [claim.value])
    if "*" not in claim.pointer:
        (found,) = found
    said, wanted = _distinct(found), _distinct(claim.value)
    return said == wanted if claim.verb == "is" else wanted <= said


def _distinct(values: list[Any]) -> set[str]:
    return {canonical.dumps(value) for value in values}


def test_there_are_twenty_questions_for_the_three_groups_of_users() -> None:
    assert [question.number for question in questions()] == list(range(1, 21))
    sections = re.findall(r"^## (.+)$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    assert tuple(sections) == READERS


@pytest.mark.parametrize("question", questions(), ids=lambda question: str(question.number))
def test_a_question_is_answered_in_one_request(founding: None, question: Question) -> None:
    assert len(question.addresses) == 1
    assert question.claims, "it says nothing that could be checked"
    lines = [line for line in question.body.splitlines() if line.startswith("- ")]
    assert len(lines) == len(question.claims), "a line is no claim: pointer, then is, has or counts, then JSON"
    answer = get(question.addresses[0])
    assert answer.get("next") is None, "the answer does not fit on one page"
    for claim in question.claims:
        assert holds(claim, answer), (claim, values_at(answer, claim.pointer))
