"""Several people publish at once: only PostgreSQL lets them, so only there can it go wrong."""

from __future__ import annotations

import threading
from functools import partial

import pytest
from django.db import connection

from tracker.accounts.roles import Role
from tracker.curation import checking, proposals
from tracker.entries.models import Change, Entry
from tracker.values.errors import Refused, Stale

from . import factories
from .turmoil import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

WRITERS = 4
EACH = 8


@pytest.fixture(autouse=True)
def on_postgres() -> None:
    assert connection.vendor == "postgresql", "these tests prove something only on PostgreSQL: set DATABASE_URL"


def test_a_reader_of_the_feed_sees_every_number_in_order_while_others_write() -> None:
    factories.ensure_world()
    author, reviewer = factories.user("zuozhe", Role.CONTRIBUTOR), factories.user("shenhe", Role.EDITOR)
    start = Change.objects.latest("seq").seq
    done = threading.Event()
    seen: list[int] = []

    def write(writer: int) -> None:
        for number in range(EACH):
            factories.change(author, reviewer, factories.park(f"park-{writer}-{number}", f"{writer}号{number}园"))
            factories.change(author, reviewer, factories.park(f"park-{writer}-{number}", f"{writer}号{number}新园"))

    def read() -> None:
        while not done.is_set() or seen[-1:] != [start + WRITERS * EACH * 2]:
            last = seen[-1] if seen else start
            seen.extend(Change.objects.filter(seq__gt=last).order_by("seq").values_list("seq", flat=True))
            if len(seen) > WRITERS * EACH * 2:
                return

    reader = threading.Thread(target=at_once, args=[read], daemon=True)
    reader.start()
    raised = at_once(*(partial(write, writer) for writer in range(WRITERS)))
    done.set()
    reader.join(timeout=30)
    assert raised == []
    assert seen == list(range(start + 1, start + 1 + WRITERS * EACH * 2))
    assert list(checking.everything()) == []


def test_of_two_who_publish_on_the_same_revision_one_is_told_and_nothing_is_lost() -> None:
    factories.ensure_world()
    author, reviewer = factories.user("zuozhe", Role.CONTRIBUTOR), factories.user("shenhe", Role.EDITOR)
    factories.change(author, reviewer, factories.park())
    drafts = [factories.propose(author, factories.park(name=name)) for name in ("甲园", "乙园")]
    raised = at_once(*(
        partial(proposals.approve_and_publish, actor=reviewer, proposals=[draft]) for draft in drafts
    ))  # fmt: skip
    assert [type(error) for error in raised] == [Stale]
    park = Entry.objects.get(kind="park", key="river-park")
    assert park.revision == 2
    assert park.name in ("甲园", "乙园")
    assert list(checking.everything()) == []


def test_two_who_approve_the_same_proposals_in_another_order_do_not_wait_for_each_other() -> None:
    factories.ensure_world()
    author, reviewer = factories.user("zuozhe", Role.CONTRIBUTOR), factories.user("shenhe", Role.EDITOR)
    drafts = [factories.propose(author, factories.park(f"park-{number}", f"{number}号园")) for number in range(20)]
    raised = at_once(*(
        partial(proposals.approve_and_publish, actor=reviewer, proposals=order) for order in (drafts, drafts[::-1])
    ))  # fmt: skip
    assert [type(error) for error in raised] == [Refused]
    assert Entry.objects.live().filter(kind="park").count() == 20
