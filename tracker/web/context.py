"""What every page needs: the words of the header, the languages, the colour scheme."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.timezone import localdate

from tracker.entries import kinds

from . import overview, phrases
from .language import english, many, spoken

NAVIGATION = ("policies", "parks", "layouts", "platforms", "zones", "initiatives", "series", "organisations")


def site(request: HttpRequest) -> dict[str, Any]:
    """Lazy throughout, so that a page which shows no header asks nothing."""
    theme = request.COOKIES.get("theme", "")
    return {
        "site": {
            "english": english(),
            "lang": "en" if english() else "zh-Hans",
            "theme": theme if theme in ("light", "dark") else "",
            "next_theme": "light" if theme == "dark" else "dark",
            "here": request.get_full_path(),
            "display_href": f"{reverse('display')}?{urlencode({'next': request.get_full_path()})}",
            "other_language": translate_url(request.get_full_path(), "zh-hans" if english() else "en"),
            "today": localdate(),
            "address": SimpleLazyObject(lambda: _address(request)),
            "navigation": SimpleLazyObject(lambda: _navigation(request.path)),
            "places": SimpleLazyObject(_places),
        }
    }


def _address(request: HttpRequest) -> str:
    """Empty on the page that refuses a host which is not ours."""
    try:
        return request.build_absolute_uri()
    except DisallowedHost:
        return ""


def _navigation(path: str) -> list[tuple[str, str, bool, str]]:
    """(address, words, whether the page lies there, tone) for each kind in the header."""
    found = []
    for plural in NAVIGATION:
        kind = kinds.by_plural(plural)
        if kind is not None:
            href = reverse("list", args=[plural])
            found.append((href, many(kind), path.startswith(href), kind.name))
    return found


def _places() -> list[tuple[str, Any]]:
    return [(phrases.address("place", key), spoken(name, name_en)) for key, name, name_en in overview.switcher()]
