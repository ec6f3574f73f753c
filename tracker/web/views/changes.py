"""The latest changes of the public documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tracker.entries import kinds
from tracker.entries.kinds import Kind
from tracker.entries.models import Change, State
from tracker.rest import keyset
from tracker.values.codes import Nature
from tracker.web import dossier, paging, parameters, phrases
from tracker.web.facts import path_label
from tracker.web.language import Spoken, label, pick, spoken

from .kept import kept_page
from .page import public_page


@dataclass(frozen=True)
class Shown:
    """One change as a line."""

    seq: int
    kind: Kind
    name: Spoken
    href: str
    nature: str
    code: str
    fields: list[str]
    recorded_at: Any
    revision: int


def shown(change: Change) -> Shown:
    kind = kinds.get(change.kind)
    public = change.entry.state == State.LIVE
    names = [str(name).strip("/") for name in change.changed_fields if name not in ("key", "kind")]
    fields = [_field_label(kind, name) for name in names[:6]] if change.nature != Nature.NEW else []
    return Shown(change.seq, kind, spoken(change.entry.name, change.entry.name_en),
                 phrases.address(change.kind, change.key) if public else "", dossier.nature_label(change.nature),
                 change.nature, fields, change.recorded_at, change.revision)  # fmt: skip


def _field_label(kind: Kind, name: str) -> str:
    """What changed, in words; some of it is no field of a kind."""
    beside = {"citations": pick("引证", "citations"), "rulings": pick("裁定", "rulings"),
              "events": pick("事件", "events")}  # fmt: skip
    return beside.get(name) or path_label(kind, f"/{name}")


@public_page
@kept_page
def changes(request: HttpRequest) -> HttpResponse:
    """Newest first; what only follows from another change is left out unless it is asked for."""
    kind_names = [kind.name for kind in kinds.every()]
    chosen_kinds = parameters.many_of(request.GET, "kind", kind_names)
    nature = parameters.one_of(request.GET, "nature", [*Nature.values, "all"])
    found = Change.objects.select_related("entry").defer("entry__document", "entry__reference")
    if chosen_kinds:
        found = found.filter(kind__in=chosen_kinds)
    if nature and nature != "all":
        found = found.filter(nature=nature)
    elif not nature:
        found = found.exclude(nature=Nature.DERIVED)
    page = paging.page(found, [keyset.Column("seq", descending=True)], request.GET, request.path)
    context = {
        "changes": [shown(change) for change in page.rows],
        **page.links,
        "kinds": [(kind, kind.name in chosen_kinds) for kind in kinds.every()],
        "natures": [(code.value, label(code), code.value == nature) for code in Nature],
        "nature": nature,
    }  # fmt: skip
    return render(request, "web/changes.html", context)
