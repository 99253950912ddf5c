"""Writing the rows of many conferences that are alike but for their hours; one statement for each table."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db import connection

from backend.common.periods import Period
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


# what makes a row the same guest, as in `guests`: the person, the mailbox, without one the name
_SAME = """
g.person_id IS NOT DISTINCT FROM p.person_id AND lower(g.email) = lower(p.email) AND (g.email <> '' OR g.name = p.name)
"""
_WANTED = """
unnest(%(person_id)s::bigint[], %(name)s::text[], %(position)s::text[], %(unit_name)s::text[], %(email)s::text[],
    %(phone)s::text[], %(role)s::text[]) WITH ORDINALITY
    AS g (person_id, name, position, unit_name, email, phone, role, n)
"""
_REWRITE = (
    f"""
    DELETE FROM meetings_scheduling_participant p
    WHERE p.conference_id = ANY(%(ids)s) AND NOT EXISTS (SELECT FROM {_WANTED} WHERE {_SAME})
    """,
    "UPDATE meetings_scheduling_participant SET role = 'member' WHERE conference_id = ANY(%(ids)s) AND role = 'chair'",
    f"""
    UPDATE meetings_scheduling_participant p
    SET position = g.position, unit_name = g.unit_name, phone = g.phone, role = g.role, name = g.name
    FROM {_WANTED} WHERE p.conference_id = ANY(%(ids)s) AND {_SAME}
    """,
    f"""
    INSERT INTO meetings_scheduling_participant
        (conference_id, person_id, name, position, unit_name, email, phone, role)
    SELECT c.id, g.person_id, g.name, g.position, g.unit_name, g.email, g.phone, g.role
    FROM unnest(%(ids)s::bigint[]) AS c (id), {_WANTED} WHERE NOT EXISTS (
        SELECT FROM meetings_scheduling_participant p WHERE p.conference_id = c.id AND {_SAME}
    ) ORDER BY c.id, g.n
    """,
)


def rewrite_guests(conference_ids: Sequence[int], guests: Sequence[Guest]) -> None:
    """Bring all of them to `guests`; whoever stays keeps their row, and with it their invitation."""
    names = ("person_id", "name", "position", "unit_name", "email", "phone", "role")
    values: dict[str, Any] = {name: [getattr(guest, name) for guest in guests] for name in names}
    with connection.cursor() as cursor:
        for statement in _REWRITE:
            cursor.execute(statement, {**values, "ids": list(conference_ids)})


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


def rewrite_agendas(conferences: Sequence[Conference], request: Request) -> None:
    """The agenda of `request` for all of them, each at its own hours."""
    wishes = {conference.pk: at(request, conference).agenda for conference in conferences}
    if conferences[0].is_secret:
        secrets = list(ConferenceSecret.objects.filter(conference__in=wishes))
        for secret in secrets:
            secret.agenda = rules.agenda_rows(wishes[secret.pk])
        ConferenceSecret.objects.bulk_update(secrets, ["agenda"])
    else:
        AgendaItem.objects.filter(conference__in=wishes).delete()
        AgendaItem.objects.bulk_create(
            AgendaItem(conference_id=pk, start=point.start, end=point.end, title=point.title)
            for pk, agenda in wishes.items()
            for point in agenda
        )


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


_LATE = """
DELETE FROM meetings_scheduling_agendaitem a USING meetings_scheduling_conference c
WHERE c.id = a.conference_id AND c.id = ANY(%(ids)s) AND a.start + %(by)s >= c.end
"""

_MOVE = """
UPDATE meetings_scheduling_agendaitem a SET start = a.start + %(by)s, "end" = least(a.end + %(by)s, c.end)
FROM meetings_scheduling_conference c WHERE c.id = a.conference_id AND c.id = ANY(%(ids)s)
"""


def move_content(conferences: Sequence[Conference], by: timedelta) -> None:
    """The agendas move along `by`; what no longer fits is cut or left out. The conferences are stored already."""
    ids = [conference.pk for conference in conferences]
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"ids": ids, "by": by}
        cursor.execute(_LATE, values)
        cursor.execute(_MOVE, values)
    secrets = list(ConferenceSecret.objects.filter(conference__in=ids))
    periods = {conference.pk: Period(conference.start, conference.end) for conference in conferences}
    for secret in secrets:
        agenda = rules.shifted(rules.agenda_from(secret.agenda), by, periods[secret.pk])
        secret.agenda = rules.agenda_rows(agenda)
    ConferenceSecret.objects.bulk_update(secrets, ["agenda"])
