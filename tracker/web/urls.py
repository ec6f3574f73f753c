"""Addresses of the public pages; the plurals are those of the registered kinds."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import path, re_path, register_converter

from tracker.entries import kinds

from .views import (
    account,
    changes,
    data,
    entries,
    front,
    password,
    places,
    quality,
    search,
    site,
    timeline,
    webhooks,
)


class PluralConverter:
    """Matches the plural of a kind, so that no list shadows another address."""

    regex = "|".join(kind.plural for kind in kinds.every())

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(PluralConverter, "plural")

urlpatterns = [
    path("", front.front, name="front"),
    path("search/", search.search, name="search"),
    path("search/suggest/", search.suggest, name="suggest"),
    path("timeline/", timeline.timeline, name="timeline"),
    path("changes/", changes.changes, name="changes"),
    path("data/", data.data, name="data"),
    path("quality/", quality.quality, name="quality"),
    path("about/", site.about, name="about"),
    path("about/terms/", site.use, name="use"),
    path("about/interface/", site.interface, name="interface"),
    path("display/", site.display, name="display"),
    path("account/login/", account.SignIn.as_view(), name="login"),
    path("account/logout/", LogoutView.as_view(), name="logout"),
    path("account/password/", password.forgotten, name="password"),
    path("account/password/sent/", password.letter, name="password-letter"),
    path("account/password/done/", password.NewPasswordDone.as_view(), name="password_reset_complete"),
    path("account/password/<uidb64>/<token>/", password.NewPassword.as_view(), name="password_reset_confirm"),
    path("account/tokens/", account.token_list, name="tokens"),
    path("account/tokens/<slug:prefix>/", account.token_page, name="token"),
    path("account/tokens/<slug:prefix>/rotate/", account.rotate, name="rotate-token"),
    path("account/tokens/<slug:prefix>/revoke/", account.revoke, name="revoke-token"),
    path("account/webhooks/", webhooks.webhook_list, name="webhooks"),
    path("account/webhooks/<slug:key>/", webhooks.webhook_page, name="webhook"),
    path("account/webhooks/<slug:key>/change/", webhooks.change, name="change-webhook"),
    path("account/webhooks/<slug:key>/secret/", webhooks.rotate_secret, name="rotate-webhook-secret"),
    path("account/webhooks/<slug:key>/test/", webhooks.send_test, name="test-webhook"),
    path("account/webhooks/<slug:key>/pause/", webhooks.pause, name="pause-webhook"),
    path("account/webhooks/<slug:key>/resume/", webhooks.resume, name="resume-webhook"),
    path("account/webhooks/<slug:key>/redeliver/", webhooks.redeliver_since, name="redeliver-webhook"),
    path("account/webhooks/<slug:key>/delete/", webhooks.delete, name="delete-webhook"),
    path("account/webhooks/<slug:key>/<slug:message>/", webhooks.delivery_page, name="webhook-delivery"),
    path("account/webhooks/<slug:key>/<slug:message>/redeliver/", webhooks.redeliver, name="redeliver-message"),
    path("robots.txt", site.robots, name="robots"),
    re_path(r"^favicon\.(?:ico|svg)$", site.favicon, name="favicon"),
    path("places/compare/", places.comparison, name="place-comparison"),
    path("<plural:plural>/", entries.entry_list, name="list"),
    path("<plural:plural>/<slug:key>/", entries.entry_page, name="entry"),
]

handler400 = "tracker.web.views.errors.bad_request"
handler403 = "tracker.web.views.errors.forbidden"
handler404 = "tracker.web.views.errors.not_found"
handler500 = "tracker.web.views.errors.server_error"
