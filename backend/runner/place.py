"""One service on this machine: its servers, its URLs, and the environment that its processes get."""

import os
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from backend.runner import assistant, database, keys
from backend.runner.database import DatabaseUrls, in_given_server, in_our_server
from backend.runner.embedded import PostgresServer, RedisServer
from backend.runner.options import Options
from backend.runner.ports import choose_ports
from backend.runner.processes import ASSISTANT, BOT, ONE_CONNECTION, PROCESSES, Process


@dataclass(frozen=True)
class Place:
    options: Options

    @property
    def data_dir(self) -> Path:
        return self.options.data_dir

    @property
    def log(self) -> Path:
        return self.data_dir / "log"

    @cached_property
    def postgres(self) -> PostgresServer | None:
        return None if self.options.database_url else PostgresServer(self.data_dir / "postgres")

    @cached_property
    def redis(self) -> RedisServer | None:
        return None if self.options.redis_url else RedisServer(self.data_dir / "redis")

    @cached_property
    def secrets(self) -> Path:
        return keys.make_keys(self.data_dir)

    @cached_property
    def ports(self) -> dict[str, int]:
        return choose_ports(self.data_dir)

    @cached_property
    def databases(self) -> DatabaseUrls:
        """In a given server they are made at the first look; in ours by `make_databases`, once it runs."""
        passwords = {name: (self.secrets / name).read_text() for name in keys.PASSWORDS}
        if self.postgres:
            return in_our_server(self.postgres.url(), database=self.options.database_name, passwords=passwords)
        owner_url = self.options.database_owner_url
        return in_given_server(self.options.database_url, owner_url=owner_url, passwords=passwords)

    def make_databases(self) -> None:
        if self.postgres:
            database.make(self.postgres.url(), self.databases)

    @property
    def application_role(self) -> str:
        """Empty where the application owns its tables."""
        owner, app = (urlsplit(url).username or "" for url in self.databases[:2])
        return "" if owner == app else unquote(app)

    def processes(self) -> list[Process]:
        """Those that run here, in the order in which they start."""
        absent = {
            "postgres": self.postgres is None,
            "redis": self.redis is None,
            "mailsink": bool(self.options.email_url),
            "simulator": self.options.demo == "0",
            **dict.fromkeys(ASSISTANT, not self.options.assistant),
        }
        return [process for process in PROCESSES if not absent.get(process.name)]

    def command(self, process: Process) -> list[str]:
        """What to execute, with whole paths."""
        values = {
            "data_dir": self.data_dir,
            "mail_dir": self.data_dir / "mail",
            "mail_host": "127.0.0.1",
            "rasa_host": "127.0.0.1",
            "model": assistant.MODEL,
            **{f"{name}_port": port for name, port in self.ports.items()},
        }
        first, *rest = process.command.split()
        program = assistant.PYTHON if first == BOT else Path(sys.executable).with_name(first)
        return [str(program), *(word.format(**values) for word in rest)]

    @cached_property
    def environment(self) -> dict[str, str]:
        """The settings'. Whatever is secret is given as the path of a file for its owner alone."""
        for name, url in (("database_url", self.databases.app), ("database_owner_url", self.databases.owner)):
            keys.write_private(self.secrets / name, url)
        mail = f"smtp://127.0.0.1:{self.ports['mail']}"
        given = {key: value for key, value in os.environ.items() if key.removesuffix("_FILE") not in SECRET}
        return {
            **given,
            **{name: "" for name in ("IMAP_URL",) if name not in given},
            **{f"{name.upper()}_FILE": str(self.secrets / name) for name in (*keys.KEPT, "database_url")},
            "DJANGO_SETTINGS_MODULE": "backend.config.settings",
            "PYTHONUNBUFFERED": "1",
            "DATA_DIR": str(self.data_dir),
            "DEMO": self.options.demo,
            "BIND_HOST": self.options.host,
            "PORT": str(self.options.port),
            "PUBLIC_URL": os.environ.get("PUBLIC_URL") or self.options.shown_address,
            "REDIS_URL": self.options.redis_url or (self.redis.url() if self.redis else ""),
            "EMAIL_URL": self.options.email_url or mail,
            "SINK_DIR": "" if self.options.email_url else str(self.data_dir / "mail"),
            "RASA_URL": f"http://127.0.0.1:{self.ports['rasa']}" if self.options.assistant else "",
        }

    @cached_property
    def owner_environment(self) -> dict[str, str]:
        """Of migrations and other acts of the database's owner."""
        return {
            **self.environment,
            **ONE_CONNECTION,
            "DATABASE_URL_FILE": str(self.secrets / "database_owner_url"),
            "ADMIN_PASSWORD": (self.secrets / keys.FIRST_LOGIN).read_text(),
        }

    def bot_environment(self) -> dict[str, str]:
        """What Rasa and its actions get beside the rest; they read no files of secrets."""
        return {
            **assistant.QUIET,
            "API_URL": self.options.address,
            "ACTIONS_URL": f"http://127.0.0.1:{self.ports['actions']}/webhook",
            "SANIC_HOST": "127.0.0.1",
            "BOT_SERVICE_KEY": (self.secrets / "bot_service_key").read_text(),
            "RASA_SERVICE_KEY": (self.secrets / "rasa_service_key").read_text(),
            "RASA_DATABASE_URL": sqlalchemy_url(self.databases.rasa) or f"sqlite:///{self.data_dir}/rasa.db",
        }


SECRET = {"DATABASE_URL", "DATABASE_OWNER_URL", "SECRET_KEY", "FIELD_KEY", "BOT_SERVICE_KEY", "RASA_SERVICE_KEY"}


def sqlalchemy_url(url: str) -> str:
    """SQLAlchemy wants a socket's folder as a parameter, not as the host."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    if not host.startswith("%2F"):
        return url
    user = parts.netloc.rpartition("@")[0]
    return f"{parts.scheme}://{user}@{parts.path}?host={quote(unquote(host))}"
