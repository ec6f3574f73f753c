"""A new password by e-mail: anybody asks, a worker mails, so that neither answer nor time tells who has an account."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.tokens import default_token_generator
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from tracker.accounts import rates
from tracker.accounts.models import User
from tracker.accounts.rates import Policy
from tracker.jobs import services as jobs
from tracker.jobs.progress import Progress
from tracker.jobs.registry import Arguments

from . import mail

MAIL_RESET = "tracker.accounts.mail_reset"
LETTERS = Policy("reset-letters", 3, 3600)
"""How many letters one account is sent."""


def ask(*, email: str, language: str, now: datetime) -> None:
    """Put a letter in the queue, addressed or not; the address itself is kept nowhere."""
    user = User.objects.filter(email__iexact=email, is_active=True).order_by("pk").first() if email else None
    if user is not None and rates.take(LETTERS, str(user.pk), now.timestamp()).exceeded:
        user = None
    jobs.enqueue(actor=None, name=MAIL_RESET, arguments={"user": user and user.pk, "language": language}, now=now)


def mail_reset(*, actor: User | None, arguments: Arguments, progress: Progress) -> str:
    """Mail the link that lets somebody choose a new password; the job says alike whether there was anybody."""
    user = User.objects.filter(pk=arguments["user"], is_active=True).first()
    if user is not None and user.has_usable_password():
        with translation.override(arguments["language"]):
            mail.send(user.email, _("设置新密码"), _letter(user))
    return "完成 done"


def _letter(user: User) -> str:
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    link = mail.link("password_reset_confirm", uid, default_token_generator.make_token(user))
    return _("有人要为账号 %(name)s 设置新密码。如果是您，请打开：\n\n%(link)s\n\n"
             "链接三天内有效，只能用一次。如果不是您，不必理会，密码不变。\n") % {
        "name": user.get_username(), "link": link}  # fmt: skip
