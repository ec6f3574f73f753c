"""What each row of a file would do to what is live: add, change, nothing; or why it cannot."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F

from tracker.curation import limits, proposals
from tracker.curation.validation import problems_of
from tracker.curation.wording import label
from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.entries.models import Entry, Revision, State
from tracker.entries.payloads import normalised
from tracker.values import canonical
from tracker.values.errors import TrackerError
from tracker.values.paths import value_at

from .models import Import, ImportRow
from .understanding import Meant, Table

Outcome = ImportRow.Outcome
Identity = tuple[str, str]


class Judge:
    """Judges the rows of one import, a batch at a time."""

    def __init__(self, of: Import, table: Table | None) -> None:
        self._of, self.table = of, table

    def batch(self, meant: Sequence[Meant]) -> list[ImportRow]:
        live = _live(meant)
        seen = self._seen(meant)
        rows = [self._row(one, live, seen) for one in meant]
        self._refuse_beyond(rows)
        return rows

    def _refuse_beyond(self, rows: Sequence[ImportRow]) -> None:
        """What lies beyond the limits of who brings the file is an error of its row."""
        asked = [row for row in rows if row.payload]
        for index, error in limits.beyond(self._of.actor, asked).items():
            row = asked[index]
            row.problems = [*row.problems, ["key", row.key, error.message]]
            row.outcome = Outcome.WRONG

    def _seen(self, meant: Sequence[Meant]) -> dict[Identity, int]:
        """The rows of the batches before that have one of these keys."""
        found: dict[Identity, int] = {}
        for kind in {one.kind for one in meant if one.key}:
            keys = [one.key for one in meant if one.kind == kind and one.key]
            rows = ImportRow.objects.filter(of=self._of, kind=kind, key__in=keys).order_by("-number")  # the first wins
            found |= {(kind, key): number for key, number in rows.values_list("key", "number")}
        return found

    def _row(self, meant: Meant, live: dict[Identity, tuple[Entry, str]], seen: dict[Identity, int]) -> ImportRow:
        identity = (meant.kind, meant.key)
        entry, said = live.get(identity, (None, ""))
        payload = self._payload(meant, said) if meant.kind and meant.key else {}
        self._refuse_double(meant, identity, seen)
        outcome = self._outcome(meant, payload, entry, said)
        return ImportRow(
            of=self._of, number=meant.number, kind=meant.kind, key=meant.key[:200], outcome=outcome,
            payload=canonical.dumps(payload) if payload and outcome != Outcome.UNCHANGED else "",
            base_revision=entry.revision if entry else 0, problems=meant.problems, notes=meant.notes,
            noted=bool(meant.notes),
        )  # fmt: skip

    def _payload(self, meant: Meant, said: str) -> Json:
        """The whole payload: what the file speaks of, on what is live where it does not speak of all."""
        own: Json = {"kind": meant.kind, "key": meant.key}
        before: Json = canonical.loads(said) if said and not meant.whole else {}
        payload = normalised({**before, **meant.facts, **own})
        if "citations" not in meant.facts and "citations" in before:
            kept = [
                one for one in payload["citations"] if not one["path"] or value_at(payload, one["path"]) is not None
            ]
            payload["citations"] = kept
        if self._of.source and not payload.get("citations") and not kinds.get(meant.kind).reference_data:
            payload["citations"] = [{"path": "", "source": self._of.source}]
        return normalised(payload)

    def _refuse_double(self, meant: Meant, identity: Identity, seen: dict[Identity, int]) -> None:
        if not all(identity):
            return
        first = seen.setdefault(identity, meant.number)
        if first != meant.number:
            meant.wrong(
                "key", meant.key, f"与第 {first} 行重复，同一条目只能有一行 the entry stands in row {first} already"
            )

    def _outcome(self, meant: Meant, payload: Json, entry: Entry | None, said: str) -> Outcome:
        if payload:
            self._check(meant, payload, entry)
        if meant.problems or not payload:
            return Outcome.WRONG
        if entry is None:
            return Outcome.INSERT
        if canonical.dumps(payload) == said:
            return Outcome.UNCHANGED
        if meant.revision is not None and meant.revision < entry.revision:
            return Outcome.DRIFT
        return Outcome.UPDATE

    def _check(self, meant: Meant, payload: Json, entry: Entry | None) -> None:
        try:
            proposals.identity(payload)
            proposals.refuse_withdrawn(entry)
        except TrackerError as error:
            meant.wrong("key", meant.key, error.errors[0][1] if error.errors else error.message)
        present = entry.revision if entry else 0
        if meant.revision is not None and meant.revision > present:
            meant.wrong(
                "revision", meant.revision, f"现为第 {present} 版，没有第 {meant.revision} 版 there is no such revision"
            )
        misread = {column.split(".")[0] for column, _, _ in meant.problems}
        for problem in problems_of(payload):
            if problem.path.split("/")[1:2] != ["key"] and not self._follows(problem.path, problem.message, misread):
                column = self.column(meant.kind, problem.path)
                meant.wrong(column, value_at(payload, problem.path) if problem.path else None, problem.message)

    def _follows(self, path: str, message: str, misread: set[str]) -> bool:
        """Whether a problem is only there because a cell of that member could not be read."""
        head = ([*path.split("/"), ""])[1]
        return (head in misread and message in ("is missing", "no citation covers this fact")) or (
            head == "citations"
            and message.startswith("the payload has nothing at ")
            and message.removeprefix("the payload has nothing at /").split("/")[0] in misread
        )

    def column(self, kind: str, path: str) -> str:
        """Where in the file a problem at a path stands: the column, or the member's name and what it means."""
        if self.table is not None:
            return self.table.columns_of(path)
        return path.removeprefix("/").replace("/", ".")


def _live(meant: Sequence[Meant]) -> dict[Identity, tuple[Entry, str]]:
    """The entries of these keys, with what their last revision says."""
    found: dict[Identity, tuple[Entry, str]] = {}
    for kind in {one.kind for one in meant if one.key}:
        keys = {one.key for one in meant if one.kind == kind}
        entries = Entry.objects.filter(kind=kind, key__in=keys).only("pk", "kind", "key", "name", "state", "revision")
        by_pk = {entry.pk: entry for entry in entries}
        rows = Revision.objects.filter(entry__in=by_pk, number=F("entry__revision")).values_list("entry_id", "payload")
        for pk, payload in rows:
            entry = by_pk[pk]
            found[kind, entry.key] = (entry, payload if entry.state == State.LIVE else "")
    return found


def shown_label(kind: str, column: str) -> str:
    """A column in words: areas.1.value → 面积 › 第1项 › 数值."""
    if not kinds.known(kind):
        return column
    return label(kinds.get(kind), "/" + column.replace(".", "/"))
