"""The admin site: its name, and a front page that begins with the work that waits."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import translation
from django.utils.translation import gettext_lazy

from tracker.accounts import roles
from tracker.accounts.models import User
from tracker.curation import proposals, spoken
from tracker.curation.models import Proposal
from tracker.entries import kinds
from tracker.entries.models import Revision

from . import access, tasks

FIRST = 12


class EditorsSite(admin.AdminSite):
    site_header = gettext_lazy("中国人工智能政策与园区追踪 · 编辑部")
    site_title = gettext_lazy("编辑部")
    index_title = gettext_lazy("首页")
    index_template = "admin/curation/index.html"
    enable_nav_sidebar = False

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Every page of the admin, in English for who has chosen it; its addresses do not say the language."""
        wrapped = super().admin_view(view, cacheable)

        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) == "en":
                translation.activate("en")
            return wrapped(request, *args, **kwargs)

        return answer

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff with a role; an account without one has nothing to do here."""
        return bool(super().has_permission(request)) and isinstance(request.user, User) and roles.may_look(request.user)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().each_context(request)
        context["english"] = spoken.english()
        if isinstance(request.user, User) and context["has_permission"]:
            role = roles.role_of(request.user)
            context["role"] = spoken.said(*roles.LABELS[role]) if role else ""
            context["limited_to"] = access.limited_to(request.user)
            context["may_propose"] = roles.may_propose(request.user)
        return context

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        assert isinstance(request.user, User)
        seen = proposals.visible_to(request.user).select_related("author")
        waiting = seen.filter(state__in=(Proposal.State.IN_REVIEW, Proposal.State.APPROVED)).order_by("id")
        own = seen.filter(author=request.user, state__in=proposals.EDITABLE).order_by("-id")
        context = {"work": tasks.summary(request.user),
                   "waiting": named(waiting[:FIRST]), "waiting_count": waiting.count(), "own": named(own[:FIRST]),
                   "recent": Revision.objects.select_related("entry", "actor").order_by("-id")[:FIRST],
                   "may_review": roles.may_review(request.user)}  # fmt: skip
        return super().index(request, {**context, **(extra_context or {})})


def named(found: Any) -> list[tuple[Proposal, str, str]]:
    """Proposals with the name of their kind and of their entry."""
    rows = []
    for proposal in found:
        kind = kinds.get(proposal.kind)
        rows.append((proposal, spoken.kind_name(kind), proposals.name_of(proposal)))
    return rows
