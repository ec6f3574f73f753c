"""Sources that disagree are listed with both values, and ruled on by proposals like any other."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from tracker.accounts.models import User
from tracker.curation import proposals, ruling
from tracker.curation.models import Proposal
from tracker.curation.ruling import Ruling, Word
from tracker.entries.models import Change
from tracker.values.errors import Refused

from . import factories
from .factories import WHOLE, area, document, entry, park

PAGE = "/admin/tracker/conflict/"
RULE = "/admin/tracker/conflict/rule/park/river-park/"
TWO = [*WHOLE, {"path": "/opened", "source": "report-2021", "printed": "2019年"},
       {"path": "/opened", "source": "notice-2019", "stated": "2020"}]  # fmt: skip
PARK = park(opened="2019", citations=TWO)


def _as(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def disputed(world: None) -> None:
    factories.live(PARK, park("quiet-park", "静园"))


@pytest.mark.usefixtures("disputed")
def test_a_conflict_is_listed_with_both_values_and_their_sources(editor: User) -> None:
    page = _as(editor).get(PAGE)
    (row,) = page.context["rows"]
    assert [(value.said, value.source) for value in row.values] == [("2019", "报告"), ("2020", "通告")]
    assert row.rule_url == f"{RULE}?path=%2Fopened"
    assert "/admin/tracker/source/facts/notice-2019/" in page.content.decode()
    assert len(_as(editor).get(PAGE, {"place": "江苏"}).context["rows"]) == 1
    assert not _as(editor).get(PAGE, {"state": "ruled"}).context["rows"]


@pytest.mark.usefixtures("disputed")
def test_a_ruling_is_a_reviewed_proposal_and_changes_the_public_document(contributor: User, editor: User) -> None:
    answer = _as(contributor).post(RULE, {"path": "/opened", "word": "rule", "preferred": "2", "reason": "通告在后"})
    waiting = Proposal.objects.get(state=Proposal.State.IN_REVIEW)
    assert answer["Location"] == f"/admin/tracker/proposal/{waiting.pk}/change/"
    assert document("park", "river-park")["opened"] == "2019"
    proposals.approve_and_publish(actor=editor, proposals=[waiting])
    shown = document("park", "river-park")
    assert shown["opened"] == "2020"
    (conflict,) = shown["conflicts"]
    assert (conflict["ruling"], conflict["reason"]) == ("rule", "通告在后")
    assert {(value["stated"], value["citation"]["rank"]) for value in conflict["values"]} == {
        ("2019", "normal"), ("2020", "preferred")}  # fmt: skip
    assert Change.objects.filter(key="river-park").latest("seq").changed_fields == ["/citations", "/opened", "/rulings"]
    assert _as(editor).get(PAGE, {"state": "ruled"}).context["rows"][0].reason == "通告在后"


@pytest.mark.usefixtures("disputed")
def test_a_conflict_is_dismissed_and_the_word_taken_back(contributor: User, editor: User) -> None:
    def say(word: Word) -> None:
        made = ruling.propose(actor=contributor, entry=entry("park", "river-park"),
                              ruling=Ruling("/opened", word, "一年之差是试运行"))  # fmt: skip
        proposals.approve_and_publish(actor=editor, proposals=[made])

    say(Word.DISMISS)
    assert document("park", "river-park")["conflicts"] == []
    say(Word.WITHDRAW)
    assert document("park", "river-park")["conflicts"][0]["ruling"] is None


@pytest.mark.usefixtures("disputed")
def test_an_editor_declares_a_conflict_where_the_program_sees_none(contributor: User, editor: User) -> None:
    client = _as(contributor)
    assert client.get("/admin/tracker/conflict/rule/park/quiet-park/").status_code == 200
    client.post("/admin/tracker/conflict/rule/park/quiet-park/",
                {"path": "/name", "word": "declare", "reason": "两份文件所指不同"})  # fmt: skip
    proposals.approve_and_publish(actor=editor, proposals=list(Proposal.objects.filter(state="in_review")))
    assert document("park", "quiet-park")["conflicts"][0]["ruling"] == "declare"


@pytest.mark.usefixtures("disputed")
@pytest.mark.parametrize("data", [
    {"path": "/opened", "word": "rule"}, {"path": "/opened", "word": "x", "reason": "x"},
    {"path": "/nothing", "word": "rule", "reason": "x"}, {"word": "rule", "reason": "x"},
    {"path": "/opened", "word": "rule", "reason": "x", "preferred": "0"},
    {"path": "/opened", "word": "rule", "reason": "x", "preferred": "999"},
    {"path": "/opened", "word": "withdraw", "reason": "x"},
])  # fmt: skip
def test_what_cannot_be_ruled_is_said_and_nothing_is_proposed(editor: User, data: dict[str, str]) -> None:
    answer = _as(editor).post(RULE, data)
    assert answer.status_code == 200
    assert list(answer.context["messages"])
    assert not Proposal.objects.filter(state="in_review").exists()


@pytest.mark.usefixtures("disputed")
def test_who_only_looks_sees_conflicts_and_rules_on_none(viewer: User) -> None:
    client = _as(viewer)
    assert RULE not in client.get(PAGE).content.decode()
    assert client.get(RULE).status_code == 403
    assert client.get(PAGE, {"state": "x"}).status_code == 302
    assert client.get("/admin/tracker/conflict/rule/park/nothing/").status_code == 404


def test_a_child_is_ruled_on_by_its_key() -> None:
    payload: Any = park(
        areas=[area("site", 12), area("other", 3)],
        citations=[
            {"path": "/areas/site/value", "source": "a"},
            {"path": "/areas/site/value", "source": "b", "stated": 13},
        ],
    )
    changed = ruling.ruled(payload, Ruling("/areas/site/value", Word.RULE, "后出", 1))
    assert [one["value"] for one in changed["areas"]] == [13, 3]
    assert [one.get("stated") for one in changed["citations"]] == [12, None]
    assert payload["areas"][0]["value"] == 12
    with pytest.raises(Refused):
        ruling.ruled(payload, Ruling("/areas/none/value", Word.RULE, "后出"))


@pytest.mark.usefixtures("disputed")
def test_the_page_of_a_source_shows_every_fact_that_rests_on_it(editor: User) -> None:
    client = _as(editor)
    source = entry("source", "notice-2019")
    page = client.get(f"/admin/tracker/source/{source.pk}/change/")
    assert [(fact["entry"], fact["fact"], fact["stated"]) for fact in page.context["facts"]] == [
        ("江畔园", "投用", "2020")
    ]
    assert page.context["facts"][0]["edit"] == "/admin/tracker/proposal/change/park/river-park/#id_opened"
    every = client.get("/admin/tracker/source/facts/report-2021/", {"page_size": 1})
    assert every.context["fact_count"] == source.cited_by.model.objects.filter(source__key="report-2021").count()
    assert every.context["next"]
    assert client.get("/admin/tracker/source/facts/nothing/").status_code == 404


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(("stated", "conflicts"), [
    ({"value": 150, "unit": "ha"}, 0), ({"value": 2250, "unit": "亩"}, 0), (Decimal("1.5"), 0),
    ({"value": Decimal("1.5"), "unit": "ha"}, 1),
])  # fmt: skip
def test_areas_are_compared_in_square_metres(stated: Any, conflicts: int) -> None:
    path = "/areas/site/value"
    cited = [{"path": path, "source": "report-2021", "printed": "1.5平方公里"},
             {"path": path, "source": "notice-2019", "stated": stated}]  # fmt: skip
    site = area("site", Decimal("1.5"))
    factories.live(park(areas=[site], citations=[*WHOLE, *cited]))
    assert len(document("park", "river-park")["conflicts"]) == conflicts
