"""What replaced what: the layouts of a subject that supersede one another, in order, and how each stands on a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from parks.kinds import LAYOUT
from tracker.delivery.as_of import Held, begun_by, there_on, trimmed
from tracker.delivery.moments import texts_at
from tracker.entries.fields import Json
from tracker.entries.kinds import plain_reference
from tracker.entries.models import Entry
from tracker.entries.rendering import first_date
from tracker.values import canonical, edtf
from tracker.values.codes import BilingualChoices


class Standing(BilingualChoices):
    NOT_YET = "not_yet", "尚未提出 not adopted yet"
    IN_FORCE = "in_force", "现行 in force"
    SUPERSEDED = "superseded", "已被替代 superseded"


def chain_of(asked: Json, known_at: datetime | None = None) -> list[Json]:
    """The documents of the layouts that replaced one another, the one asked for among them, the earliest first."""
    return in_order(linked(around(asked, known_at), asked["key"]))


def around(asked: Json, known_at: datetime | None = None) -> dict[str, Json]:
    """The documents of all layouts of its subject and of those that replaced one another, by key.

    One query where all are about one subject; each step to another subject costs one more.
    """
    found = about(asked["subject"], known_at) | {asked["key"]: asked}
    sought = set(found)
    while missing := {key for document in linked(found, asked["key"]) for key in _neighbours(document)} - sought:
        sought |= missing
        found |= _documents(missing, known_at)
    return found


def about(subject: Json, known_at: datetime | None = None) -> dict[str, Json]:
    """The documents of all layouts of a subject, by key."""
    rows = Entry.objects.of_kind("layout").filter(
        references__field="subject", references__target__kind=subject["kind"], references__target__key=subject["key"]
    )
    return _documents(rows.values_list("key", flat=True), known_at)


def _documents(keys: Iterable[str], known_at: datetime | None) -> dict[str, Json]:
    texts = texts_at(LAYOUT, keys, known_at)
    return {key: canonical.loads(texts[key]) for key in sorted(texts)}


# --- pure ---------------------------------------------------------------------------------------------------------


def linked(documents: Mapping[str, Json], key: str) -> list[Json]:
    """The documents that supersession leads to from one of them, in either direction, itself included."""
    reached: dict[str, Json] = {}
    waiting = [key]
    while waiting:
        here = waiting.pop()
        if here in documents and here not in reached:
            reached[here] = documents[here]
            waiting += _neighbours(documents[here])
    return list(reached.values())


def _neighbours(document: Json) -> list[str]:
    return [reference["key"] for reference in (*document["supersedes"], *document["superseded_by"])]


def in_order(documents: Iterable[Json]) -> list[Json]:
    """What was superseded before what superseded it; else by date, undated last. A circle is broken by date."""
    remaining = {document["key"]: document for document in sorted(documents, key=_by_date)}
    ordered = []
    while remaining:
        free = (document for document in remaining.values() if not _older(document, remaining))
        ordered.append(remaining.pop(next(free, next(iter(remaining.values())))["key"]))
    return ordered


def _by_date(document: Json) -> tuple[bool, str, str]:
    adopted = document["adopted"]
    return not adopted, edtf.sort_text(edtf.parse(adopted)) if adopted else "", document["key"]


def _older(document: Json, among: Collection[str]) -> list[str]:
    """Keys of the layouts that a layout superseded."""
    keys = (reference["key"] for reference in document["supersedes"])
    return [key for key in keys if key in among and key != document["key"]]


def predecessor(document: Json, ordered: Sequence[Json]) -> Json | None:
    """The latest of the layouts that it superseded."""
    older = _older(document, [other["key"] for other in ordered])
    return next((other for other in reversed(ordered) if other["key"] in older), None)


def superseded_on(document: Json) -> str | None:
    """When the first layout that superseded it was adopted."""
    return first_date(document, LAYOUT.until) or None


def standing(document: Json, day: date) -> tuple[Standing, bool]:
    """How a layout stands on a day, and whether that is certain."""
    there = there_on(document, day)
    if begun_by(document, day) is Held.NO:
        return Standing.NOT_YET, True
    if there is Held.NO or (document["superseded_by"] and not superseded_on(document)):
        return Standing.SUPERSEDED, there is Held.NO
    return Standing.IN_FORCE, there is Held.CERTAINLY


def on_the_day(ordered: Iterable[Json], day: date) -> list[Json]:
    """The layouts that were adopted by a day, or may have been, with what had superseded them by then."""
    return [trimmed(document, day) for document in ordered if begun_by(document, day) is not Held.NO]


def versions(ordered: Sequence[Json], day: date) -> list[Json]:
    """``[{layout, subject, pattern, basis, declared_by, adopted, superseded, status, certain, previous, …}]``."""
    return [_version(document, predecessor(document, ordered), day) for document in ordered]


def _version(document: Json, previous: Json | None, day: date) -> Json:
    stands, certain = standing(document, day)
    members = ("subject", "pattern", "basis", "declared_by", "adopted", "supersedes", "superseded_by")
    return {
        "layout": plain_reference(document),
        **{name: document[name] for name in members},
        "superseded": superseded_on(document),
        "status": stands.value,
        "certain": certain,
        "previous": previous and plain_reference(previous),
    }
