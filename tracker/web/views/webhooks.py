"""Pages for people with a login: their webhooks, what is delivered to them, and what can be done with one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from tracker.accounts import roles
from tracker.accounts.models import User
from tracker.delivery.interest import Interest
from tracker.delivery.webhooks import redelivery, subscribing
from tracker.delivery.webhooks.models import Webhook, WebhookAttempt, WebhookDelivery, WebhookNotice
from tracker.delivery.webhooks.trouble import Trouble
from tracker.entries import kinds
from tracker.entries.models import Entry
from tracker.rest import keyset
from tracker.values.codes import BilingualChoices, Nature
from tracker.values.errors import Invalid, TrackerError
from tracker.web import paging, parameters
from tracker.web.language import label, listed, many, spoken
from tracker.web.webhook_form import RedeliveryForm, SecretForm, WebhookForm

from .member import member_page, move_of, person, reason, said
from .page import public_page

_TONES = {
    Webhook.State.ACTIVE: "in_force", Webhook.State.PAUSED: "not_yet", WebhookDelivery.State.PENDING: "not_yet",
    WebhookDelivery.State.DELIVERED: "in_force",
}  # fmt: skip
"""The look of a status; what is not here has ended."""


@dataclass(frozen=True)
class Shown:
    """A webhook as the pages show it."""

    webhook: Webhook
    state: BilingualChoices
    interest: list[str]
    """One line for each filter; empty: everything."""

    @property
    def tone(self) -> str:
        return _TONES.get(Webhook.State(self.webhook.state), "ended")

    @property
    def may_resume(self) -> bool:
        return self.webhook.state in subscribing.RESUMABLE

    @property
    def is_blocked(self) -> bool:
        return self.webhook.state == Webhook.State.BLOCKED


@dataclass(frozen=True)
class Line:
    """A delivery as a line of the log."""

    delivery: WebhookDelivery
    state: BilingualChoices
    what: str
    result: str

    @property
    def tone(self) -> str:
        return _TONES.get(WebhookDelivery.State(self.delivery.state), "ended")


def _shown(found: list[Webhook]) -> list[Shown]:
    keys = {key for webhook in found for key in Interest.recall(webhook.interest).places}
    rows = Entry.objects.filter(kind="place", key__in=keys).values_list("key", "name", "name_en") if keys else ()
    names = {key: spoken(name, name_en).text for key, name, name_en in rows}
    return [Shown(webhook, Webhook.State(webhook.state), _lines(Interest.recall(webhook.interest), names))
            for webhook in found]  # fmt: skip


def _lines(interest: Interest, names: dict[str, str]) -> list[str]:
    found = [
        [names.get(key, key) for key in interest.places],
        [many(kinds.get(kind)) for kind in interest.kinds if kinds.known(kind)],
        [label(Nature(nature)) for nature in interest.natures],
        list(interest.fields),
    ]
    return [listed(words) for words in found if words]


def _line(delivery: WebhookDelivery) -> Line:
    """Reads ``change``, its entry and ``attempts``."""
    change = delivery.change
    what = f"{label(kinds.get(change.kind))} {spoken(change.entry.name, change.entry.name_en).text}" if change else ""
    attempts = list(delivery.attempts.all())
    return Line(delivery, WebhookDelivery.State(delivery.state), what, result_of(attempts[-1]) if attempts else "")


def result_of(attempt: WebhookAttempt) -> str:
    """How an attempt ended, in a word: the status, or why there is none."""
    words = label(Trouble(attempt.trouble)) if attempt.trouble and not attempt.status else ""
    return words or str(attempt.status)


# --- the list -------------------------------------------------------------------------------------------------------


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def webhook_list(request: HttpRequest) -> HttpResponse:
    """One's webhooks; posting makes another, whose secret is in the answer and nowhere else."""
    user = person(request)
    form = WebhookForm(request.POST if request.method == "POST" else None)
    issued = None
    if form.is_bound and form.is_valid():
        try:
            issued = subscribing.create(actor=user, wish=form.wish, now=timezone.now())
        except TrackerError as error:
            form.blame(error)
        else:
            form = WebhookForm()
    context = {"webhooks": _shown(list(_own(user))), "form": form, "issued": issued,
               "may_make": roles.role_of(user) is not None}  # fmt: skip
    return render(request, "web/account/webhooks.html", context, status=400 if form.errors else 200)


# --- one ------------------------------------------------------------------------------------------------------------


@member_page
@public_page
def webhook_page(request: HttpRequest, key: str) -> HttpResponse:
    return _webhook_page(request, _one(request, key))


def _webhook_page(request: HttpRequest, webhook: Webhook, **more: Any) -> HttpResponse:
    """The page with the forms as they were filled in, and what came of them."""
    asked = request.GET if request.method in ("GET", "HEAD") else QueryDict()
    chosen = parameters.one_of(asked, "state", WebhookDelivery.State.values)
    found = _log(webhook).filter(state=chosen) if chosen else _log(webhook)
    here = reverse("webhook", args=[webhook.key])
    page = paging.page(found, [keyset.Column("id", descending=True)], asked, here)
    [shown] = _shown([webhook])
    context = {
        "shown": shown, "form": WebhookForm.of(webhook), "secret_form": SecretForm(),
        "redelivery_form": RedeliveryForm(initial={"after": webhook.stopped_after or webhook.after}),
        "lines": [_line(delivery) for delivery in page.rows], **page.links,
        "states": [(state.value, label(state), state.value == chosen) for state in WebhookDelivery.State],
        "chosen": chosen, "notices": _notices(webhook), "now": timezone.now(), "here": here, **more,
    }  # fmt: skip
    wrong = "trouble" in more or any(isinstance(form, Form) and form.errors for form in more.values())
    return render(request, "web/account/webhook.html", context, status=400 if wrong else 200)


def _notices(webhook: Webhook) -> list[tuple[WebhookNotice, str]]:
    return [(notice, label(WebhookNotice.Code(notice.code))) for notice in webhook.notices.all()]


@member_page
@move_of("webhook")
def change(request: HttpRequest, key: str) -> HttpResponse:
    webhook, form = _one(request, key), WebhookForm(request.POST)
    if form.is_valid():
        try:
            subscribing.change(actor=person(request), webhook=webhook, wish=form.wish)
        except TrackerError as error:
            form.blame(error)
        else:
            return redirect("webhook", key=key)
    return _webhook_page(request, webhook, form=form)


@member_page
@move_of("webhook")
def rotate_secret(request: HttpRequest, key: str) -> HttpResponse:
    """Give it a new secret, which is in the answer and nowhere else."""
    webhook, form = _one(request, key), SecretForm(request.POST)
    if not form.is_valid():
        return _webhook_page(request, webhook, secret_form=form)
    issued = subscribing.rotate_secret(actor=person(request), webhook=webhook, now=timezone.now(), overlap=form.span)
    return _webhook_page(request, issued.webhook, issued=issued)


@member_page
@move_of("webhook")
def redeliver_since(request: HttpRequest, key: str) -> HttpResponse:
    webhook, form = _one(request, key), RedeliveryForm(request.POST)
    if form.is_valid():
        try:
            job = redelivery.since(actor=person(request), webhook=webhook, after=form.cleaned_data["after"],
                                   now=timezone.now())  # fmt: skip
        except Invalid as error:
            form.add_error("after", reason(error))
        except TrackerError as error:
            return _webhook_page(request, webhook, trouble=said(error))
        else:
            return _webhook_page(request, webhook, asked_again=job.arguments)
    return _webhook_page(request, webhook, redelivery_form=form)


@member_page
@move_of("webhook")
def pause(request: HttpRequest, key: str) -> HttpResponse:
    return _moved(request, _one(request, key), subscribing.pause)


@member_page
@move_of("webhook")
def resume(request: HttpRequest, key: str) -> HttpResponse:
    return _moved(request, _one(request, key), subscribing.resume)


def _moved(request: HttpRequest, webhook: Webhook, move: Callable[..., Webhook]) -> HttpResponse:
    try:
        move(actor=person(request), webhook=webhook)
    except TrackerError as error:
        return _webhook_page(request, webhook, trouble=said(error))
    return redirect("webhook", key=webhook.key)


@member_page
@move_of("webhook")
def send_test(request: HttpRequest, key: str) -> HttpResponse:
    """Have a test sent, and lead to where its fate is seen."""
    webhook = _one(request, key)
    try:
        delivery = subscribing.send_test(actor=person(request), webhook=webhook, now=timezone.now())
    except TrackerError as error:
        return _webhook_page(request, webhook, trouble=said(error))
    return redirect("webhook-delivery", key=key, message=delivery.message)


@member_page
@require_POST
def delete(request: HttpRequest, key: str) -> HttpResponse:
    subscribing.delete(actor=person(request), webhook=_one(request, key))
    return redirect("webhooks")


# --- one delivery -----------------------------------------------------------------------------------------------------


@member_page
@public_page
def delivery_page(request: HttpRequest, key: str, message: str) -> HttpResponse:
    return _delivery_page(request, _delivery(_one(request, key), message))


@member_page
@move_of("webhook-delivery")
def redeliver(request: HttpRequest, key: str, message: str) -> HttpResponse:
    delivery = _delivery(_one(request, key), message)
    try:
        redelivery.one(actor=person(request), delivery=delivery, now=timezone.now())
    except TrackerError as error:
        return _delivery_page(request, delivery, trouble=said(error))
    return redirect("webhook-delivery", key=key, message=message)


def _delivery_page(request: HttpRequest, delivery: WebhookDelivery, trouble: str = "") -> HttpResponse:
    attempts = [(attempt, label(Trouble(attempt.trouble)) if attempt.trouble else "")
                for attempt in delivery.attempts.all()]  # fmt: skip
    context = {"line": _line(delivery), "webhook": delivery.webhook, "attempts": attempts, "trouble": trouble}
    return render(request, "web/account/delivery.html", context, status=400 if trouble else 200)


def _own(user: User) -> QuerySet[Webhook]:
    return Webhook.objects.of(user).order_by("id")


def _one(request: HttpRequest, key: str) -> Webhook:
    """:raises Http404: there is none of that key, or it is another's."""
    return get_object_or_404(_own(person(request)), key=key)


def _delivery(webhook: Webhook, message: str) -> WebhookDelivery:
    """:raises Http404: the webhook has no such message."""
    return get_object_or_404(_log(webhook), message=message)


def _log(webhook: Webhook) -> QuerySet[WebhookDelivery]:
    """Its deliveries with what a line shows of each, and no document."""
    shown = ("change__seq", "change__kind", "change__entry__name", "change__entry__name_en")
    own = [field.name for field in WebhookDelivery._meta.concrete_fields]
    return webhook.deliveries.select_related("change__entry").only(*own, *shown).prefetch_related("attempts")
