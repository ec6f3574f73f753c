"""The rows of a dry run become one batch of proposals in review: all of them or none, in one statement.

One ``INSERT … SELECT``, so that a hundred thousand rows land in seconds and no half of a batch is ever seen.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from tracker.accounts.models import User
from tracker.curation import limits, proposals
from tracker.curation.models import Proposal
from tracker.entries.models import Entry
from tracker.jobs.progress import Progress
from tracker.jobs.registry import Arguments
from tracker.values.codes import Nature
from tracker.values.errors import Refused, Stale

from .models import Import, ImportRow
from .plan import ORIGIN, REVERT_ORIGIN, batch_name

State = Import.State


def propose(*, actor: User | None, arguments: Arguments, progress: Progress) -> str:
    """Land an import as one batch.

    :param arguments: ``{"import": 7}``.
    :raises Refused: the import is not ready, or its author may not propose.
    :raises Stale: an entry has changed since the dry run.
    """
    assert actor is not None
    count = ImportRow.objects.landing().filter(of=arguments["import"]).count()
    progress.step(0, count)
    with transaction.atomic():
        of = Import.objects.select_for_update().get(pk=arguments["import"])
        if of.state != State.PROPOSED:  # else a worker died between the commit and saying so
            land(of=of, actor=actor, now=timezone.now())
        progress.step(count, count)
    return f"{count} 份提案，批次 {of.batch} {count} proposals in one batch"


def land(*, of: Import, actor: User, now: datetime) -> None:
    """Insert the proposals of an import that is ready.

    :raises Refused: it is not ready, or the actor may not propose all of it.
    :raises Stale: an entry has changed since the dry run.
    """
    proposals.refuse_reader(actor)
    if of.state != State.READY:
        raise Refused(f"这次导入“{State(of.state).zh}”，不能提交 this import cannot be proposed: {State(of.state).en}")
    refuse_moved(of)
    limits.refuse_any_beyond(actor, ImportRow.objects.landing().filter(of=of))
    of.batch = batch_name(of.pk)
    _insert(of, actor, now)
    of.state = State.PROPOSED
    of.save(update_fields=["batch", "state"])


def refuse_moved(of: Import) -> None:
    """:raises Stale: an entry is no longer at the revision the dry run saw; naming the first few."""
    same = Entry.objects.filter(kind=OuterRef("kind"), key=OuterRef("key"), revision=OuterRef("base_revision"))
    there = Entry.objects.filter(kind=OuterRef("kind"), key=OuterRef("key"))
    rows = ImportRow.objects.landing().filter(of=of)
    moved = [*rows.filter(~Exists(same), base_revision__gt=0)[:5], *rows.filter(Exists(there), base_revision=0)[:5]]
    if moved:
        named = [(f"row {row.number}", f"{row.kind}/{row.key}") for row in moved]
        raise Stale("检查之后有条目改过，请重新检查 entries have changed since the dry run: check again", named)


_FROM_ROW = ("kind", "key", "action", "payload", "base_revision")
_NATURE = 'CASE WHEN "outcome" = %s THEN %s WHEN "action" = %s THEN %s ELSE %s END'


def _insert(of: Import, actor: User, now: datetime) -> None:
    """Every column of a proposal is either its row's or the same for all, by default what the model says."""
    same: dict[str, Any] = {
        "state": Proposal.State.IN_REVIEW, "origin": REVERT_ORIGIN if of.reverts_id else ORIGIN, "batch": of.batch,
        "reason": of.reason, "author_id": actor.pk, "request_id": of.request_id, "created_at": now,
    }  # fmt: skip
    chosen: dict[str, tuple[str, list[Any]]] = {}
    for field in Proposal._meta.concrete_fields:
        column = str(field.column)
        if column in _FROM_ROW:
            chosen[column] = (f'"{column}"', [])
        elif column == "nature":
            natures = [ImportRow.Outcome.INSERT, Nature.NEW, Proposal.Action.WITHDRAW, Nature.WITHDRAWN, of.nature]
            chosen[column] = (_NATURE, list(map(str, natures)))
        elif not field.primary_key and not field.generated:
            given = same[column] if column in same else field.get_default()
            chosen[column] = ("%s", [None if given is None else field.get_db_prep_save(given, connection)])
    columns = ", ".join(f'"{column}"' for column in chosen)
    expressions = ", ".join(expression for expression, _ in chosen.values())
    values = [value for _, those in chosen.values() for value in those]
    into, rows = Proposal._meta.db_table, ImportRow._meta.db_table
    sql = (f'INSERT INTO "{into}" ({columns}) SELECT {expressions} FROM "{rows}" '  # noqa: S608 - names of models
           'WHERE "of_id" = %s AND "outcome" IN (%s, %s) ORDER BY "number"')  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, of.pk, *(outcome.value for outcome in ImportRow.LANDING)])
