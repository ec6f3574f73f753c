"""What the limits of a token or of a person leave of many proposals: every place of an entry must lie inside, as it is
and as it is meant.

Sources may always be proposed, unless kinds are limited: without them nothing can be cited. What else lies in no place
lies in none of the places of who is limited to some.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

from django.db.models import QuerySet

from tracker.accounts.models import User
from tracker.accounts.roles import is_limited
from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.entries.limits import kinds_beyond, places_beyond
from tracker.entries.models import Containment, Entry
from tracker.values import canonical
from tracker.values.errors import Refused

ANYWHERE = ("source",)
TOKEN = ("令牌只限", "this token is limited to")
PERSON = ("您只管", "you are limited to")
CHUNK = 500


class Subject(Protocol):
    """Says something of an entry: a proposal, or a row of an import."""

    @property
    def kind(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def payload(self) -> str: ...


@dataclass(frozen=True)
class Limits:
    """Kinds and places that proposals are limited to; empty: no limit."""

    kinds: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    words: tuple[str, str] = TOKEN

    def refuse_kind(self, kind: str) -> None:
        """:raises Refused: the kind is none of these."""
        if kinds_beyond([kind], self.kinds):
            zh, en = self.words
            raise Refused(f"{zh} {'、'.join(self.kinds)} {en} {', '.join(self.kinds)}")

    def refusals(self, payloads: Sequence[tuple[Json, Entry | None]], *, begun: bool = False) -> dict[int, Refused]:
        """Which payloads, each with the live entry it is of, lie beyond the places; by their index, in two queries.

        :param begun: they are drafts, which need not say yet where they lie.
        """
        if not self.places:
            return {}
        live = _live_places([entry for _, entry in payloads if entry])
        lying = [_proposed_places(payload, entry) | (live.get(entry.pk, set()) if entry else set())
                 for payload, entry in payloads]  # fmt: skip
        beyond = places_beyond(set().union(*lying), self.places)
        refused = {}
        for index, (payload, _) in enumerate(payloads):
            outside = sorted(lying[index] & beyond)
            nowhere = not lying[index] and not begun
            if payload["kind"] not in ANYWHERE and (outside or nowhere):
                refused[index] = self._refused(outside)
        return refused

    def _refused(self, outside: Iterable[str]) -> Refused:
        named = ", ".join(outside)
        lies = f"{named} 不在其内 {named} lies outside" if named else "它不在任何地区 it lies in no place"
        zh, en = self.words
        return Refused(f"{zh}地区 {'、'.join(self.places)} {en} these places：{lies}")


def of(user: User) -> Limits | None:
    """The limits of a person; None where there are none."""
    return Limits(tuple(user.kinds), tuple(user.places), PERSON) if is_limited(user) else None


def refuse_beyond(user: User, subjects: Sequence[Subject], *, begun: bool = False) -> None:
    """
    :param begun: they are drafts, which need not say yet where they lie.
    :raises Refused: the person may not propose, review or publish one of these: it lies beyond their limits.
    """
    if refused := beyond(user, subjects, begun=begun):
        raise next(iter(refused.values()))


def refuse_any_beyond(user: User, subjects: QuerySet[Any]) -> None:
    """The same of as many as one likes, read in pieces; nothing is read for who has no limits.

    :raises Refused: one of them lies beyond; naming it.
    """
    if of(user) is None:
        return
    rows = subjects.order_by("pk").only("kind", "key", "payload")
    reading = rows.iterator(chunk_size=CHUNK)
    while chunk := list(islice(reading, CHUNK)):
        for index, error in beyond(user, chunk).items():
            raise Refused(f"{chunk[index].kind}/{chunk[index].key}：{error.message}")


def beyond(user: User, subjects: Sequence[Subject], *, begun: bool = False) -> dict[int, Refused]:
    """Which of these lie beyond the limits of a person; by their index, in a few queries."""
    limits = of(user)
    if limits is None:
        return {}
    found: dict[int, Refused] = {}
    for index, subject in enumerate(subjects):
        try:
            limits.refuse_kind(subject.kind)
        except Refused as error:
            found[index] = error
    live = _live(subjects) if limits.places else {}
    payloads = [(_payload(subject), live.get((subject.kind, subject.key))) for subject in subjects]
    return limits.refusals(payloads, begun=begun) | found


@dataclass(frozen=True)
class Standing:
    """An entry as it stands, for asking whether a person may touch it."""

    kind: str
    key: str
    payload: str = ""


def why_not(user: User, entries: Sequence[Entry]) -> dict[int, str]:
    """Why a person may not change some of these entries, in a sentence each; by their index."""
    refused = beyond(user, [Standing(entry.kind, entry.key) for entry in entries])
    return {index: error.message for index, error in refused.items()}


def _payload(subject: Subject) -> Json:
    said = canonical.loads(subject.payload) if subject.payload else {}
    return (said if isinstance(said, dict) else {}) | {"kind": subject.kind, "key": subject.key}


def _live(subjects: Sequence[Subject]) -> dict[tuple[str, str], Entry]:
    by_kind: dict[str, set[str]] = {}
    for subject in subjects:
        by_kind.setdefault(subject.kind, set()).add(subject.key)
    rows = (Entry.objects.filter(kind=kind, key__in=keys).only("pk", "kind", "key") for kind, keys in by_kind.items())
    return {(entry.kind, entry.key): entry for found in rows for entry in found}


def _proposed_places(payload: Json, entry: Entry | None) -> set[str]:
    """Where a payload puts its entry: in its places; a place lies in itself, a new one in its parent."""
    if payload["kind"] == "place":
        return {payload["key"]} if entry else _texts([payload.get("parent")])
    return _texts(payload.get("places")) if not kinds.get(payload["kind"]).reference_data else set()


def _texts(found: object) -> set[str]:
    return {item for item in found if isinstance(item, str)} if isinstance(found, list) else set()


def _live_places(entries: Sequence[Entry]) -> dict[int, set[str]]:
    """The places that entries stand in directly."""
    located = [entry.pk for entry in entries if entry.kind != "place"]
    rows = Containment.objects.filter(entry_id__in=located, direct=True, container__kind="place")
    found: dict[int, set[str]] = {}
    for pk, key in rows.values_list("entry_id", "container__key"):
        found.setdefault(pk, set()).add(key)
    return found
