"""What was and what is, of one entry of the trail, in words and Viet Nam's hours."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from backend.audit.models import Entry
from backend.common.periods import VIETNAM
from meetings.scheduling.models import Secrecy, Type

FIELDS: dict[str, Promise | str] = {
    "title": _("Title: %(old)s → %(new)s"),
    "chair": _("Chair: %(old)s → %(new)s"),
    "type": _("Type: %(old)s → %(new)s"),
    "secrecy": _("Secrecy: %(old)s → %(new)s"),
    "unit": _("Convening unit: %(old)s → %(new)s"),
    "host": _("Host site: %(old)s → %(new)s"),
    "bridge": _("Bridge: %(old)s → %(new)s"),
    "name": _("Name: %(old)s → %(new)s"),
    "capacity": _("Seats: %(old)s → %(new)s"),
    "servings": _("Servings: %(old)s → %(new)s"),
}
LABELS: dict[str, Callable[[str], str]] = {
    "type": lambda value: str(Type(value).label),
    "secrecy": lambda value: str(Secrecy(value).label),
}
CHECKED: dict[str, Promise | str] = {"picture": _("picture"), "sound": _("sound"), "line": _("line")}
TOUCHED: dict[str, Promise | str] = {"agenda": _("Agenda changed"), "notes": _("Notes changed")}


def changes(entry: Entry, *, secret: bool) -> list[str]:
    """One text for each difference. Of what is secret by now, no title that it once had."""
    return [
        *_hours(entry),
        *_fields(entry, secret),
        *_rooms(entry.after),
        *_people(entry),
        *_touched(entry.after),
        *_rehearsed(entry),
    ]


def _hours(entry: Entry) -> Iterator[str]:
    old, new = entry.before, entry.after
    if "end" not in old or "end" not in new or all(old[key] == new.get(key) for key in ("start", "end") if key in old):
        return
    if "start" in old:
        words = {"old": _period(old["start"], old["end"]), "new": _period(new["start"], new["end"])}
        yield _t("From %(old)s to %(new)s") % words
    else:
        yield _t("Until %(new)s instead of %(old)s") % {"old": _hour(old["end"]), "new": _hour(new["end"])}


def _fields(entry: Entry, secret: bool) -> Iterator[str]:
    for field, words in FIELDS.items():
        if field not in entry.before or field not in entry.after or (secret and field == "title"):
            continue
        old, new = entry.before[field], entry.after[field]
        if old != new:
            label = LABELS.get(field, str)
            yield str(words) % {"old": label(old) or "–", "new": label(new) or "–"}


def _rooms(after: dict[str, Any]) -> Iterator[str]:
    for key, words in (("rooms_added", _t("Added: %(names)s")), ("rooms_removed", _t("Left out: %(names)s"))):
        names = after.get(key, [])
        if names:
            more = after.get(f"{key}_count", len(names)) - len(names)
            rest = " " + _t("and %(n)s more") % {"n": more} if more else ""
            yield words % {"names": ", ".join(names) + rest}


def _people(entry: Entry) -> Iterator[str]:
    if entry.act == "invitation.send":
        yield from _mails(entry.after)
        return
    if n := entry.after.get("people_added", 0):
        yield ngettext("%(n)s person more", "%(n)s persons more", n) % {"n": n}
    if n := entry.after.get("people_removed", 0):
        yield ngettext("%(n)s person less", "%(n)s persons less", n) % {"n": n}


def _mails(sent: dict[str, int]) -> Iterator[str]:
    words = {
        "invite": _t("%(n)s invited"),
        "move": _t("%(n)s told of the new time"),
        "update": _t("%(n)s told of a change"),
        "cancel": _t("%(n)s told that it is off"),
        "withdraw": _t("%(n)s no longer invited"),
    }
    yield from (text % {"n": sent[action]} for action, text in words.items() if sent.get(action))


def _touched(after: dict[str, Any]) -> Iterator[str]:
    yield from (str(TOUCHED[name]) for name in after.get("touched", ()))


def _rehearsed(entry: Entry) -> Iterator[str]:
    after = entry.after
    if entry.act == "rehearsal.plan":
        yield _period(after["start"], after["end"])
    elif entry.act == "rehearsal.result":
        words = {"pass": _t("%(site)s: good"), "fail": _t("%(site)s failed: %(what)s"), "": _t("%(site)s: not yet")}
        what = ", ".join(str(CHECKED[name]) for name in after["failed"])
        yield words[after["outcome"]] % {"site": after["site"], "what": what}


def _local(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(VIETNAM)


def _hour(text: str) -> str:
    return f"{_local(text):%H:%M}"


def _period(start: str, end: str) -> str:
    """08:00–09:00 24/11, or over several days 08:00 24/11 – 17:00 25/11."""
    first, last = _local(start), _local(end)
    if first.date() == last.date():
        return f"{first:%H:%M}–{last:%H:%M} {last:%d/%m}"
    return f"{first:%H:%M %d/%m} – {last:%H:%M %d/%m}"
