"""Pages for people with a login: their tokens, made, rotated and revoked by themselves, and how they are used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.views import LoginView
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tracker.accounts import roles, tokens
from tracker.accounts.models import ApiToken, Scope, User
from tracker.entries import kinds
from tracker.entries.models import Entry
from tracker.values.errors import TrackerError
from tracker.web.language import label, listed, many, spoken
from tracker.web.token_form import RotationForm, TokenForm

from .member import member_page, move_of, person, said

USAGE_DAYS = 30


class SignIn(LoginView):
    """Django's, whose name for the host would hide what the header calls ``site``."""

    template_name = "web/account/login.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {name: value for name, value in super().get_context_data(**kwargs).items() if name != "site"}


@dataclass(frozen=True)
class Shown:
    """A token as the pages show it."""

    token: ApiToken
    state: ApiToken.State
    scopes: str
    kinds: str
    places: str

    @property
    def is_usable(self) -> bool:
        return self.state == ApiToken.State.USABLE


def _shown(found: list[ApiToken], now: datetime) -> list[Shown]:
    keys = {key for token in found for key in token.places}
    rows = Entry.objects.filter(kind="place", key__in=keys).values_list("key", "name", "name_en") if keys else ()
    names = {key: spoken(name, name_en).text for key, name, name_en in rows}
    return [
        Shown(token, token.state(now), listed([label(scope) for scope in Scope if token.has_scope(scope)]),
              listed([many(kinds.get(kind)) for kind in token.kinds]),
              listed([names.get(key, key) for key in token.places]))
        for token in found
    ]  # fmt: skip


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def token_list(request: HttpRequest) -> HttpResponse:
    """One's tokens; posting makes another, whose text is in the answer and nowhere else."""
    user = person(request)
    now = timezone.now()
    form = TokenForm(request.POST if request.method == "POST" else None, user=user)
    issued, trouble = None, ""
    if form.is_bound and form.is_valid():
        asked = form.cleaned_data
        try:
            issued = tokens.create(
                actor=user, name=asked["name"], scopes=asked["scopes"], kinds=asked["kinds"], places=asked["places"],
                expires_at=form.expires_at(now), now=now,
            )  # fmt: skip
        except TrackerError as error:
            trouble = said(error)
        else:
            form = TokenForm(user=user)
    context = {"tokens": _shown(list(_own(user)), now), "form": form, "issued": issued, "trouble": trouble,
               "may_make": roles.role_of(user) is not None}  # fmt: skip
    return render(request, "web/account/tokens.html", context, status=400 if form.errors or trouble else 200)


@member_page
@require_safe
def token_page(request: HttpRequest, prefix: str) -> HttpResponse:
    return _token_page(request, _one(request, prefix), RotationForm())


@member_page
@move_of("token")
def rotate(request: HttpRequest, prefix: str) -> HttpResponse:
    """Give the token a new secret, which is in the answer and nowhere else."""
    token = _one(request, prefix)
    form = RotationForm(request.POST)
    if not form.is_valid():
        return _token_page(request, token, form)
    try:
        issued = tokens.rotate(actor=person(request), token=token, overlap=form.span, now=timezone.now())
    except TrackerError as error:
        return _token_page(request, token, form, trouble=said(error))
    return _token_page(request, issued.token, RotationForm(), issued=issued)


@member_page
@require_POST
def revoke(request: HttpRequest, prefix: str) -> HttpResponse:
    tokens.revoke(actor=person(request), token=_one(request, prefix), now=timezone.now())
    return redirect("token", prefix=prefix)


def _token_page(request: HttpRequest, token: ApiToken, form: RotationForm, **more: Any) -> HttpResponse:
    now = timezone.now()
    since = timezone.localdate(now) - timedelta(days=USAGE_DAYS)
    usage = list(token.usage.filter(day__gt=since).order_by("-day"))
    context = {"shown": _shown([token], now)[0], "form": form, "usage": usage, "days": USAGE_DAYS,
               "most": max((row.requests for row in usage), default=0), "now": now,
               "overlapping": token.former_until is not None and token.former_until > now, **more}  # fmt: skip
    return render(request, "web/account/token.html", context, status=400 if form.errors or more.get("trouble") else 200)


def _own(user: User) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(owner=user)


def _one(request: HttpRequest, prefix: str) -> ApiToken:
    """:raises Http404: there is none of that prefix, or it is another's."""
    return get_object_or_404(_own(person(request)), prefix=prefix)
