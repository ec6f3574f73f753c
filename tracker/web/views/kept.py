"""Pages that are kept: what a page says follows from its address, the feed number and the day.

No public document changes without a number in the feed, so a page made for one visitor is right for the next one until
something is published. Only such pages may be kept, and none that also tells of what is outside the feed, such as
snapshots or looked-at addresses. Who is signed in sees pages of their own: those are neither kept nor answered from
what is.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from hashlib import sha256
from http import HTTPStatus
from typing import Concatenate, NamedTuple, ParamSpec, TypeVar, cast

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.utils.timezone import localdate
from django.utils.translation import get_language

from tracker.delivery import feed

Arguments = ParamSpec("Arguments")
Part = TypeVar("Part")
View = Callable[Concatenate[HttpRequest, Arguments], HttpResponse]

SHAPED_BY = ("HX-Request", "HX-Target")
"""Request headers that a page may be cut by."""

PARTS = ("tracker", "policies", "parks")
MAKES_PAGES = (".py", ".html", ".mo", ".css", ".js")


class Kept(NamedTuple):
    content: bytes
    content_type: str


def kept_page(view: View[Arguments]) -> View[Arguments]:
    """Make a page once for each feed number and day, and answer 304 to who has it; pages of errors are not kept."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
        if not settings.PAGES_KEPT_SECONDS or settings.SESSION_COOKIE_NAME in request.COOKIES:
            return view(request, *args, **kwargs)
        name = _name(request)
        tag = f'W/"{name}"'
        if tag in parse_etags(request.headers.get("If-None-Match", "")):
            return _with_headers(HttpResponseNotModified(), tag)
        kept: Kept | None = cache.get(f"page:{name}")
        if kept is not None:
            return _with_headers(HttpResponse(kept.content, kept.content_type), tag)
        made = view(request, *args, **kwargs)
        if made.status_code != HTTPStatus.OK or made.cookies or "CSRF_COOKIE" in request.META:
            return made  # an error, or made for this visitor
        cache.set(f"page:{name}", Kept(made.content, made["Content-Type"]), settings.PAGES_KEPT_SECONDS)
        return _with_headers(made, tag)

    return cast("View[Arguments]", answered)


def kept_part(name: str, make: Callable[[], Part]) -> Part:
    """A part of a page that also tells of what is outside the feed: made once for each feed number, day and language.

    :param name: what tells it from every other part.
    """
    if not settings.PAGES_KEPT_SECONDS:
        return make()
    key = f"part:{_digest(name)}"
    part: Part | None = cache.get(key)
    if part is None:
        part = make()
        cache.set(key, part, settings.PAGES_KEPT_SECONDS)
    return part


def _with_headers(answer: HttpResponse, tag: str) -> HttpResponse:
    answer["ETag"] = tag
    answer["Cache-Control"] = "private, no-cache"
    patch_vary_headers(answer, ("Cookie", "Accept-Language", *SHAPED_BY))
    return answer


def _name(request: HttpRequest) -> str:
    """A digest of everything that a page for nobody in particular depends on."""
    shape = [request.headers.get(name, "") for name in SHAPED_BY]
    return _digest(request.build_absolute_uri(), request.COOKIES.get("theme", ""), *shape)


def _digest(*depends: str) -> str:
    everything = (_release(), feed.last_number(), localdate(), get_language(), *depends)
    return sha256("\n".join(map(str, everything)).encode()).hexdigest()[:32]


@lru_cache(maxsize=1)
def _release() -> int:
    """Changes with every upgrade, so that a page of the program before it is not taken for the present one."""
    parts = (path for name in PARTS for path in (settings.BASE_DIR / name).rglob("*"))
    return max(path.stat().st_mtime_ns for path in parts if path.suffix in MAKES_PAGES)
