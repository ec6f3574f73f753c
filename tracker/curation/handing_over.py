"""Many proposals handed over for review in one call, each judged for itself and all of them in a few queries.

The rules are those of ``proposals``; what may refer to one another are the payloads of one call, which the editors then
publish together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import F

from tracker.accounts.models import User
from tracker.entries.fields import Json
from tracker.entries.models import Change, Entry, Revision, State
from tracker.entries.payloads import normalised
from tracker.values import canonical
from tracker.values.codes import Nature
from tracker.values.errors import Invalid, Moved, Stale, TrackerError

from . import limits as limiting
from . import proposals
from .check import Identity, problems_with_each
from .limits import Limits
from .models import Proposal
from .work import refresh


@dataclass(frozen=True)
class Wish:
    """A payload somebody would like to see published, why, and on what they say it was written."""

    payload: Json
    reason: str
    nature: str = Nature.CORRECTION
    base_revision: int | None = None
    base_version: int | None = None


class Sender(NamedTuple):
    """What all proposals of one call share."""

    author: User
    origin: str
    batch: str
    request_id: str
    now: datetime


@dataclass(frozen=True)
class Verdict:
    """What is to become of a wish: a proposal, nothing because it changes nothing, or an error."""

    wish: Wish
    proposal: Proposal | None = None
    error: TrackerError | None = None

    @property
    def changes_nothing(self) -> bool:
        return self.proposal is None and self.error is None


@transaction.atomic
def hand_over(*, sender: Sender, wishes: Sequence[Wish], limits: Limits) -> list[Verdict]:
    """Hand over what is right, and say of the rest what is wrong with it.

    :raises Refused: the sender may not propose at all.
    """
    verdicts = judge(sender=sender, wishes=wishes, limits=limits)
    made = [verdict.proposal for verdict in verdicts if verdict.proposal]
    Proposal.objects.bulk_create(made, batch_size=200)
    refresh.open_reviews(made, now=sender.now)
    return verdicts


@transaction.atomic
def hand_over_together(*, sender: Sender, wishes: Sequence[Wish], limits: Limits) -> list[Verdict]:
    """Hand over all, or none where one is wrong.

    :raises Invalid: naming everything wrong as ``proposals/{index}/{path}``.
    """
    verdicts = hand_over(sender=sender, wishes=wishes, limits=limits)
    errors = [(f"proposals/{index}/{where}".rstrip("/"), text) for index, verdict in enumerate(verdicts)
              if verdict.error for where, text in verdict.error.errors or [("", verdict.error.message)]]  # fmt: skip
    if errors:
        wrong = sum(verdict.error is not None for verdict in verdicts)
        raise Invalid(f"{len(verdicts)} 条中 {wrong} 条有误，一条也没有收下 {wrong} wrong, so none was taken", errors)
    return verdicts


def judge(*, sender: Sender, wishes: Sequence[Wish], limits: Limits) -> list[Verdict]:
    """What would become of each wish; nothing is stored.

    :param limits: those of the token; those of its holder count as well.

    :raises Refused: the sender may not propose at all.
    """
    proposals.refuse_reader(sender.author)
    live = _Live(wishes)
    all_limits = [limits, *filter(None, [limiting.of(sender.author)])]
    verdicts = _without_doubles([_compared(wish, sender, live, all_limits) for wish in wishes])
    for each in all_limits:
        verdicts = _within(verdicts, each, live)
    return _rehearsed(verdicts)


class _Live:
    """The entries that the wishes are about, as they are now: three queries for all."""

    def __init__(self, wishes: Sequence[Wish]) -> None:
        by_kind: dict[str, set[str]] = {}
        for wish in wishes:
            kind, key = wish.payload.get("kind"), wish.payload.get("key")
            if isinstance(kind, str) and isinstance(key, str):
                by_kind.setdefault(kind, set()).add(key)
        rows = [entry for kind, keys in by_kind.items()
                for entry in Entry.objects.filter(kind=kind, key__in=keys).defer("document", "reference")]  # fmt: skip
        self._entries = {(entry.kind, entry.key): entry for entry in rows}
        current = Revision.objects.filter(entry__in=rows, number=F("entry__revision"))
        self._payloads = dict(current.values_list("entry_id", "payload"))
        versions = {wish.base_version for wish in wishes if wish.base_version is not None}
        changes = Change.objects.filter(seq__in=versions).values_list("seq", "kind", "key", "revision")
        self._revisions = {seq: ((kind, key), revision) for seq, kind, key, revision in changes}

    def entry(self, identity: Identity) -> Entry | None:
        return self._entries.get(identity)

    def says(self, entry: Entry, payload: Json) -> bool:
        """Whether the live entry says just that."""
        return self._payloads.get(entry.pk) == canonical.dumps(normalised(payload))

    def refuse_moved(self, wish: Wish, identity: Identity, present: int) -> None:
        """:raises Moved: the wish was written on another revision than the present one."""
        written_on = wish.base_revision
        if wish.base_version is not None:
            of, written_on = self._revisions.get(wish.base_version, (None, None))
            written_on = written_on if of == identity else None
        elif written_on is None:
            return
        if written_on != present:
            raise Moved(
                f"{identity[0]}/{identity[1]} 现为第 {present} 版，与所据的不同；请取来现版再提 "
                f"is at revision {present}, which is not what you wrote on: fetch it and propose again"
            )


def _compared(wish: Wish, sender: Sender, live: _Live, all_limits: Sequence[Limits]) -> Verdict:
    """The wish beside what is live: a proposal, nothing or an error, before its facts are looked at."""
    try:
        kind, key = proposals.identity(wish.payload)
        for limits in all_limits:
            limits.refuse_kind(kind)
        entry = live.entry((kind, key))
        proposals.refuse_withdrawn(entry)
        live.refuse_moved(wish, (kind, key), entry.revision if entry else 0)
    except TrackerError as error:
        return Verdict(wish, error=error)
    if entry is not None and entry.state == State.LIVE and live.says(entry, wish.payload):
        return Verdict(wish)
    return Verdict(wish, Proposal(
        kind=kind, key=key, state=Proposal.State.IN_REVIEW, payload=canonical.dumps(wish.payload),
        base_revision=entry.revision if entry else 0, nature=wish.nature if entry else Nature.NEW,
        reason=wish.reason.strip(), author=sender.author, origin=sender.origin, batch=sender.batch,
        request_id=sender.request_id, created_at=sender.now,
    ))  # fmt: skip


def _without_doubles(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Two proposals of one call for one entry could not both be published: the second is refused."""
    seen: set[Identity] = set()
    kept = []
    for verdict in verdicts:
        if verdict.proposal:
            identity = verdict.proposal.kind, verdict.proposal.key
            if identity in seen:
                message = "同一次提交中已有这一条目 the entry stands twice in this call"
                verdict = Verdict(verdict.wish, error=Stale(message))
            seen.add(identity)
        kept.append(verdict)
    return kept


def _within(verdicts: list[Verdict], limits: Limits, live: _Live) -> list[Verdict]:
    """With an error for what lies beyond the places."""
    asked = [index for index, verdict in enumerate(verdicts) if verdict.proposal]
    refused = limits.refusals([_proposed(verdicts[index], live) for index in asked])
    errors = {asked[index]: error for index, error in refused.items()}
    return [Verdict(verdict.wish, error=errors[index]) if index in errors else verdict
            for index, verdict in enumerate(verdicts)]  # fmt: skip


def _proposed(verdict: Verdict, live: _Live) -> tuple[Json, Entry | None]:
    payload = verdict.wish.payload
    return payload, live.entry((payload["kind"], payload["key"]))


def _rehearsed(verdicts: list[Verdict]) -> list[Verdict]:
    """With an error for what could not be published."""
    problems = problems_with_each([verdict.proposal for verdict in verdicts if verdict.proposal])
    judged = []
    for verdict in verdicts:
        wrong = problems.get((verdict.proposal.kind, verdict.proposal.key)) if verdict.proposal else None
        if wrong:
            errors = [(f"payload{problem.path}", problem.message) for problem in wrong]
            message = f"有 {len(wrong)} 处须先改正 problems to mend"
            verdict = replace(verdict, proposal=None, error=Invalid(message, errors))
        judged.append(verdict)
    return judged
