"""python -m bot.vntime --now 2026-11-18T10:00:00+07:00 '9h sáng mai'"""

import argparse
import json
import sys
from datetime import datetime

from . import parse
from .settings import VIETNAM


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m bot.vntime", description="Reads one expression of time.")
    arguments.add_argument("text")
    arguments.add_argument(
        "--now", type=datetime.fromisoformat, default=None, help="ISO 8601; +07:00 where no offset is given"
    )
    given = arguments.parse_args()
    now = given.now or datetime.now(VIETNAM)
    if now.tzinfo is None:
        now = now.replace(tzinfo=VIETNAM)
    sys.stdout.write(json.dumps(parse(given.text, now).as_dict(), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
