"""The one way in which adapters speak HTTP: to the configured host alone, bounded in time and size, no redirects."""

import time
from urllib.parse import urlsplit

import httpx
from django.utils.translation import gettext as _

from backend.outbox.rules import Refused, TryAgain

TIMEOUT_S = 6.0
MOST_BYTES = 256 * 1024


def get(base: str, path: str, query: str) -> bytes:
    """The body of a 200 answer of `base`/`path`. TryAgain: no answer, 429 or 5xx; Refused: everything else."""
    host = urlsplit(base).netloc
    limits = httpx.Timeout(TIMEOUT_S, connect=3.0)
    try:
        with (
            httpx.Client(timeout=limits, follow_redirects=False, trust_env=False) as client,
            client.stream("GET", f"{base.rstrip('/')}/{path}?{query}") as answer,
        ):
            _check(answer, host)
            return _read(answer, host)
    except httpx.HTTPError as error:
        why = _("%(host)s does not answer (%(why)s).") % {"host": host, "why": type(error).__name__}
        raise TryAgain(why) from error


def _check(answer: httpx.Response, host: str) -> None:
    if answer.status_code == 200:
        return
    text = _("%(host)s answers with status %(status)d.") % {"host": host, "status": answer.status_code}
    raise (TryAgain if answer.status_code == 429 or answer.status_code >= 500 else Refused)(text)


def _read(answer: httpx.Response, host: str) -> bytes:
    """The body; a server that drips or floods is cut off."""
    deadline, body = time.monotonic() + TIMEOUT_S, b""
    for chunk in answer.iter_bytes():
        body += chunk
        if len(body) > MOST_BYTES or time.monotonic() > deadline:
            raise TryAgain(_("%(host)s sends too much or too slowly.") % {"host": host})
    return body
