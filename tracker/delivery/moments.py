"""Several entries of one kind at one moment of both clocks: as told at ``known_at``, cut to ``as_of``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.http import QueryDict
from django.utils import timezone

from tracker.entries.fields import Json
from tracker.entries.kinds import Kind
from tracker.entries.models import Entry, State
from tracker.rest.problems import Gone, bad_parameter
from tracker.values import canonical

from . import past
from .as_of import Told, cut_or_last
from .filters import require_entries
from .views import why_gone


def documents_at(kind: Kind, keys: Sequence[str], as_of: date | None, known_at: datetime | None) -> list[Told]:
    """The entries in the order of their keys, in one query. What had ended by the day is given as it last stood.

    :raises Invalid: there is no such entry, or there was none yet, naming its key.
    :raises Gone: it was withdrawn or merged, naming its key and where to go.
    """
    texts = texts_at(kind, keys, known_at)
    if len(texts) < len(set(keys)):
        raise _missing(kind, [key for key in keys if key not in texts], known_at)
    return [_told(canonical.loads(texts[key]), as_of) for key in keys]


def texts_at(kind: Kind, keys: Iterable[str], known_at: datetime | None) -> Mapping[str, str]:
    """The documents that there are, by key, as they are stored; keys may be a query. One query."""
    if known_at is None:
        live = Entry.objects.live().of_kind(kind.name).filter(key__in=keys)
        return dict(live.values_list("key", "document"))
    versions = past.versions_at(known_at).filter(kind=kind.name, key__in=keys)
    return dict(versions.values_list("key", "document"))


def _missing(kind: Kind, keys: Sequence[str], known_at: datetime | None) -> Exception:
    """Why the first of some keys leads to nothing."""
    if known_at is not None:
        return bad_parameter("keys", f"this tracker had no {kind.name} {keys[0]!r} at that time")
    require_entries(kind.name, "keys", keys)
    entry = Entry.objects.exclude(state=State.LIVE).get(kind=kind.name, key=keys[0])
    reason, where = why_gone(entry)
    error = {"name": "keys", "message": f"{keys[0]!r} was {entry.state}: {reason}"}
    return Gone(f"{kind.name} {keys[0]}: {reason}", where | {"errors": [error]})


def _told(document: Json, as_of: date | None) -> Told:
    if as_of is None:
        return Told(document, document)
    then = cut_or_last(document, as_of)
    if then is None:
        raise bad_parameter("as_of", f"{document['kind']} {document['key']!r} was not there yet on {as_of}")
    return Told(document, then)


def keys_of(parameters: QueryDict, least: int, most: int) -> list[str]:
    """The parameter ``keys``: keys with commas between them, ``least`` to ``most``, none twice.

    :raises Invalid: too few, too many or the same twice, naming the key.
    """
    keys = [key.strip() for text in parameters.getlist("keys") for key in text.split(",") if key.strip()]
    for at, key in enumerate(keys):
        if key in keys[:at]:
            raise bad_parameter("keys", f"names {key!r} twice")
    if not least <= len(keys) <= most:
        wanted = str(least) if least == most else f"{least} to {most}"
        raise bad_parameter("keys", f"takes {wanted} keys with commas between them, not {len(keys)}")
    return keys


def today_at(known_at: datetime | None) -> date:
    """What day it was, in Asia/Shanghai, when the tracker said so."""
    today = timezone.localdate()
    return min(today, timezone.localdate(known_at)) if known_at else today
