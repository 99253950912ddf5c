"""When to try again, and when not: pure."""

import random
import smtplib
from datetime import timedelta

MAX_ATTEMPTS = 12
FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(hours=2)


class TryAgain(Exception):
    """Another system did not take a call now and may take it later; the text is for people."""


class Refused(Exception):
    """Another system has refused a call for good, until somebody changes something; the text is for people."""


def delay_after(attempt: int, jitter: float | None = None) -> timedelta:
    """The wait after the `attempt`-th failure (1 is the first): 30 s, doubling up to 2 h, ±20 %; `jitter` in [0, 1)."""
    base = min(FIRST_DELAY * 2 ** (attempt - 1), LONGEST_DELAY)
    spread = random.random() if jitter is None else jitter  # noqa: S311 (spreads load, guards nothing)
    return base * (0.8 + 0.4 * spread)


def is_permanent(error: Exception) -> bool:
    """Whether the server has refused this for good (mail: 5xx, RFC 5321 section 4.2.1), or it cannot be made at all.

    Everything else (4xx, a broken connection, a time-out) may pass later.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _text in error.recipients.values())
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return False
    if isinstance(error, smtplib.SMTPResponseException):
        return 500 <= error.smtp_code < 600
    return not isinstance(error, OSError | smtplib.SMTPException | TryAgain)
