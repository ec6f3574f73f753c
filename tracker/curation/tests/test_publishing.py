"""What publishing does to what the public sees."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tracker.accounts.models import User
from tracker.curation import proposals
from tracker.curation.publish import publish
from tracker.delivery import feed
from tracker.entries.models import Change, Entry, Redirect, Reference, Revision, State
from tracker.search import index
from tracker.timeline.models import Event
from tracker.values import canonical
from tracker.values.codes import Nature
from tracker.values.errors import Invalid, Refused

from . import factories
from .factories import BASE, WHOLE, area, change, document, entry, park, policy, propose, relation

NANJING = next(payload for payload in BASE if payload["key"] == "320100")


def _last(kind: str, key: str) -> Change:
    return Change.objects.filter(kind=kind, key=key).order_by("-seq")[0]


def _moments(kind: str, key: str) -> tuple[datetime | None, datetime | None]:
    found = entry(kind, key)
    return found.updated_at, found.verified_at


def test_what_is_published_is_public_with_a_revision_and_a_change(contributor: User, editor: User) -> None:
    outcome = change(contributor, editor, park(opened="2019-10"))
    assert (outcome.published, outcome.unchanged) == (1, 0)
    revision = Revision.objects.get(entry=entry("park", "river-park"))
    assert (revision.number, revision.nature, revision.reason) == (1, Nature.NEW, "据公告")
    assert (revision.actor, revision.approver) == (contributor, editor)
    assert _last("park", "river-park").nature == Nature.NEW
    assert entry("park", "river-park").version == feed.last_number()
    assert entry("park", "river-park").events.count() == 1
    assert index.find("江畔园").get().key == "river-park"


def test_an_identical_payload_is_counted_and_writes_nothing(contributor: User, editor: User) -> None:
    factories.live(park())
    before = (Revision.objects.count(), Change.objects.count(), feed.last_number())
    outcome = change(contributor, editor, park())
    assert (outcome.published, outcome.unchanged) == (0, 1)
    assert (Revision.objects.count(), Change.objects.count(), feed.last_number()) == before


def test_only_editors_publish(contributor: User, editor: User) -> None:
    approved = proposals.approve(actor=editor, proposal=propose(contributor, park()))
    for actor in (contributor, None):
        with pytest.raises(Refused):
            publish(actor=actor, proposals=[approved])
    assert not Entry.objects.filter(key="river-park").exists()


def test_what_was_cancelled_meanwhile_is_not_published(contributor: User, editor: User) -> None:
    approved = proposals.approve(actor=editor, proposal=propose(contributor, park()))
    proposals.cancel(actor=contributor, proposal=approved)
    with pytest.raises(Refused, match="已取消"):
        publish(actor=editor, proposals=[approved])  # in memory it is still approved


def test_new_evidence_moves_verified_at_and_not_updated_at(contributor: User, editor: User) -> None:
    factories.live(park())
    updated, verified = _moments("park", "river-park")
    more = [*WHOLE, {"path": "/name", "source": "notice-2019", "printed": "江畔园"}]
    approved = proposals.approve(actor=editor, proposal=propose(contributor, park(citations=more)))
    publish(actor=editor, proposals=[approved], now=datetime(2030, 1, 1, tzinfo=UTC))
    assert _last("park", "river-park").nature == Nature.EVIDENCE
    assert _moments("park", "river-park") == (updated, datetime(2030, 1, 1, tzinfo=UTC))
    assert verified != datetime(2030, 1, 1, tzinfo=UTC)


def test_a_rename_renders_the_referrers_again_without_a_revision(contributor: User, editor: User) -> None:
    factories.live(park(), policy(parks=["river-park"]))
    outcome = change(contributor, editor, park(name="江畔科学城"))
    assert outcome.derived == 1
    assert document("policy", "ai-opinions")["parks"][0]["name"] == "江畔科学城"
    assert _last("policy", "ai-opinions").nature == Nature.DERIVED
    assert entry("policy", "ai-opinions").revision == 1
    assert entry("policy", "ai-opinions").version == _last("policy", "ai-opinions").seq


def test_a_renamed_city_reaches_every_entry_in_it_and_what_names_those_districts(contributor: User,
                                                                                 editor: User) -> None:  # fmt: skip
    district = factories.place("320115", "江宁区", "district", "320100")
    factories.live(district, park(places=["320115"]))
    change(contributor, editor, NANJING | {"name": "金陵市"})
    assert document("park", "river-park")["places"][0]["city"]["name"] == "金陵市"


def test_a_title_resolves_itself_when_the_policy_arrives(contributor: User, editor: User) -> None:
    factories.live(policy(relations=[relation("implements", {"title": "国家规划"})]))
    assert document("policy", "ai-opinions")["relations"][0]["policy"]["key"] is None
    change(contributor, editor, policy("national-plan", "《国家规划》"))
    assert document("policy", "ai-opinions")["relations"][0]["policy"]["key"] == "national-plan"
    assert document("policy", "national-plan")["implemented_by"][0]["key"] == "ai-opinions"
    assert _last("policy", "ai-opinions").nature == Nature.DERIVED
    assert Reference.objects.get(entry__key="ai-opinions", field="relations/policy").target is not None


@pytest.mark.usefixtures("world")
def test_derived_lists_name_entries_of_the_same_batch() -> None:
    factories.live(policy("old", "旧办法"), policy("new", "新办法", relations=[relation("supersedes", "old")]))
    shown = document("policy", "old")["superseded_by"]
    assert [reference["name"] for reference in shown] == ["新办法"]
    assert entry("policy", "old").status == "ended"


def test_a_renamed_policy_shows_its_new_name_in_derived_lists(contributor: User, editor: User) -> None:
    factories.live(policy("old", "旧办法"), policy("new", "新办法", relations=[relation("supersedes", "old")]))
    change(contributor, editor, policy("new", "新新办法", relations=[relation("supersedes", "old")]))
    assert [reference["name"] for reference in document("policy", "old")["superseded_by"]] == ["新新办法"]


def test_what_is_withdrawn_is_gone_and_leaves_derived_lists(contributor: User, editor: User) -> None:
    factories.live(policy("old", "旧办法"), policy("new", "新办法", relations=[relation("supersedes", "old")]))
    factories.withdraw(contributor, editor, entry("policy", "new"))
    assert entry("policy", "new").state == State.WITHDRAWN
    assert not Entry.objects.live().filter(key="new").exists()
    assert not index.matching("新办法").exists()
    assert not Event.objects.filter(entry__key="new").exists()
    last = _last("policy", "new")
    assert (last.action, last.nature, last.revision) == (Change.Action.WITHDRAWN, Nature.WITHDRAWN, 2)
    assert document("policy", "old")["superseded_by"] == []
    assert entry("policy", "old").status == "unverified"


def test_what_is_withdrawn_is_not_edited_but_restored(contributor: User, editor: User) -> None:
    factories.live(park())
    factories.withdraw(contributor, editor, entry("park", "river-park"))
    with pytest.raises(Refused, match="恢复"):
        proposals.propose(actor=contributor, payload=park(name="新名"))
    before = entry("park", "river-park").revisions.get(number=1).payload
    factories.restore(contributor, editor, entry("park", "river-park"), 1)
    restored = entry("park", "river-park")
    assert restored.state == State.LIVE
    assert restored.revisions.get(number=3).payload == before
    assert (_last("park", "river-park").action, _last("park", "river-park").nature) == ("restored", "correction")


def test_restoring_gives_the_identical_payload(contributor: User, editor: User) -> None:
    first = park(areas=[area("site-2019", "11.50", qualifier="about"), area("site-2021", 159)], positioning=["智谷"],
                 opened="2019-10~",
                 citations=[*WHOLE, {"path": "/opened", "source": "notice-2019", "stated": "2019"}])  # fmt: skip
    first["areas"][0]["value"] = canonical.loads("11.50")
    factories.live(first)
    original = entry("park", "river-park").revisions.get(number=1).payload
    change(contributor, editor, park(name="别名", areas=[area("site-2021", 160)]))
    factories.restore(contributor, editor, entry("park", "river-park"), 1)
    assert entry("park", "river-park").revisions.get(number=3).payload == original
    assert document("park", "river-park")["areas"][0]["value"] == canonical.loads("11.5")


def test_a_merge_leads_to_the_successor_and_referrers_show_it(contributor: User, editor: User) -> None:
    factories.live(park(), park("lake-park", "湖畔园"), policy(parks=["river-park"]))
    factories.merge(contributor, editor, entry("park", "river-park"), "lake-park")
    assert Redirect.objects.get(old_key="river-park").new_key == "lake-park"
    assert entry("park", "river-park").state == State.MERGED
    assert document("policy", "ai-opinions")["parks"][0]["key"] == "lake-park"
    assert (_last("park", "river-park").action, _last("policy", "ai-opinions").nature) == ("merged", "derived")


def test_a_renamed_successor_is_renamed_where_its_predecessor_is_named(contributor: User, editor: User) -> None:
    factories.live(park(), park("lake-park", "湖畔园"), policy(parks=["river-park"]))
    factories.merge(contributor, editor, entry("park", "river-park"), "lake-park")
    change(contributor, editor, park("lake-park", "镜湖园"))
    assert document("policy", "ai-opinions")["parks"][0]["name"] == "镜湖园"


def test_the_successor_is_still_shown_when_the_city_of_the_merged_entry_is_renamed(contributor: User,
                                                                                   editor: User) -> None:  # fmt: skip
    factories.live(park(), park("lake-park", "湖畔园"), policy(parks=["river-park"]))
    factories.merge(contributor, editor, entry("park", "river-park"), "lake-park")
    change(contributor, editor, NANJING | {"name": "金陵市"})
    assert document("policy", "ai-opinions")["parks"][0]["key"] == "lake-park"


def test_a_merged_entry_that_is_restored_stands_for_itself_again(contributor: User, editor: User) -> None:
    factories.live(park(), park("lake-park", "湖畔园"), policy(parks=["river-park"]))
    for _ in range(2):
        factories.merge(contributor, editor, entry("park", "river-park"), "lake-park")
        factories.restore(contributor, editor, entry("park", "river-park"), 1)
    assert not Redirect.objects.exists()
    assert document("policy", "ai-opinions")["parks"][0]["key"] == "river-park"


def test_a_merge_needs_a_public_successor_of_its_kind(contributor: User, editor: User) -> None:
    factories.live(park(), park("lake-park", "湖畔园"))
    merging = proposals.propose_merge(actor=contributor, entry=entry("park", "river-park"), successor="lake-park",
                                      reason="重复")  # fmt: skip
    waiting = proposals.submit(actor=contributor, proposal=merging)
    factories.withdraw(contributor, editor, entry("park", "lake-park"))
    with pytest.raises(Refused, match="继任"):
        proposals.approve_and_publish(actor=editor, proposals=[waiting])
    for successor in ("river-park", "nowhere", ""):
        with pytest.raises(Refused):
            proposals.propose_merge(actor=contributor, entry=entry("park", "river-park"), successor=successor,
                                    reason="重复")  # fmt: skip


def test_a_wrong_payload_publishes_nothing_of_its_batch(contributor: User, editor: User) -> None:
    good, bad = propose(contributor, park()), propose(contributor, park("b", "乙园"))
    bad.payload = canonical.dumps(park("b", "乙园", places=["999999"]))
    bad.save(update_fields=["payload"])
    with pytest.raises(Invalid) as error:
        proposals.approve_and_publish(actor=editor, proposals=[good, bad])
    assert dict(error.value.errors).keys() == {"park/b/places/0"}
    assert not Entry.objects.filter(kind="park").exists()


def test_a_draft_is_visible_nowhere(contributor: User, editor: User) -> None:
    factories.live(park())
    last = feed.last_number()
    proposals.propose(actor=contributor, payload=park("secret-park", "秘园", opened="2020"), reason="草稿")
    propose(contributor, park("waiting-park", "待审园", opened="2020"))
    proposals.approve(actor=editor, proposal=propose(contributor, park("approved-park", "已批园", opened="2020")))
    propose(contributor, park(name="改名园"))
    assert list(Entry.objects.filter(kind="park").values_list("key", flat=True)) == ["river-park"]
    assert not any(index.matching(query).exists() for query in ("秘园", "待审园", "已批园", "改名园"))
    assert not Event.objects.filter(entry__kind="park").exists()
    assert feed.last_number() == last
    assert document("park", "river-park")["name"] == "江畔园"
