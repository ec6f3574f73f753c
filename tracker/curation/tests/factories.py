"""Payloads and people for the tests of curation: plain functions."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group
from django.utils import timezone

from tracker.accounts import roles
from tracker.accounts.models import User
from tracker.accounts.roles import Role
from tracker.curation import proposals, publish
from tracker.curation.models import Proposal
from tracker.entries.fields import Json
from tracker.entries.models import Entry
from tracker.values import canonical
from tracker.values.codes import Nature

WHOLE = [{"path": "", "source": "report-2021", "locator": {"section": "3.3"}, "printed": "原文如此"}]


def place(key: str, name: str, level: str, parent: str = "", **facts: Any) -> Json:
    above = {"parent": parent} if parent else {}
    return {"kind": "place", "key": key, "name": name, "level": level, **above, **facts}


def source(key: str = "report-2021", title: str = "报告", **facts: Any) -> Json:
    return {"kind": "source", "key": key, "title": title, "date": "2021-06", **facts}


def term(key: str, vocabulary: str, name: str) -> Json:
    return {"kind": "term", "key": key, "name": name, "vocabulary": vocabulary}


def park(key: str = "river-park", name: str = "江畔园", **facts: Any) -> Json:
    payload = {"kind": "park", "key": key, "name": name, "places": ["320100"], "category": "science-city",
               "citations": WHOLE}  # fmt: skip
    return payload | facts


def policy(key: str = "ai-opinions", title: str = "人工智能意见", **facts: Any) -> Json:
    payload = {"kind": "policy", "key": key, "title": title, "places": ["320100"], "issued": "2017-12",
               "citations": WHOLE}  # fmt: skip
    return payload | facts


def relation(type_: str, to: Any, key: str = "first") -> Json:
    return {"key": key, "type": type_, "policy": to}


def area(key: str, value: Any, **facts: Any) -> Json:
    return {"key": key, "measure": "site", "value": value, "unit": "km2", **facts}


BASE = [
    place("100000", "中华人民共和国", "country"),
    place("320000", "江苏省", "province", "100000", short_name="江苏"),
    place("320100", "南京市", "city", "320000", short_name="南京", name_en="Nanjing"),
    source(), source("notice-2019", "通告", date="2019-04"),
    term("science-city", "park-category", "科学城"), term("plan", "policy-category", "规划"),
    {"kind": "organisation", "key": "city-government", "name": "南京市人民政府", "places": ["320100"],
     "citations": WHOLE},
]  # fmt: skip


def live(*payloads: Json) -> publish.Outcome:
    """Publish payloads as the founding data is: approved by rule."""
    made = [Proposal.objects.create(
        kind=payload["kind"], key=payload["key"], state=Proposal.State.APPROVED, payload=canonical.dumps(payload),
        nature=Nature.NEW, origin="founding", created_at=timezone.now()) for payload in payloads]  # fmt: skip
    return publish.publish(actor=None, proposals=made)


def ensure_world() -> None:
    """Publish whatever of ``BASE`` is not here yet."""
    live(*(payload for payload in BASE if not Entry.objects.filter(kind=payload["kind"], key=payload["key"]).exists()))


def user(name: str, role: Role | None = None) -> User:
    if not Group.objects.exists():
        roles.ensure_groups()
    made = User.objects.create_user(name, is_staff=True)
    if role:
        roles.give(made, role)
    return made


def entry(kind: str, key: str) -> Entry:
    return Entry.objects.get(kind=kind, key=key)


def document(kind: str, key: str) -> Json:
    found: Json = canonical.loads(entry(kind, key).document)
    return found


def propose(author: User, payload: Json, **details: Any) -> Proposal:
    """A proposal handed over for review."""
    draft = proposals.propose(actor=author, payload=payload, **{"reason": "据公告", **details})
    return proposals.submit(actor=author, proposal=draft)


def change(author: User, reviewer: User, payload: Json, **details: Any) -> publish.Outcome:
    """Propose, approve and publish, by two people."""
    return proposals.approve_and_publish(actor=reviewer, proposals=[propose(author, payload, **details)])


def withdraw(author: User, reviewer: User, of: Entry, **details: Any) -> publish.Outcome:
    draft = proposals.propose_withdrawal(actor=author, entry=of, **{"reason": "误收", **details})
    return _second_pair(author, reviewer, draft)


def merge(author: User, reviewer: User, of: Entry, into: str) -> publish.Outcome:
    draft = proposals.propose_merge(actor=author, entry=of, successor=into, reason="重复")
    return _second_pair(author, reviewer, draft)


def restore(author: User, reviewer: User, of: Entry, number: int) -> publish.Outcome:
    draft = proposals.propose_restore(actor=author, revision=of.revisions.get(number=number), reason="恢复")
    return _second_pair(author, reviewer, draft)


def _second_pair(author: User, reviewer: User, draft: Proposal) -> publish.Outcome:
    waiting = proposals.submit(actor=author, proposal=draft)
    return proposals.approve_and_publish(actor=reviewer, proposals=[waiting])
