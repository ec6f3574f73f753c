"""The webhooks of all partners: editors look, the chief editor blocks; their owners keep them on pages of their own."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.accounts import roles
from tracker.accounts.models import User
from tracker.curation import spoken
from tracker.delivery.interest import FILTERS
from tracker.delivery.webhooks import stopping
from tracker.delivery.webhooks.models import Webhook, WebhookAttempt, WebhookDelivery, WebhookNotice
from tracker.entries import kinds
from tracker.values.codes import BilingualChoices
from tracker.values.errors import TrackerError

from .access import ReadOnly, actor
from .filters import ChoiceFilter
from .reviewing import say


class _ForEditors(ReadOnly):
    show_full_result_count = False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return isinstance(request.user, User) and roles.may_review(request.user)


class _Rows(admin.TabularInline):  # type: ignore[type-arg]
    """Rows below a page, to look at."""

    extra = 0
    can_delete = False
    show_change_link = False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return isinstance(request.user, User) and roles.may_review(request.user)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class NoticeRows(_Rows):
    model = WebhookNotice
    fields = ("recorded_at", "code", "reason")


class AttemptRows(_Rows):
    model = WebhookAttempt
    fields = ("began_at", "status", "milliseconds", "trouble", "detail", "answer")


class _Reason(ActionForm):
    reason = forms.CharField(label=gettext_lazy("理由"), required=False, max_length=300)


def _chip(code: BilingualChoices) -> SafeString:
    return format_html('<span class="chip {}">{}</span>', code.value, spoken.code(code))


class WebhookAdmin(_ForEditors):
    """Webhooks with their owners and how they fare. A secret is nowhere to be seen."""

    list_display = ("name", "holder", "url", "scope", "state_mark", "waiting", "given_up", "failing_since")
    list_filter = (("state", ChoiceFilter),)
    list_select_related = ("owner",)
    list_per_page = 50
    search_fields = ("key", "name", "url", "owner__username")
    actions = ("block", "unblock")
    action_form = _Reason
    fields = ("key", "name", "holder", "url", "scope", "include_document", "state_mark", "after", "stopped_after",
              "created_at", "former_until", "failing_since", "failures", "resting_until")  # fmt: skip
    readonly_fields = fields
    inlines = (NoticeRows,)

    def has_block_permission(self, request: HttpRequest) -> bool:
        return roles.may_force(actor(request))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Webhook]:
        state = WebhookDelivery.State
        return Webhook.objects.annotate(
            waiting_count=Count("deliveries", filter=Q(deliveries__state=state.PENDING)),
            given_up_count=Count("deliveries", filter=Q(deliveries__state=state.FAILED)),
        )

    @admin.display(description=gettext_lazy("所有者"), ordering="owner")
    def holder(self, webhook: Webhook) -> str:
        return webhook.owner.display_name or webhook.owner.username

    @admin.display(description=gettext_lazy("订阅范围"))
    def scope(self, webhook: Webhook) -> str:
        asked = [(name, webhook.interest[name]) for name in FILTERS if name in webhook.interest]
        return _("；").join(_("、").join(_said(name, value) for value in values) for name, values in asked) or _("全部")

    @admin.display(description=gettext_lazy("状态"), ordering="state")
    def state_mark(self, webhook: Webhook) -> SafeString:
        return _chip(Webhook.State(webhook.state))

    @admin.display(description=gettext_lazy("待投递"), ordering="waiting_count")
    def waiting(self, webhook: Webhook) -> int:
        return int(getattr(webhook, "waiting_count", 0))

    @admin.display(description=gettext_lazy("已放弃"), ordering="given_up_count")
    def given_up(self, webhook: Webhook) -> int:
        return int(getattr(webhook, "given_up_count", 0))

    @admin.action(description=gettext_lazy("停用所选（须写理由）"), permissions=["block"])
    def block(self, request: HttpRequest, queryset: QuerySet[Webhook]) -> None:
        """Nothing more is listed or sent; their owners read the reason and cannot resume them."""
        reason = request.POST.get("reason", "")
        _each(request, queryset, lambda webhook: stopping.block(
            actor=actor(request), webhook=webhook, reason=reason, now=timezone.now()),
            _("已停用 %(count)s 个订阅。"))  # fmt: skip

    @admin.action(description=gettext_lazy("解除停用"), permissions=["block"])
    def unblock(self, request: HttpRequest, queryset: QuerySet[Webhook]) -> None:
        """They are their owners' again, paused."""
        _each(request, queryset, lambda webhook: stopping.unblock(
            actor=actor(request), webhook=webhook, now=timezone.now()), _("已解除停用 %(count)s 个订阅。"))  # fmt: skip


def _said(name: str, value: str) -> str:
    return spoken.kind_name(kinds.get(value)) if name == "kind" and kinds.known(value) else value


def _each(request: HttpRequest, queryset: QuerySet[Webhook], move: Callable[[Webhook], None], done: str) -> None:
    moved = 0
    for webhook in queryset:
        try:
            move(webhook)
        except TrackerError as error:
            say(request, error)
        else:
            moved += 1
    if moved:
        messages.success(request, done % {"count": moved})


class WebhookDeliveryAdmin(_ForEditors):
    """The log: every delivery, newest first, with its attempts."""

    list_display = ("message", "webhook", "type", "change", "state_mark", "tries", "created_at", "next_attempt",
                    "ended_at")  # fmt: skip
    list_filter = (("state", ChoiceFilter), "type")
    list_select_related = ("webhook", "change")
    list_per_page = 100
    ordering = ("-id",)
    search_fields = ("message", "webhook__key")
    fields = ("message", "webhook", "type", "change", "state_mark", "tries", "created_at", "next_attempt", "ended_at")
    readonly_fields = fields
    inlines = (AttemptRows,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[WebhookDelivery]:
        return WebhookDelivery.objects.all()

    @admin.display(description=gettext_lazy("状态"), ordering="state")
    def state_mark(self, delivery: WebhookDelivery) -> SafeString:
        return _chip(WebhookDelivery.State(delivery.state))

    @admin.display(description=gettext_lazy("下次尝试"), ordering="due_at")
    def next_attempt(self, delivery: WebhookDelivery) -> str:
        pending = delivery.state == WebhookDelivery.State.PENDING
        return date_format(timezone.localtime(delivery.due_at), "DATETIME_FORMAT") if pending else "—"
