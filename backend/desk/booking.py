"""The booking form: one screen from the title to the guests, and back from a conference that stands."""

import re
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from backend.accounts.models import Group, Person, User
from backend.accounts.queries import groups_visible_to, people_visible_to, scope
from backend.common.periods import VIETNAM, local_date
from backend.common.text import nfc
from backend.desk import gate_fields
from backend.desk.fields import ManyIdsField
from backend.desk.gate_fields import GateFields
from backend.units.models import Unit
from backend.units.queries import valid_on
from meetings.scheduling.models import Secrecy, Type
from meetings.scheduling.rules import AgendaPoint, Guest, Request
from meetings.scheduling.services import BOOKERS
from meetings.sites.models import Bridge
from meetings.sites.queries import bridges_visible_to, rooms_visible_to, sites_visible_to

NO_VIDEO = "0"
_AGENDA_LINE = re.compile(r"^\s*(\d{1,2})[:hg](\d{0,2})\s*[-–]\s*(\d{1,2})[:hg](\d{0,2})\s+(.+)$")

# the service's field → the form's
NAMES = {
    "start": "start_time",
    "end": "end_time",
    "participants": "people",
    "chair": "chair_name",
    "host_site": "sites",
}


class BookingForm(GateFields):
    """Everything of a conference. `request()` gives what the service wants."""

    title = forms.CharField(label=_("Title"), max_length=300)
    type = forms.ChoiceField(label=_("Type of meeting"), choices=Type.choices, initial=Type.WORKING)
    secrecy = forms.ChoiceField(label=_("Secrecy"), choices=Secrecy.choices, initial=Secrecy.NONE)
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    start_time = forms.TimeField(label=_("From"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    end_time = forms.TimeField(label=_("To"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    last_day = forms.DateField(
        label=_("Last day"),
        required=False,
        help_text=_("Only when it lasts several days."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    convening_unit = forms.ModelChoiceField(label=_("Convening unit"), queryset=Unit.objects.none())
    chair = forms.ModelChoiceField(
        label=_("Chair"), queryset=Person.objects.none(), required=False, empty_label=_("Not chosen")
    )
    chair_name = forms.CharField(
        label=_("or a name that is not in the directory"), max_length=200, required=False, strip=True
    )
    sites = ManyIdsField(label=_("Sites"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple)
    rooms = ManyIdsField(
        label=_("Rooms"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("A site without a chosen room takes its default room."),
    )
    bridge = forms.ChoiceField(label=_("Bridge"), required=False)
    groups = forms.ModelMultipleChoiceField(
        label=_("Groups"), queryset=Group.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    people = forms.ModelMultipleChoiceField(
        label=_("Participants"), queryset=Person.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    others = forms.CharField(
        label=_("Others"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line: name; e-mail or phone; position."),
    )
    agenda = forms.CharField(
        label=_("Agenda"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One item a line: 08:00-08:30 Opening."),
    )
    notes = forms.CharField(label=_("Notes"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        today = local_date(timezone.now())
        roots = scope(user, *BOOKERS)
        units = Unit.objects.filter(path__overlap=roots)
        self._set("convening_unit", units.filter(valid_on(today)).order_by("level__rank", "name"))
        people = people_visible_to(user).order_by("unit__level__rank", "unit__name", "name")
        self._set("people", people)
        self._set("chair", people)
        self._set("groups", groups_visible_to(user))
        self.site_list = list(sites_visible_to(user))
        self.room_list = list(rooms_visible_to(user))
        self.fields["sites"].choices = [(site.pk, site.name) for site in self.site_list]  # type: ignore[attr-defined]
        self.fields["rooms"].choices = [(room.pk, room.name) for room in self.room_list]  # type: ignore[attr-defined]
        bridges = [(str(bridge.pk), _bridge_name(bridge)) for bridge in bridges_visible_to(user)]
        self.fields["bridge"].choices = [  # type: ignore[attr-defined]
            ("", _("The nearest one, when there are several sites")),
            (NO_VIDEO, _("Without video")),
            *bridges,
        ]

    def _set(self, name: str, queryset: QuerySet) -> None:
        self.fields[name].queryset = queryset  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("chair") and not data.get("chair_name"):
            self.add_error("chair_name", _t("Name who chairs the conference."))
        if not data.get("sites") and not data.get("rooms"):
            self.add_error("sites", _t("Choose at least one site or one room."))
        if data.get("day"):
            data["agenda_points"] = self._lines("agenda", data, self._agenda_point)
        data["other_guests"] = self._lines("others", data, self._guest)
        return data

    def _lines(self, field: str, data: dict, read: Any) -> tuple:
        rows = []
        for number, line in enumerate((data.get(field) or "").splitlines(), start=1):
            if line.strip():
                try:
                    rows.append(read(nfc(line), data))
                except ValueError:
                    text = _t("Line %(n)d is not understood: “%(line)s”.")
                    self.add_error(field, text % {"n": number, "line": line[:80]})
        return tuple(rows)

    def _agenda_point(self, line: str, data: dict) -> AgendaPoint:
        match = _AGENDA_LINE.match(line)
        if not match:
            raise ValueError(line)
        h1, m1, h2, m2, title = match.groups()
        start, end = time(int(h1), int(m1 or 0)), time(int(h2), int(m2 or 0))
        return AgendaPoint(_moment(data["day"], start), _moment(data["day"], end), title.strip())

    @staticmethod
    def _guest(line: str, data: dict) -> Guest:
        name, _sep, rest = line.partition(";")
        contact, _sep, position = rest.partition(";")
        contact = contact.strip()
        if not name.strip() or not contact:
            raise ValueError(line)
        if "@" in contact:
            forms.EmailField().clean(contact)
            return Guest(name=name.strip(), email=contact, position=position.strip())
        return Guest(name=name.strip(), phone=contact, position=position.strip())

    def changes(self) -> dict[str, Any]:
        """What was changed of the conference that the form began with, named as in `Request`."""
        wanted = self.request()
        return {name: getattr(wanted, name) for field in self.changed_data for name in _FIELDS[field]}

    def place_and_time(self) -> Request | None:
        """Where and when alone, however the rest stands; None while that is not whole."""
        self.is_valid()
        data = self.cleaned_data
        names = ("day", "start_time", "end_time", "convening_unit", "sites", "rooms", "bridge", "secrecy")
        if not all(name in data for name in names):
            return None
        return Request(
            title="",
            type="",
            secrecy=data["secrecy"],
            start=_moment(data["day"], data["start_time"]),
            end=_moment(data.get("last_day") or data["day"], data["end_time"]),
            convening_unit_id=data["convening_unit"].pk,
            site_ids=tuple(data["sites"]),
            room_ids=tuple(data["rooms"]),
            bridge_id=int(data["bridge"]) if data["bridge"] else None,
        )

    def request(self) -> Request:
        """What was asked for, times in UTC."""
        data = self.cleaned_data
        chair = data["chair"]
        people = {person.pk for person in data["people"]}
        people.update(Person.objects.filter(groups__in=data["groups"], active=True).values_list("pk", flat=True))
        guests = tuple(Guest(person_id=pk) for pk in sorted(people))
        return Request(
            title=nfc(data["title"]),
            type=data["type"],
            secrecy=data["secrecy"],
            start=_moment(data["day"], data["start_time"]),
            end=_moment(data["last_day"] or data["day"], data["end_time"]),
            convening_unit_id=data["convening_unit"].pk,
            site_ids=tuple(data["sites"]),
            room_ids=tuple(data["rooms"]),
            chair=Guest(person_id=chair.pk) if chair else Guest(name=nfc(data["chair_name"])),
            bridge_id=int(data["bridge"]) if data["bridge"] else None,
            participants=(*guests, *data["other_guests"]),
            agenda=data["agenda_points"],
            notes=nfc(data["notes"]),
            **self.for_the_gate(),
        )


def _bridge_name(bridge: Bridge) -> str:
    return _t("%(name)s (out of order)") % {"name": bridge.name} if bridge.out_of_order_since else bridge.name


# the form's field → the service's, for a change of several dates at once
_FIELDS = {
    "title": ("title",),
    "type": ("type",),
    "secrecy": ("secrecy",),
    "day": ("start",),
    "last_day": ("end",),
    "start_time": ("start",),
    "end_time": ("end",),
    "convening_unit": ("convening_unit_id",),
    "chair": ("chair",),
    "chair_name": ("chair",),
    "sites": ("site_ids", "room_ids"),
    "rooms": ("site_ids", "room_ids"),
    "bridge": ("bridge_id",),
    "groups": ("participants",),
    "people": ("participants",),
    "others": ("participants",),
    "agenda": ("agenda",),
    "notes": ("notes",),
    "unscheduled": ("unscheduled",),
    "decided_by": ("decided_by",),
    "contact": ("contact",),
    "papers_on": ("papers_on",),
}


def _moment(day: Any, clock: time) -> datetime:
    return datetime.combine(day, clock, VIETNAM)


def initial(request: Request) -> dict[str, Any]:
    """The form's values of a conference that stands."""
    start, end = request.start.astimezone(VIETNAM), request.end.astimezone(VIETNAM)
    known = [guest.person_id for guest in request.participants if guest.person_id]
    others = [guest for guest in request.participants if not guest.person_id and guest.role != "chair"]
    return {
        "title": request.title,
        "type": request.type,
        "secrecy": request.secrecy,
        "day": start.date(),
        "last_day": end.date() if end.date() != start.date() else None,
        "start_time": start.time(),
        "end_time": end.time(),
        "convening_unit": request.convening_unit_id,
        "chair": request.chair.person_id,
        "chair_name": "" if request.chair.person_id else request.chair.name,
        "sites": request.site_ids,
        "rooms": request.room_ids,
        "bridge": str(request.bridge_id),
        "people": known,
        "others": "\n".join("; ".join(filter(None, (g.name, g.email or g.phone, g.position))) for g in others),
        "agenda": "\n".join(_agenda_line(point) for point in request.agenda),
        "notes": request.notes,
        **gate_fields.initial(request),
    }


def _agenda_line(point: AgendaPoint) -> str:
    start, end = point.start.astimezone(VIETNAM), point.end.astimezone(VIETNAM)
    return f"{start:%H:%M}-{end:%H:%M} {point.title}"


MORNING, LATEST = time(8), time(17)


def next_hour(now: datetime) -> dict[str, Any]:
    """Day and hours that an empty form offers: one hour from the next full half hour on, in the office's day."""
    start = now.astimezone(VIETNAM) + timedelta(minutes=30)
    start = start.replace(minute=0 if start.minute < 30 else 30, second=0, microsecond=0)
    if start.time() > LATEST:
        start += timedelta(days=1)
    if not MORNING <= start.time() <= LATEST:
        start = start.replace(hour=MORNING.hour, minute=0)
    return {"day": start.date(), "start_time": start.time(), "end_time": (start + timedelta(hours=1)).time()}
