"""Members: from what was asked to rows, their identity numbers sealed on the way in."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from backend.common.errors import Invalid
from backend.common.sealing import seal
from guesthouse.stays.models import Delegation, Member, Stay
from guesthouse.stays.rules import MemberRequest, identity_number

_FIELDS = ["name", "position", "role", "rank", "gender", "birth_year", "diet"]


def write(delegation: Delegation, members: Sequence[MemberRequest]) -> None:
    Member.objects.bulk_create([_row(delegation, asked) for asked in members])


def rewrite(delegation: Delegation, members: Sequence[MemberRequest]) -> None:
    """Bring the rows to what is asked: those with an id are kept, those without are new, all others leave."""
    old = {member.pk: member for member in delegation.members.all()}
    kept = [_row(delegation, asked, old[asked.id]) for asked in members if asked.id is not None]
    _remove(set(old) - {member.pk for member in kept})
    Member.objects.bulk_update(kept, [*_FIELDS, "identity_sealed", "identity_tail"])
    write(delegation, [asked for asked in members if asked.id is None])


def _row(delegation: Delegation, asked: MemberRequest, row: Member | None = None) -> Member:
    row = row or Member(delegation=delegation)
    for name in _FIELDS:
        setattr(row, name, getattr(asked, name))
    if asked.identity_number is not None:
        number = identity_number(asked.identity_number, "identity_number")
        row.identity_sealed, row.identity_tail = (seal(number), number[-3:]) if number else (None, "")
    return row


def _remove(ids: set[int]) -> None:
    housed = Member.objects.filter(pk__in=ids, stays__status=Stay.Status.BOOKED).first()
    if housed:
        text = _("“%(name)s” has a room; change or cancel that stay first.") % {"name": housed.name}
        raise Invalid("member_has_room", text, field="members")
    Member.objects.filter(pk__in=ids).delete()


def requests_of(delegation: Delegation) -> tuple[MemberRequest, ...]:
    """What stands, in the form in which it is asked for; identity numbers stay as they are."""
    return tuple(
        MemberRequest(id=row.pk, **{name: getattr(row, name) for name in _FIELDS}) for row in delegation.members.all()
    )
