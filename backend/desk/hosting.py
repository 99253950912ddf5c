"""Forms of the guesthouse: a delegation with its members, rooms for it, a meal."""

from dataclasses import replace
from datetime import datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from backend.accounts.models import User
from backend.common.periods import VIETNAM, local_date
from backend.common.text import nfc
from backend.units.models import Unit
from guesthouse.catering.models import MealService
from guesthouse.catering.rules import MealRequest
from guesthouse.stays.models import Delegation, GuestRoom
from guesthouse.stays.queries import guest_rooms_visible_to
from guesthouse.stays.rules import DelegationRequest, MemberRequest
from meetings.scheduling.models import Conference
from meetings.scheduling.queries import conferences_visible_to

MOMENT = "%Y-%m-%dT%H:%M"


def _moment_field(label: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        input_formats=[MOMENT],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
    )


class DelegationForm(forms.Form):
    """Times are Viet Nam's. Members one a line: name; position; diet."""

    name = forms.CharField(label=_("Name of the delegation"), max_length=200)
    unit = forms.ModelChoiceField(
        label=_("Comes from"), queryset=Unit.objects.none(), required=False, empty_label=_("Not chosen")
    )
    conference = forms.ModelChoiceField(
        label=_("For the conference"),
        queryset=Conference.objects.none(),
        required=False,
        empty_label=_("None"),
    )
    arrival = _moment_field(_("Arrival"))
    departure = _moment_field(_("Departure"))
    contact_name = forms.CharField(label=_("Contact"), max_length=200, required=False)
    contact_phone = forms.CharField(label=_("Contact's phone"), max_length=30, required=False)
    members = forms.CharField(
        label=_("Members"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("One a line: name; position; diet. The first is the head of the delegation."),
    )
    notes = forms.CharField(label=_("Notes"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.filter(valid_to=None).order_by("level__rank", "name")  # type: ignore[attr-defined]
        ahead = conferences_visible_to(user).exclude(status__in=["ended", "cancelled"])
        self.fields["conference"].queryset = ahead  # type: ignore[attr-defined]

    def clean_members(self) -> tuple[MemberRequest, ...]:
        lines = [nfc(line) for line in self.cleaned_data["members"].splitlines() if line.strip()]
        return tuple(self._member(number, line) for number, line in enumerate(lines))

    @staticmethod
    def _member(number: int, line: str) -> MemberRequest:
        name, position, diet = (part.strip() for part in (line + ";;").split(";")[:3])
        if not name:
            raise forms.ValidationError(_t("Line %(n)d has no name.") % {"n": number + 1})
        return MemberRequest(name=name, position=position, diet=diet, role="member" if number else "head")

    def request(self) -> DelegationRequest:
        data = self.cleaned_data
        return DelegationRequest(
            name=nfc(data["name"]),
            arrival=data["arrival"],
            departure=data["departure"],
            unit_id=data["unit"].pk if data["unit"] else None,
            conference_id=data["conference"].pk if data["conference"] else None,
            contact_name=nfc(data["contact_name"]),
            contact_phone=nfc(data["contact_phone"]),
            notes=nfc(data["notes"]),
            members=data["members"],
        )

    def request_over(self, old: DelegationRequest) -> DelegationRequest:
        """What stands with what was typed: a member of the same name keeps what the form does not show."""
        known = {member.name: member for member in old.members}
        wanted = self.request()
        members = tuple(
            replace(known[m.name], position=m.position, diet=m.diet) if m.name in known else m for m in wanted.members
        )
        return replace(wanted, host_unit_id=old.host_unit_id, members=members)

    @staticmethod
    def initial_of(old: DelegationRequest) -> dict[str, Any]:
        lines = ["; ".join((m.name, m.position, m.diet)).rstrip("; ") for m in old.members]
        return {
            "name": old.name,
            "unit": old.unit_id,
            "conference": old.conference_id,
            "arrival": old.arrival.astimezone(VIETNAM),
            "departure": old.departure.astimezone(VIETNAM),
            "contact_name": old.contact_name,
            "contact_phone": old.contact_phone,
            "members": "\n".join(lines),
            "notes": old.notes,
        }


class RoomsForm(forms.Form):
    rooms = forms.ModelMultipleChoiceField(queryset=GuestRoom.objects.none())

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rooms"].queryset = guest_rooms_visible_to(user)  # type: ignore[attr-defined]


class MealForm(forms.Form):
    kind = forms.ChoiceField(label=_("Meal"), choices=MealService.Kind.choices)
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    time = forms.TimeField(label=_("Hour"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    servings = forms.IntegerField(label=_("Servings"), min_value=1, max_value=5000)
    menu = forms.CharField(label=_("Dishes"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def request(self, *, delegation_id: int) -> MealRequest:
        data = self.cleaned_data
        start = datetime.combine(data["day"], data["time"], VIETNAM)
        return MealRequest(
            kind=data["kind"],
            start=start,
            servings=data["servings"],
            delegation_id=delegation_id,
            menu=nfc(data["menu"]),
        )

    @staticmethod
    def initial_for(delegation: Delegation, now: datetime) -> dict[str, Any]:
        return {
            "kind": MealService.Kind.DINNER,
            "day": local_date(max(delegation.arrival, now)),
            "time": time(18),
            "servings": max(1, len(delegation.members.all())),
        }
