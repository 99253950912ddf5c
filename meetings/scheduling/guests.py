"""Participants: from what was asked to rows that can be reached, and back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import connection
from django.utils.translation import gettext as _

from backend.accounts.models import Person, User
from backend.accounts.queries import people_visible_to
from backend.common.errors import Invalid
from meetings.scheduling.models import AgendaItem, Conference, Participant
from meetings.scheduling.rules import AgendaPoint, Guest, Request

CHAIR = Participant.Role.CHAIR


@dataclass(frozen=True)
class People:
    """Who is invited, each with everything known of them."""

    guests: tuple[Guest, ...]


def resolve(actor: User, asked: Sequence[Guest], chair: Guest) -> People:
    """Fill in people of the directory and add the chair. Invalid names the participant who cannot be reached."""
    known = _known(actor, [*asked, chair])
    guests = [_filled(guest, known, f"participants.{n}") for n, guest in enumerate(asked)]
    lead = _filled(chair, known, "chair")
    if not lead.name:
        raise Invalid("no_chair", _("Name who chairs the conference."), field="chair")
    guests = _with_chair(guests, lead)
    _check(guests)
    return People(tuple(guests))


def _known(actor: User, guests: Sequence[Guest]) -> dict[int, Person]:
    ids = [guest.person_id for guest in guests if guest.person_id]
    return people_visible_to(actor).in_bulk(ids) if ids else {}


def _filled(guest: Guest, known: dict[int, Person], field: str) -> Guest:
    if not guest.person_id:
        return guest
    person = known.get(guest.person_id)
    if person is None:
        raise Invalid("unknown", _("Not in the directory."), field=f"{field}.person")
    return replace(
        guest,
        name=person.name,
        position=guest.position or person.position,
        unit_name=guest.unit_name or person.unit.name,
        email=guest.email or person.email,
        phone=guest.phone or person.phone,
    )


def _with_chair(guests: list[Guest], chair: Guest) -> list[Guest]:
    """The chair is a participant too, unless nothing but a name is known of them."""
    demoted = [replace(g, role="member") if g.role == CHAIR else g for g in guests]
    for number, guest in enumerate(demoted):
        if (guest.person_id and guest.person_id == chair.person_id) or (
            not chair.person_id and guest.name == chair.name
        ):
            demoted[number] = replace(guest, role=CHAIR)
            return demoted
    reachable = chair.email or chair.phone
    return [replace(chair, role=CHAIR), *demoted] if reachable else demoted


def _check(guests: Sequence[Guest]) -> None:
    seen: set[object] = set()
    for number, guest in enumerate(guests):
        if not guest.email and not guest.phone:
            text = _("“%(name)s” can be reached by nothing: give an e-mail address or a phone number.")
            raise Invalid("unreachable", text % {"name": guest.name}, field=f"participants.{number}")
        for mark in filter(None, (guest.person_id, guest.email.lower())):
            if mark in seen:
                text = _("“%(name)s” is invited twice.") % {"name": guest.name}
                raise Invalid("doubled", text, field=f"participants.{number}")
            seen.add(mark)


def _row(conference: Conference, guest: Guest) -> Participant:
    return Participant(
        conference=conference,
        person_id=guest.person_id,
        name=guest.name,
        position=guest.position,
        unit_name=guest.unit_name,
        email=guest.email,
        phone=guest.phone,
        role=guest.role,
    )


def write(conference: Conference, people: People) -> None:
    _insert(conference, people.guests)
    lead = next((g for g in people.guests if g.role == CHAIR), None)
    if lead and conference.chair_name != lead.name:
        conference.chair_name = lead.name
        conference.save(update_fields=["chair_name"])


_INSERT = """
INSERT INTO meetings_scheduling_participant
    (conference_id, person_id, name, position, unit_name, email, phone, role)
SELECT %s, g.* FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[]) AS g
"""


def _insert(conference: Conference, guests: Sequence[Guest]) -> None:
    """All of them in one statement, in their order."""
    if guests:
        rows = [(g.person_id, g.name, g.position, g.unit_name, g.email, g.phone, g.role) for g in guests]
        with connection.cursor() as cursor:
            cursor.execute(_INSERT, [conference.pk, *(list(column) for column in zip(*rows, strict=True))])


def rewrite(actor: User, conference: Conference, new: Request) -> None:
    """Bring the rows to what `new` asks for; whoever stays keeps their row, and with it their invitation."""
    people = resolve(actor, new.participants, new.chair)
    old = {_identity(_guest(row)): row for row in conference.participants.all()}
    wanted = {_identity(guest): guest for guest in people.guests}
    gone = [row.pk for key, row in old.items() if key not in wanted]
    Participant.objects.filter(pk__in=gone).delete()
    kept = []
    for key in old.keys() & wanted.keys():
        row = _row(conference, wanted[key])
        row.pk = old[key].pk
        kept.append(row)
    Participant.objects.filter(pk__in=[row.pk for row in kept]).update(role=Participant.Role.MEMBER)
    Participant.objects.bulk_update(kept, ["position", "unit_name", "phone", "role", "name"])
    _insert(conference, [guest for key, guest in wanted.items() if key not in old])


def _identity(guest: Guest) -> tuple:
    return (guest.person_id, guest.email.lower(), "" if guest.email else guest.name)


def _guest(row: Participant) -> Guest:
    return Guest(row.name, row.person_id, row.position, row.unit_name, row.email, row.phone, row.role)


def guests_of(conference: Conference) -> tuple[Guest, ...]:
    return tuple(_guest(row) for row in conference.participants.all())


def chair_of(conference: Conference) -> Guest:
    rows = [row for row in conference.participants.all() if row.role == CHAIR]
    return _guest(rows[0]) if rows else Guest(name=conference.chair_name)


def agenda_of(conference: Conference) -> tuple[AgendaPoint, ...]:
    items = AgendaItem.objects.filter(conference=conference)
    return tuple(AgendaPoint(item.start, item.end, item.title) for item in items)
