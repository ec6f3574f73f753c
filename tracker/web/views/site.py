"""What the site says of itself: about, robots, the colour scheme."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from tracker.delivery import contract_changes, terms
from tracker.entries import kinds
from tracker.web import overview, parameters
from tracker.web.language import english

from .page import public_page

THEMES = ("light", "dark", "auto")
_YEAR = 365 * 24 * 3600


@public_page
def about(request: HttpRequest) -> HttpResponse:
    counted = overview.by_kind()
    context = {"counts": counted, "total": sum(number for _kind, number, _href in counted),
               "body": f"web/about_{'en' if english() else 'zh'}.html",
               "reference_kinds": [kind for kind in kinds.every() if kind.reference_data]}  # fmt: skip
    return render(request, "web/about.html", context)


@public_page
def use(request: HttpRequest) -> HttpResponse:
    """Terms of use, licence and attribution."""
    said = {"licence": terms.LICENCE, "licence_url": terms.LICENCE_URL, "attribution": terms.ATTRIBUTION}
    body = f"web/terms_{'en' if english() else 'zh'}.html"
    return render(request, "web/contract.html", {"heading": _("使用条款"), "body": body, "terms": said})


@public_page
def interface(request: HttpRequest) -> HttpResponse:
    """What the API promises, what of it will change and what has."""
    body = f"web/interface_{'en' if english() else 'zh'}.html"
    context = {"heading": _("接口约定"), "body": body, "contract": contract_changes.told()}
    return render(request, "web/contract.html", context)


@public_page
def robots(request: HttpRequest) -> HttpResponse:
    text = (
        "User-agent: *\nDisallow: /admin/\nDisallow: /account/\nDisallow: /display/\nDisallow: /*?*cursor=\nAllow: /\n"
    )
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@public_page
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for one at the root, whatever the page says."""
    return redirect(static("tracker/favicon.svg"))


@public_page
def display(request: HttpRequest) -> HttpResponse:
    """Remember light, dark or automatic in a cookie, and go back to where the reader was."""
    theme = parameters.one_of(request.GET, "theme", THEMES) or "auto"
    target = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    answer = redirect(target)
    if theme == "auto":
        answer.delete_cookie("theme")
    else:
        answer.set_cookie("theme", theme, max_age=_YEAR, samesite="Lax", secure=request.is_secure(), httponly=True)
    return answer
