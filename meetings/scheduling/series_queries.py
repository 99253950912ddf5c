"""Reading series: visible is a series of which a conference is."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from backend.accounts.models import User
from meetings.scheduling.models import Conference, Series
from meetings.scheduling.queries import conferences_visible_to


def series_visible_to(user: User) -> QuerySet[Series]:
    return Series.objects.filter(pk__in=conferences_visible_to(user).exclude(series=None).values("series"))


def shown(user: User, pk: Any) -> tuple[Series, list[Conference]]:
    """A series and its conferences that `user` may see, in their order. 404 when not visible."""
    series = get_object_or_404(series_visible_to(user), pk=pk)
    conferences = list(occurrences(user, series.pk))
    vars(series)["shown"] = conferences
    return series, conferences


def occurrences(user: User, series_id: int | None) -> QuerySet[Conference]:
    return conferences_visible_to(user).filter(series=series_id).order_by("occurrence")
