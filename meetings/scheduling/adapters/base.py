"""What every adapter of a bridge is made of. Adapters know no database: plain values in, plain values out.

Each has its folder with the same two files: `fields.py`, what an administrator fills in, and `adapter.py`, how a
meeting is made, entered and ended. They raise `TryAgain` for what may pass later and `Refused` for what somebody must
change; neither text ever holds a secret.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from backend.common.errors import Invalid

GRACE = timedelta(hours=1)  # a session that runs over is not cut off


@dataclass(frozen=True)
class Field:
    """One value. `secret`: stored sealed and never shown again. `shortest`: fewer characters are refused."""

    name: str
    label: Any
    secret: bool = False
    required: bool = False
    help: Any = ""
    address: bool = False
    shortest: int = 0
    choices: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Setup:
    """How one bridge is reached, opened for use: settings and secrets by the names of the adapter's fields."""

    values: Mapping[str, str] = field(repr=False)

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")


@dataclass(frozen=True)
class Meeting:
    """A conference for its bridge. `title` is the public one. `access`: what is known so far. Times aware.

    `taken`: numbers of other coming meetings on a bridge whose adapter is `numbered`.
    """

    key: str
    title: str
    start: datetime
    end: datetime
    access: Mapping[str, str] = field(default_factory=dict, repr=False)
    taken: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Attendee:
    """Who enters: `id` tells two of the same name apart."""

    id: str
    name: str
    leads: bool = False


class Adapter(ABC):
    """`fields`: of the set-up page. `shown`: what people dial or type; `by_hand`: a person may enter it.

    `numbered`: `create` gives each meeting a number of its own and asks nobody, so that it may run under a lock.
    """

    key: ClassVar[str]
    title: ClassVar[Any]
    about: ClassVar[Any]
    fields: ClassVar[tuple[Field, ...]]
    shown: ClassVar[tuple[Field, ...]] = ()
    by_hand: ClassVar[bool] = False
    numbered: ClassVar[bool] = False

    @abstractmethod
    def create(self, setup: Setup, meeting: Meeting, now: datetime) -> dict[str, str]:
        """Make the meeting, or find it made already; answers what people dial or type."""

    def enter(self, setup: Setup, meeting: Meeting, attendee: Attendee, now: datetime) -> str:
        """The address that lets this attendee in; empty where one dials."""
        return ""

    def end(self, setup: Setup, meeting: Meeting) -> None:  # noqa: B027  (where nothing runs, nothing ends)
        """End the meeting, or find it ended already."""


def check(fields: tuple[Field, ...], values: Mapping[str, str]) -> None:
    """Invalid (`bad_setting`) names each field that is missing, too short, or no web address."""
    errors = {f.name: [problem] for f in fields if (problem := _problem(f, values.get(f.name, "")))}
    if errors:
        raise Invalid("bad_setting", _("Some of it is not right."), errors=errors)


def _problem(known: Field, value: str) -> str:
    if not value:
        return _("This is needed.") if known.required else ""
    if known.address and not _is_address(value):
        return _("Write a web address: https://…")
    if len(value) < known.shortest:
        return _("At least %(n)d characters.") % {"n": known.shortest}
    if known.choices and value not in dict(known.choices):
        return _("Choose one of those offered.")
    return ""


def _is_address(text: str) -> bool:
    """http or https to a host, without a user, a query or a fragment."""
    try:
        parts = urlsplit(text)
        return (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and parts.port != 0
            and not (parts.username or parts.password or parts.query or parts.fragment)
        )
    except ValueError:
        return False
