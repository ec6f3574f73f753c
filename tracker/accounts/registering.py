"""People who register themselves: site-selection users, by e-mail address and password."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from tracker.values.errors import Invalid, Refused

from . import roles
from .models import User
from .roles import Role


@transaction.atomic
def register(*, email: str, password: str, display_name: str = "") -> User:
    """Make an account that belongs to nobody yet; its e-mail address is its name at signing in.

    :raises Refused: registration is closed.
    :raises Invalid: an address that is none or has an account, a password that Django's validators refuse.
    """
    if not settings.REGISTRATION_OPEN:
        raise Refused("未开放注册，请联系主编 registration is closed: ask the chief editor")
    address = email.strip().lower()
    user = User(username=address, email=address, display_name=display_name.strip()[:80])
    errors = [*_wrong_address(address), *_wrong_password(password, user)]
    if errors:
        raise Invalid("; ".join(words for _, words in errors), errors)
    user.set_password(password)
    user.save()
    roles.give(user, Role.SITE_SELECTION)
    return user


def _wrong_address(address: str) -> list[tuple[str, str]]:
    try:
        validate_email(address)
    except ValidationError:
        return [("email", "不是邮箱地址 this is no e-mail address")]
    taken = len(address) > 150 or User.objects.filter(username__iexact=address).exists()
    return [("email", "不能用这个地址注册 this address cannot be registered")] if taken else []


def _wrong_password(password: str, user: User) -> list[tuple[str, str]]:
    try:
        validate_password(password, user)
    except ValidationError as error:
        return [("password", words) for words in error.messages]
    return []
