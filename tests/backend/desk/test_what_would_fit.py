"""The pages on which one asks what would fit, and takes what a refusal offers."""

import re

import pytest
import time_machine
from django.urls import reverse

from backend.accounts.models import Role
from backend.units.models import Figure
from meetings.scheduling.figures import SETUP_MINUTES
from meetings.scheduling.models import Conference
from tests.backend.desk.test_pages import form_data, signed_in
from tests.factories import NOW, World, make_bridge, make_endpoint, make_room, make_technician, make_user, make_world
from tests.meetings.links.factories import make_core, make_line, make_pop, make_trunk

pytestmark = pytest.mark.django_db
AFTERNOON = {"day": "2026-11-25", "start_time": "14:00", "end_time": "16:00"}


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world() -> World:
    return make_world()


def offered(page: str, what: str) -> list[str]:
    return re.findall(rf'data-{what}="(\d+)"', page)


def test_the_booking_form_is_asked_half_filled_and_books_nothing(world):
    client, ask = signed_in(world.secretary), reverse("conference-ask")
    half = form_data(world, title="", chair_name="")
    free = client.post(ask, half)
    assert (free.status_code, "It would fit" in free.content.decode()) == (200, True)
    client.post(reverse("conference-new"), form_data(world))
    other = make_room(world.sites[1], "Phòng 2")
    page = client.post(ask, half).content.decode()
    assert 'data-start="10:00" data-end="12:00"' in page
    assert offered(page, "room") == [str(other.pk)]
    assert offered(page, "instead") == [str(world.sites[1].default_room_id)]
    assert Conference.objects.count() == 1
    own = client.post(f"{ask}?conference={Conference.objects.get().pk}", half).content.decode()
    assert "It would fit" in own


def test_what_is_missing_or_wrong_is_said(world):
    client, ask = signed_in(world.secretary), reverse("conference-ask")
    assert "Give day and hours" in client.post(ask, form_data(world, start_time="")).content.decode()
    late = client.post(ask, form_data(world, day="2026-11-20")).content.decode()
    assert "The start lies in the past." in late
    assert client.get(ask).status_code == 405


def test_a_refused_booking_offers_rooms_and_bridges_to_click(world):
    client = signed_in(world.secretary)
    far = make_bridge(world.centre, 20, name="MCU trung ương")
    world.bridge.pool.capacity = 3
    world.bridge.pool.save()
    answer = client.post(reverse("conference-new"), form_data(world, bridge=world.bridge.pk))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert offered(page, "bridge") == [str(far.pk)]
    assert "at 08:00 25/11/2026" in page
    assert client.post(reverse("conference-new"), form_data(world, bridge=far.pk)).status_code == 302


def test_a_technician_is_named_as_what_they_are(world):
    client, site = signed_in(world.secretary), world.sites[1]
    make_technician(site, "Nông Thị Đỗ Quyên")
    other = make_room(site, "Phòng 2")
    client.post(reverse("conference-new"), form_data(world))
    sites = [site.pk, world.sites[2].pk]
    page = client.post(reverse("conference-new"), form_data(world, sites=sites, rooms=[other.pk])).content.decode()
    assert 'Nông Thị Đỗ Quyên (Tỉnh Lạng Sơn) <span class="muted">(technician)</span>' in page


def test_what_if_in_the_dialog_of_moving_leads_on_to_the_form(world):
    client = signed_in(world.leader)
    client.post(reverse("conference-new"), form_data(world))
    client.post(reverse("conference-new"), form_data(world, title="Họp chiều", agenda="", **AFTERNOON))
    first, second = Conference.objects.order_by("pk")
    other = make_room(world.sites[1], "Phòng 2")
    ask = reverse("conference-ask-move", args=[first.pk])
    evening = {"day": "2026-11-25", "start_time": "16:00", "end_time": "18:00"}
    assert "It would fit" in client.post(ask, evening).content.decode()
    page = client.post(ask, AFTERNOON).content.decode()
    assert "Họp chiều" in page
    link = re.search(r'href="([^"]*room=[^"]*)"', page).group(1).replace("&amp;", "&")
    form = client.get(link)
    default = world.sites[1].default_room_id
    assert form.context["form"]["day"].value() == "2026-11-25"
    assert form.context["form"]["start_time"].value() == "14:00"
    assert other.pk in form.context["form"]["rooms"].value()
    assert default not in form.context["form"]["rooms"].value()
    refused = client.post(reverse("conference-reschedule", args=[first.pk]), AFTERNOON)
    assert (refused.status_code, link.replace("&", "&amp;") in refused.content.decode()) == (409, True)
    first.refresh_from_db()
    assert (first.sequence, second.sequence) == (0, 0)


def test_an_outsider_and_a_colleague_without_the_right_get_no_answer(world):
    signed_in(world.leader).post(reverse("conference-new"), form_data(world))
    ask = reverse("conference-ask-move", args=[Conference.objects.get().pk])
    assert signed_in(world.outsider).post(ask, AFTERNOON).status_code == 404
    engineer = make_user("engineer", world.province, Role.DUTY_ENGINEER)
    answer = signed_in(engineer).post(ask, AFTERNOON)
    assert "Only the convening unit may change this conference." in answer.content.decode()


def test_the_page_tells_whom_and_what_it_holds(world):
    site = world.sites[1]
    make_technician(site, "Nông Thị Đỗ Quyên")
    make_endpoint(site, "Codec 1", site.default_room)
    hub = make_pop("POP tỉnh")
    make_line(site, "LS-1", b=hub)
    make_line(world.sites[0], "TW-1", b=make_core())
    make_trunk(world.province, "TRUC", a=hub, b=make_core(), capacity_mbps=100)
    Figure.objects.create(key=SETUP_MINUTES, value=30, effective_from="2026-11-25", source="Văn phòng")
    client = signed_in(world.leader)
    client.post(reverse("conference-new"), form_data(world))
    conference = Conference.objects.get()
    page = client.get(reverse("conference", args=[conference.pk])).content.decode()
    assert "Codec 1; Nông Thị Đỗ Quyên" in page
    assert "07:30–10:00" in page
    assert 'POP tỉnh – Lõi TSLCD: <span class="nowrap">2.0 Mbit/s</span>' in page
    client.post(reverse("conference-cancel", args=[conference.pk]), {"reason": "Hoãn"})
    gone = client.get(reverse("conference", args=[conference.pk])).content.decode()
    assert ("Codec 1" in gone, "07:30" in gone) == (False, False)
