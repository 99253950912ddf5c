"""Each page opens for whom it concerns, and says nothing to whom it does not."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from meetings.scheduling.models import Conference
from tests.factories import NOW, World, make_person, make_world

pytestmark = pytest.mark.django_db
PAGES = [
    "today",
    "conferences",
    "conference-new",
    "timeline",
    "conclusions",
    "lines",
    "guesthouse",
    "delegations",
    "delegation-new",
    "outbox",
]


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world() -> World:
    return make_world()


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def form_data(world: World, **values) -> dict:
    return {
        "title": "Hội nghị trực tuyến quý IV",
        "type": "review",
        "secrecy": "none",
        "day": "2026-11-25",
        "start_time": "08:00",
        "end_time": "10:00",
        "convening_unit": world.province.pk,
        "chair_name": "Chủ tịch UBND tỉnh",
        "sites": [site.pk for site in world.sites],
        "agenda": "08:00-08:30 Khai mạc\n8h30 - 10h Thảo luận",
        **values,
    }


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_for_staff_and_leads_strangers_to_the_login(world, name):
    assert signed_in(world.secretary).get(reverse(name)).status_code == 200
    stranger = Client().get(reverse(name))
    assert (stranger.status_code, stranger["Location"]) == (302, f"/accounts/login/?next={reverse(name)}")


def test_the_secretariat_books_on_one_screen(world):
    person = make_person("Đàm Văn Mẫu", world.department, email="mau@sotuphap.example")
    client = signed_in(world.secretary)
    answer = client.post(
        reverse("conference-new"), form_data(world, people=[person.pk], others="Bùi Thị Thử; thu@bo.example; Vụ trưởng")
    )
    conference = Conference.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, reverse("conference", args=[conference.pk]))
    assert conference.status == "submitted"
    assert list(conference.participants.values_list("name", "email")) == [
        ("Đàm Văn Mẫu", "mau@sotuphap.example"),
        ("Bùi Thị Thử", "thu@bo.example"),
    ]
    assert list(conference.agenda.values_list("title", flat=True)) == ["Khai mạc", "Thảo luận"]
    page = client.get(answer["Location"])
    assert page.status_code == 200
    assert "Hội nghị trực tuyến quý IV" in page.content.decode()


def test_a_clash_keeps_everything_typed_and_offers_hours(world):
    client = signed_in(world.secretary)
    client.post(reverse("conference-new"), form_data(world))
    again = client.post(reverse("conference-new"), form_data(world, title="Họp khác", notes="Mang theo báo cáo"))
    page = again.content.decode()
    assert again.status_code == 409
    assert 'data-start="10:00" data-end="12:00"' in page
    assert 'value="Họp khác"' in page
    assert "Mang theo báo cáo" in page
    assert Conference.objects.count() == 1


def test_a_line_of_the_agenda_that_nobody_understands_is_named(world):
    answer = signed_in(world.secretary).post(reverse("conference-new"), form_data(world, agenda="sau bữa trưa: bế mạc"))
    assert answer.status_code == 422
    assert "Line 1 is not understood" in answer.content.decode()
    assert Conference.objects.count() == 0


def test_the_leader_approves_moves_and_cancels_by_buttons(world):
    signed_in(world.secretary).post(reverse("conference-new"), form_data(world))
    conference = Conference.objects.get()
    leader = signed_in(world.leader)
    leader.post(reverse("conference-approve", args=[conference.pk]))
    conference.refresh_from_db()
    assert conference.status == "approved"
    hours = {"day": "2026-11-25", "start_time": "14:00", "end_time": "16:00"}
    leader.post(reverse("conference-reschedule", args=[conference.pk]), hours)
    conference.refresh_from_db()
    assert (conference.sequence, conference.start.isoformat()) == (1, "2026-11-25T07:00:00+00:00")
    leader.post(reverse("conference-cancel", args=[conference.pk]), {"reason": "Hoãn do mưa lũ"})
    conference.refresh_from_db()
    assert (conference.status, conference.reason) == ("cancelled", "Hoãn do mưa lũ")


def test_an_outsider_finds_no_conference_page(world):
    signed_in(world.secretary).post(reverse("conference-new"), form_data(world))
    conference = Conference.objects.get()
    outsider = signed_in(world.outsider)
    assert outsider.get(reverse("conference", args=[conference.pk])).status_code == 404
    assert outsider.post(reverse("conference-approve", args=[conference.pk])).status_code == 404
    assert "quý IV" not in outsider.get(reverse("conferences")).content.decode()


def test_changing_on_the_same_screen_keeps_the_time_and_the_sequence(world):
    client = signed_in(world.secretary)
    client.post(reverse("conference-new"), form_data(world))
    conference = Conference.objects.get()
    form = client.get(reverse("conference-edit", args=[conference.pk]))
    assert form.status_code == 200
    assert "08:30-10:00 Thảo luận" in form.content.decode()
    client.post(reverse("conference-edit", args=[conference.pk]), form_data(world, title="Hội nghị tổng kết"))
    conference.refresh_from_db()
    assert (conference.title, conference.sequence) == ("Hội nghị tổng kết", 0)


@pytest.mark.parametrize(("words", "found"), [("hoi nghi", True), ("quý iv", True), ("ngân sách", False)])
def test_search_finds_without_diacritics_what_one_may_see(world, words, found):
    signed_in(world.secretary).post(reverse("conference-new"), form_data(world))
    page = signed_in(world.secretary).get(reverse("search"), {"q": words}).content.decode()
    assert ("Hội nghị trực tuyến quý IV" in page) is found
    assert (
        "Hội nghị trực tuyến quý IV"
        not in signed_in(world.outsider).get(reverse("search"), {"q": words}).content.decode()
    )


def test_a_page_is_vietnamese_until_somebody_chooses_english(world, settings):
    settings.LANGUAGE_CODE = "vi"
    client = signed_in(world.secretary)
    assert '<html lang="vi"' in client.get(reverse("today"), headers={"Accept-Language": "en"}).content.decode()
    client.post(reverse("set_language"), {"language": "en", "next": "/"})
    assert '<html lang="en"' in client.get(reverse("today")).content.decode()
    world.secretary.refresh_from_db()
    assert world.secretary.language == "en"
