"""``check``: everything that would keep a payload from being published, found without leaving a trace.

Form, dry run, API and ingest all use it: shape, dates, numbers and citations first; then the payload is really
published inside a savepoint that is always rolled back, so references and the database's constraints speak too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django.apps import apps
from django.db import DatabaseError, models

from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.entries.models import Entry, State
from tracker.values import canonical
from tracker.values.codes import Nature
from tracker.values.errors import TrackerError

from .models import Proposal
from .publish import rehearse
from .validation import Problem, problems_of


def check(payload: Json, beside: Sequence[Proposal] = ()) -> list[Problem]:
    """What is wrong with a payload on top of what is live now; empty when it could be published.

    :param beside: proposals that are to be published together with it, to which it may refer.
    """
    problems = problems_of(payload)
    return problems or problems_with(_as_proposal(payload), beside)


def problems_with(proposal: Proposal, beside: Sequence[Proposal] = ()) -> list[Problem]:
    """What would keep this proposal from being published, with what it refers to beside it, whoever approved what."""
    try:
        rehearse(needed_by(proposal, beside))
    except TrackerError as error:
        prefix = f"{proposal.kind}/{proposal.key}"
        return [Problem(path.removeprefix(prefix), text) for path, text in error.errors] or [Problem("", error.message)]
    except DatabaseError as error:
        return [problem_from_database(error, proposal.kind)]
    return []


def needed_by(proposal: Proposal, beside: Sequence[Proposal]) -> list[Proposal]:
    """The proposal, and whatever of those beside it refers to, however indirectly."""
    others = {(other.kind, other.key): other for other in beside}
    others[proposal.kind, proposal.key] = proposal
    return [others[identity] for identity in _closure([(proposal.kind, proposal.key)], others)]


Identity = tuple[str, str]
MOST_REHEARSALS = 60
"""After so many nobody knows what is wrong with the rest, and it is said so."""


def problems_with_each(proposals: Sequence[Proposal]) -> dict[Identity, list[Problem]]:
    """What would keep each of these from being published together with those that could be; none stands twice.

    Rehearses all of them at once. Where the error names its entries they are left out and the rest is tried again;
    where it does not, halves are tried, each with what it refers to among the others.
    """
    return _Sorting(proposals).run()


class _Sorting:
    """Sorts out, of many proposals, those that could not be published."""

    def __init__(self, proposals: Sequence[Proposal]) -> None:
        ordered = sorted(proposals, key=lambda proposal: kinds.get(proposal.kind).order)
        self._left = {(proposal.kind, proposal.key): proposal for proposal in ordered}
        self._found: dict[Identity, list[Problem]] = {}
        self._rehearsals = 0

    def run(self) -> dict[Identity, list[Problem]]:
        while self._left and not self._passes(list(self._left)):
            pass
        return self._found

    def _passes(self, asked: Sequence[Identity]) -> bool:
        """Whether these, as far as they are left, could be published; what could not is left no longer."""
        asked = [identity for identity in asked if identity in self._left]
        if not asked:
            return True
        if self._rehearsals == MOST_REHEARSALS:
            self._drop({identity: [Problem("", _TOO_MANY)] for identity in asked})
            return False
        self._rehearsals += 1
        try:
            rehearse([self._left[identity] for identity in self._with_needed(asked)])
        except TrackerError as error:
            if named := self._named(error):
                self._drop(named)
                return False
            self._narrow(asked, [Problem("", error.message)])
            return False
        except DatabaseError as error:
            self._narrow(asked, [problem_from_database(error, asked[0][0])])
            return False
        return True

    def _narrow(self, asked: Sequence[Identity], problems: list[Problem]) -> None:
        if len(asked) == 1:
            self._drop({asked[0]: problems})
            return
        middle = len(asked) // 2
        self._passes(asked[:middle])
        self._passes(asked[middle:])

    def _drop(self, problems: dict[Identity, list[Problem]]) -> None:
        self._found |= problems
        for identity in problems:
            del self._left[identity]

    def _named(self, error: TrackerError) -> dict[Identity, list[Problem]]:
        """The problems by the entry that each names as ``kind/key/path``."""
        named: dict[Identity, list[Problem]] = {}
        for where, text in error.errors:
            kind, _, rest = where.partition("/")
            key, slash, path = rest.partition("/")
            if (kind, key) in self._left:
                named.setdefault((kind, key), []).append(Problem(slash + path, text))
        return named

    def _with_needed(self, asked: Sequence[Identity]) -> list[Identity]:
        """The asked, and whatever of the others they refer to, however indirectly."""
        if len(asked) == len(self._left):
            return list(self._left)
        return _closure(asked, self._left)


def _closure(asked: Sequence[Identity], among: Mapping[Identity, Proposal]) -> list[Identity]:
    """The asked, and whatever of the others they refer to, however indirectly."""
    needed: set[Identity] = set()
    frontier = list(asked)
    while frontier:
        identity = frontier.pop()
        if identity in among and identity not in needed:
            needed.add(identity)
            frontier += _referred(among[identity], kinds.get(identity[0]))
    return [identity for identity in among if identity in needed]


_TOO_MANY = ("没有查到：同批有误的太多，请改正后再发 not checked: too many of this batch are wrong; "
             "send it again when they are mended")  # fmt: skip


def _referred(proposal: Proposal, kind: kinds.Kind) -> Iterator[Identity]:
    """What a proposal refers to by key; of one whose payload is malformed, nothing."""
    if proposal.successor:
        yield proposal.kind, proposal.successor
    payload = canonical.loads(proposal.payload) if proposal.payload else None
    if payload is None or problems_of(payload):
        return
    yield from ((wanted.target.kind, wanted.target.key) for wanted in kind.wanted(payload))
    yield from (("source", citation["source"]) for citation in payload.get("citations", []))


def _as_proposal(payload: Json) -> Proposal:
    entry = Entry.objects.filter(kind=payload["kind"], key=payload["key"]).first()
    live = entry is None or entry.state == State.LIVE
    return Proposal(
        kind=payload["kind"], key=payload["key"], payload=canonical.dumps(payload), nature=Nature.CORRECTION,
        base_revision=entry.revision if entry else 0, origin="check",
        action=Proposal.Action.PUT if live else Proposal.Action.RESTORE,
    )  # fmt: skip


def problem_from_database(error: DatabaseError, kind: str) -> Problem:
    """A constraint's own message, at the list of children whose table it guards."""
    said = str(error)
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name in said or _names_columns(constraint, model, said):
                return Problem(_path_of(model, kind), str(constraint.violation_error_message))
    return Problem("", f"数据库不接受 the database refuses it: {said.splitlines()[0]}")


def _names_columns(constraint: models.BaseConstraint, model: type[models.Model], said: str) -> bool:
    """SQLite names a broken unique constraint by its columns: ``tracker_entry.kind, tracker_entry.key``."""
    if not isinstance(constraint, models.UniqueConstraint) or not constraint.fields:
        return False
    columns = [model._meta.get_field(name).column for name in constraint.fields]  # type: ignore[union-attr]
    return said.endswith(": " + ", ".join(f"{model._meta.db_table}.{column}" for column in columns))


def _path_of(model: type[models.Model], kind: str) -> str:
    for member in kinds.get(kind).children():
        if apps.get_model(member.model) is model:
            return f"/{member.name}"
    return ""
