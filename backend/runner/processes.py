"""Every process of the service: the one list that the supervisor's configuration is made of, and that
docker-compose.yml is compared with.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

WEBSOCKET_BYTES = 64 * 1024  # the largest message that a browser may send
BOT = "python3.10"  # first word of a command of the bot's environment


@dataclass(frozen=True, kw_only=True)
class Process:
    """`{names}` in a command are filled in from the place where it runs; the environment is the settings'.

    `many`: it keeps nothing and claims its work, so any number may run; `copies` run on one machine.
    """

    name: str
    command: str = ""  # empty: a server, which brings its own
    needs: tuple[str, ...] = ()
    many: bool = False
    copies: int = 1
    shares_port: bool = False  # the copies are handed one listening socket
    stop_seconds: int = 15
    environment: Mapping[str, str] = field(default_factory=dict)


STORES = ("postgres", "redis")
ASSISTANT = ("actions", "rasa")  # they follow when they can; nobody waits for them
ONE_CONNECTION = {"DB_NO_POOL": "1"}

PROCESSES = (
    Process(name="postgres", stop_seconds=60),
    Process(name="redis"),
    Process(
        name="mailsink",
        command="python -m aiosmtpd --nosetuid --smtputf8 --listen {mail_host}:{mail_port}"
        " --class aiosmtpd.handlers.Mailbox {mail_dir}",
    ),
    Process(name="web", command="python -m backend.runner.web", needs=STORES, many=True, copies=2, shares_port=True),
    Process(
        name="worker",
        command="celery -A backend.config worker --pool threads --concurrency 4 --loglevel WARNING",
        needs=STORES,
        many=True,
        stop_seconds=40,  # a mail on its way is finished
    ),
    Process(
        name="beat",
        command="celery -A backend.config beat --loglevel WARNING --pidfile= --schedule {data_dir}/beat",
        needs=STORES,
    ),
    Process(name="prober", command="python manage.py prober", needs=STORES),
    Process(name="simulator", command="python manage.py simulator", needs=STORES, environment=ONE_CONNECTION),
    Process(
        name="actions",
        command=f"{BOT} -m rasa_sdk --actions bot.assistant.actions --port {{actions_port}}",
        needs=("web",),
        many=True,
    ),
    Process(
        name="rasa",
        command=f"{BOT} -m rasa run --interface {{rasa_host}} --port {{rasa_port}} --model {{model}}"
        " --endpoints bot/assistant/endpoints.yml --credentials bot/assistant/credentials.yml",
        needs=("actions",),
    ),
)
