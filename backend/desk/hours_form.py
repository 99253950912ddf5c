"""A day and two hours of Viet Nam, as the pages ask for them."""

from datetime import datetime

from django import forms

from backend.common.periods import VIETNAM


class HoursForm(forms.Form):
    day = forms.DateField()
    start_time = forms.TimeField()
    end_time = forms.TimeField()

    def period(self) -> tuple[datetime, datetime]:
        data = self.cleaned_data
        start = datetime.combine(data["day"], data["start_time"], VIETNAM)
        return start, datetime.combine(data["day"], data["end_time"], VIETNAM)
