"""Now, as the assistant sees it."""

import os
from datetime import datetime

from bot.vntime.settings import VIETNAM


def now() -> datetime:
    """BOT_NOW (ISO 8601) stops the clock in tests."""
    fixed = os.environ.get("BOT_NOW")
    return datetime.fromisoformat(fixed) if fixed else datetime.now(VIETNAM)
