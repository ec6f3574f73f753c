"""Whatever was edited however, any revision comes back exactly: facts, children, citations, and the document."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tracker.accounts.roles import Role
from tracker.entries import rendering
from tracker.entries.fields import Json
from tracker.entries.models import Change, Entry, Revision
from tracker.values import canonical

from . import factories
from .factories import WHOLE, area, park, policy

NAMES = st.sampled_from(["江畔园", "Riverside", "江畔科学城", "“引号”园", "園區一號", "a<b>&c"])
SOURCES = st.sampled_from(["report-2021", "notice-2019"])
NUMBERS = st.decimals(1, 9999, places=2)


@st.composite
def citations(draw: Any, paths: list[str]) -> list[Json]:
    """One for the whole, and some for single facts, with what they say and where."""
    cited = [{"path": "", "source": draw(SOURCES), "locator": {"section": str(draw(st.integers(1, 9)))}}]
    for path in draw(st.lists(st.sampled_from(paths), unique=True, max_size=2)) if paths else []:
        cited.append(
            {"path": path, "source": draw(SOURCES), "printed": draw(st.sampled_from(["约12", "原文", "近50家"]))}
        )
    return cited


@st.composite
def parks(draw: Any) -> Json:
    keys = draw(st.lists(st.sampled_from(["one", "two", "three"]), unique=True, max_size=3))
    areas = [area(key, draw(NUMBERS)) for key in keys]
    said: Json = {"name_en": draw(NAMES)} if draw(st.booleans()) else {}
    said |= {"areas": areas} if areas else {}
    paths = [f"/areas/{key}/value" for key in keys]
    return park(name=draw(NAMES), **said, citations=draw(citations(paths)))


@st.composite
def policies(draw: Any) -> Json:
    said: Json = {"issued": draw(st.sampled_from(["2017", "2017-12", "2017-12~", "2019-10-17"]))}
    if draw(st.booleans()):
        said["category"] = "plan"
    return policy(title=draw(NAMES), **said, citations=draw(citations(["/issued"])))


@st.composite
def organisations(draw: Any) -> Json:
    aliases = draw(st.lists(NAMES, unique=True, max_size=3))
    return {"kind": "organisation", "key": "some-company", "name": draw(NAMES), "places": ["320100"],
            "citations": draw(citations([])), **({"aliases": aliases} if aliases else {})}  # fmt: skip


@st.composite
def places(draw: Any) -> Json:
    return factories.place("320102", draw(NAMES), "district", "320100",
                           **({"name_en": draw(NAMES)} if draw(st.booleans()) else {}))  # fmt: skip


STORIES = st.one_of(*(st.lists(kind, min_size=2, max_size=5) for kind in (parks(), policies(), organisations(),
                                                                          places())))  # fmt: skip


def said(entry: Entry) -> Json:
    """The document apart from its envelope."""
    found: Json = rendering.content(entry.document)
    return found


class Restoring(TestCase):
    @settings(max_examples=15, phases=[Phase.explicit, Phase.generate])
    @given(story=STORIES, data=st.data())
    def test_any_entry_any_edits_any_revision(self, story: list[Json], data: st.DataObject) -> None:
        factories.ensure_world()
        author, editor = factories.user("author", Role.EDITOR), factories.user("editor", Role.EDITOR)
        kind, key = story[0]["kind"], story[0]["key"]
        documents: dict[int, Json] = {}
        for payload in story:
            factories.change(author, editor, payload)
            entry = factories.entry(kind, key)
            documents[entry.revision] = said(entry)
        if data.draw(st.booleans(), "withdrawn"):
            factories.withdraw(author, editor, factories.entry(kind, key))
        number = data.draw(st.sampled_from(sorted(documents)), "revision")
        before = factories.entry(kind, key)
        wanted = before.revisions.get(number=number).payload
        outcome = factories.restore(author, editor, before, number)
        after = factories.entry(kind, key)
        assert outcome.published + outcome.unchanged == 1
        assert after.revision == before.revision + outcome.published
        assert after.revisions.get(number=after.revision).payload == wanted
        assert said(after) == documents[number]
        assert after.state == "live"


@pytest.mark.usefixtures("world")
def test_a_restored_revision_says_who_when_why_and_from_where(contributor: Any, editor: Any) -> None:
    factories.change(contributor, editor, park())
    factories.change(contributor, editor, park(name="新名", areas=[area("site", 3)], citations=[
        *WHOLE, {"path": "/areas/site/value", "source": "notice-2019"}]))  # fmt: skip
    entry = factories.entry("park", "river-park")
    factories.restore(contributor, editor, entry, 1)
    last = Revision.objects.filter(entry=entry).latest("number")
    assert (last.number, last.actor, last.approver, last.reason) == (3, contributor, editor, "恢复")
    assert last.origin and last.request_id
    assert canonical.loads(last.payload) == park()
    assert Change.objects.filter(entry=entry).latest("seq").action == Change.Action.RESTORED
