"""What is exported and imported again untouched changes nothing, for every kind in every format."""

from __future__ import annotations

import pytest

from tracker.accounts.models import User
from tracker.accounts.roles import Role
from tracker.curation.importing import templates
from tracker.curation.models import Proposal
from tracker.curation.tests import factories
from tracker.entries import kinds
from tracker.entries.models import Entry

from .bringing import bring, exported, problems

NAMES = [kind.name for kind in kinds.every()]
FORMATS = ["csv", "xlsx", "jsonl", "geojson"]


@pytest.fixture
def bringer(founding: None) -> User:
    return factories.user("daoru", Role.CONTRIBUTOR)


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("name", NAMES)
def test_an_export_imported_again_changes_nothing(bringer: User, name: str, format_: str) -> None:
    of = bring(bringer, exported(name, format_), f"entries.{format_}", name)
    assert problems(of) == []
    assert of.trouble == []
    count = Entry.objects.live().filter(kind=name).count()
    assert of.counts == {"rows": count, "insert": 0, "update": 0, "unchanged": count, "drift": 0, "wrong": 0}
    assert of.state == "nothing"
    assert not Proposal.objects.filter(author=bringer).exists()


@pytest.mark.parametrize("format_", ["csv", "jsonl", "json"])
@pytest.mark.parametrize("name", NAMES)
def test_the_example_of_a_template_could_be_imported(bringer: User, name: str, format_: str) -> None:
    of = bring(bringer, templates.made(kinds.get(name), format_), f"template.{format_}", name)
    assert problems(of) == []
    assert of.counts["insert"] == 1


@pytest.mark.parametrize("name", NAMES)
def test_the_excel_template_has_no_rows_yet_and_a_header_that_is_understood(bringer: User, name: str) -> None:
    of = bring(bringer, templates.made(kinds.get(name), "xlsx"), "template.xlsx", name)
    assert of.trouble == ["文件里没有数据行 the file has no rows"]
