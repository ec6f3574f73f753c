"""What was published, by whom and why; the feed; and the long work. All to look at, some to undo or stop."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.accounts import roles
from tracker.accounts.models import User
from tracker.curation import spoken
from tracker.curation.comparison import Comparison
from tracker.entries import kinds
from tracker.entries.models import Change, Entry, Revision
from tracker.jobs import services
from tracker.jobs.models import Job
from tracker.values import canonical
from tracker.values.codes import Nature
from tracker.values.errors import TrackerError

from . import removing
from .access import ReadOnly, actor
from .filters import ChoiceFilter, KindFilter
from .reviewing import comparison_context, say
from .shown import entry_url


class RevisionAdmin(ReadOnly):
    """Every editorial state of every entry; any two compared, any one restored."""

    list_display = ("entry_name", "number", "nature_zh", "who", "reason", "forced", "recorded_at")
    list_filter = (("nature", ChoiceFilter), "origin", "forced")
    list_select_related = ("entry", "actor", "approver")
    search_fields = ("entry__key", "entry__name", "reason")
    date_hierarchy = None
    show_full_result_count = False
    list_per_page = 50
    ordering = ("-id",)

    @admin.display(description=gettext_lazy("条目"), ordering="entry__name_folded")
    def entry_name(self, revision: Revision) -> str:
        return f"{spoken.kind_name(kinds.get(revision.entry.kind))} · {revision.entry}"

    @admin.display(description=gettext_lazy("性质"), ordering="nature")
    def nature_zh(self, revision: Revision) -> str:
        return spoken.code(Nature(revision.nature))

    @admin.display(description=gettext_lazy("作者 / 批准"))
    def who(self, revision: Revision) -> str:
        return f"{_person(revision.actor)} / {_person(revision.approver)}"

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("of/<int:entry_pk>/", wrap(self.of_entry_view), name="tracker_revision_of"),
            path("<int:pk>/restore/", wrap(self.restore_view), name="tracker_revision_restore"),
        ]
        return [*own, *super().get_urls()]

    def of_entry_view(self, request: HttpRequest, entry_pk: int) -> HttpResponse:
        """The history of one entry; ``?a=1&b=3`` compares two of its revisions, ``?b=3`` one with the one before."""
        entry = Entry.objects.filter(pk=entry_pk).first()
        if entry is None:
            raise Http404("没有这个条目")
        if not self.has_view_permission(request):
            raise PermissionDenied
        revisions = list(entry.revisions.select_related("actor", "approver").order_by("-number"))
        chosen = _chosen(request, revisions)
        before, after = ({} if one is None else canonical.loads(one.payload) for one in chosen)
        context = {**self.admin_site.each_context(request), "opts": self.opts,
                   "title": _("修订历史：%(name)s") % {"name": entry},
                   "entry": entry, "entry_url": entry_url(entry), "revisions": revisions,
                   "a": chosen[0], "b": chosen[1],
                   "may_propose": roles.may_propose(actor(request)),
                   **comparison_context(request, Comparison(kinds.get(entry.kind), before, after))}  # fmt: skip
        return TemplateResponse(request, "admin/curation/history.html", context)

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "",
                    extra_context: Any = None) -> HttpResponse:  # fmt: skip
        revision = self._revision(object_id)
        url = reverse("admin:tracker_revision_of", args=[revision.entry_id])
        return HttpResponseRedirect(f"{url}?b={revision.number}")

    def restore_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "opts": self.opts}
        return removing.restore(request, context, self._revision(str(pk)))

    def _revision(self, pk: str) -> Revision:
        found = Revision.objects.select_related("entry").filter(pk=pk).first() if pk.isdigit() else None
        if found is None:
            raise Http404("没有这一版")
        return found


def _person(user: User | None) -> str:
    return (user.display_name or user.username) if user else _("按规则")


def _chosen(request: HttpRequest, revisions: list[Revision]) -> tuple[Revision | None, Revision]:
    by_number = {str(revision.number): revision for revision in revisions}
    after = by_number.get(request.GET.get("b", ""), revisions[0])
    before = by_number.get(request.GET.get("a", str(after.number - 1)))
    return before, after


class ChangeAdmin(ReadOnly):
    """The feed as partners read it, newest first."""

    list_display = ("seq", "kind_zh", "key", "done", "nature_zh", "revision", "changed", "recorded_at")
    list_display_links = None
    fields = ("seq", "kind_zh", "key", "done", "nature_zh", "revision", "changed", "source", "recorded_at")
    readonly_fields = fields
    list_filter = (("nature", ChoiceFilter), ("action", ChoiceFilter), KindFilter)
    search_fields = ("key",)
    show_full_result_count = False
    list_per_page = 100
    ordering = ("-seq",)

    @admin.display(description=gettext_lazy("种类"), ordering="kind")
    def kind_zh(self, change: Change) -> str:
        return spoken.kind_name(kinds.get(change.kind))

    @admin.display(description=gettext_lazy("动作"), ordering="action")
    def done(self, change: Change) -> str:
        return spoken.choice(change.action, change.get_action_display())

    @admin.display(description=gettext_lazy("性质"), ordering="nature")
    def nature_zh(self, change: Change) -> str:
        return spoken.code(Nature(change.nature))

    @admin.display(description=gettext_lazy("改动"))
    def changed(self, change: Change) -> str:
        return _("、").join(change.changed_fields[:6]) + ("…" if len(change.changed_fields) > 6 else "")


class JobAdmin(ReadOnly):
    """Long work: how far it is, what it said, and a button to stop it."""

    list_display = ("name", "state_mark", "progress", "actor", "created_at", "finished_at", "last_word", "stop")
    list_display_links = None
    list_filter = (("state", ChoiceFilter), "name")
    fields = ("name", "arguments", "state_mark", "actor", "created_at", "started_at", "finished_at", "leased_until",
              "attempts", "done", "total", "cursor", "message")  # fmt: skip
    readonly_fields = fields
    list_select_related = ("actor",)
    show_full_result_count = False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return isinstance(request.user, User) and roles.may_review(request.user)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        return Job.objects.all()

    @admin.display(description=gettext_lazy("状态"), ordering="state")
    def state_mark(self, job: Job) -> SafeString:
        said = spoken.choice(job.state, job.get_state_display())
        return format_html('<span class="chip {}">{}</span>', job.state, said)

    @admin.display(description=gettext_lazy("进度"))
    def progress(self, job: Job) -> SafeString:
        if not job.total:
            return format_html("{}", job.done or "—")
        return format_html('<progress value="{}" max="{}"></progress> <span class="number">{} / {}</span>',
                           job.done, job.total, job.done, job.total)  # fmt: skip

    @admin.display(description=gettext_lazy("消息"))
    def last_word(self, job: Job) -> str:
        return spoken.told(job.message)[:120]

    @admin.display(description="")
    def stop(self, job: Job) -> SafeString | str:
        if job.state not in (Job.State.WAITING, Job.State.RUNNING) or job.cancel_requested:
            return _("正在取消") if job.cancel_requested and job.state == Job.State.RUNNING else ""
        url = reverse("admin:tracker_job_cancel", args=[job.pk])
        return format_html('<button class="quiet" formaction="{}" formmethod="post">{}</button>', url, _("取消"))

    def get_urls(self) -> list[URLPattern]:
        cancel = path("<int:pk>/cancel/", self.admin_site.admin_view(self.cancel_view), name="tracker_job_cancel")
        return [cancel, *super().get_urls()]

    def cancel_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask a job to stop; it does so at its next step."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        job = Job.objects.filter(pk=pk).first()
        if job is None:
            raise Http404("没有这项任务")
        try:
            services.cancel(actor=actor(request), job=job, now=timezone.now())
            messages.success(request, _("已请任务停下。"))
        except TrackerError as error:
            say(request, error)
        return HttpResponseRedirect(reverse("admin:tracker_job_changelist"))
