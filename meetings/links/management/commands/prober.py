from typing import Any

from django.core.management.base import BaseCommand

from meetings.links.management.processes import run_until_stopped
from meetings.links.prober import Prober


class Command(BaseCommand):
    help = "Measure every line, each interval, until SIGTERM."

    def handle(self, **options: Any) -> None:
        run_until_stopped(lambda stop: Prober().run(stop))
