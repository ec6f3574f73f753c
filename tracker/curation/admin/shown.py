"""What pages of the admin show of an entry: its facts with their proof, its conflicts, and who refers to it."""

from __future__ import annotations

from django.urls import reverse

from tracker.curation import spoken
from tracker.curation.comparison import Comparison
from tracker.entries import kinds, successors
from tracker.entries.fields import Json
from tracker.entries.models import Entry, Reference, State
from tracker.values import canonical

REFERRERS_SHOWN = 50


def entry_context(entry: Entry) -> Json:
    """Everything on the page of an entry."""
    kind = kinds.get(entry.kind)
    revision = entry.revisions.select_related("actor", "approver").get(number=entry.revision)
    comparison = Comparison(kind, {}, canonical.loads(revision.payload))
    return {
        "entry": entry, "kind": kind, "revision": revision, "status": status_label(entry),
        "sections": list(comparison.sections()), "proof": comparison.citation_changes(),
        "conflicts": conflicts_of(entry), "is_live": entry.state == State.LIVE, "public_url": public_url(entry),
        "led": successors.standing_for(entry.kind, [entry.key]).get(entry.key), "merged": merged_into(entry),
        **referrers_of(entry),
    }  # fmt: skip


def status_label(entry: Entry) -> str:
    """The public state where it is not public, else today's status."""
    if entry.state != State.LIVE:
        return spoken.choice(entry.state, entry.get_state_display())
    statuses = kinds.get(entry.kind).statuses
    return spoken.choice(entry.status, str(statuses(entry.status).label)) if statuses and entry.status else "—"


def entry_url(entry: Entry) -> str:
    """The entry's page in the admin."""
    options = kinds.get(entry.kind).detail_model._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[entry.pk])


def public_url(entry: Entry) -> str:
    return f"/{kinds.get(entry.kind).plural}/{entry.key}/"


def merged_into(entry: Entry) -> list[Json]:
    """What was merged into it, with the reason; each keeps its own history."""
    rows = successors.given_way_to(entry.kind, entry.key)
    gone = {row.key: row for row in Entry.objects.filter(kind=entry.kind, key__in=[row.old_key for row in rows])}
    return [{"entry": gone[row.old_key], "reason": row.reason, "when": row.recorded_at}
            for row in rows if row.old_key in gone]  # fmt: skip


def referrers_of(entry: Entry) -> Json:
    """The public entries that refer to this one, and by which field; what a change of its name renders again."""
    rows = Reference.objects.filter(target=entry, entry__state=State.LIVE)
    found = [
        {"entry": row.entry, "url": entry_url(row.entry), "kind": spoken.kind_name(kinds.get(row.entry.kind)),
         "field": spoken.field_label(kinds.get(row.entry.kind), "/" + row.field.replace("/", "//"))}
        for row in rows.select_related("entry").order_by("entry__kind", "entry__key", "position")[:REFERRERS_SHOWN]
    ]  # fmt: skip
    return {"referrers": found, "referrer_count": rows.values("entry").distinct().count()}


def conflicts_of(entry: Entry) -> list[Json]:
    """The conflicts the public document shows, with their values and the ruling."""
    document = canonical.loads(entry.document) if entry.document else {}
    kind = kinds.get(entry.kind)
    return [
        {"label": spoken.field_label(kind, conflict["path"]), "ruling": conflict["ruling"],
         "reason": conflict["reason"],
         "values": [(spoken.fact(kind, conflict["path"], value["stated"]), value["citation"]["source"]["title"])
                    for value in conflict["values"]]}
        for conflict in document.get("conflicts", [])
    ]  # fmt: skip
