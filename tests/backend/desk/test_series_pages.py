"""Series on the screen: the dates looked at, booked, refused, moved; a conference once more."""

import pytest
import time_machine
from django.urls import reverse

from meetings.scheduling.models import Conference, Series
from tests.backend.desk.test_pages import form_data, signed_in
from tests.factories import NOW, World, make_person, make_user, make_world

pytestmark = pytest.mark.django_db
WEEKLY = {"frequency": "WEEKLY", "interval": "1", "weekdays": ["WE"], "count": "4", "policy": "refuse"}


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world() -> World:
    return make_world()


def wish(world: World, **values) -> dict:
    return form_data(world, sites=[site.pk for site in world.sites[1:]], agenda="", **{**WEEKLY, **values})


@pytest.fixture
def series(world) -> list[Conference]:
    assert signed_in(world.secretary).post(reverse("conference-new"), wish(world)).status_code == 302
    return list(Conference.objects.order_by("start"))


def days() -> list[str]:
    return [f"{start:%d/%m}" for start in Conference.objects.order_by("start").values_list("start", flat=True)]


def test_looking_at_the_dates_needs_no_title_and_books_nothing(world):
    client = signed_in(world.secretary)
    page = client.post(reverse("series-dates"), wish(world, title="", chair_name=""))
    assert page.status_code == 200
    assert page.content.decode().count("badge--up") == 4
    assert "4 of 4 dates are free." in page.content.decode()
    assert Conference.objects.count() == 0
    without = client.post(reverse("series-dates"), wish(world, count=""))
    assert "Give a number of dates or a last day, one of both." in without.content.decode()
    nowhere = client.post(reverse("series-dates"), {**wish(world), "sites": []})
    assert "Choose at least one site or one room." in nowhere.content.decode()


@pytest.mark.parametrize(
    ("repeat", "found"),
    [
        ({"frequency": "WEEKLY", "weekdays": ["WE", "FR"], "count": "3"}, ["25/11", "27/11", "02/12"]),
        (
            {"frequency": "DAILY", "weekdays": [], "interval": "2", "until": "2026-11-29", "count": ""},
            ["25/11", "27/11", "29/11"],
        ),
        ({"frequency": "MONTHLY", "weekdays": [], "monthly": "day", "count": "2"}, ["25/11", "25/12"]),
        ({"frequency": "MONTHLY", "weekdays": [], "monthly": "nth", "count": "2"}, ["25/11", "23/12"]),
        ({"frequency": "MONTHLY", "weekdays": [], "monthly": "last", "count": "2"}, ["25/11", "30/12"]),
        ({"frequency": "YEARLY", "weekdays": [], "count": "1"}, ["25/11"]),
        ({"frequency": "", "weekdays": [], "count": ""}, ["25/11"]),
    ],
)
def test_the_form_books_by_its_rule(world, repeat, found):
    answer = signed_in(world.secretary).post(reverse("conference-new"), wish(world, **repeat))
    assert (answer.status_code, days()) == (302, found)


def test_booked_dates_stand_on_the_page_of_each(world):
    client = signed_in(world.secretary)
    answer = client.post(reverse("conference-new"), wish(world, exceptions=["2026-12-09"]), follow=True)
    text = answer.content.decode()
    assert "All 3 dates are booked. Everyone invited hears of each date some days before it." in text
    assert days() == ["25/11", "02/12", "16/12"]
    others = Conference.objects.order_by("start")[1:]
    assert all(reverse("conference", args=[other.pk]) in text for other in others)
    assert "09/12/2026" in text  # what was left out


def test_a_clash_shows_the_dates_and_keeps_what_was_typed(world, series):
    client = signed_in(world.secretary)
    refused = client.post(
        reverse("conference-new"), wish(world, title="Họp khác", count="5", exceptions=["2026-12-02"])
    )
    text = refused.content.decode()
    assert refused.status_code == 409
    assert "1 of 4 dates are free. Nothing was booked" in text
    dates = text[text.index('id="dates"') :]
    assert [dates.count(f"badge--{state}") for state in ("up", "down", "unknown")] == [1, 3, 1]
    assert 'value="Họp khác"' in text
    assert 'value="2026-12-02" checked' in text
    assert Series.objects.count() == 1
    moved = client.post(
        reverse("conference-new"), wish(world, title="Họp khác", count="5", policy="shift"), follow=True
    )
    assert "5 of 5 dates are booked, 4 of them moved." in moved.content.decode()
    assert "08:00 25/11/2026 moved to 10:00 25/11/2026" in moved.content.decode()


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"frequency": "DAILY", "weekdays": ["MO"]}, ""),
        ({"count": "501"}, "less than or equal to 500"),
        ({"count": "", "until": "2026-11-01"}, "This rule gives no date from that day on."),
        ({"exceptions": ["2026-11-26"]}, "26/11/2026 is none of the dates of this series."),
        ({"exceptions": ["soon"]}, "Select a valid choice. soon"),
        ({"draft": "1"}, "A series is booked at once; it has no draft."),
    ],
)
def test_what_is_wrong_is_said_at_its_field(world, change, text):
    answer = signed_in(world.secretary).post(reverse("conference-new"), wish(world, **change))
    if text:
        assert (answer.status_code, text in answer.content.decode()) == (422, True)
        assert Conference.objects.count() == 0
    else:  # weekdays mean nothing to a daily rule
        assert (answer.status_code, Conference.objects.count()) == (302, 4)


def test_moving_and_cancelling_this_and_the_following(world, series):
    client = signed_in(world.secretary)
    page = client.get(reverse("conference", args=[series[1].pk])).content.decode()
    assert page.count('name="scope"') == 6  # of the dialogs to move and to cancel
    hours = {"day": "2026-12-03", "start_time": "14:00", "end_time": "15:00", "scope": "following"}
    assert client.post(reverse("conference-reschedule", args=[series[1].pk]), hours).status_code == 302
    assert days() == ["25/11", "03/12", "10/12", "17/12"]
    client.post(reverse("conference-cancel", args=[series[2].pk]), {"reason": "Nghỉ", "scope": "following"})
    states = Conference.objects.order_by("start").values_list("status", flat=True)
    assert list(states) == ["approved", "approved", "cancelled", "cancelled"]
    outsider = signed_in(world.outsider)
    assert (
        outsider.post(reverse("conference-cancel", args=[series[0].pk]), {"reason": "x", "scope": "all"}).status_code
        == 404
    )


def test_a_move_of_all_dates_that_one_cannot_make_says_which(world, series):
    client = signed_in(world.secretary)
    hours = {"start_time": "14:00", "end_time": "15:00"}
    client.post(reverse("conference-new"), wish(world, frequency="", count="", day="2026-12-16", **hours))
    address = reverse("conference-reschedule", args=[series[0].pk])
    refused = client.post(address, {**hours, "day": "2026-11-25", "scope": "all"}, follow=True).content.decode()
    assert "Not free at all of these times" in refused
    assert "Phòng họp Xã 1 (Xã 1) (16/12/2026)" in refused
    assert days() == ["25/11", "02/12", "09/12", "16/12", "16/12"]


def test_changing_all_dates_on_the_form_touches_what_was_changed_alone(world, series):
    client = signed_in(world.secretary)
    guest = make_person("Bùi Văn Thử", world.province, "thu@so.example")
    client.post(
        reverse("conference-edit", args=[series[2].pk]), {**wish(world), "day": "2026-12-09", "people": [guest.pk]}
    )
    everything = {**wish(world), "title": "Giao ban mới", "scope": "all"}
    assert client.post(reverse("conference-edit", args=[series[0].pk]), everything).status_code == 302
    assert set(Conference.objects.values_list("title", flat=True)) == {"Giao ban mới"}
    assert [p.name for p in Conference.objects.get(pk=series[2].pk).participants.all()] == ["Bùi Văn Thử"]
    later = client.post(reverse("conference-edit", args=[series[0].pk]), {**everything, "start_time": "09:00"})
    assert (later.status_code, "cannot be changed for several dates" in later.content.decode()) == (422, True)


def test_one_click_offers_the_same_conference_a_week_later(world, series):
    page = signed_in(world.secretary).get(reverse("conference-new"), {"copy": series[0].pk}).content.decode()
    assert 'value="Hội nghị trực tuyến quý IV"' in page
    assert 'value="2026-12-02"' in page
    assert page.count("checked") >= 3
    kitchen = make_user("kitchen", world.province, "kitchen")
    assert signed_in(kitchen).get(reverse("conference-new"), {"copy": series[0].pk}).status_code == 403
    assert signed_in(world.outsider).get(reverse("conference-new"), {"copy": series[0].pk}).status_code == 404
