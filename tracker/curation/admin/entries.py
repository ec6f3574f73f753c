"""Entries of every kind: searchable lists, and a page that is read-only; changing is proposing."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode

from tracker.accounts import roles
from tracker.curation import proposals
from tracker.search import index
from tracker.values import edtf
from tracker.values.folding import fold

from .access import ReadOnly, actor
from .filters import CategoryFilter, PlaceFilter, StateFilter, StatusFilter, kind_of
from .shown import entry_context, status_label


class EntryAdmin(ReadOnly):
    """One kind of entry, by its own table."""

    list_display = ("name", "key", "category", "status", "date", "verified")
    list_filter = (PlaceFilter, CategoryFilter, StatusFilter, StateFilter)
    list_select_related = ("entry", "entry__category")
    search_fields = ("entry__name",)  # draws the box; get_search_results looks into the index
    search_help_text = "名称、别名、拼音或首字母；也可写键"
    show_full_result_count = False
    list_per_page = 50
    ordering = ("-entry__updated_at", "entry__key")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(entry__kind=kind_of(self.model).name)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any],
                           search_term: str) -> tuple[QuerySet[Any], bool]:  # fmt: skip
        if not search_term.strip():
            return queryset, False
        named = Q(entry__key__contains=search_term.strip().lower()) | Q(entry__name_folded__contains=fold(search_term))
        return queryset.filter(Q(entry__in=index.matching(search_term)) | named), False

    @admin.display(description="名称", ordering="entry__name_folded")
    def name(self, row: Any) -> str:
        return str(row.entry.name)

    @admin.display(description="键", ordering="entry__key")
    def key(self, row: Any) -> str:
        return str(row.entry.key)

    @admin.display(description="类别", ordering="entry__category__name")
    def category(self, row: Any) -> str:
        return str(row.entry.category or "—")

    @admin.display(description="状态", ordering="entry__status")
    def status(self, row: Any) -> str:
        return status_label(row.entry)

    @admin.display(description="日期", ordering="entry__date_sort")
    def date(self, row: Any) -> str:
        return edtf.in_chinese(row.entry.date) if row.entry.date else "—"

    @admin.display(description="核实于", ordering="entry__verified_at")
    def verified(self, row: Any) -> Any:
        return row.entry.verified_at and row.entry.verified_at.date()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return roles.may_propose(actor(request))

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        query = urlencode({"kind": kind_of(self.model).name})
        return HttpResponseRedirect(f"{reverse('admin:tracker_proposal_add')}?{query}")

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "",
                    extra_context: Any = None) -> HttpResponse:  # fmt: skip
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404("没有这个条目")
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": str(row.entry),
                   **entry_context(row.entry), "may_propose": roles.may_propose(actor(request))}  # fmt: skip
        context["proposals"] = proposals.visible_to(actor(request)).filter(
            kind=row.entry.kind, key=row.entry.key, state__in=proposals.OPEN
        ).select_related("author")  # fmt: skip
        return TemplateResponse(request, "admin/curation/entry.html", context)
