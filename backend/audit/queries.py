from django.db.models import Q, QuerySet

from backend.accounts.models import Role, User
from backend.accounts.queries import inside, scope
from backend.audit.models import Entry


def entries_visible_to(user: User) -> QuerySet[Entry]:
    """What was done inside the user's scope as administrator, secretariat or leader; and what they did themselves."""
    roots = scope(user, Role.ADMIN, Role.SECRETARIAT, Role.LEADER)
    return Entry.objects.filter(inside("unit", roots) | Q(actor=user)).select_related("actor", "unit")


def history(subject_kind: str, subject_id: int) -> QuerySet[Entry]:
    """The trail of one thing; the caller has checked that it may be seen."""
    return Entry.objects.filter(subject_kind=subject_kind, subject_id=subject_id).select_related("actor")
