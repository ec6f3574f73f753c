"""``check``: everything that would keep a payload from being published, found without leaving a trace.

Form, dry run, API and ingest all use it: shape, dates, numbers and citations first; then the payload is really
published inside a savepoint that is always rolled back, so references and the database's constraints speak too.
"""

from __future__ import annotations

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


def check(payload: Json) -> list[Problem]:
    """What is wrong with a payload on top of what is live now; empty when it could be published."""
    problems = problems_of(payload)
    return problems or problems_with(_as_proposal(payload))


def problems_with(proposal: Proposal) -> list[Problem]:
    """What would keep this proposal from being published, apart from who approved it."""
    try:
        rehearse([proposal])
    except TrackerError as error:
        prefix = f"{proposal.kind}/{proposal.key}"
        return [Problem(path.removeprefix(prefix), text) for path, text in error.errors] or [Problem("", error.message)]
    except DatabaseError as error:
        return [_from_database(error, proposal.kind)]
    return []


def _as_proposal(payload: Json) -> Proposal:
    entry = Entry.objects.filter(kind=payload["kind"], key=payload["key"]).first()
    live = entry is None or entry.state == State.LIVE
    return Proposal(
        kind=payload["kind"], key=payload["key"], payload=canonical.dumps(payload), nature=Nature.CORRECTION,
        base_revision=entry.revision if entry else 0, origin="check",
        action=Proposal.Action.PUT if live else Proposal.Action.RESTORE,
    )  # fmt: skip


def _from_database(error: DatabaseError, kind: str) -> Problem:
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
