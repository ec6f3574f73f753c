"""What every page of an account has in common: it is for who is signed in, and nobody keeps it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from tracker.accounts.models import User
from tracker.curation import spoken
from tracker.values.errors import TrackerError
from tracker.web.language import pick

Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[HttpRequest, Arguments], HttpResponse]


def member_page(view: View[Arguments]) -> View[Arguments]:
    """A page for who is signed in, which nobody keeps."""
    return login_required(cache_control(private=True, no_store=True)(view))


def move_of(page: str) -> Callable[[View[Arguments]], View[Arguments]]:
    """A move is posted; a GET of its address, as by who changes the language of the answer, leads to its page."""

    def decorated(view: View[Arguments]) -> View[Arguments]:
        @wraps(view)
        def answer(request: HttpRequest, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
            if request.method != "POST":
                return redirect(reverse(page, args=args, kwargs=kwargs))
            return view(request, *args, **kwargs)

        return cast("View[Arguments]", require_http_methods(["GET", "HEAD", "POST"])(answer))

    return decorated


def person(request: HttpRequest) -> User:
    """Who is signed in."""
    assert isinstance(request.user, User)
    return request.user


def said(error: TrackerError) -> str:
    """What a service refused."""
    return _("做不到：%(reason)s") % {"reason": reason(error)}


def reason(error: TrackerError) -> str:
    """Why a service refused, in the reader's language of the two that it speaks."""
    sentences = [sentence for _name, sentence in error.errors]
    whole = [error.message] if "; ".join(sentences) != error.message else sentences
    return pick("；", "; ").join(spoken.alone(sentence) for sentence in whole)
