"""The dry run as a job: every row read, understood and judged; then what they refer to, and the database's own rules.

In two passes, because a row may refer to one that comes after it. A worker that dies costs one chunk: the job's cursor
says which pass, and how far.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.db.models import Count, QuerySet

from tracker.accounts.models import User
from tracker.curation import proposals
from tracker.curation.validation import problems_of
from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.entries.inserting import insert
from tracker.jobs.collecting import rarely_collecting
from tracker.jobs.progress import Cancelled, Progress
from tracker.jobs.registry import Arguments
from tracker.values import canonical
from tracker.values.errors import Invalid
from tracker.values.paths import value_at

from . import opening, rehearsing
from .file_rows import FileReader, FileRow, Unreadable
from .judging import Judge
from .models import Import, ImportRow
from .plan import CHUNK, folder
from .understanding import Table, Understanding, short

State = Import.State
Outcome = ImportRow.Outcome
READ, REFER = "read", "refer"


def check(*, actor: User | None, arguments: Arguments, progress: Progress) -> str:
    """Read a file and say of each row what it would do.

    :param arguments: ``{"import": 7}``.
    """
    of = Import.objects.get(pk=arguments["import"])
    try:
        reader = opening.opened(folder() / of.stored_as, of.format, of.kind, of.encoding)
        judge = Judge(of, _table(of, reader))
        with rarely_collecting():
            if progress.cursor.get("pass", READ) == READ:
                _read(of, reader, judge, progress)
            _refer(of, judge, progress)
    except Unreadable as error:
        return _give_up(of, error)
    return conclude(of)


def _table(of: Import, reader: FileReader) -> Table | None:
    """What the columns mean; JSON has none.

    :raises Unreadable: naming every column that means nothing.
    """
    of.encoding, of.header = reader.encoding, reader.header
    of.save(update_fields=["encoding", "header"])
    if not reader.header:
        return None
    table = Table(kinds.get(of.kind), reader.header, reader.sheets)
    if table.trouble:
        raise Unreadable("表头有误，没有读下去 the header is wrong", [("header", text) for text in table.trouble])
    return table


def _give_up(of: Import, error: Unreadable) -> str:
    of.state = State.UNREADABLE
    of.trouble = [error.message, *(text for _, text in error.errors)]
    of.save(update_fields=["state", "trouble"])
    return error.message


def conclude(of: Import) -> str:
    """Count what the rows are found to be, and say whether they can be proposed."""
    rows = ImportRow.objects.filter(of=of)
    found = dict(rows.order_by().values_list("outcome").annotate(n=Count("pk")))
    of.counts = {"rows": sum(found.values()), **{outcome.value: found.get(outcome.value, 0) for outcome in Outcome}}
    landing = of.counts[Outcome.INSERT] + of.counts[Outcome.UPDATE]
    of.state = State.WRONG if of.counts[Outcome.WRONG] else State.READY if landing else State.NOTHING
    of.save(update_fields=["counts", "state"])
    said = (f"{of.counts[outcome]} {outcome.zh} {outcome.en}" for outcome in Outcome)
    return f"{of.counts['rows']} 行 rows：{'，'.join(said)}"


# --- the first pass -----------------------------------------------------------------------------------------------


def _read(of: Import, reader: FileReader, judge: Judge, progress: Progress) -> None:
    understanding = Understanding(judge.table, of.kind)
    after, count = int(progress.cursor.get("row", 0)), int(progress.cursor.get("count", 0))
    for rows in _chunks(reader.rows(after)):
        _stop_if_asked(progress, count)
        count += len(rows)
        if count > settings.IMPORT_ROWS:
            raise Unreadable(f"超过 {settings.IMPORT_ROWS:,} 行，请分几个文件 too many rows: split the file")
        judged = judge.batch(understanding.batch(rows))
        with transaction.atomic():
            insert(ImportRow, judged)
            progress.step(count, 2 * max(reader.expected, count),
                          cursor={"pass": READ, "row": rows[-1].number, "count": count})  # fmt: skip
    if not count:
        raise Unreadable("文件里没有数据行 the file has no rows")
    progress.step(count, 2 * count, cursor={"pass": REFER, "row": 0, "count": count, "done": 0})


def _chunks(rows: Iterator[FileRow]) -> Iterator[list[FileRow]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _stop_if_asked(progress: Progress, done: int) -> None:
    if progress.cancelled:
        raise Cancelled(f"取消，已看 {done} 行，什么也没有改 cancelled after {done} rows, nothing was changed")


# --- the second pass ----------------------------------------------------------------------------------------------


def _refer(of: Import, judge: Judge, progress: Progress) -> None:
    count, after, done = (progress.cursor[name] for name in ("count", "row", "done"))
    coming, terms = _coming(of), _new_terms(of)
    last = ImportRow.objects.filter(of=of).latest("number").number
    while after < last:
        _stop_if_asked(progress, count + done)
        rows = list(_asking(of).filter(number__range=(after + 1, after + CHUNK)).order_by("number"))
        changed = _judged_again(rows, judge, coming, terms)
        after, done = after + CHUNK, done + len(rows)
        with transaction.atomic():
            ImportRow.objects.bulk_update(changed, ["outcome", "problems"])
            progress.step(count + done, 2 * count, cursor={"pass": REFER, "row": after, "count": count, "done": done})
    progress.step(2 * count, 2 * count)


def _asking(of: Import) -> QuerySet[ImportRow]:
    """The rows whose references matter: those that would change something, and what can be read of those in error."""
    outcomes = (Outcome.INSERT, Outcome.UPDATE, Outcome.WRONG)
    return ImportRow.objects.filter(of=of, outcome__in=outcomes).exclude(payload="")


def _coming(of: Import) -> rehearsing.ComingWith:
    def coming(kind: str, keys: Collection[str]) -> Iterable[str]:
        return ImportRow.objects.filter(of=of, kind=kind, key__in=keys).values_list("key", flat=True).distinct()

    return coming


def _new_terms(of: Import) -> list[Json]:
    rows = ImportRow.objects.landing().filter(of=of, kind="term").values_list("payload", flat=True)
    return [canonical.loads(payload) for payload in rows]


def _judged_again(rows: Sequence[ImportRow], judge: Judge, coming: rehearsing.ComingWith,
                  terms: Sequence[Json]) -> list[ImportRow]:  # fmt: skip
    """The rows that turn out to be wrong, or more wrong than they were."""
    payloads = {(row.kind, row.key): canonical.loads(row.payload) for row in reversed(rows)}
    first = {(row.kind, row.key): row for row in reversed(rows) if _is_keyed(payloads[row.kind, row.key])}
    right = [payloads[identity] for identity, row in first.items() if row.outcome != Outcome.WRONG]
    others = [_sound_part(payloads[identity]) for identity, row in first.items() if row.outcome == Outcome.WRONG]
    others += [term for term in terms if ("term", term["key"]) not in payloads]
    changed = []
    for identity, problems in rehearsing.problems_in(right, coming, others).items():
        if row := first.get(identity):
            row.problems += [[judge.column(row.kind, path), short(value_at(payloads[identity], path)), text]
                             for path, text in problems]  # fmt: skip
            row.outcome = Outcome.WRONG
            changed.append(row)
    return changed


def _is_keyed(payload: Json) -> bool:
    try:
        proposals.identity(payload)
    except Invalid:
        return False
    return True


def _sound_part(payload: Json) -> Json:
    """A payload without the members in which something is wrong."""
    sound = dict(payload)
    while bad := {([*problem.path.split("/"), ""])[1] for problem in problems_of(sound)} & (
        set(sound) - {"kind", "key"}
    ):
        sound = {name: value for name, value in sound.items() if name not in bad}
    return {name: value for name, value in sound.items() if name not in _unknown(payload)}


def _unknown(payload: Json) -> set[str]:
    known = {member.name for member in kinds.get(payload["kind"]).all_fields}
    return set(payload) - known - {"kind", "key", "citations", "rulings"}
