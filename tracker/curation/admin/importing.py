"""Imports in the admin: bring a file, read what it would do, hand it over as one batch, publish it, undo it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    JsonResponse,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from tracker.accounts import roles
from tracker.accounts.models import User
from tracker.curation import spoken
from tracker.curation.importing import encodings, exporting, services, templates, uploading
from tracker.curation.importing.differences import Changed, changed_rows
from tracker.curation.importing.models import Import, ImportRow
from tracker.curation.models import Proposal
from tracker.delivery.formats import BYTE_ORDER_MARK
from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.jobs.models import Job
from tracker.values.errors import TrackerError

from . import together
from .access import ReadOnly, actor
from .filters import ChoiceFilter
from .origin import via
from .reviewing import say

State = Import.State
Outcome = ImportRow.Outcome
PROBLEMS_SHOWN = 100
CHANGES_SHOWN = 20
_TABS = {"problems": Outcome.WRONG, "changes": Outcome.UPDATE, "new": Outcome.INSERT, "drift": Outcome.DRIFT}


class UploadForm(forms.Form):
    """The file, and what all its rows share."""

    file = forms.FileField(label=gettext_lazy("文件"), required=False)
    kind = forms.ChoiceField(required=False)
    reason = forms.CharField(max_length=240, widget=forms.TextInput(attrs={"size": 60}))
    nature = forms.ChoiceField()
    source = forms.CharField(max_length=300, required=False)
    encoding = forms.ChoiceField(required=False, choices=[("", ""), *((one, one.upper()) for one in encodings.CHOICES)])

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        named = [(kind.name, spoken.told(f"{kind.zh} {kind.en}")) for kind in kinds.every()]
        self.fields["kind"].choices = [("", ""), *named]  # type: ignore[attr-defined]
        natures = [(one.value, spoken.told(one.label)) for one in services.NATURES]
        self.fields["nature"].choices = natures  # type: ignore[attr-defined]


class ImportAdmin(ReadOnly):
    """Past imports, newest first, and a page for each."""

    list_display = ("number", "file_name", "kind_name", "state_mark", "counted", "actor", "created_at")
    list_display_links = ("number", "file_name")
    list_filter = (("state", ChoiceFilter), ("format", ChoiceFilter))
    list_select_related = ("actor", "job")
    search_fields = ("file_name", "batch", "reason", "sha256")
    show_full_result_count = False
    list_per_page = 50
    ordering = ("-id",)
    change_list_template = "admin/curation/imports.html"

    # --- who

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return isinstance(request.user, User) and request.user.is_staff and roles.may_propose(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Import]:
        return services.visible_to(actor(request))

    # --- the list

    @admin.display(description=gettext_lazy("编号"), ordering="id")
    def number(self, of: Import) -> str:
        return f"#{of.pk}"

    @admin.display(description=gettext_lazy("种类"), ordering="kind")
    def kind_name(self, of: Import) -> str:
        return _pick(kinds.get(of.kind)) if of.kind else "—"

    @admin.display(description=gettext_lazy("状态"), ordering="state")
    def state_mark(self, of: Import) -> SafeString:
        return format_html('<span class="chip {}">{}</span>', of.state, _pick(State(of.state)))

    @admin.display(description=gettext_lazy("行"))
    def counted(self, of: Import) -> str:
        found = ((Outcome(name), of.counts.get(name, 0)) for name in Outcome.values)
        return "，".join(f"{_pick(outcome)} {count}" for outcome, count in found if count) or "—"

    # --- the addresses

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("template/<slug:kind>.<slug:format_>", wrap(self.template_view), name="tracker_import_template"),
            path("<int:pk>/move/", wrap(self.move_view), name="tracker_import_move"),
            path("<int:pk>/progress/", wrap(self.progress_view), name="tracker_import_progress"),
            path("<int:pk>/problems.csv", wrap(self.problems_view), name="tracker_import_problems"),
        ]
        return [*own, *super().get_urls()]

    def _context(self, request: HttpRequest) -> Json:
        return {**self.admin_site.each_context(request), "opts": self.opts}

    def _import(self, request: HttpRequest, pk: int | str) -> Import:
        if not self.has_view_permission(request):
            raise PermissionDenied
        seen = self.get_queryset(request).select_related("job", "actor", "reverts")
        found = seen.filter(pk=pk).first() if str(pk).isdigit() and int(pk) < 2**63 else None
        if found is None:
            raise Http404("没有这次导入")
        return found

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """The form that brings a file; what was chosen stays when something is wrong."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = (
            UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm(initial=_asked(request))
        )
        if request.method == "POST" and form.is_valid():
            try:
                made = self._begin(request, form)
            except TrackerError as error:
                form.add_error(None, error.message)
                for name, sentence in error.errors:
                    form.add_error(name if name in form.fields else None, sentence)
            else:
                return HttpResponseRedirect(_url(made))
        context = {"form": form, "every_kind": kinds.every(), "formats": list(templates.MEDIA)}
        return TemplateResponse(request, "admin/curation/import_file.html", {**self._context(request), **context})

    def _begin(self, request: HttpRequest, form: UploadForm) -> Import:
        told = form.cleaned_data
        file = told["file"]
        if uploading.was_too_large(request):
            raise services.too_large()
        if file is None:
            raise services.no_file()
        source = (told["source"].split() or [""])[0]
        return services.begin(
            actor=actor(request), blocks=file.chunks(), name=file.name, kind=told["kind"], reason=told["reason"],
            nature=told["nature"], source=source, encoding=told["encoding"], **via(request),
        )  # fmt: skip

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "",
                    extra_context: Any = None) -> HttpResponse:  # fmt: skip
        of = self._import(request, object_id)
        context = {**self._context(request), **_report(request, of)}
        return TemplateResponse(request, "admin/curation/import.html", context)

    def progress_view(self, request: HttpRequest, pk: int) -> JsonResponse:
        """``{state, running, done, total}``: how far the job is, for the bar on the page."""
        return JsonResponse(_progress(self._import(request, pk)))

    def problems_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Every problem as CSV: row, column, value, reason."""
        of = self._import(request, pk)
        answer = StreamingHttpResponse(_problem_lines(of), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="import-{of.pk}-problems.csv"'
        return answer

    def template_view(self, request: HttpRequest, kind: str, format_: str) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if not kinds.known(kind) or format_ not in templates.MEDIA:
            raise Http404("没有这个模板")
        answer = HttpResponse(templates.made(kinds.get(kind), format_), content_type=templates.MEDIA[format_])
        answer["Content-Disposition"] = f'attachment; filename="{kind}-template.{format_}"'
        return answer

    def move_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make the move whose button was pressed."""
        of = self._import(request, pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        name, note = request.POST.get("move", ""), request.POST.get("note", "")
        if name not in _MOVES:
            raise Http404("没有这个动作")
        try:
            of = _MOVES[name](request, of, note) or of
        except TrackerError as error:
            say(request, error)
        return HttpResponseRedirect(_url(of))


def _pick(named: Any) -> str:
    return str(named.en if _english() else named.zh)


def _english() -> bool:
    return (get_language() or "").startswith("en")


def _asked(request: HttpRequest) -> dict[str, str]:
    return {"kind": request.GET.get("kind", "")}


def _url(of: Import) -> str:
    return reverse("admin:tracker_import_change", args=[of.pk])


# --- the report ---------------------------------------------------------------------------------------------------


def _report(request: HttpRequest, of: Import) -> Json:
    kind = kinds.get(of.kind) if of.kind else None
    states = services.proposal_states(of)
    running = of.job is not None and of.job.state in (Job.State.WAITING, Job.State.RUNNING)
    return {
        "of": of, "kind": kind, "title": of.file_name, "state": State(of.state), "job": of.job, "running": running,
        "format": Import.Format(of.format), "size": filesizeformat(of.size), "progress": _progress(of),
        "outcomes": [(outcome, of.counts.get(outcome.value, 0)) for outcome in Outcome] if of.counts else [],
        "states": [(Proposal.State(name), count) for name, count in states.items()],
        "waiting": states.get(Proposal.State.IN_REVIEW, 0) + states.get(Proposal.State.APPROVED, 0),
        "published": states.get(Proposal.State.PUBLISHED, 0), "reverted_by": of.reverted_by.first(),
        "before": Import.objects.filter(sha256=of.sha256, pk__lt=of.pk).exclude(sha256="").order_by("-pk").first(),
        "steps": together.told(list(of.steps.select_related("actor"))),
        "moves": open_moves(actor(request), of, states, running), **_tab(request, of),
    }  # fmt: skip


def _progress(of: Import) -> Json:
    job = of.job
    if job is None:
        return {"state": of.state, "running": False, "done": 0, "total": 0}
    running = job.state in (Job.State.WAITING, Job.State.RUNNING)
    return {"state": of.state, "running": running, "job": job.state, "done": job.done, "total": job.total,
            "stopping": job.cancel_requested, "message": job.message}  # fmt: skip


def _tab(request: HttpRequest, of: Import) -> Json:
    """One page of the part of the report that was asked for: what is wrong first, else what changes."""
    count = of.counts.get
    wanted = request.GET.get("show", "")
    default = next((name for name, outcome in _TABS.items() if count(outcome.value)), "problems")
    tab = wanted if wanted in (*_TABS, "notes") else default
    if tab == "notes":
        rows, size = of.rows.filter(noted=True).order_by("number"), PROBLEMS_SHOWN
    else:
        rows = of.rows.filter(outcome=_TABS[tab]).order_by("number")
        size = PROBLEMS_SHOWN if tab == "problems" else CHANGES_SHOWN
    page = Paginator(rows, size).get_page(request.GET.get("page"))
    found: Json = {"tab": tab, "page": page, "has_notes": of.rows.filter(noted=True).exists(),
                   "tabs": [(name, outcome, count(outcome.value, 0)) for name, outcome in _TABS.items()
                            if count(outcome.value) and of.trimmed_at is None]}  # fmt: skip
    if tab == "problems":
        found["problems"] = [_problem(row, *problem) for row in page for problem in row.problems]
    elif tab == "notes":
        found["notes"] = [(row, *note) for row in page for note in row.notes]
    else:
        found["changed"] = [_shown(one) for one in changed_rows(list(page))]
    return found


def _problem(row: ImportRow, column: str, value: str, reason: str) -> tuple[ImportRow, str, str, str]:
    return row, column, value, spoken.problem(reason)


def _shown(one: Changed) -> Json:
    labels = [(one.label(difference.path, english=_english()), difference.old, difference.new)
              for difference in one.differences]  # fmt: skip
    return {"row": one.row, "name": one.name, "differences": labels, "more": one.more}


def _problem_lines(of: Import) -> Iterator[str]:
    line = StringIO()
    writer = csv.writer(line)
    writer.writerow(["row", "kind", "key", "column", "value", "reason"])
    for text in of.trouble:
        writer.writerow(["", of.kind, "", "", "", exporting.guarded_text(text)])
    yield BYTE_ORDER_MARK
    for row in services.wrong_rows(of).iterator(chunk_size=500):
        for problem in row.problems:
            writer.writerow([row.number, row.kind, *map(exporting.guarded_text, (row.key, *problem))])
        yield line.getvalue()
        line.seek(0)
        line.truncate()
    yield line.getvalue()


# --- the moves ----------------------------------------------------------------------------------------------------


def open_moves(user: User, of: Import, states: dict[str, int], running: bool) -> list[str]:
    """The names of the moves this person may make now; the services check again."""
    own, reviews = of.actor_id == user.pk, roles.may_review(user)
    if running:
        return ["cancel"] if own or reviews else []
    found, kept = [], of.trimmed_at is None
    if kept and of.job is not None and of.job.state in (Job.State.CANCELLED, Job.State.FAILED) and (own or reviews):
        found.append("resume")
    if kept and own and of.state == State.READY:
        found.append("propose")
    if own and of.stored_as and of.state not in (State.PROPOSED, State.UNREADABLE):
        found.append("check_again")
    waiting = states.get(Proposal.State.IN_REVIEW, 0) + states.get(Proposal.State.APPROVED, 0)
    if waiting and reviews and not own:
        found += ["publish", "reject"]
    if waiting and own and roles.may_force(user):
        found.append("force")
    if states.get(Proposal.State.PUBLISHED, 0) and not of.reverted_by.exists():
        found.append("revert")
    return found


Move = Callable[[HttpRequest, Import, str], Import | None]


def _cancel(request: HttpRequest, of: Import, note: str) -> None:
    services.cancel(actor=actor(request), of=of, **via(request))
    messages.success(request, _("已请任务停下。"))


def _resume(request: HttpRequest, of: Import, note: str) -> None:
    services.resume(actor=actor(request), of=of, **via(request))


def _propose(request: HttpRequest, of: Import, note: str) -> None:
    services.propose(actor=actor(request), of=of, **via(request))


def _check_again(request: HttpRequest, of: Import, note: str) -> None:
    services.check_again(actor=actor(request), of=of, **via(request))


def _publish(request: HttpRequest, of: Import, note: str) -> None:
    services.publish(actor=actor(request), of=of, note=note, **via(request))


def _force(request: HttpRequest, of: Import, note: str) -> None:
    services.force(actor=actor(request), of=of, reason=note, **via(request))


def _reject(request: HttpRequest, of: Import, note: str) -> None:
    count = services.reject(actor=actor(request), of=of, note=note, **via(request))
    messages.success(request, _("已退回 %(count)s 份。") % {"count": count})


def _revert(request: HttpRequest, of: Import, note: str) -> Import:
    return services.revert(actor=actor(request), of=of, reason=note, **via(request))


_MOVES: dict[str, Move] = {
    "cancel": _cancel, "resume": _resume, "propose": _propose, "check_again": _check_again, "publish": _publish,
    "force": _force, "reject": _reject, "revert": _revert,
}  # fmt: skip
