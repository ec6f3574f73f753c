"""The three-way page: what both began with, what is live, what was proposed; a choice where both changed a fact."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from tracker.accounts.models import User
from tracker.curation import proposals, renewing, spoken
from tracker.curation.comparison import Comparison
from tracker.curation.forms.rows import field_at
from tracker.curation.models import Proposal
from tracker.curation.rebasing import CHOICES, Sides, Spot
from tracker.entries.models import Entry
from tracker.values import canonical
from tracker.values.errors import TrackerError

from .access import actor
from .origin import via
from .reviewing import say
from .shown import entry_url


@dataclass(frozen=True)
class Line:
    """One fact on three sides, in words."""

    path: str
    label: str
    base: tuple[str, ...]
    theirs: tuple[str, ...]
    mine: tuple[str, ...]
    is_conflict: bool
    taken: str
    chosen: str


def page(request: HttpRequest, site_context: dict[str, object], proposal: Proposal) -> HttpResponse:
    """Show the three sides; a POST makes the new draft."""
    back = reverse("admin:tracker_proposal_change", args=[proposal.pk])
    try:
        sides = renewing.sides_of(proposal)
    except TrackerError as error:
        say(request, error)
        return HttpResponseRedirect(back)
    if request.method == "POST":
        try:
            made = renewing.rebase(actor=actor(request), proposal=proposal, choices=_choices(request, sides),
                                   **via(request))  # fmt: skip
        except TrackerError as error:
            say(request, error)
        else:
            messages.success(request, _("已按现版写成新草稿；原提案保留为“已过时”。请看过再提交。"))
            return HttpResponseRedirect(reverse("admin:tracker_proposal_change", args=[made.pk]))
    elif proposal.state not in proposals.OPEN or not proposals.is_stale(proposal):
        return HttpResponseRedirect(back)
    entry = Entry.objects.get(kind=proposal.kind, key=proposal.key)
    lines = [_line(request, sides, spot) for spot in sides.spots()]
    context = {
        **site_context, "title": _("按现版重写：%(name)s") % {"name": entry}, "proposal": proposal, "entry": entry,
        "entry_url": entry_url(entry), "conflicts": [line for line in lines if line.is_conflict],
        "merged": [line for line in lines if not line.is_conflict], "who": _who(proposal, entry),
        "live": entry.revisions.select_related("actor").get(number=entry.revision),
    }  # fmt: skip
    return TemplateResponse(request, "admin/curation/rebase.html", context)


def _who(proposal: Proposal, entry: Entry) -> list[tuple[int, str, str]]:
    """Who published what since the proposal was written: number, person, reason."""
    since = entry.revisions.filter(number__gt=proposal.base_revision).select_related("actor").order_by("number")
    return [(one.number, _named(one.actor), one.reason) for one in since]


def _named(user: User | None) -> str:
    return (user.display_name or user.username) if user else _("按规则")


def _choices(request: HttpRequest, sides: Sides) -> dict[str, str]:
    given = {spot.path: request.POST.get(f"choice:{spot.path}", "") for spot in sides.conflicts()}
    return {path: choice for path, choice in given.items() if choice in CHOICES}


def _line(request: HttpRequest, sides: Sides, spot: Spot) -> Line:
    comparison = Comparison(sides.kind, sides.theirs, sides.mine)
    base, theirs, mine = (_said(comparison, spot.path, value) for value in (spot.base, spot.theirs, spot.mine))
    return Line(spot.path, spoken.field_label(sides.kind, spot.path), base, theirs, mine, spot.is_conflict,
                "mine" if spot.merged == spot.mine and spot.base == spot.theirs else "theirs",
                request.POST.get(f"choice:{spot.path}", ""))  # fmt: skip


def _said(comparison: Comparison, path: str, value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    member = field_at(comparison.kind, path)
    if member is not None and not isinstance(value, dict):
        return comparison.said(member, value)
    if isinstance(value, dict):
        inner = ((name, field_at(comparison.kind, f"{path}/{name}"), each) for name, each in value.items())
        return tuple(f"{spoken.said(found.zh, found.en)}: {'、'.join(comparison.said(found, each))}"
                     for _name, found, each in inner if found is not None)  # fmt: skip
    return (canonical.dumps(value),)
