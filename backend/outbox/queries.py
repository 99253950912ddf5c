from django.db.models import QuerySet

from backend.accounts.models import Role, User
from backend.accounts.queries import inside, scope
from backend.outbox.models import Message


def messages_visible_to(user: User) -> QuerySet[Message]:
    """What leaves for the units inside the user's scope."""
    roots = scope(user, Role.ADMIN, Role.SECRETARIAT)
    return Message.objects.filter(inside("unit", roots)).select_related("unit").defer("body")
