"""``manage.py contract``: what this release promises, beside what the last one did."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from tracker.delivery.openapi import document
from tracker.rest import compatibility

FOLDER = settings.BASE_DIR / "docs" / "contract"
CURRENT, RELEASED = FOLDER / "current.txt", FOLDER / "released.txt"


class Command(BaseCommand):
    help = "Say how the contract differs from the one released last, and which of it breaks clients."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help="renew docs/contract/current.txt")
        parser.add_argument("--release", action="store_true", help="renew docs/contract/released.txt too")

    def handle(self, *args: Any, write: bool, release: bool, **options: Any) -> None:
        facts = compatibility.facts(document())
        text = compatibility.written(facts)
        FOLDER.mkdir(exist_ok=True)
        if write or release:
            CURRENT.write_text(text, "utf-8")
        if release:
            RELEASED.write_text(text, "utf-8")
        for one in compatibility.differences(compatibility.read(RELEASED.read_text("utf-8")), facts):
            effect = "breaks" if one.is_breaking else "adds  "
            self.stdout.write(f"{effect} {one.name}: {one.old or 'nothing'} → {one.new or 'nothing'}")
