"""Addresses: the composition root that names every part."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import include, path

from tracker.delivery import health
from tracker.rest import problems
from tracker.web.urls import handler403, handler404
from tracker.web.views import errors

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("api/v1/", include("tracker.api_urls")),
    path("ogc/", include("tracker.ogc_urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
]
urlpatterns += i18n_patterns(
    path("", include("parks.explore.urls")),
    path("", include("parks.web_urls")),
    path("", include("tracker.web.urls")),
    prefix_default_language=False,
)


def handler400(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """A problem document for partners, a page for people."""
    if request.path.startswith("/api/"):
        return problems.rendered(
            problems.response(400, "bad_request", "请求有误 Bad request", "请求头有误 a header is wrong")
        )
    return errors.bad_request(request, exception)


def handler500(request: HttpRequest) -> HttpResponseBase:
    """A problem document for partners, a page for people."""
    if request.path.startswith(("/api/", "/ogc/")):
        return problems.server_error()
    return errors.server_error(request)
