"""Sources that disagree: all of them on one page, each with its values and where they stand, and a page to rule on one.

A ruling is a proposal: another editor reviews it, and the public document changes when it is published.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from tracker.accounts import roles
from tracker.curation import ruling, spoken, wording
from tracker.curation.ruling import Ruling, Word
from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.entries.kinds import Kind
from tracker.entries.models import Entry
from tracker.rest import keyset
from tracker.sources.models import Conflict
from tracker.values import canonical
from tracker.values.errors import Invalid, TrackerError
from tracker.values.paths import covering_paths, value_at

from .access import ReadOnly, actor
from .filters import place_keys
from .origin import via
from .reviewing import live_payload, say
from .shown import entry_url

STATES = ("open", "ruled", "all")
_ORDER = (keyset.Column("entry_id"), keyset.Column("id"))


@dataclass(frozen=True)
class Stated:
    """What one source says."""

    said: str
    source: str
    source_url: str
    where: str
    printed: str
    rank: str
    position: int
    """Of the citation among all of the payload's."""
    own: bool
    """Whether it is a citation of this very fact, so that it can be preferred."""


@dataclass(frozen=True)
class Row:
    """One conflict as the list shows it."""

    entry: Entry
    kind: str
    fact: str
    values: list[Stated]
    ruling: str
    reason: str
    entry_url: str
    rule_url: str


class ConflictAdmin(ReadOnly):
    """``/admin/tracker/conflict/``: those nobody has ruled on first."""

    def get_urls(self) -> list[URLPattern]:
        rule = path("rule/<slug:kind>/<slug:key>/", self.admin_site.admin_view(self.rule_view),
                    name="tracker_conflict_rule")  # fmt: skip
        return [rule, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        state = request.GET.get("state", "open")
        try:
            if state not in STATES:
                raise Invalid("there is no such value", [("state", f"“{state}” 不在可选之列 is none of {STATES}")])
            found = Conflict.objects.select_related("entry").filter(entry__state="live")
            found = {"open": found.filter(ruling=""), "ruled": found.exclude(ruling=""), "all": found}[state]
            if place := request.GET.get("place", "").strip():
                found = found.filter(entry__in=Entry.objects.within(place_keys(place)))
            page = keyset.paginate(found, _ORDER, request.GET, request.path)
        except Invalid as error:
            say(request, error)
            return HttpResponseRedirect(request.path)
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "title": _("来源不一"),
            "rows": [row(conflict) for conflict in page.rows], "count": found.count(), "place": place, "state": state,
            "states": [("open", _("未裁定")), ("ruled", _("已裁定或认定")), ("all", _("全部"))],
            "next": keyset.link(request.path, request.GET, page.following),
            "previous": keyset.link(request.path, request.GET, page.previous),
            "may_propose": roles.may_propose(actor(request)),
        }  # fmt: skip
        return TemplateResponse(request, "admin/curation/conflicts.html", context)

    def rule_view(self, request: HttpRequest, kind: str, key: str) -> HttpResponse:
        """``?path=/opened``: rule on one conflict; without a path, choose the fact to declare one of."""
        entry = Entry.objects.live().filter(kind=kind, key=key).first()
        if entry is None:
            raise Http404("没有这个公开的条目")
        if not roles.may_propose(actor(request)):
            raise PermissionDenied
        at = request.POST.get("path", request.GET.get("path", ""))
        if request.method == "POST":
            try:
                return self._proposed(request, entry, at)
            except TrackerError as error:
                say(request, error)
        payload = live_payload(entry)
        declared = kinds.get(kind)
        words = {word["path"]: word for word in payload.get("rulings", [])}
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "entry": entry, "entry_url": entry_url(entry),
            "title": _("裁定：%(name)s") % {"name": spoken.said(entry.name, entry.name_en)}, "path": at,
            "fact": spoken.field_label(declared, at),
            "served": spoken.fact(declared, at, value_at(payload, at)) if at else "",
            "values": list(stated(declared, payload, at, titles(entry))) if at else [], "word": words.get(at),
            "paths": [(each, spoken.field_label(declared, each)) for each in wording.paths_in(declared, payload)],
            "words": [(word.value, spoken.code(word)) for word in Word if word != Word.WITHDRAW or at in words],
            "chosen": request.POST.get("word", ""), "reason": request.POST.get("reason", ""),
            "preferred": request.POST.get("preferred", ""),
        }  # fmt: skip
        return TemplateResponse(request, "admin/curation/rule.html", context)

    def _proposed(self, request: HttpRequest, entry: Entry, at: str) -> HttpResponse:
        word, preferred = request.POST.get("word", ""), request.POST.get("preferred", "")
        if word not in Word.values:
            raise Invalid(_("请选如何裁定。"))
        position = int(preferred) if preferred.isdigit() and len(preferred) < 5 and word == Word.RULE else None
        wanted = Ruling(at, Word(word), request.POST.get("reason", ""), position)
        made = ruling.propose(actor=actor(request), entry=entry, ruling=wanted, **via(request))
        messages.success(request, _("已提交，等待另一位编辑审阅。"))
        return HttpResponseRedirect(reverse("admin:tracker_proposal_change", args=[made.pk]))

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "",
                    extra_context: Any = None) -> HttpResponse:  # fmt: skip
        found = Conflict.objects.select_related("entry").filter(pk=object_id).first() if object_id.isdigit() else None
        return HttpResponseRedirect(
            rule_url(found.entry, found.path) if found else reverse("admin:tracker_conflict_changelist")
        )


def rule_url(entry: Entry, at: str) -> str:
    """Where one rules on a fact."""
    return f"{reverse('admin:tracker_conflict_rule', args=[entry.kind, entry.key])}?{urlencode({'path': at})}"


def row(conflict: Conflict) -> Row:
    entry, kind = conflict.entry, kinds.get(conflict.entry.kind)
    document = canonical.loads(entry.document)
    return Row(
        entry=entry, kind=spoken.kind_name(kind), fact=spoken.field_label(kind, conflict.path),
        values=list(_shown(kind, document, conflict.path)), ruling=conflict.ruling, reason=conflict.reason,
        entry_url=entry_url(entry), rule_url=rule_url(entry, conflict.path),
    )  # fmt: skip


def _shown(kind: Kind, document: Json, at: str) -> Iterator[Stated]:
    """The values of a conflict as the public document has them."""
    for value in [value for one in document["conflicts"] if one["path"] == at for value in one["values"]]:
        citation = value["citation"]
        said = spoken.fact(kind, at, value["stated"])
        yield _stated(said, citation, citation["source"]["title"], citation["source"]["key"], 0, own=True)


def titles(entry: Entry) -> dict[str, str]:
    """The titles of the sources that an entry cites, by key."""
    return {citation["source"]["key"]: citation["source"]["title"]
            for citation in canonical.loads(entry.document).get("citations", [])}  # fmt: skip


def stated(kind: Kind, payload: Json, at: str, named: dict[str, str]) -> Iterator[Stated]:
    """What the sources of a fact say: its own citations, then those of what contains it."""
    served = value_at(payload, at)
    citations = list(enumerate(payload.get("citations", [])))
    for path_ in covering_paths(at):
        for position, citation in citations:
            if citation["path"] == path_:
                value = citation.get("stated", served) if path_ == at else served
                source = citation["source"]
                yield _stated(spoken.fact(kind, at, value), citation, named.get(source, source), source, position,
                              own=path_ == at)  # fmt: skip


def _stated(said: str, citation: Json, title: str, source: str, position: int, *, own: bool) -> Stated:
    locator = citation.get("locator") or {}
    where = " · ".join(
        str(locator[part]) for part in ("section", "table", "row", "column", "span") if locator.get(part)
    )
    return Stated(said, title, reverse("admin:tracker_source_facts", args=[source]), where,
                  citation.get("printed") or "", citation.get("rank") or "normal", position, own)  # fmt: skip
