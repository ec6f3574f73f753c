"""Errors as RFC 9457 problem documents, made in this one place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions, status
from rest_framework.response import Response

from tracker.values import canonical
from tracker.values.errors import Invalid, KeyReused, Moved, Refused, Stale, TrackerError, Unauthenticated

MEDIA_TYPE = "application/problem+json"
_STATUS: dict[type[TrackerError], int] = {
    Invalid: 400,
    Moved: 412,
    Stale: 409,
    Refused: 403,
    Unauthenticated: 401,
    KeyReused: 422,
}


class Gone(exceptions.APIException):
    """The entry was withdrawn: 410 with the reason and, where there is one, the successor."""

    status_code: int = status.HTTP_410_GONE
    default_code = "gone"

    def __init__(self, detail: str, extra: dict[str, Any]) -> None:
        super().__init__(detail)
        self.extra = extra


class MergedInto(Gone):
    """The entry was merged into another: 301 to the one that stands for it now, with the same words as ``Gone``."""

    default_code = "moved"

    def __init__(self, detail: str, extra: dict[str, Any], location: str) -> None:
        super().__init__(detail, extra)
        self.status_code = status.HTTP_301_MOVED_PERMANENTLY
        self.location = location


def bad_parameter(name: str, message: str) -> Invalid:
    """A query parameter with a wrong value."""
    return Invalid(f"{name}: {message}", [(name, message)])


def unknown_parameter(name: str, allowed: Iterable[str]) -> Invalid:
    return bad_parameter(name, f"unknown parameter{suggestion(name, allowed)}")


def suggestion(word: str, allowed: Iterable[str]) -> str:
    near = get_close_matches(word, list(allowed), n=1)
    return f"; did you mean {near[0]}?" if near else ""


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: every error of the API leaves through here."""
    if isinstance(error, TrackerError):
        return of(error)
    if isinstance(error, Http404):
        error = exceptions.NotFound(str(error) or "Nothing of that key is here.")
    if not isinstance(error, exceptions.APIException):
        return None
    extra = getattr(error, "extra", {})
    answer = response(error.status_code, str(error.default_code), _titles(error), _detail(error), (), extra)
    for name, value in (("WWW-Authenticate", "auth_header"), ("Retry-After", "wait"), ("Location", "location")):
        if getattr(error, value, None):
            answer[name] = str(getattr(error, value))
    return answer


def of(error: TrackerError) -> Response:
    """The problem document of one of our own errors."""
    return response(status_of(error), error.code, error.title, error.message, error.errors)


def status_of(error: TrackerError) -> int:
    return next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 400)


def response(code: int, kind: str, title: str, detail: str, errors: Sequence[tuple[str, str]] = (),
             extra: dict[str, Any] | None = None) -> Response:  # fmt: skip
    """A problem document: type, title, status, detail, and for wrong input errors [{name, message}]."""
    body: dict[str, Any] = {"type": f"/api/v1/docs/#problem-{kind}", "title": title, "status": code, "detail": detail}
    if errors:
        body["errors"] = [{"name": name, "message": message} for name, message in errors]
    return Response(body | (extra or {}), status=code, content_type=MEDIA_TYPE)


def _titles(error: exceptions.APIException) -> str:
    return {301: "已并入 Merged into another", 400: "请求有误 Bad request",
            401: "需要登录 Not authenticated", 403: "不允许 Not allowed",
            404: "没有找到 Not found", 405: "不支持此方法 Method not allowed", 406: "不支持此格式 Not acceptable",
            410: "已撤下 Gone", 413: "内容过大 Content too large", 415: "不支持此内容类型 Unsupported media type",
            429: "请求过多 Too many requests"}.get(error.status_code, "出错了 Error")  # fmt: skip


def _detail(error: exceptions.APIException) -> str:
    return str(error.detail) if isinstance(error.detail, str) else canonical.dumps(error.detail)


@csrf_exempt
def not_found(request: HttpRequest) -> HttpResponseBase:
    """Answer for an address of the API that does not exist."""
    answer = response(404, "not_found", "没有找到 Not found", f"{request.path} is not an address of this API.")
    return rendered(answer)


def server_error() -> HttpResponseBase:
    return rendered(response(500, "server_error", "出错了 Error", "Something went wrong here; it has been logged."))


def rendered(answer: Response) -> HttpResponseBase:
    return HttpResponse(canonical.dumps_ordered(answer.data), status=answer.status_code, content_type=MEDIA_TYPE)
