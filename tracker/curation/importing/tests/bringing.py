"""Bringing files in tests: through the services, the jobs run here and now."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone

from tracker.accounts.models import User
from tracker.curation.importing import exporting, services
from tracker.curation.importing.models import Import, ImportRow
from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.entries.models import Entry
from tracker.jobs import services as jobs
from tracker.values import canonical

TEXTS = {"csv": exporting.as_csv, "jsonl": exporting.as_json_lines, "geojson": exporting.as_geojson}


def bring(actor: User, data: bytes | str, name: str, kind: str = "", **told: Any) -> Import:
    """A file whose dry run is done."""
    block = data.encode() if isinstance(data, str) else data
    made = services.begin(actor=actor, blocks=[block], name=name, kind=kind, now=timezone.now(),
                          **{"reason": "据公告", **told})  # fmt: skip
    return done(made)


def done(of: Import) -> Import:
    """The import once its job has run."""
    assert of.job is not None
    jobs.run(of.job.pk)
    of.refresh_from_db()
    assert of.job is not None
    of.job.refresh_from_db()
    return of


def propose(actor: User, of: Import) -> Import:
    return done(services.propose(actor=actor, of=of, now=timezone.now()))


def publish(reviewer: User, of: Import, **told: str) -> Import:
    return done(services.publish(actor=reviewer, of=of, now=timezone.now(), **told))


def table(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """CSV text."""
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue()


def exported(kind: str, format_: str, keys: Sequence[str] = ()) -> bytes:
    """What the editors' export of a kind gives."""
    entries = Entry.objects.filter(kind=kind, **({"key__in": keys} if keys else {}))
    if format_ == "xlsx":
        file = io.BytesIO()
        exporting.write_xlsx(file, kinds.get(kind), exporting.payloads(entries))
        return file.getvalue()
    return "".join(TEXTS[format_](kinds.get(kind), exporting.payloads(entries))).encode()


def problems(of: Import) -> list[tuple[int, str, str]]:
    """(row, column, reason) of everything wrong."""
    return [(row.number, column, reason) for row in services.wrong_rows(of) for column, _, reason in row.problems]


def outcomes(of: Import) -> dict[str, str]:
    rows: list[ImportRow] = list(of.rows.all())
    return {row.key: row.outcome for row in rows}


def payload_of(of: Import, key: str) -> Json:

    found: Json = canonical.loads(of.rows.get(key=key).payload)
    return found
