"""Who is invited to a series hears of each date when it is near: no storm of mails, and none for what is off."""

from datetime import timedelta

import pytest

from backend.common.periods import local_date
from backend.outbox.models import Message
from meetings.scheduling import series_clock, series_services, services
from meetings.scheduling.gate_queries import remarks_on
from meetings.scheduling.models import Conference
from meetings.scheduling.rules import Guest, Request
from meetings.scheduling.series_rules import Rule
from meetings.scheduling.signals import conference_approved
from tests.factories import NOW, World, make_person, make_rules, make_world

pytestmark = pytest.mark.django_db
START = NOW + timedelta(days=2)
WEEK = timedelta(days=7)


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def dates(world) -> list[Conference]:
    """Four weekly dates with two guests."""
    guests = [make_person(f"Khách Mời {n}", world.province, f"khach{n}@so.example") for n in (1, 2)]
    request = Request(
        title="Giao ban tuần",
        type="briefing",
        start=START,
        end=START + timedelta(hours=1),
        site_ids=(world.sites[1].pk,),
        chair=Guest(name="Chủ tịch UBND tỉnh"),
        participants=tuple(Guest(person_id=guest.pk) for guest in guests),
    )
    wish = series_services.Wish(request, Rule("WEEKLY", count=4))
    series_services.book(actor=world.secretary, wish=wish, now=NOW)
    return list(Conference.objects.order_by("start"))


def told() -> list[int]:
    """The conference of each mail, in order."""
    return list(Message.objects.order_by("pk").values_list("subject_id", flat=True))


def test_each_date_is_told_fourteen_days_before_and_once(dates):
    assert told() == []
    assert series_clock.announce_due(NOW) == 2
    assert told() == [dates[0].pk] * 2 + [dates[1].pk] * 2
    assert series_clock.announce_due(NOW) == 0
    assert series_clock.announce_due(NOW + WEEK) == 1
    assert told()[4:] == [dates[2].pk] * 2


def test_nobody_hears_of_a_date_that_moves_or_is_off_before_it_was_told(world, dates):
    services.cancel(actor=world.secretary, conference=dates[1], reason="Nghỉ lễ", now=NOW)
    later = dates[0].start + timedelta(hours=2)
    services.reschedule(
        actor=world.secretary, conference=dates[0], start=later, end=later + timedelta(hours=1), now=NOW
    )
    assert told() == []
    assert series_clock.announce_due(NOW) == 1
    assert told() == [dates[0].pk] * 2


def test_a_date_that_cannot_be_told_is_tried_again_and_holds_up_nobody(dates):
    def fail(conference, **_):
        if conference.pk == dates[0].pk:
            raise RuntimeError("no")

    conference_approved.connect(fail)
    try:
        assert series_clock.announce_due(NOW) == 1
    finally:
        conference_approved.disconnect(fail)
    assert told() == [dates[1].pk] * 2
    assert series_clock.announce_due(NOW) == 1
    assert told()[2:] == [dates[0].pk] * 2


def test_what_was_told_is_corrected_as_ever(world, dates):
    series_clock.announce_due(NOW)
    services.cancel(actor=world.secretary, conference=dates[1], reason="Nghỉ lễ", now=NOW)
    assert told()[4:] == [dates[1].pk] * 2


def test_what_is_not_approved_is_told_when_it_is(world, dates):
    Conference.objects.update(status="submitted", hold_until=NOW + WEEK)
    assert series_clock.announce_due(NOW) == 0
    services.approve(actor=world.leader, conference=dates[0], now=NOW)
    assert told() == []
    assert series_clock.announce_due(NOW) == 1
    assert told() == [dates[0].pk] * 2


def test_the_notice_of_a_date_counts_from_the_day_on_which_it_was_told(world, dates):
    """A date that moves before anybody heard of it is not announced by moving."""
    make_rules(world.centre)
    later = dates[2].start + timedelta(hours=2)
    services.reschedule(
        actor=world.secretary, conference=dates[2], start=later, end=later + timedelta(hours=1), now=NOW
    )
    dates[2].refresh_from_db()
    assert dates[2].announced_on is None
    series_clock.announce_due(NOW + WEEK)
    dates[2].refresh_from_db()
    assert dates[2].announced_on == local_date(NOW + WEEK)
    the_day_before = dates[2].start - timedelta(days=1)
    assert "notice" not in [remark.code for remark in remarks_on(dates[2], the_day_before)]
    dates[3].refresh_from_db()
    assert "notice" in [remark.code for remark in remarks_on(dates[3], dates[3].start - timedelta(days=1))]
