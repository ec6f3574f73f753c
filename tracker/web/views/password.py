"""A forgotten password: asked for by e-mail address; the link of the letter leads to Django's own view."""

from __future__ import annotations

from django.contrib.auth import views as django_views
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from tracker.accounts import rates
from tracker.accounts.middleware import address
from tracker.accounts.rates import Policy
from tracker.web import resetting

ASKING = Policy("reset", 10, 3600)
"""How often one network address may ask."""
PAGE = "web/account/password.html"


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a letter; the answer is the same whether or not anybody has that address."""
    if request.method != "POST":
        return render(request, PAGE)
    email = request.POST.get("email", "").strip()[:254]
    if rates.take(ASKING, address(request), timezone.now().timestamp()).exceeded:
        return render(request, PAGE, {"email": email, "trouble": _("尝试过多，请稍后再来。")}, status=429)
    try:
        validate_email(email)
    except ValidationError:
        return render(request, PAGE, {"email": email, "trouble": _("不是邮箱地址。")}, status=400)
    resetting.ask(email=email, language=get_language() or "", now=timezone.now())
    return redirect("password-letter")


@require_safe
def letter(request: HttpRequest) -> HttpResponse:
    return render(request, "web/account/password_letter.html")


class NewPassword(django_views.PasswordResetConfirmView):
    template_name = "web/account/new_password.html"


class NewPasswordDone(django_views.PasswordResetCompleteView):
    template_name = "web/account/new_password_done.html"
