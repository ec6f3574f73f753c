"""Letters to people: plain text in the language of who caused them, with addresses of this site."""

from __future__ import annotations

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

logger = logging.getLogger(__name__)


def link(name: str, *parts: str) -> str:
    """The address of a page as a letter gives it, in the language in force."""
    return f"{settings.SITE_URL}{reverse(name, args=parts)}"


def send(to: str, subject: str, body: str) -> bool:
    """Hand a letter to the mail server; False where it does not take it, which is logged."""
    try:
        EmailMessage(" ".join(subject.split()), body, to=[to]).send()
    except (OSError, SMTPException) as error:
        logger.warning("a letter was not sent: %s", error)
        return False
    return True
