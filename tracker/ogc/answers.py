"""What every answer has in common: read-only, JSON or HTML as asked for, its licence, errors as problem documents."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from tracker.delivery import terms
from tracker.rest import problems
from tracker.rest.parameters import refuse_nul
from tracker.rest.problems import Gone, bad_parameter
from tracker.values import canonical
from tracker.values.errors import Invalid

from . import pages
from .links import HTML

Json = dict[str, Any]
Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[HttpRequest, Arguments], HttpResponseBase]
FORMATS = ("json", "html")


def endpoint(view: View[Arguments]) -> View[Arguments]:
    """A view whose errors leave as problem documents."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponseBase:
        try:
            refuse_nul(request.GET)
            answered = view(request, *args, **kwargs)
        except (Invalid, Http404, Gone) as error:
            problem = problems.handle(error, {})
            assert problem is not None
            answered = problems.rendered(problem)
        answered["Link"] = f'<{terms.LICENCE_URL}>; rel="license"'
        answered["X-Attribution"] = terms.ATTRIBUTION
        answered["X-Contract-Version"] = terms.CONTRACT_VERSION
        patch_vary_headers(answered, ("Accept",))
        return answered

    return require_safe(answer)  # type: ignore[return-value]


def media_of(request: HttpRequest, media: str) -> str:
    """The media type to answer with: ``f`` decides, else what the client likes best; JSON where it does not care.

    :raises Invalid: ``f`` is neither.
    """
    asked = request.GET.get("f", "")
    if asked:
        if asked not in FORMATS:
            raise bad_parameter("f", f"{asked!r} is none of {', '.join(FORMATS)}")
        return HTML if asked == "html" else media
    return request.get_preferred_type([media, HTML]) or media


def answer(request: HttpRequest, body: Json, media: str, shown: str, crumbs: list[tuple[str, str]]) -> HttpResponse:
    """The body as JSON, or as a page for people with the way that led here."""
    if shown == HTML:
        return render(request, "web/ogc.html", {**pages.context(body), "crumbs": crumbs})
    return HttpResponse(canonical.dumps_ordered(body), content_type=media)
