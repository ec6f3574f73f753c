"""The founding data load whole or not at all, through the publish path, and only once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tracker.curation import checking, founding
from tracker.curation.models import Proposal
from tracker.entries.models import Change, Entry, Revision
from tracker.values.errors import Invalid

SOURCE = {"kind": "source", "key": "book", "title": "一本书"}
PLACE = {"kind": "place", "key": "320100", "name": "南京市", "level": "city"}


def park(**members: Any) -> dict[str, Any]:
    return {"kind": "park", "key": "island", "name": "江心洲", "places": ["320100"],
            "citations": [{"path": ""}], **members}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def write(folder: Path, *entries: dict[str, Any]) -> None:
    content = {"about": "a test", "source": "book", "entries": [SOURCE, PLACE, *entries]}
    (folder / "all.json").write_text(json.dumps(content), encoding="utf-8")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("members", "path", "words"),
    [
        ({"opened": "2017年9月"}, "/opened", "not an EDTF date"),
        ({"places": ["999999"]}, "/places/0", "no place '999999'"),
        ({"operators": ["nobody"]}, "/operators/0", "no organisation 'nobody'"),
        ({"areas": [{"key": "a", "measure": "site", "value": "much"}]}, "/areas/0/value", "not of type 'number'"),
        ({"areas": [{"key": "a", "measure": "sight", "value": 3}]}, "/areas/0/measure", "did you mean 'site'"),
        ({"colour": "red"}, "", "unknown member 'colour'"),
        ({"citations": []}, "/name", "no citation covers this fact"),
        ({"citations": [{"path": ""}, {"path": "/opened"}]}, "/citations/1/path", "has nothing at /opened"),
        ({"citations": [{"path": "", "source": "nowhere"}]}, "/citations/0/source", "no source 'nowhere'"),
        ({"key": "No Key"}, "/key", "lower-case"),
    ],
)
def test_a_wrong_fixture_stops_the_load_with_file_entry_and_field(
    folder: Path, members: dict[str, Any], path: str, words: str
) -> None:
    write(folder, park(**members))
    with pytest.raises(Invalid) as refusal:
        founding.load(folder)
    where, sentence = refusal.value.errors[0]
    assert where.startswith("all.json park/")
    assert where.endswith(path)
    assert words in sentence
    assert not Entry.objects.exists()
    assert not Proposal.objects.exists()


@pytest.mark.django_db
def test_what_is_no_json_is_named_and_leaves_the_database_empty(folder: Path) -> None:
    (folder / "broken.json").write_text("{", encoding="utf-8")
    with pytest.raises(CommandError, match=r"broken\.json"):
        call_command("load_founding_data", folder=folder)
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_the_load_is_approved_by_rule_and_says_so(folder: Path) -> None:
    write(folder, park())
    assert founding.load(folder).published == 3
    revision = Revision.objects.get(entry__key="island")
    assert (revision.origin, revision.nature, revision.actor) == ("founding", "new", None)
    assert "approved by rule" in revision.reason
    assert revision.request_id != ""
    assert Revision.objects.values("request_id").distinct().count() == 1
    assert list(checking.everything()) == []


@pytest.mark.django_db
def test_loading_again_reports_drift_and_changes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder, park())
    founding.load(folder)
    before = Change.objects.count()
    write(folder, park(name="江心洲岛"), {**PLACE, "key": "320200", "name": "无锡市"})
    call_command("load_founding_data", folder=folder)
    said = capsys.readouterr().out
    assert "edited since: park/island" in said
    assert "not in the database: place/320200" in said
    assert Change.objects.count() == before


def test_the_founding_data_pass_every_proof(founding: None) -> None:
    assert list(checking.everything()) == []
