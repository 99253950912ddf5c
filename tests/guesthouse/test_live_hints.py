"""Who looks at the rack or the kitchen's day hears that something changed, after it has."""

import pytest

from backend.live import services as live
from guesthouse.catering.services import cancel_meal
from guesthouse.stays.services import cancel_stay
from tests.factories import NOW
from tests.guesthouse.houses import make_delegation, make_meal, make_stay

pytestmark = pytest.mark.django_db


@pytest.fixture
def hints(monkeypatch) -> list:
    sent: list = []
    monkeypatch.setattr(live, "_send", lambda what, units_of: sent.append((what, units_of)))
    return sent


def test_stays_and_meals_are_hinted_to_house_and_host(place, hints, django_capture_on_commit_callbacks):
    units = {place.world.province.pk}
    with django_capture_on_commit_callbacks(execute=True):
        delegation = make_delegation(place)
        stay, meal = make_stay(place, delegation), make_meal(place, delegation)
        assert hints == []
    assert hints == [
        ("delegation", {delegation.pk: units}),
        ("stay", {stay.pk: units}),
        ("meal", {meal.pk: units}),
    ]
    hints.clear()
    with django_capture_on_commit_callbacks(execute=True):
        cancel_stay(actor=place.clerk, stay=stay, now=NOW)
        cancel_meal(actor=place.clerk, meal=meal, now=NOW)
    assert hints == [("stay", {stay.pk: units}), ("meal", {meal.pk: units})]
