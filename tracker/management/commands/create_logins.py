"""``manage.py create_logins``: the first logins, where nobody can log in yet."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from tracker.accounts.logins import create_first_logins


class Command(BaseCommand):
    help = "Create a contributor, an editor and a chief editor with random passwords, unless somebody can log in."

    def handle(self, *args: Any, **options: Any) -> None:
        file = settings.VAR_DIR / "logins.txt"
        logins = create_first_logins(file)
        if not logins:
            where = f"; the first passwords are in {file}" if file.exists() else ""
            self.stdout.write(f"there are logins already{where}")
            return
        self.stdout.write(f"logins, kept in {file}; the database holds hashes only:")
        for login in logins:
            self.stdout.write(f"  {login}")
