"""What became of proposals: their state, what the editors said, and as what they were published."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.entries import kinds, rendering
from tracker.entries.fields import Json
from tracker.entries.models import Change, Revision
from tracker.values.codes import Nature

from .letters import url_of
from .models import Proposal


def shown(proposals: Sequence[Proposal]) -> list[Json]:
    """Proposals as their author sees them, in two queries however many they are."""
    published = _published(proposals)
    return [_shown(proposal, published.get(proposal.pk)) for proposal in proposals]


def _shown(proposal: Proposal, published: Json | None) -> Json:
    return {
        "id": proposal.pk, "url": url_of(proposal.pk), "kind": proposal.kind, "key": proposal.key,
        "action": proposal.action, "state": proposal.state, "nature": proposal.nature, "reason": proposal.reason,
        "batch": proposal.batch or None, "base_revision": proposal.base_revision,
        "created_at": rendering.moment(proposal.created_at), "decided_at": rendering.moment(proposal.decided_at),
        "review_note": proposal.review_note or None, "published": published,
    }  # fmt: skip


def _published(proposals: Sequence[Proposal]) -> dict[int, Json]:
    """For each that was published its revision and feed number; one that changed nothing has neither."""
    done = [proposal for proposal in proposals if proposal.state == Proposal.State.PUBLISHED]
    made, numbers = (_revisions(done), _numbers(done)) if done else (set(), {})
    found = {}
    for proposal in done:
        entry, number = (proposal.kind, proposal.key), proposal.base_revision + 1
        is_made = (*entry, number, proposal.request_id) in made
        found[proposal.pk] = {
            "revision": number if is_made else None, "seq": numbers.get((*entry, number)) if is_made else None,
            "url": rendering.url_of(kinds.get(proposal.kind), proposal.key),
        }  # fmt: skip
    return found


def _revisions(proposals: Sequence[Proposal]) -> set[tuple[str, str, int, str]]:
    """The revisions that came of these proposals: kind, key, number and the request that brought them."""
    rows = Revision.objects.filter(actor_id__in={proposal.author_id for proposal in proposals}, **_entries(proposals))
    return set(rows.values_list("entry__kind", "entry__key", "number", "request_id"))


def _numbers(proposals: Sequence[Proposal]) -> dict[tuple[str, str, int], int]:
    """The feed number of each revision; what only followed from others has the number of a revision, and is not it."""
    rows = Change.objects.filter(**_entries(proposals)).exclude(nature=Nature.DERIVED)
    return {(kind, key, number): seq for kind, key, number, seq in rows.values_list("kind", "key", "revision", "seq")}


def _entries(proposals: Sequence[Proposal]) -> dict[str, set[str]]:
    return {"entry__kind__in": {proposal.kind for proposal in proposals},
            "entry__key__in": {proposal.key for proposal in proposals}}  # fmt: skip
