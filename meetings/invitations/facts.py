"""What an invitation says, as plain values that survive in JSON: a mail says what was true when it was due."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

INVITE, MOVE, UPDATE, CANCEL, WITHDRAW = "invite", "move", "update", "cancel", "withdraw"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaLine:
    start: datetime
    end: datetime
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What one edition tells everybody; times aware. `sender_name` stays what it was when the first mail left.

    `hosted_at` is the host site with its room; `room` that room alone with `room_key`, which names it in addresses.
    `bridge` is the system on which one joins by one's own link. `reason` is why it was cancelled. `before` is
    (start, end) of the edition before when this one moved. A `secret` edition holds code, times and places only:
    everything else is emptied here, whoever fills it in.
    """

    uid: str
    code: str
    stamp: datetime
    created: datetime
    start: datetime
    end: datetime
    title: str = ""
    secret: bool = False
    sender_name: str = ""
    convener: str = ""
    chair: str = ""
    hosted_at: str = ""
    room: str = ""
    room_key: str = ""
    sites: tuple[str, ...] = ()
    agenda: tuple[AgendaLine, ...] = ()
    notes: str = ""
    contact: str = ""
    reason: str = ""
    join_url: str = ""
    bridge: str = ""
    before: tuple[datetime, datetime] | None = None

    def __post_init__(self) -> None:
        if self.secret:
            for name in (
                "title",
                "sender_name",
                "convener",
                "chair",
                "notes",
                "contact",
                "reason",
                "join_url",
                "bridge",
            ):
                object.__setattr__(self, name, "")
            object.__setattr__(self, "sites", ())
            object.__setattr__(self, "agenda", ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """What one mail says besides: to whom (`address`), from which stable address (`organizer`), where this guest sits.

    `sequence` and `partstat` are this guest's own: RFC 5546 counts what each attendee has been sent. So is `join_url`.
    """

    address: str
    organizer: str
    sequence: int = 0
    name: str = ""
    position: str = ""
    role: str = "member"
    language: str = "vi"
    partstat: str = "NEEDS-ACTION"
    place: str = ""
    room: str = ""
    room_key: str = ""
    join_url: str = ""


def dump(value: Facts | Guest) -> dict[str, Any]:
    """JSON-ready; times as ISO 8601 with offset, what is empty left out."""
    items = ((field.name, getattr(value, field.name)) for field in fields(value))
    return {name: _plain(item) for name, item in items if item not in ("", (), None)}


def load_facts(data: dict[str, Any]) -> Facts:
    times = {name: _time(data[name]) for name in ("stamp", "created", "start", "end")}
    agenda = tuple(
        AgendaLine(title=x["title"], start=_time(x["start"]), end=_time(x["end"])) for x in data.get("agenda", ())
    )
    before = data.get("before")
    moved = (_time(before[0]), _time(before[1])) if before else None
    return Facts(**{**data, **times, "agenda": agenda, "sites": tuple(data.get("sites", ())), "before": moved})


def load_guest(data: dict[str, Any]) -> Guest:
    known = {field.name for field in fields(Guest)}
    return Guest(**{name: item for name, item in data.items() if name in known})


def _plain(item: Any) -> Any:
    if isinstance(item, datetime):
        return item.isoformat()
    if isinstance(item, AgendaLine):
        return {field.name: _plain(getattr(item, field.name)) for field in fields(item)}
    return [_plain(inner) for inner in item] if isinstance(item, (tuple, list)) else item


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
