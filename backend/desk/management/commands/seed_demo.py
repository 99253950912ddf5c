import os
import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from backend.accounts.backends import DEMO_PASSWORD
from backend.desk.demo.planting import DEMOS, EMPTY, OtherData, plant


class Command(BaseCommand):
    help = "Fill an empty database with the demo of 2020 or 2025, or (0) with what an empty office starts from."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", choices=DEMOS, default=settings.DEMO)

    def handle(self, *, demo: str, **options: Any) -> None:
        password = _first_password() if demo == EMPTY else DEMO_PASSWORD
        try:
            planted = plant(demo=demo, admin_password=password, now=timezone.now())
        except OtherData as problem:
            raise CommandError(str(problem)) from problem
        if planted.admin and demo == EMPTY:
            self.stdout.write(f"login: admin  password: {password}")
        new = planted.admin or planted.demo
        self.stdout.write(f"DEMO={demo}: {'new' if new else 'as it was'}, {planted.conferences} new conferences")


def _first_password() -> str:
    """Of the account `admin` of an empty office: from ADMIN_PASSWORD, else a new one that is shown once."""
    return os.environ.get("ADMIN_PASSWORD") or secrets.token_urlsafe(12)
