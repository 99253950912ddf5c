"""A conference moves or is cancelled: what its meals, and its delegations, do."""

from datetime import timedelta

import pytest

from backend.audit.models import Entry
from backend.reservations.models import Hold, Reservation
from guesthouse.catering.models import MealService
from guesthouse.catering.rules import MealRequest
from guesthouse.catering.services import book_meal
from meetings.scheduling.running import end
from meetings.scheduling.services import cancel, reschedule
from tests.factories import NOW
from tests.guesthouse.catering.conferences import END, START, make_conference
from tests.guesthouse.houses import make_delegation, make_meal, make_stay, moment

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def conference(place):
    return make_conference(place.world)


def order(place, conference, start: str, servings: int = 40, kind: str = "tea_break") -> MealService:
    request = MealRequest(kind=kind, start=moment(start), servings=servings, conference_id=conference.pk)
    return book_meal(actor=place.colleague, request=request, now=NOW)


def move(place, conference, by: timedelta) -> None:
    reschedule(actor=place.world.leader, conference=conference, start=START + by, end=END + by, now=NOW)


def held() -> list:
    return sorted((h.holder_id, h.during.lower) for h in Hold.objects.filter(holder_kind="meal"))


def test_a_cancelled_conference_frees_its_own_meals_alone(place, conference):
    mine = order(place, conference, "2026-11-25T09:30:00+07:00")
    delegation = make_delegation(place, conference_id=conference.pk, actor=place.colleague)
    stay, dinner = make_stay(place, delegation), make_meal(place, delegation)
    cancel(actor=place.world.leader, conference=conference, reason="Hoãn", now=NOW)
    assert set(MealService.objects.values_list("pk", "status")) == {(mine.pk, "cancelled"), (dinner.pk, "ordered")}
    assert held() == [(dinner.pk, dinner.start)]
    assert list(Reservation.objects.values_list("holder_kind", "holder_id")) == [("stay", stay.pk)]


def test_meals_move_along(place, conference):
    tea = order(place, conference, "2026-11-25T09:30:00+07:00")
    lunch = order(place, conference, "2026-11-25T11:00:00+07:00", kind="lunch")
    move(place, conference, HOUR)
    assert list(MealService.objects.values_list("pk", "start", "end", "to_check", "version")) == [
        (tea.pk, tea.start + HOUR, tea.end + HOUR, False, 2),
        (lunch.pk, lunch.start + HOUR, lunch.end + HOUR, False, 2),
    ]
    assert held() == [(tea.pk, tea.start + HOUR), (lunch.pk, lunch.start + HOUR)]
    assert Entry.objects.filter(act="meal.move", actor=place.world.leader).count() == 2


def test_meals_that_follow_each_other_do_not_stand_in_their_own_way(place, conference):
    order(place, conference, "2026-11-25T09:00:00+07:00", servings=100)
    order(place, conference, "2026-11-25T09:30:00+07:00", servings=100)
    move(place, conference, timedelta(minutes=30))
    assert set(MealService.objects.values_list("to_check", flat=True)) == {False}


def test_where_the_covers_do_not_suffice_all_stay_and_are_marked(place, conference):
    tea = order(place, conference, "2026-11-25T09:30:00+07:00")
    lunch = order(place, conference, "2026-11-25T11:00:00+07:00", kind="lunch")
    make_meal(place, make_delegation(place), servings=80, start="2026-11-25T12:30:00+07:00")
    before = held()
    move(place, conference, HOUR)
    assert held() == before
    marked = MealService.objects.filter(conference=conference).values_list("pk", "start", "to_check")
    assert list(marked) == [(tea.pk, tea.start, True), (lunch.pk, lunch.start, True)]
    assert Entry.objects.filter(act="meal.to_check").count() == 2
    conference.refresh_from_db()
    assert conference.start == START + HOUR


def test_what_is_marked_waits_for_a_person(api, place, conference):
    tea = order(place, conference, "2026-11-25T09:30:00+07:00")
    make_meal(place, make_delegation(place), servings=80, start="2026-11-25T10:30:00+07:00")
    move(place, conference, HOUR)
    move(place, conference, 0 * HOUR)
    tea.refresh_from_db()
    assert (tea.start, tea.to_check) == (moment("2026-11-25T09:30:00+07:00"), True)
    looked = api(place.clerk).patch(f"/api/v1/meal-services/{tea.pk}/", {"servings": 40}, format="json").json()
    assert (looked["to_check"], looked["start"]) == (False, "2026-11-25T09:30:00+07:00")


def test_a_longer_conference_leaves_its_meals(place, conference):
    tea = order(place, conference, "2026-11-25T09:30:00+07:00")
    reschedule(actor=place.world.leader, conference=conference, start=START, end=END + HOUR, now=NOW)
    tea.refresh_from_db()
    assert (tea.version, tea.to_check) == (1, False)


def test_a_meal_never_moves_into_the_past(place, conference):
    breakfast = order(place, conference, "2026-11-25T06:00:00+07:00", kind="breakfast")
    move(place, conference, -2 * timedelta(days=1) + HOUR)  # from Wednesday 08:00 to Monday 09:00; now is Monday 08:00
    breakfast.refresh_from_db()
    assert (breakfast.start, breakfast.to_check) == (moment("2026-11-25T06:00:00+07:00"), True)


def test_what_was_to_come_after_an_early_end_stays_ordered_and_is_marked(place, conference):
    tea = order(place, conference, "2026-11-25T09:00:00+07:00")
    lunch = order(place, conference, "2026-11-25T11:00:00+07:00", kind="lunch")
    before = held()
    end(actor=place.world.leader, conference=conference, now=START + timedelta(hours=2))
    assert dict(MealService.objects.values_list("pk", "to_check")) == {tea.pk: False, lunch.pk: True}
    assert held() == before
    assert list(Entry.objects.filter(act="meal.to_check").values_list("subject_id", flat=True)) == [lunch.pk]
