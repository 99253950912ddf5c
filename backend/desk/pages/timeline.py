"""All rooms of one day by hour."""

from datetime import timedelta

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.common.periods import local_date, local_day
from backend.desk.lanes import room_lanes
from backend.desk.pages.common import PageRequest, asked_day, signed_in
from backend.units.models import Level
from meetings.sites.queries import matching_rooms, rooms_visible_to

MOST = 300


class Filter(forms.Form):
    day = forms.DateField(
        required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), label=_("Day")
    )
    search = forms.CharField(label=_("Room or site"), required=False, max_length=100)
    level = forms.ModelChoiceField(
        label=_("Level"),
        queryset=Level.objects.all(),
        required=False,
        empty_label=_("All levels"),
        to_field_name="code",
    )
    used = forms.BooleanField(label=_("Only rooms in use"), required=False)


@signed_in
def timeline(request: PageRequest) -> HttpResponse:
    form, day, now = Filter(request.GET or None), asked_day(request), timezone.now()
    rooms = rooms_visible_to(request.user).order_by("site__unit__level__rank", "site__folded", "name")
    used_alone = False
    if form.is_valid():
        used_alone = form.cleaned_data["used"]
        if form.cleaned_data["search"]:
            rooms = matching_rooms(rooms, form.cleaned_data["search"])
        if form.cleaned_data["level"]:
            rooms = rooms.filter(site__unit__level=form.cleaned_data["level"])
    board = room_lanes(request.user, local_day(day), now, rooms=rooms[:MOST])
    context = {
        "filter": Filter(initial={**request.GET.dict(), "day": day}),
        "day": day,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "is_today": day == local_date(now),
        "board": board.used_first(used_alone=used_alone),
    }
    return render(request, "desk/timeline_board.html" if request.htmx else "desk/timeline.html", context)
