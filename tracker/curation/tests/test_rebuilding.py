"""What a release derives anew: everything that follows from the payloads, told as derived changes."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tracker.curation import checking, rebuilding
from tracker.entries.models import Change, Counter, DocumentVersion, Entry, Reference
from tracker.timeline.models import Event, Span
from tracker.values import canonical
from tracker.values.codes import Nature

from . import factories
from .factories import document, park, policy

pytestmark = pytest.mark.usefixtures("world")


def as_an_earlier_release_left_it() -> None:
    """Documents without what is derived now, no spans, no bounds of references, no events of the newer sorts."""
    factories.live(policy(period="2016/2020"), park(tenants=[
        {"key": "a", "organisation": "city-government", "from": "2019", "to": "2020"}]))  # fmt: skip
    entry = Entry.objects.get(key="ai-opinions")
    older = canonical.loads(entry.document)
    del older["period_ended"]
    Entry.objects.filter(pk=entry.pk).update(document=canonical.dumps_ordered(older))
    DocumentVersion.objects.filter(entry=entry).update(document=canonical.dumps_ordered(older), spans=[])
    Event.objects.filter(type__in=["period-ended", "tenant-left"]).delete()
    Span.objects.all().delete()
    Reference.objects.update(valid_lower=None, valid_upper=None)
    Counter.objects.filter(name=rebuilding.COUNTER).delete()


def test_everything_derived_is_made_anew_and_only_what_differs_is_told() -> None:
    as_an_earlier_release_left_it()
    assert rebuilding.outdated()
    last = Change.objects.latest("seq").seq
    assert rebuilding.rebuild_all(now=timezone.now()) == 2
    told = Change.objects.filter(seq__gt=last).values_list("key", "nature")
    assert sorted(told) == [("ai-opinions", Nature.DERIVED), ("river-park", Nature.DERIVED)]
    assert document("policy", "ai-opinions")["period_ended"] is True
    assert not [finding for finding in checking.everything() if "policy/" in finding or "park/" in finding]
    assert not rebuilding.outdated()


def test_a_second_time_it_changes_nothing() -> None:
    as_an_earlier_release_left_it()
    rebuilding.rebuild_all(now=timezone.now())
    assert rebuilding.rebuild_all(now=timezone.now()) == 0


def test_versions_of_what_did_not_change_learn_their_spans() -> None:
    as_an_earlier_release_left_it()
    factories.live(policy(key="other", title="另一意见", period="2016/2020"))
    DocumentVersion.objects.filter(key="other").update(spans=[])
    rebuilding.rebuild_all(now=timezone.now())
    assert DocumentVersion.objects.get(key="other").spans != []
