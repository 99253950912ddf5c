"""How a booking repeats: the part of the booking form that makes a series of it."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from backend.common.periods import VIETNAM
from backend.desk.booking import BookingForm
from meetings.scheduling.models import Series
from meetings.scheduling.rules import Request
from meetings.scheduling.series_rules import MOST, WEEKDAYS, Rule
from meetings.scheduling.series_services import Wish

FREQUENCIES = [
    ("", _("does not repeat")),
    ("DAILY", _("daily")),
    ("WEEKLY", _("weekly")),
    ("MONTHLY", _("monthly")),
    ("YEARLY", _("yearly")),
]
DAYS = list(zip(WEEKDAYS, (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")), strict=True))
MONTHLY = [
    ("day", _("on the same day of the month")),
    ("nth", _("on the same weekday of the month, such as the second Tuesday")),
    ("last", _("on the last such weekday of the month")),
]
# what the preview needs of the booking form; the rest may still be empty
NEEDED = ("day", "last_day", "start_time", "end_time", "sites", "rooms", "bridge", "convening_unit", "secrecy")


class RepeatForm(forms.Form):
    """Empty, it means: once. `wish()` gives what the service wants."""

    frequency = forms.ChoiceField(label=_("Repeats"), choices=FREQUENCIES, required=False)
    interval = forms.IntegerField(label=_("Every"), min_value=1, max_value=366, initial=1, required=False)
    weekdays = forms.MultipleChoiceField(
        label=_("Weekdays"), choices=DAYS, required=False, widget=forms.CheckboxSelectMultiple
    )
    monthly = forms.ChoiceField(label=_("In each month"), choices=MONTHLY, required=False)
    count = forms.IntegerField(label=_("Number of dates"), min_value=1, max_value=MOST, required=False)
    until = forms.DateField(
        label=_("or the last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    exceptions = forms.TypedMultipleChoiceField(required=False, coerce=date.fromisoformat)
    policy = forms.ChoiceField(
        label=_("Dates that are taken"),
        choices=Series.Policy.choices,
        initial=Series.Policy.REFUSE,
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Any = None, **values: Any) -> None:
        super().__init__(data, **values)
        left_out = [(day, day) for day in (data.getlist("exceptions") if data else ())]
        self.fields["exceptions"].choices = left_out  # type: ignore[attr-defined]

    @property
    def repeats(self) -> bool:
        return bool(self["frequency"].value())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        ends = [name for name in ("count", "until") if data.get(name)]
        if self.repeats and not self.errors and len(ends) != 1:
            self.add_error("count", _t("Give a number of dates or a last day, one of both."))
        return data

    def wish(self, request: Request) -> Wish:
        data, first = self.cleaned_data, request.start.astimezone(VIETNAM).date()
        until = data["until"]
        rule = Rule(
            frequency=data["frequency"],
            interval=data["interval"] or 1,
            weekdays=self._weekdays(first),
            count=data["count"],
            until=datetime(until.year, until.month, until.day, 23, 59, 59) if until else None,  # noqa: DTZ001 (wall time)
        )
        return Wish(request, rule, tuple(data["exceptions"]), data["policy"] or Series.Policy.REFUSE)

    def _weekdays(self, first: date) -> tuple[str, ...]:
        data, name = self.cleaned_data, WEEKDAYS[first.weekday()]
        if data["frequency"] == "WEEKLY":
            return tuple(day for day in WEEKDAYS if day in data["weekdays"])
        if data["frequency"] == "MONTHLY" and data["monthly"] in ("nth", "last"):
            nth = (first.day - 1) // 7 + 1
            return (f"{-1 if data['monthly'] == 'last' or nth > 4 else nth}{name}",)
        return ()


def places_and_hours(form: BookingForm) -> Request | None:
    """As much of the form as decides whether the dates are free; None when something of that is wrong."""
    form.is_valid()
    if any(name in form.errors for name in NEEDED):
        return None
    form.cleaned_data.update({"agenda_points": (), "other_guests": ()})
    empty = {"title": "", "type": "", "chair": None, "chair_name": "", "people": (), "groups": (), "notes": ""}
    form.cleaned_data = {**empty, **form.cleaned_data, "chair": None, "people": (), "groups": ()}
    return form.request()
