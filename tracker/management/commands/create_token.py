"""``manage.py create_token``: a token for somebody with a login, where a page is out of reach."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tracker.accounts import tokens
from tracker.accounts.models import Scope, User
from tracker.values.errors import TrackerError


class Command(BaseCommand):
    help = "Make a token for a user and print it, this once. Its holder sees it at /account/tokens/."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="manage.py create_token", help="what it is used for")
        parser.add_argument("--scope", action="append", choices=Scope.values, help="may be repeated; read unless told")
        parser.add_argument("--days", type=int, default=365, help="how long it is valid")

    def handle(self, *args: Any, username: str, name: str, scope: list[str] | None, days: int, **options: Any) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"there is no user {username!r}")
        now = timezone.now()
        try:
            issued = tokens.create(actor=user, name=name, scopes=scope or [Scope.READ], now=now,
                                   expires_at=now + timedelta(days=days))  # fmt: skip
        except TrackerError as error:
            raise CommandError(error.message) from error
        self.stdout.write(issued.text)
