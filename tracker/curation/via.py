"""How a change of the editors' came in: from where, in which request, when. Every service keeps it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, NamedTuple, TypedDict

from django.utils import timezone

from tracker.accounts.models import User

from .importing.models import Import
from .models import Proposal, ProposalSet, Step

SHELL = "shell"
WORKER = "worker"


class Via(TypedDict, total=False):
    """What callers say; who says nothing is at a shell."""

    origin: str
    request_id: str
    now: datetime | None


class Way(NamedTuple):
    """The same, complete."""

    origin: str
    request_id: str
    now: datetime

    @property
    def again(self) -> Via:
        """For services called by services: one request stays one."""
        return {"origin": self.origin, "request_id": self.request_id, "now": self.now}


def way(via: Via) -> Way:
    """Complete what was said: a request without a name gets one."""
    return Way(via.get("origin") or SHELL, via.get("request_id") or uuid.uuid4().hex, via.get("now") or timezone.now())


def onward(via: Via, taken: Way) -> Via:
    """For publishing in the same request: it takes its moment itself, once it holds the numbers of the feed, so that a
    later number never has an earlier moment."""
    return {"origin": taken.origin, "request_id": taken.request_id, "now": via.get("now")}


def step(act: Step.Act, of: Proposal | ProposalSet | Import, actor: User, text: str, taken: Way) -> Step:
    """A row that says who did what; for the caller to save."""
    return Step(act=act, actor=actor, text=text, origin=taken.origin, request_id=taken.request_id,
                recorded_at=taken.now, **{_STEPS_OF[type(of)]: of})  # fmt: skip


_STEPS_OF: dict[type, str] = {Proposal: "proposal", ProposalSet: "proposal_set", Import: "of_import"}


def columns(taken: Way) -> dict[str, Any]:
    """The same as columns of a row that is made."""
    return {"origin": taken.origin, "request_id": taken.request_id, "created_at": taken.now}
