"""What every public page has in common: it is read with GET, and a wrong parameter is explained."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tracker.rest.parameters import refuse_nul
from tracker.values.errors import Invalid

from .errors import bad_parameter

Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[HttpRequest, Arguments], HttpResponse]


def public_page(view: View[Arguments]) -> View[Arguments]:
    """A public page: read-only; ``Invalid`` becomes a 400 page that says what is wrong and what to do."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
        try:
            refuse_nul(request.GET)
            return view(request, *args, **kwargs)
        except Invalid as error:
            return bad_parameter(request, error)

    return cast("View[Arguments]", require_safe(answer))
