"""The pages alone, with their error pages: an URL configuration for tests."""

from django.conf.urls.i18n import i18n_patterns
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from tracker.web.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("as a test wants it")


urlpatterns = [
    path("broken/", broken),
    *i18n_patterns(
        path("", include("parks.web_urls")), path("", include("tracker.web.urls")), prefix_default_language=False
    ),
]
