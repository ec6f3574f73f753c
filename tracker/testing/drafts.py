"""Drafts in every state before publication, and all addresses at which none of them may be seen."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from django.test import Client
from django.utils import timezone

from tracker.curation.models import Proposal
from tracker.entries.kinds import Kind
from tracker.entries.models import Entry
from tracker.values import canonical

MARK = "绝密未发布稿"
KEY = "hidden-until-published"
UNPUBLISHED = [state for state in Proposal.State if state != Proposal.State.PUBLISHED]


@dataclass(frozen=True)
class Answer:
    """What an address gives: its status, and its text however it is packed."""

    status: int
    text: str


def drafts_of(entry: Entry) -> None:
    """A new entry like this one, and a change of it, in every state that is not published; each says ``MARK``."""
    revision = entry.revisions.get(number=entry.revision)
    naming = "title" if "title" in canonical.loads(revision.payload) else "name"
    changed = canonical.loads(revision.payload) | {naming: MARK, f"{naming}_en": "Hidden draft", "note": MARK}
    for state in UNPUBLISHED:
        for key, base in ((KEY, 0), (entry.key, entry.revision)):
            Proposal.objects.create(
                kind=entry.kind, key=key, base_revision=base, payload=canonical.dumps(changed | {"key": key}),
                state=state, reason=MARK, created_at=timezone.now(),
            )  # fmt: skip


def addresses(kind: Kind, entry: Entry) -> Iterator[str]:
    """Every public way to read a kind: lists, details, search, counts, maps, timelines, files, feed and pages."""
    api, key, words = f"/api/v1/{kind.plural}/", entry.key, quote(MARK)
    yield from (f"{api}?count=true&page_size=200", f"{api}?q={words}&count=true", f"{api}facets/", f"{api}{key}/")
    yield from (f"{api}{key}/timeline/", f"{api}{key}/revisions/", f"{api}{KEY}/", f"{api}{KEY}/revisions/")
    yield from (f"{api}?known_at=2999-01-01&page_size=200", f"{api}{KEY}/?known_at=2999-01-01")
    yield from (f"/api/v1/{kind.plural}.{suffix}" for suffix in ("csv", "xlsx", "jsonl", "geojson"))
    yield from (f"/api/v1/search/?q={words}", f"/api/v1/search/?q={quote('Hidden draft')}", "/api/v1/redirects/")
    yield from (f"/api/v1/changes/?kind={kind.name}&include=document,events", "/api/v1/changes/digests/")
    yield from (f"/api/v1/timeline/?kind={kind.name}&page_size=200", f"/api/v1/timeline/counts/?kind={kind.name}")
    yield from (f"/api/v1/timeline.{suffix}?kind={kind.name}" for suffix in ("atom", "csv", "ics"))
    yield from (f"/ogc/collections/{kind.plural}/items?limit=1000", f"/ogc/collections/{kind.plural}/items/{KEY}")
    yield from ("/ogc/collections", "/api/v1/places/100000/profile/", "/api/v1/proposals/")
    yield from (f"/{kind.plural}/", f"/{kind.plural}/?q={words}", f"/{kind.plural}/{key}/", f"/{kind.plural}/{KEY}/")
    yield from ("/", "/changes/", "/timeline/", f"/timeline/?kind={kind.name}", f"/search/?q={words}")
    yield from (f"/en/{kind.plural}/{key}/", "/en/", "/quality/", f"/quality/?kind={kind.name}")


def read(address: str) -> Answer:
    answer = Client().get(address)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            content = b"\n".join(packed.read(name) for name in packed.namelist())
    return Answer(answer.status_code, content.decode("utf-8"))


def is_fixed(address: str) -> bool:
    """Whether two answers of an address are the same byte by byte while nothing is published: some tell the time."""
    return address.startswith(("/api/", "/ogc/")) and not any(name in address for name in (".xlsx", ".ics", ".atom"))
