"""What else a proposal touches, found without leaving a trace."""

from __future__ import annotations

import pytest

from tracker.accounts.models import User
from tracker.curation import effects
from tracker.entries.models import Change, Entry
from tracker.values.errors import TrackerError

from . import factories
from .factories import WHOLE, park, policy


def test_a_new_name_renders_what_refers_to_it_again(contributor: User) -> None:
    factories.live(park(), policy(parks=["river-park"]))
    found = effects.of([factories.propose(contributor, park(name="新名园"))])
    assert [(each.kind, each.key) for each in found.rendered_again] == [("policy", "ai-opinions")]


def test_a_new_date_is_an_event_more_and_the_old_one_an_event_less(contributor: User) -> None:
    factories.live(policy())
    found = effects.of([factories.propose(contributor, policy(issued="2018-03"))])
    assert [date for date, _, _ in found.events_added] == ["2018-03"]
    assert [date for date, _, _ in found.events_removed] == ["2017-12"]


def test_a_citation_that_states_something_else_raises_a_conflict_and_taking_it_away_settles_it(
    contributor: User, editor: User
) -> None:
    rival = {"path": "/issued", "source": "notice-2019", "stated": "2016-05"}
    factories.live(policy())
    plain, torn = policy(), policy(citations=[*WHOLE, {"path": "/issued", "source": "report-2021"}, rival])
    raised = effects.of([factories.propose(contributor, torn)])
    assert [path for _, path in raised.conflicts_raised] == ["/issued"]
    factories.change(contributor, editor, torn)
    settled = effects.of([factories.propose(contributor, plain)])
    assert [path for _, path in settled.conflicts_settled] == ["/issued"]


def test_what_changes_only_its_own_facts_touches_nothing(contributor: User) -> None:
    factories.live(park())
    assert effects.of([factories.propose(contributor, park(note="补记"))]).is_empty


def test_looking_leaves_no_trace(contributor: User) -> None:
    factories.live(park())
    before = (Change.objects.count(), Entry.objects.get(key="river-park").revision)
    effects.of([factories.propose(contributor, park(name="新名园"))])
    assert (Change.objects.count(), Entry.objects.get(key="river-park").revision) == before


def test_what_could_not_be_published_has_no_effects(contributor: User, editor: User, chief: User) -> None:
    factories.live(park())
    late = factories.propose(contributor, park(name="迟园"))
    factories.change(editor, chief, park(name="早园"))
    with pytest.raises(TrackerError):
        effects.of([late])
