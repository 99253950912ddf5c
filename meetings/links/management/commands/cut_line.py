from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from backend.common.errors import Invalid
from meetings.links.models import Link
from meetings.links.services import simulate
from meetings.links.simulator import Behaviour


class Command(BaseCommand):
    help = "Cut a simulated line; or let it be slow, uneven or lossy; or restore it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="code of the line")
        parser.add_argument("--restore", action="store_true", help="let it answer at once again")
        parser.add_argument("--delay-ms", type=float, default=0)
        parser.add_argument("--jitter-ms", type=float, default=0)
        parser.add_argument("--loss", type=float, default=0, help="share of packets, 0 to 1")

    def handle(
        self, *, code: str, restore: bool, delay_ms: float, jitter_ms: float, loss: float, **options: Any
    ) -> None:
        link = Link.objects.filter(code=code).first()
        if link is None:
            raise CommandError(f"there is no line {code}")
        cut = not (restore or delay_ms or jitter_ms or loss)
        try:
            simulate(link=link, behaviour=Behaviour(delay_ms, jitter_ms, loss, silent=cut))
        except Invalid as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{code}: {'cut' if cut else 'restored' if restore else 'changed'}")
