"""Endpoints in every room that has a codec, one more that is carried about, and the technicians of the sites."""

from collections import defaultdict

from backend.accounts.models import Person
from backend.desk.demo.land import Land
from backend.desk.demo.people import OPERATOR, TECHNICIAN
from backend.desk.demo.places import CODEC
from backend.reservations.models import Resource
from meetings.sites.crew import ENDPOINT_KIND, TECHNICIAN_KIND
from meetings.sites.models import Endpoint, Platform, Room, Site, Technician

CARRIED = "Bộ thiết bị hội nghị di động"


def write_crew(land: Land, sites: list[Site], people: list[Person]) -> None:
    province = next(site for site in sites if site.unit_id == land.province.pk)
    rooms = Room.objects.filter(equipment__contains=[CODEC]).select_related("site").order_by("pk")
    endpoints = [
        Endpoint(site=room.site, room=room, name=f"Thiết bị đầu cuối {room.name}"[:200],
                 platform=Platform.SIP if number % 3 else Platform.H323)
        for number, room in enumerate(rooms)
    ]  # fmt: skip
    endpoints.append(Endpoint(site=province, name=CARRIED, platform=Platform.SIP))
    for endpoint in endpoints:
        endpoint.resource = Resource(kind=ENDPOINT_KIND, name=endpoint.name, unit_id=endpoint.site.unit_id)
    Resource.objects.bulk_create([endpoint.resource for endpoint in endpoints])
    Endpoint.objects.bulk_create(endpoints)
    _write_technicians(province, sites, people)


def _write_technicians(province: Site, sites: list[Site], people: list[Person]) -> None:
    """Of each locality its own; of the province the operators of its rooms."""
    by_unit = defaultdict(list)
    for person in people:
        if person.position == TECHNICIAN:
            by_unit[person.unit_id].append(person)
        elif person.position == OPERATOR:
            by_unit[province.unit_id].append(person)
    technicians = [Technician(site=site, person=person) for site in sites for person in by_unit[site.unit_id]]
    for technician in technicians:
        name, unit_id = technician.person.name, technician.site.unit_id
        technician.resource = Resource(kind=TECHNICIAN_KIND, name=name, unit_id=unit_id)
    Resource.objects.bulk_create([technician.resource for technician in technicians])
    Technician.objects.bulk_create(technicians)
