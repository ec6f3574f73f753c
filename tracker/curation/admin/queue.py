"""The queue of proposals, and the addresses of everything one can do with them."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Max, Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.accounts import roles
from tracker.accounts.models import User
from tracker.curation import proposals, spoken
from tracker.curation.models import Proposal
from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.values.codes import Nature

from . import editing, removing, reviewing, rewriting, suggesting, together
from .access import ReadOnly, actor
from .filters import KindFilter


class OpenFilter(admin.SimpleListFilter):
    """The queue shows what still moves, unless asked otherwise."""

    title = gettext_lazy("状态")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        states = [(value, together.state_label(value)) for value in Proposal.State.values]
        return [("all", _("全部")), ("stale", _("底本已变")), *states]

    def choices(self, changelist: Any) -> Any:
        first, *rest = super().choices(changelist)
        yield {**first, "display": _("未了")}
        yield from rest

    def queryset(self, request: HttpRequest, queryset: QuerySet[Proposal]) -> QuerySet[Proposal]:
        match self.value():
            case "all":
                return queryset
            case "stale":
                return proposals.stale(queryset)
            case None:
                return queryset.filter(state__in=proposals.OPEN)
            case state:
                return queryset.filter(state=state)


class AuthorFilter(admin.SimpleListFilter):
    title = gettext_lazy("作者")
    parameter_name = "author"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        authors = User.objects.filter(proposals__isnull=False).distinct().order_by("username")
        named = [(str(author.pk), author.display_name or author.username) for author in authors[:50]]
        return [("me", _("我自己")), *named]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Proposal]) -> QuerySet[Proposal]:
        if self.value() == "me":
            return queryset.filter(author=actor(request))
        chosen = self.value() or ""
        return queryset.filter(author_id=int(chosen)) if chosen.isdigit() else queryset


class BatchFilter(admin.SimpleListFilter):
    """The newest batches, and the one that is asked for; all of them have a page of their own."""

    title = gettext_lazy("批次")
    parameter_name = "batch"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        named = proposals.visible_to(actor(request)).exclude(batch="").order_by().values("batch")
        newest = named.annotate(last=Max("pk")).order_by("-last").values_list("batch", flat=True)[:10]
        return [(name, name) for name in dict.fromkeys((*filter(None, [request.GET.get("batch")]), *newest))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Proposal]) -> QuerySet[Proposal]:
        return queryset.filter(batch=self.value()) if self.value() else queryset


class ProposalAdmin(ReadOnly):
    """Proposals: a queue to work down, a page each to decide on."""

    list_display = ("what", "kind_zh", "action_zh", "state_mark", "writer", "nature_zh", "reason", "created_at")
    list_filter = (OpenFilter, KindFilter, AuthorFilter, BatchFilter)
    list_select_related = ("author",)
    search_fields = ("key", "reason", "batch")
    show_full_result_count = False
    list_per_page = 50
    actions = ("review_all",)
    change_list_template = "admin/curation/proposals.html"

    # --- who

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        if not isinstance(request.user, User) or not roles.may_propose(request.user):
            return False
        return obj is None or proposals.visible_to(request.user).filter(pk=obj.pk).exists()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return isinstance(request.user, User) and roles.may_propose(request.user)

    def has_review_permission(self, request: HttpRequest) -> bool:
        return roles.may_review(actor(request))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Proposal]:
        return proposals.with_live_revision(proposals.visible_to(actor(request)))

    # --- the list

    @admin.display(description=gettext_lazy("条目"))
    def what(self, proposal: Proposal) -> str:
        return proposals.name_of(proposal)

    @admin.display(description=gettext_lazy("种类"), ordering="kind")
    def kind_zh(self, proposal: Proposal) -> str:
        return spoken.kind_name(kinds.get(proposal.kind))

    @admin.display(description=gettext_lazy("动作"), ordering="action")
    def action_zh(self, proposal: Proposal) -> str:
        return together.action_label(proposal)

    @admin.display(description=gettext_lazy("状态"), ordering="state")
    def state_mark(self, proposal: Proposal) -> SafeString:
        changed = proposal.state in proposals.OPEN and getattr(proposal, "live_revision", 0) != proposal.base_revision
        stale = format_html(' <span class="chip stale" title="{}">{}</span>', _("提出之后，条目已另有改动"),
                            _("底本已变"))  # fmt: skip
        return format_html('<span class="chip {}">{}</span>{}', proposal.state, together.state_label(proposal.state),
                           stale if changed else "")  # fmt: skip

    @admin.display(description=gettext_lazy("作者"), ordering="author")
    def writer(self, proposal: Proposal) -> str:
        return (proposal.author.display_name or proposal.author.username) if proposal.author else str(_("按规则"))

    @admin.display(description=gettext_lazy("性质"), ordering="nature")
    def nature_zh(self, proposal: Proposal) -> str:
        return spoken.code(Nature(proposal.nature))

    @admin.action(description=gettext_lazy("一起审阅所选"), permissions=["review"])
    def review_all(self, request: HttpRequest, queryset: QuerySet[Proposal]) -> HttpResponse | None:
        """All that were chosen on one page, to be decided on in one click."""
        if together.too_many(request, queryset):
            return None
        ids = ",".join(str(pk) for pk in queryset.order_by("pk").values_list("pk", flat=True))
        return HttpResponseRedirect(f"{reverse('admin:tracker_proposal_together')}?ids={ids}")

    # --- the addresses

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("suggest/", self._wrapped(self.suggest_view), name="tracker_proposal_suggest"),
            path("date/", self._wrapped(self.date_view), name="tracker_proposal_date"),
            path("change/<slug:kind>/<slug:key>/", self._wrapped(self.propose_view), name="tracker_proposal_propose"),
            *(path(f"{action}/<slug:kind>/<slug:key>/", self._wrapped(partial(self.remove_view, action=action)),
                   name=f"tracker_proposal_{action}")
              for action in (Proposal.Action.WITHDRAW.value, Proposal.Action.MERGE.value)),
            path("together/", self._wrapped(self.together_view), name="tracker_proposal_together"),
            path("<int:pk>/rebase/", self._wrapped(self.rebase_view), name="tracker_proposal_rebase"),
            path("<int:pk>/edit/", self._wrapped(self.edit_view), name="tracker_proposal_edit"),
            path("<int:pk>/move/", self._wrapped(self.move_view), name="tracker_proposal_move"),
        ]  # fmt: skip
        return [*own, *super().get_urls()]

    def _wrapped(self, view: Any) -> Any:
        return self.admin_site.admin_view(view)

    def _context(self, request: HttpRequest) -> Json:
        return {**self.admin_site.each_context(request), "opts": self.opts,
                "suggest_url": reverse("admin:tracker_proposal_suggest"),
                "date_url": reverse("admin:tracker_proposal_date")}  # fmt: skip

    def _proposal(self, request: HttpRequest, pk: int | str) -> Proposal:
        seen = proposals.visible_to(actor(request))
        found = seen.select_related("author", "approver", "proposal_set", "superseded_by").filter(pk=pk).first()
        if found is None:
            raise Http404("没有这份提案")
        return found

    def _refuse_reader(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def suggest_view(self, request: HttpRequest) -> JsonResponse:
        self._refuse_reader(request)
        return suggesting.entries(request)

    def date_view(self, request: HttpRequest) -> JsonResponse:
        self._refuse_reader(request)
        return suggesting.date(request)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        return editing.new_entry(request, self._context(request))

    def propose_view(self, request: HttpRequest, kind: str, key: str) -> HttpResponse:
        return editing.change_entry(request, self._context(request), kind, key)

    def remove_view(self, request: HttpRequest, kind: str, key: str, action: str) -> HttpResponse:
        return removing.remove(request, self._context(request), kind, key, action)

    def edit_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self._refuse_reader(request)
        return editing.edit_proposal(request, self._context(request), self._proposal(request, pk))

    def move_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self._refuse_reader(request)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        return reviewing.move(request, self._proposal(request, pk))

    def together_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_review_permission(request):
            raise PermissionDenied
        return reviewing.many(request, self._context(request))

    def rebase_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self._refuse_reader(request)
        return rewriting.page(request, self._context(request), self._proposal(request, pk))

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "",
                    extra_context: Any = None) -> HttpResponse:  # fmt: skip
        self._refuse_reader(request)
        if not object_id.isdigit():
            raise Http404("没有这份提案")
        return reviewing.page(request, self._context(request), self._proposal(request, object_id))
