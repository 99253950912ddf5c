"""Invitations on their way: rendered, sent and settled by the worker, to a mail server that takes everything."""

import smtplib
import time
from collections.abc import Iterator
from itertools import pairwise

from backend.runner.progress import say
from tests.bench.measure import Result, result
from tests.bench.office import Office
from tests.service import wait_until

CONFERENCES, GUESTS = 10, 40


def mail(office: Office) -> Iterator[Result]:
    """Beside it the bare dialogue: one session that sends finished bytes. The times lie between two arrivals."""
    office.settle()
    with office.quiet():
        for _each in range(CONFERENCES):
            office.book(office.wish(office.day(), sites=office.sites[:1], guests=GUESTS))
        office.sink.came.clear()
    wait_until(lambda: len(office.sink.came) >= CONFERENCES * GUESTS, 300)
    ours = list(office.sink.came)
    bare = _bare(office, len(ours))
    say(f"  {_rate(ours):.0f} invitations a second; bare SMTP {_rate(bare):.0f}")
    yield result("mail", _gaps(ours), _gaps(bare), size=1)


def _bare(office: Office, n: int) -> list[float]:
    with smtplib.SMTP("127.0.0.1", office.smtp_port) as session:
        sent = []
        for _each in range(n):
            session.sendmail("bench@caunoi.example", ["guest@caunoi.example"], office.sink.last)
            sent.append(time.perf_counter())
    return sent


def _gaps(moments: list[float]) -> list[float]:
    return [(later - earlier) * 1000 for earlier, later in pairwise(moments)]


def _rate(moments: list[float]) -> float:
    return (len(moments) - 1) / (moments[-1] - moments[0])
