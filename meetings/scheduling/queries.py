"""Reading conferences; what serves a person starts from `conferences_visible_to`."""

from django.db.models import Exists, OuterRef, Q, QuerySet, prefetch_related_objects

from backend.accounts.models import User
from backend.accounts.queries import inside, scope
from backend.common.text import fold
from meetings.scheduling.models import Conference, ConferenceSite, Participant


def conferences_visible_to(user: User) -> QuerySet[Conference]:
    """Convened inside the user's scope, held at a site inside it, or with the user among the invited."""
    roots = scope(user)
    sites = ConferenceSite.objects.filter(inside("site__unit", roots), conference=OuterRef("pk"))
    invited = Participant.objects.filter(person__user=user.pk, conference=OuterRef("pk"))
    return Conference.objects.filter(inside("convening_unit", roots) | Exists(sites) | Exists(invited)).select_related(
        "convening_unit", "host_site", "bridge"
    )


def matching(conferences: QuerySet[Conference], text: str) -> QuerySet[Conference]:
    """`conferences` whose title or code holds every word of `text`; a secret title is not there to be found."""
    words = Q()
    for word in fold(text).split():
        words &= Q(folded__contains=word)
    return conferences.filter(words)


def with_details(conference: Conference) -> Conference:
    """Load places, participants and agenda in one statement each."""
    conference._prefetched_objects_cache = {}  # type: ignore[attr-defined]  (a service may have changed them)
    prefetch_related_objects([conference], "places__site", "places__room", "participants", "agenda")
    return conference
