"""Editors who do everything at random, all the time: what the proofs of publishing and of the feed are tried on.

A small world, so that whatever is done concerns something else: entries that show each other's names, borrow each
other's points, name each other by titles that come and go, and lie in places that move. The same seed does the same
things, as long as nobody else writes.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

from django.db import connection

from tracker.accounts.models import User
from tracker.curation import proposals
from tracker.curation.models import Proposal
from tracker.entries.fields import Json
from tracker.entries.models import Entry, Revision, State
from tracker.values import canonical
from tracker.values.errors import TrackerError

from .factories import BASE, WHOLE, area, live, park, place, policy, relation, source, term

CITIES = ("320100", "320500", "310100")
DISTRICTS = ("320115", "320505", "310115")
PROVINCES = ("320000", "310000")
REGION = "delta"
KEYS = {
    "park": [f"park-{n}" for n in range(7)],
    "policy": [f"policy-{n}" for n in range(7)],
    "layout": [f"layout-{n}" for n in range(3)],
    "organisation": ["city-government", "org-0", "org-1", "org-2"],
    "place": [*CITIES, *DISTRICTS, *PROVINCES, REGION],
    "source": ["report-2021", "notice-2019", "report-2022"],
    "term": ["science-city", "town"],
    "zone": ["zone-0"],
    "initiative": ["initiative-0", "initiative-1"],
}  # fmt: skip
"""What there is or may come to be; a few of each kind, so that everything meets."""

MOVES = {"put": 60, "batch": 10, "withdraw": 8, "merge": 8, "restore": 14}
"""How often each is done, of a hundred."""

NAMES = [f"{one}{other}" for one in "江湖山海城" for other in "畔滨岸前新"]


def begin() -> None:
    """Publish the world that the turmoil begins with."""
    live(*BASE, place("310000", "上海市", "province", "100000"), place("320500", "苏州市", "city", "320000"),
         place("310100", "市辖区", "city", "310000"), place("320115", "江宁区", "district", "320100"),
         place("320505", "虎丘区", "district", "320500"), place("310115", "浦东新区", "district", "310000"),
         place(REGION, "长三角", "region", members=["320000", "310000"]), source("report-2022", "年报", date="2022"),
         term("town", "park-category", "小镇"), term("core", "layout-role", "核"),
         *(park(key, f"{key}园") for key in KEYS["park"][:4]),
         *(policy(key, f"{key}意见") for key in KEYS["policy"][:4]))  # fmt: skip


def at_once(*works: Callable[[], object], seconds: float = 120) -> list[BaseException]:
    """Run each in a thread with a connection of its own; returns what was raised."""
    raised: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        try:
            work()
        except BaseException as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[work], daemon=True) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=seconds)
    assert not any(thread.is_alive() for thread in threads), "still at work"
    return raised


class Editors:
    """One pair of people, one who proposes and one who publishes."""

    def __init__(self, random: Random, author: User, reviewer: User) -> None:
        self.random, self.author, self.reviewer = random, author, reviewer
        self.done: Counter[str] = Counter()
        """How often each move succeeded; ``refused`` and the like count what was not allowed."""

    def act(self) -> None:
        """Do one thing. Being refused is part of the work; whatever the database says is not."""
        move = self.random.choices([*MOVES], [*MOVES.values()])[0]
        try:
            published = getattr(self, f"_{move}")()
            self.done[move if published else "nothing"] += 1
        except TrackerError as error:
            assert "数据库不接受" not in f"{error} {error.errors}", error.errors
            self.done[error.code] += 1

    # --- moves

    def _put(self) -> bool:
        return self._publish([self._proposed()])

    def _batch(self) -> bool:
        drafts = {(draft.kind, draft.key): draft for draft in (self._proposed() for _ in range(6))}
        return self._publish(list(drafts.values()))

    def _withdraw(self) -> bool:
        entry = self._live_entry("park", "policy", "layout", "organisation", "zone", "initiative")
        successor = self.random.choice(["", self._some(entry.kind)])
        return self._publish([proposals.propose_withdrawal(
            actor=self.author, entry=entry, successor=successor, reason="误收")])  # fmt: skip

    def _merge(self) -> bool:
        entry = self._live_entry("park", "policy", "layout", "organisation", "source", "place", "term")
        return self._publish([proposals.propose_merge(
            actor=self.author, entry=entry, successor=self._some(entry.kind), reason="重复")])  # fmt: skip

    def _restore(self) -> bool:
        gone = list(Entry.objects.exclude(state=State.LIVE).order_by("kind", "key"))
        entry = self.random.choice(gone) if gone else self._live_entry("park", "policy", "place")
        revision = self.random.choice(list(entry.revisions.order_by("number")))
        return self._publish([proposals.propose_restore(actor=self.author, revision=revision, reason="恢复")])

    def _proposed(self) -> Proposal:
        kind = self.random.choices([*KEYS], [6, 6, 3, 2, 4, 1, 1, 1, 2])[0]
        gone = set(Entry.objects.exclude(state=State.LIVE).filter(kind=kind).values_list("key", flat=True))
        payload = self._changed(kind, self.random.choice([key for key in KEYS[kind] if key not in gone] or KEYS[kind]))
        return proposals.propose(actor=self.author, payload=payload, reason="据公告")

    def _publish(self, drafts: list[Proposal]) -> bool:
        waiting = [proposals.submit(actor=self.author, proposal=draft) for draft in drafts]
        return proposals.approve_and_publish(actor=self.reviewer, proposals=waiting).published > 0

    # --- facts

    def _some(self, kind: str) -> str:
        return self.random.choice(KEYS[kind])

    def _live_entry(self, *kinds: str) -> Entry:
        found = Entry.objects.live().filter(kind__in=kinds).exclude(key="100000").order_by("kind", "key")
        return self.random.choice(list(found))

    def _changed(self, kind: str, key: str) -> Json:
        """The live payload of an entry with one or two facts changed; a new one where there is none."""
        entry = Entry.objects.filter(kind=kind, key=key).first()
        if entry is None:
            payload = self._new(kind, key)
        else:
            payload = canonical.loads(Revision.objects.get(entry=entry, number=entry.revision).payload)
        changes = _CHANGES[kind]
        for _ in range(self.random.randint(1, 2)):
            payload |= self.random.choice(changes)(self, payload)
        return payload

    def _new(self, kind: str, key: str) -> Json:
        payload: Json = {"kind": kind, "key": key}
        if kind in ("policy", "layout", "initiative"):
            payload["title"] = self._name()
        else:
            payload["name"] = self._name()
        if kind == "layout":
            payload |= {"subject": f"place/{self._some('place')}"}
        if kind == "park":
            payload["category"] = "science-city"
        return payload | {"places": [self.random.choice(CITIES)], "citations": WHOLE}

    def _name(self) -> str:
        return self.random.choice(NAMES)

    def _value(self) -> Decimal:
        return Decimal(self.random.randint(1, 9_999)) / 100

    def _policy_named(self) -> Any:
        return self.random.choice([self._some("policy"), {"title": self._name()}, {"title": self._name()}])

    def _point(self) -> Json | None:
        return self.random.choice([None, {"lat": 30 + self._value() / 100, "lng": 120 + self._value() / 100}])

    def _cited(self) -> Json:
        return {"citations": [*WHOLE, {"path": "", "source": self._some("source")}]}

    def _places(self) -> Json:
        return {"places": self.random.sample([*CITIES, *DISTRICTS, REGION], self.random.choice([1, 1, 2]))}

    def _moved(self, was: Json) -> Json:
        """Another parent, or other members of a region."""
        if was["level"] == "region":
            return {"members": self.random.sample([*PROVINCES, *CITIES], self.random.choice([1, 2]))}
        above = {"district": [*CITIES, "310000"], "city": list(PROVINCES)}
        return {"parent": self.random.choice(above.get(was["level"], ["100000"]))}

    def _parts(self) -> list[Json]:
        return [{"key": f"part-{n}", "role": "core", "name": self._name(), "parks": [self._some("park")],
                 "places": [self.random.choice(DISTRICTS)]} for n in range(2)]  # fmt: skip


Change = Callable[[Editors, Json], Json]
"""Given the payload as it was, the members that change."""

_NAMED: list[Change] = [lambda at, was: {"name": at._name()}, lambda at, was: {"aliases": [at._name()]},
                        lambda at, was: {"name_en": f"Park {at.random.randint(1, 99)}"}]  # fmt: skip
_TITLED: list[Change] = [lambda at, was: {"title": at._name()}, lambda at, was: {"aliases": [at._name()]}]
_LYING: list[Change] = [lambda at, was: at._places(), lambda at, was: at._cited()]

_CHANGES: dict[str, list[Change]] = {
    "park": [
        *_NAMED, *_LYING,
        lambda at, was: {"parents": [{"key": "in", "park": at._some("park")}]},
        lambda at, was: {"parents": []},
        lambda at, was: {"location": at._point()},
        lambda at, was: {"category": at._some("term")},
        lambda at, was: {"areas": [area("site", at._value())]},
        lambda at, was: {"operators": [at._some("organisation")]},
        lambda at, was: {"opened": f"20{at.random.randint(10, 24)}"},
        lambda at, was: {"tenants": [{"key": "first", "organisation": {"title": at._name()}, "from": "2020"}]},
    ],
    "policy": [
        *_TITLED, *_LYING,
        lambda at, was: {"issued": f"20{at.random.randint(10, 24)}-0{at.random.randint(1, 9)}"},
        lambda at, was: {"relations": [relation(at.random.choice(["supersedes", "amends"]), at._policy_named())]},
        lambda at, was: {"relations": []},
        lambda at, was: {"parks": [at._some("park")]},
        lambda at, was: {"issuers": [at._some("organisation")]},
    ],
    "layout": [
        *_TITLED, *_LYING,
        lambda at, was: {"subject": at.random.choice([f"place/{at._some('place')}", f"park/{at._some('park')}"])},
        lambda at, was: {"supersedes": [at._some("layout")]},
        lambda at, was: {"declared_by": at._policy_named()},
        lambda at, was: {"adopted": f"20{at.random.randint(10, 24)}"},
        lambda at, was: {"parts": at._parts()},
    ],
    "organisation": [*_NAMED, *_LYING, lambda at, was: {"parent": at._some("organisation")}],
    "place": [
        *_NAMED,
        lambda at, was: at._moved(was),
        lambda at, was: at._moved(was),
        lambda at, was: {"point": at._point()},
        lambda at, was: {"short_name": at._name()},
        lambda at, was: {"successors": [at._some("place")]},
    ],
    "source": [*_TITLED, lambda at, was: {"date": f"20{at.random.randint(10, 24)}"}],
    "term": [lambda at, was: {"name": at._name()}],
    "zone": [*_NAMED, *_LYING, lambda at, was: {"parks": [at._some("park")]}],
    "initiative": [
        *_TITLED, *_LYING,
        lambda at, was: {"date": f"20{at.random.randint(10, 24)}"},
        lambda at, was: {"parties": [{"key": "one", "party": {"title": at._name()}}]},
        lambda at, was: {"parties": [{"key": "one", "party": f"park/{at._some('park')}"}]},
    ],
}  # fmt: skip
