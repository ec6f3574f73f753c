"""A proposal on its way out, with the entry it changes."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.entries.diff import changed_fields
from tracker.entries.fields import Json, Target
from tracker.entries.models import State
from tracker.entries.storing import Stored, names_of
from tracker.values.codes import Nature

from .models import Proposal

_EVIDENCE = {"citations", "rulings"}


@dataclass
class Item(Stored):
    """A proposal on its way out."""

    proposal: Proposal
    before: Json
    fresh: bool

    @property
    def nature(self) -> str:
        if self.proposal.action == Proposal.Action.WITHDRAW:
            return Nature.WITHDRAWN
        if self.proposal.action == Proposal.Action.MERGE:
            return Nature.MERGED
        if self.fresh:
            return Nature.NEW
        changed = changed_fields(self.before, self.payload)
        if self.proposal.action == Proposal.Action.CONFIRM and not changed:
            return Nature.EVIDENCE
        if changed and all(path.split("/")[1] in _EVIDENCE for path in changed):
            return Nature.EVIDENCE
        return Nature.CORRECTION if self.proposal.nature in (Nature.NEW, Nature.EVIDENCE) else self.proposal.nature

    @property
    def leaves_public_view(self) -> bool:
        return self.proposal.action in (Proposal.Action.WITHDRAW, Proposal.Action.MERGE)

    @property
    def returns(self) -> bool:
        """Whether it was withdrawn or merged, and is public again."""
        return not self.fresh and self.entry.state != State.LIVE

    @property
    def names(self) -> set[str]:
        """What the public calls it once this is published, folded."""
        return set() if self.leaves_public_view else names_of(self.kind, self.payload)

    @property
    def names_before(self) -> set[str]:
        return set() if self.fresh or self.returns else names_of(self.kind, self.before)

    @property
    def state(self) -> State:
        """The state of the entry once this proposal is published."""
        gone = {Proposal.Action.WITHDRAW: State.WITHDRAWN, Proposal.Action.MERGE: State.MERGED}
        return gone.get(Proposal.Action(self.proposal.action), State.LIVE)

    @property
    def successor(self) -> Target | None:
        found = self.proposal.successor if self.leaves_public_view else ""
        return Target(self.entry.kind, found) if found else None
