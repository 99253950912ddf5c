"""What the operator may say, and where everything of one service lies."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
BUILD = CHECKOUT / "build"
DEMOS = ("2020", "2025", "0")
ANY_ADDRESS = ("0.0.0.0", "::", "localhost")  # noqa: S104  (it is read here, not bound)
URLS = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "EMAIL_URL", "IMAP_URL")


class Refused(Exception):
    """The operator must do something first; the message says what."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """An empty URL means: a server of our own (mail out: a local sink; mail in: none)."""

    data_dir: Path
    host: str
    port: int
    demo: str
    assistant: bool = True
    database_url: str = ""  # without an owner's URL beside it, this role owns the tables
    database_owner_url: str = ""
    redis_url: str = ""
    email_url: str = ""
    imap_url: str = ""

    @property
    def database_name(self) -> str:
        """Each demo has a database of its own in our PostgreSQL, so that one data folder can show them in turn."""
        return "caunoi" if self.demo == "0" else f"caunoi_{self.demo}"

    @property
    def address(self) -> str:
        """Where this machine reaches the service."""
        host = "127.0.0.1" if self.host in ANY_ADDRESS else self.host
        return f"http://{host}:{self.port}"

    @property
    def shown_address(self) -> str:
        return self.address.replace("127.0.0.1", "localhost")


def from_environment(environ: Mapping[str, str] = os.environ) -> Options:
    """Raises Refused for a value that cannot be meant."""
    data_dir = (CHECKOUT / (environ.get("DATA_DIR") or ".run")).resolve()
    demo = environ.get("DEMO") or last_demo(data_dir) or DEMOS[0]
    if demo not in DEMOS:
        raise Refused(f"DEMO={demo} is unknown; choose one of {', '.join(DEMOS)}.")
    port = environ.get("PORT") or "8000"
    if not (port.isdecimal() and 0 < int(port) < 65536):
        raise Refused(f"PORT={port} is not a port number.")
    return Options(
        data_dir=data_dir,
        host=environ.get("BIND_HOST") or "127.0.0.1",
        port=int(port),
        demo=demo,
        assistant=environ.get("ASSISTANT") != "0",
        **{name.lower(): _value(environ, name) for name in URLS},
    )


def last_demo(data_dir: Path) -> str:
    """What this folder ran last: an office that forgets the word must not find itself in a demo."""
    kept = data_dir / "demo"
    return kept.read_text().strip() if kept.exists() else ""


def keep_demo(options: Options) -> None:
    (options.data_dir / "demo").write_text(options.demo)


def _value(environ: Mapping[str, str], name: str) -> str:
    """NAME, else what the file NAME_FILE holds."""
    if path := environ.get(f"{name}_FILE"):
        return Path(path).read_text().strip()
    return environ.get(name, "")
