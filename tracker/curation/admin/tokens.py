"""The tokens of all partners, to look at and to revoke; their holders make them on pages of their own."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import Model, QuerySet, Sum
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.accounts import roles, tokens
from tracker.accounts.models import ApiToken, Scope, User
from tracker.curation import spoken
from tracker.entries import kinds

from .access import ReadOnly, actor


class TokenAdmin(ReadOnly):
    """Tokens with their holders, limits and use. A secret is nowhere to be seen."""

    list_display = ("prefix", "name", "holder", "scopes_zh", "limits", "state_mark", "last_used_at", "requests",
                    "expires_at")  # fmt: skip
    list_select_related = ("owner",)
    search_fields = ("prefix", "name", "owner__username")
    show_full_result_count = False
    list_per_page = 50
    actions = ("revoke",)
    fields = ("prefix", "name", "holder", "scopes_zh", "limits", "state_mark", "created_at", "expires_at",
              "last_used_at", "former_until", "revoked_at", "revoked_by")  # fmt: skip
    readonly_fields = fields

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return isinstance(request.user, User) and roles.may_review(request.user)

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return roles.may_review(actor(request))

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiToken]:
        return ApiToken.objects.annotate(requests=Sum("usage__requests"))

    @admin.display(description=gettext_lazy("持有人"), ordering="owner")
    def holder(self, token: ApiToken) -> str:
        return token.owner.display_name or token.owner.username

    @admin.display(description=gettext_lazy("权限"))
    def scopes_zh(self, token: ApiToken) -> str:
        return _("、").join(spoken.code(scope) for scope in Scope if token.has_scope(scope))

    @admin.display(description=gettext_lazy("限于"))
    def limits(self, token: ApiToken) -> str:
        return _("、").join([*(spoken.kind_name(kinds.get(kind)) for kind in token.kinds), *token.places]) or _("不限")

    @admin.display(description=gettext_lazy("状态"))
    def state_mark(self, token: ApiToken) -> SafeString:
        state = token.state(timezone.now())
        return format_html('<span class="chip {}">{}</span>', state.value, spoken.code(state))

    @admin.display(description=gettext_lazy("请求"), ordering="requests")
    def requests(self, token: ApiToken) -> int:
        return getattr(token, "requests", 0) or 0

    @admin.action(description=gettext_lazy("撤销所选"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> None:
        """They end at once, and for ever."""
        for token in queryset:
            tokens.revoke(actor=actor(request), token=token, now=timezone.now())
        messages.success(request, _("已撤销 %(count)s 个令牌。") % {"count": len(queryset)})
