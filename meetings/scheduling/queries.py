"""Reading conferences; what serves a person starts from `conferences_visible_to`."""

from datetime import datetime

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    prefetch_related_objects,
)
from django.db.models.functions import Coalesce

from backend.accounts.models import User
from backend.accounts.queries import inside, scope
from backend.common.text import fold
from meetings.links.queries import also_shows_lines_of
from meetings.scheduling.models import Conference, ConferenceSite, Participant, Status


def conferences_visible_to(user: User) -> QuerySet[Conference]:
    """Convened inside the user's scope, held at a site inside it, or with the user among the invited."""
    roots = scope(user)
    sites = ConferenceSite.objects.filter(inside("site__unit", roots), conference=OuterRef("pk"))
    invited = Participant.objects.filter(person__user=user.pk, conference=OuterRef("pk"))
    return Conference.objects.filter(inside("convening_unit", roots) | Exists(sites) | Exists(invited)).select_related(
        "convening_unit__level", "host_site", "bridge"
    )


@also_shows_lines_of
def sites_of_conferences(user: User) -> QuerySet:
    """Sites that take part in a conference of the user's: staff see how those are connected."""
    return ConferenceSite.objects.filter(conference__in=conferences_visible_to(user).values("pk")).values("site_id")


def with_site_counts(conferences: QuerySet[Conference]) -> QuerySet[Conference]:
    """Each with `site_count`."""
    places = ConferenceSite.objects.filter(conference=OuterRef("pk")).order_by().values("conference")
    counted = places.annotate(n=Count("site", distinct=True)).values("n")
    return conferences.annotate(site_count=Coalesce(Subquery(counted), 0))


def with_hold_state(conferences: QuerySet[Conference], now: datetime) -> QuerySet[Conference]:
    """Each with `hold_expired`: it waits for approval, and others may take its rooms (`rules.hold_expired`)."""
    expired = Q(status=Status.SUBMITTED, hold_until__lte=now)
    return conferences.annotate(hold_expired=ExpressionWrapper(expired, output_field=BooleanField()))


def matching(conferences: QuerySet[Conference], text: str) -> QuerySet[Conference]:
    """`conferences` whose title or code holds every word of `text`; a secret title is not there to be found."""
    words = Q()
    for word in fold(text).split():
        words &= Q(folded__contains=word)
    return conferences.filter(words)


def with_details(conference: Conference) -> Conference:
    """Load places, participants and agenda in one statement each."""
    vars(conference)["_prefetched_objects_cache"] = {}  # a service may have changed them
    prefetch_related_objects([conference], "places__site__unit", "places__room", "participants", "agenda")
    return conference
