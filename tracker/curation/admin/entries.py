"""Entries of every kind: searchable lists, and a page that is read-only; changing is proposing."""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.accounts import roles
from tracker.curation import limits, proposals, spoken
from tracker.curation.importing import exporting
from tracker.entries.kinds import Kind
from tracker.entries.models import Entry
from tracker.search import index
from tracker.values.folding import fold

from . import together
from .access import ReadOnly, actor, limited_to, may_add
from .filters import CategoryFilter, PlaceFilter, StateFilter, StatusFilter, kind_of
from .shown import entry_context, status_label


class EntryAdmin(ReadOnly):
    """One kind of entry, by its own table."""

    list_display = ("name", "key", "category", "status", "date", "verified")
    list_filter = (PlaceFilter, CategoryFilter, StatusFilter, StateFilter)
    list_select_related = ("entry", "entry__category")
    search_fields = ("entry__name",)  # draws the box; get_search_results looks into the index
    search_help_text = gettext_lazy("名称、别名、拼音或首字母；也可写键")
    show_full_result_count = False
    list_per_page = 50
    ordering = ("-entry__updated_at", "entry__key")
    change_list_template = "admin/curation/entries.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(entry__kind=kind_of(self.model).name)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any],
                           search_term: str) -> tuple[QuerySet[Any], bool]:  # fmt: skip
        if not search_term.strip():
            return queryset, False
        named = Q(entry__key__contains=search_term.strip().lower()) | Q(entry__name_folded__contains=fold(search_term))
        return queryset.filter(Q(entry__in=index.matching(search_term)) | named), False

    @admin.display(description=gettext_lazy("名称"), ordering="entry__name_folded")
    def name(self, row: Any) -> str:
        return str(row.entry.name)

    @admin.display(description=gettext_lazy("键"), ordering="entry__key")
    def key(self, row: Any) -> str:
        return str(row.entry.key)

    @admin.display(description=gettext_lazy("类别"), ordering="entry__category__name")
    def category(self, row: Any) -> str:
        return str(row.entry.category or "—")

    @admin.display(description=gettext_lazy("状态"), ordering="entry__status")
    def status(self, row: Any) -> str:
        return status_label(row.entry)

    @admin.display(description=gettext_lazy("日期"), ordering="entry__date_sort")
    def date(self, row: Any) -> str:
        return spoken.date(row.entry.date) if row.entry.date else "—"

    @admin.display(description=gettext_lazy("核实于"), ordering="entry__verified_at")
    def verified(self, row: Any) -> Any:
        return row.entry.verified_at and row.entry.verified_at.date()

    # --- many at once

    actions = ("confirm",)

    def has_propose_permission(self, request: HttpRequest) -> bool:
        return roles.may_propose(actor(request))

    @admin.action(description=gettext_lazy("核实所选：仍属实"), permissions=["propose"])
    def confirm(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        """Say of all that were chosen that they were checked and are still true."""
        if together.too_many(request, queryset):
            return None
        ids = ",".join(str(pk) for pk in queryset.values_list("entry_id", flat=True))
        return HttpResponseRedirect(f"{reverse('admin:tracker_proposalset_confirm')}?ids={ids}")

    # --- the list as a file

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        url = reverse(f"admin:{name}", args=["csv"]).removesuffix("csv/")
        context = {"export_url": url, "export_formats": list(exporting.MEDIA), "kind_name": kind_of(self.model).name,
                   "may_propose": roles.may_propose(actor(request)), "beyond": self._beyond(request)}  # fmt: skip
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def _beyond(self, request: HttpRequest) -> str:
        """What of the list is not for this person to change."""
        user = actor(request)
        if user.kinds and roles.is_limited(user) and kind_of(self.model).name not in user.kinds:
            return _("您只管 %(limits)s；这里的只供查看。") % {"limits": limited_to(user)}
        if not limited_to(user):
            return ""
        return _("您只管 %(limits)s；其余只供查看。") % {"limits": limited_to(user)}

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        export = path("export/<slug:format_>/", self.admin_site.admin_view(self.export_view), name=name)
        return [export, *super().get_urls()]

    def export_view(self, request: HttpRequest, format_: str) -> HttpResponseBase:
        """The entries of the list, as filtered and searched, in a file that can be imported again."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if format_ not in exporting.MEDIA:
            raise Http404("没有这种格式")
        try:
            listed = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(f"{request.path}?e=1")
        entries = Entry.objects.filter(pk__in=listed.order_by().values("entry_id"))
        return exported(kind_of(self.model), format_, entries)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_add(actor(request), kind_of(self.model).name)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not roles.may_propose(actor(request)):
            raise PermissionDenied
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
                   **entry_context(row.entry)}  # fmt: skip
        beyond = spoken.told(limits.why_not(actor(request), [row.entry]).get(0, ""))
        context |= {"beyond": beyond, "may_propose": roles.may_propose(actor(request)) and not beyond}
        waiting = proposals.visible_to(actor(request)).filter(
            kind=row.entry.kind, key=row.entry.key, state__in=proposals.OPEN
        )
        context["proposals"] = [(one, together.action_label(one)) for one in waiting.select_related("author")]
        return TemplateResponse(request, "admin/curation/entry.html", context)


_TEXTS = {"csv": exporting.as_csv, "jsonl": exporting.as_json_lines, "geojson": exporting.as_geojson}


def exported(kind: Kind, format_: str, entries: QuerySet[Entry]) -> HttpResponseBase:
    """The download of some entries as editors take them away."""
    said = exporting.payloads(entries)
    answer: HttpResponseBase
    if format_ == "xlsx":
        file = TemporaryFile()  # noqa: SIM115 - the response closes it
        exporting.write_xlsx(file, kind, said)
        file.seek(0)
        answer = FileResponse(file, content_type=exporting.MEDIA[format_])
    else:
        answer = StreamingHttpResponse(
            _TEXTS[format_](kind, said), content_type=f"{exporting.MEDIA[format_]}; charset=utf-8"
        )
    answer["Content-Disposition"] = f'attachment; filename="{kind.plural}-editing.{format_}"'
    return answer
