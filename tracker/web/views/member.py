"""What every page of an account has in common: it is for who is signed in, and nobody keeps it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control

from tracker.accounts.models import User
from tracker.values.errors import TrackerError

Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[HttpRequest, Arguments], HttpResponse]


def member_page(view: View[Arguments]) -> View[Arguments]:
    """A page for who is signed in, which nobody keeps."""
    return login_required(cache_control(private=True, no_store=True)(view))


def person(request: HttpRequest) -> User:
    """Who is signed in."""
    assert isinstance(request.user, User)
    return request.user


def said(error: TrackerError) -> str:
    """What a service refused, in its own words, which are in both languages."""
    return _("做不到：%(reason)s") % {"reason": error.message}
