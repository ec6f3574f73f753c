"""Three sides of one entry: what only one changed is taken, what both changed is chosen, nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.accounts.models import User
from tracker.curation import proposals, renewing
from tracker.curation.models import Proposal
from tracker.curation.rebasing import MINE, THEIRS, Sides
from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.values import canonical
from tracker.values.errors import Invalid, Refused, Stale
from tracker.values.paths import value_at

from . import factories
from .factories import area, park

TEXTS = st.sampled_from(["甲", "乙", "丙"])
LEAVES = ("name", "name_en", "note")
AREAS = st.dictionaries(st.sampled_from(["site-a", "site-b", "site-c"]), st.integers(1, 9), max_size=3)


@st.composite
def payloads(draw: Any) -> Json:
    said: Json = {leaf: draw(TEXTS) for leaf in LEAVES if leaf == "name" or draw(st.booleans())}
    if positioning := draw(st.lists(TEXTS, max_size=2, unique=True)):
        said["positioning"] = positioning
    areas = [area(key, value) for key, value in sorted(draw(AREAS).items())]
    return park(**(said | ({"areas": areas} if areas else {})))


def sides(base: Json, theirs: Json, mine: Json) -> Sides:
    return Sides(kinds.get("park"), base, theirs, mine)


def facts(payload: Json) -> Json:
    """A payload's facts alone, children by key."""
    said = {name: value for name, value in payload.items() if name not in ("citations", "rulings", "areas")}
    return said | {f"areas/{child['key']}": child for child in payload.get("areas", [])}


@given(payloads(), payloads())
def test_of_one_side_alone_that_side_is_taken(base: Json, changed: Json) -> None:
    assert facts(sides(base, base, changed).merged({})) == facts(changed)
    assert facts(sides(base, changed, base).merged({})) == facts(changed)


@given(payloads(), payloads(), payloads())
def test_without_conflict_it_is_both_applied_in_either_order(base: Json, theirs: Json, mine: Json) -> None:
    one, other = sides(base, theirs, mine), sides(base, mine, theirs)
    if not one.conflicts():
        assert facts(one.merged({})) == facts(other.merged({}))


@given(payloads(), payloads(), payloads(), st.sampled_from([THEIRS, MINE]))
def test_who_is_chosen_everywhere_has_their_word_and_the_rest_is_kept(base: Json, theirs: Json, mine: Json,
                                                                      choice: str) -> None:  # fmt: skip
    compared = sides(base, theirs, mine)
    conflicts = compared.conflicts()
    merged = compared.merged({spot.path: choice for spot in conflicts})
    for spot in compared.spots():
        assert value_at(merged, spot.path) == (getattr(spot, choice) if spot.is_conflict else spot.merged), spot


@given(payloads(), payloads(), payloads())
def test_a_conflict_nobody_chose_is_named(base: Json, theirs: Json, mine: Json) -> None:
    compared = sides(base, theirs, mine)
    conflicts = {spot.path for spot in compared.conflicts()}
    if conflicts:
        with pytest.raises(Invalid) as error:
            compared.merged({})
        assert {path for path, _ in error.value.errors} == conflicts


# --- with proposals


@pytest.fixture
def rivals(contributor: User, editor: User, chief: User) -> Proposal:
    """A proposal whose entry was changed meanwhile: the other changed the name as well, and added an English one."""
    factories.live(park(positioning=["旧定位"]))
    mine = factories.propose(contributor, park(name="乙园", positioning=["新定位"]))
    factories.change(editor, chief, park(name="甲园", name_en="Jia Park", positioning=["旧定位"]))
    mine.refresh_from_db()
    return mine


def test_the_second_is_refused_and_all_three_texts_are_there(rivals: Proposal, editor: User) -> None:
    with pytest.raises(Stale):
        proposals.approve_and_publish(actor=editor, proposals=[rivals])
    (conflict,) = renewing.sides_of(rivals).conflicts()
    assert (conflict.path, conflict.base, conflict.theirs, conflict.mine) == ("/name", "江畔园", "甲园", "乙园")


@pytest.mark.parametrize(("choice", "name"), [(THEIRS, "甲园"), (MINE, "乙园")])
def test_a_proposal_is_rewritten_on_what_is_live(rivals: Proposal, contributor: User, editor: User, choice: str,
                                                 name: str) -> None:  # fmt: skip
    made = renewing.rebase(actor=contributor, proposal=rivals, choices={"/name": choice})
    rivals.refresh_from_db()
    assert (rivals.state, rivals.superseded_by) == (Proposal.State.SUPERSEDED, made)
    assert (made.state, made.base_revision, made.author) == (Proposal.State.DRAFT, 2, contributor)
    said = canonical.loads(made.payload)
    assert (said["name"], said["name_en"], said["positioning"]) == (name, "Jia Park", ["新定位"])
    waiting = proposals.submit(actor=contributor, proposal=made)
    proposals.approve_and_publish(actor=editor, proposals=[waiting])
    assert factories.document("park", "river-park")["positioning"] == ["新定位"]


def test_without_a_choice_nothing_is_rewritten(rivals: Proposal, contributor: User) -> None:
    with pytest.raises(Invalid, match="选定"):
        renewing.rebase(actor=contributor, proposal=rivals, choices={})
    rivals.refresh_from_db()
    assert rivals.state == Proposal.State.IN_REVIEW


def test_what_is_not_stale_is_not_rewritten(contributor: User) -> None:
    factories.live(park())
    with pytest.raises(Refused, match="不必"):
        renewing.rebase(actor=contributor, proposal=factories.propose(contributor, park(name="新")), choices={})
