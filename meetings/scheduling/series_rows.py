"""Writing the rows of many conferences that are alike but for their hours; one statement for each table."""

from collections.abc import Sequence
from dataclasses import replace

from django.db import connection

from meetings.scheduling import rules
from meetings.scheduling.models import AgendaItem, Conference, ConferenceSecret
from meetings.scheduling.places import Plan
from meetings.scheduling.rules import Guest, Request


def next_ids(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [Conference._meta.db_table, count],
        )
        return [row[0] for row in cursor.fetchall()]


_PLACES = """
INSERT INTO meetings_scheduling_conferencesite (conference_id, site_id, room_id)
SELECT c.id, p.site_id, p.room_id FROM unnest(%s::bigint[]) AS c (id),
    unnest(%s::bigint[], %s::bigint[]) WITH ORDINALITY AS p (site_id, room_id, n)
ORDER BY c.id, p.n
"""


def write_places(conference_ids: Sequence[int], plan: Plan) -> None:
    sites, rooms = [room.site_id for room in plan.rooms], [room.room_id for room in plan.rooms]
    with connection.cursor() as cursor:
        cursor.execute(_PLACES, [list(conference_ids), sites, rooms])


_GUESTS = """
INSERT INTO meetings_scheduling_participant
    (conference_id, person_id, name, position, unit_name, email, phone, role)
SELECT c.id, g.person_id, g.name, g.position, g.unit_name, g.email, g.phone, g.role FROM unnest(%s::bigint[]) AS c (id),
    unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[]) WITH ORDINALITY
        AS g (person_id, name, position, unit_name, email, phone, role, n)
ORDER BY c.id, g.n
"""


def write_guests(conference_ids: Sequence[int], guests: Sequence[Guest]) -> None:
    if guests:
        rows = [(g.person_id, g.name, g.position, g.unit_name, g.email, g.phone, g.role) for g in guests]
        with connection.cursor() as cursor:
            cursor.execute(_GUESTS, [list(conference_ids), *(list(column) for column in zip(*rows, strict=True))])


def at(request: Request, conference: Conference) -> Request:
    """`request` at the hours of `conference`; its agenda moves along."""
    agenda = tuple(
        replace(
            point,
            start=point.start - request.start + conference.start,
            end=point.end - request.start + conference.start,
        )
        for point in request.agenda
    )
    return replace(request, start=conference.start, end=conference.end, agenda=agenda)


def write_content(conferences: Sequence[Conference], request: Request) -> None:
    """Agendas, and of a secret series all of the content, each at the hours of its conference."""
    wishes = [(conference, at(request, conference)) for conference in conferences]
    if conferences[0].is_secret:
        ConferenceSecret.objects.bulk_create(
            ConferenceSecret(
                conference=conference, title=wish.title, notes=wish.notes, agenda=rules.agenda_rows(wish.agenda)
            )
            for conference, wish in wishes
        )
    elif request.agenda:
        AgendaItem.objects.bulk_create(
            AgendaItem(conference=conference, start=point.start, end=point.end, title=point.title)
            for conference, wish in wishes
            for point in wish.agenda
        )
