"""Reading series: visible is a series of which a conference is."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from backend.accounts.models import User
from meetings.scheduling.models import Conference, Series
from meetings.scheduling.queries import conferences_visible_to


def series_visible_to(user: User) -> QuerySet[Series]:
    return Series.objects.filter(pk__in=conferences_visible_to(user).exclude(series=None).values("series"))


def shown(user: User, pk: Any) -> Series:
    """The series with `shown`, its conferences that `user` may see, in their order. 404 when not visible."""
    series = get_object_or_404(series_visible_to(user), pk=pk)
    vars(series)["shown"] = list(occurrences(user, series.pk))
    return series


def occurrences(user: User, series_id: int | None) -> QuerySet[Conference]:
    return conferences_visible_to(user).filter(series=series_id).order_by("occurrence")
