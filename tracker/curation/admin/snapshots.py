"""Snapshots of all public data: which there are, and a button that asks for one."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.accounts import roles
from tracker.delivery.snapshots import ordering
from tracker.delivery.snapshots.models import Snapshot
from tracker.delivery.snapshots.plan import SNAPSHOT

from .access import ReadOnly, actor


class SnapshotAdmin(ReadOnly):
    """Newest first; how far one in the making is stands among the jobs."""

    list_display = ("number", "seq", "made_at", "documents", "readable_size", "files")
    list_display_links = None
    show_full_result_count = False
    ordering = ("-number",)
    change_list_template = "admin/curation/snapshots.html"

    @admin.display(description=gettext_lazy("大小"))
    def readable_size(self, snapshot: Snapshot) -> str:
        return filesizeformat(snapshot.size)

    @admin.display(description=gettext_lazy("文件"))
    def files(self, snapshot: Snapshot) -> SafeString | str:
        if snapshot.dropped_at:
            return str(_("已清除"))
        return format_html('<a href="{}">{}</a>', snapshot.contents["url"],
                           _("%(count)s 个文件") % {"count": len(snapshot.contents["files"])})  # fmt: skip

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        jobs = f"{reverse('admin:tracker_job_changelist')}?name={SNAPSHOT}"
        context = {"may_order": roles.may_review(actor(request)), "jobs_url": jobs, **(extra_context or {})}
        return super().changelist_view(request, context)

    def get_urls(self) -> list[URLPattern]:
        order = path("order/", self.admin_site.admin_view(self.order_view), name="tracker_snapshot_order")
        return [order, *super().get_urls()]

    def order_view(self, request: HttpRequest) -> HttpResponse:
        """Ask for a snapshot; a worker makes it."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not roles.may_review(actor(request)):
            raise PermissionDenied
        job = ordering.order(actor=actor(request), now=timezone.now())
        messages.success(request, _("快照已在制作，见任务 %(job)s；完成后列在这里。") % {"job": job.pk})
        return HttpResponseRedirect(reverse("admin:tracker_snapshot_changelist"))
