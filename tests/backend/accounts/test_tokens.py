"""Bearer tokens of programs: good for twelve hours, and as cheap with many as with one."""

from datetime import timedelta

import pytest
import time_machine
from knox.models import AuthToken
from rest_framework.test import APIClient

from tests.factories import NOW, make_world

pytestmark = pytest.mark.django_db


def signed_in(user) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {AuthToken.objects.create(user)[1]}")
    return client


def test_a_token_lives_twelve_hours():
    user = make_world().secretary
    with time_machine.travel(NOW, tick=False) as clock:
        client = signed_in(user)
        clock.shift(timedelta(hours=12, seconds=-1))
        assert client.get("/api/v1/units/").status_code == 200
        clock.shift(timedelta(seconds=1))
        assert client.get("/api/v1/units/").status_code == 401


@pytest.mark.parametrize("others", [0, 3])
def test_many_tokens_cost_no_more_queries(others, django_assert_num_queries):
    user = make_world().secretary
    for _number in range(others):
        AuthToken.objects.create(user)
    client = signed_in(user)
    with django_assert_num_queries(2):  # the token with its user, the rows
        assert client.get("/api/v1/units/").status_code == 200


def test_signing_in_clears_what_has_run_out(settings):
    user = make_world().secretary
    user.set_password("a long enough password")
    user.save()
    with time_machine.travel(NOW, tick=False) as clock:
        AuthToken.objects.create(user)
        clock.shift(timedelta(hours=6))
        kept = AuthToken.objects.create(user)[0]
        clock.shift(timedelta(hours=6))
        wanted = {"username": user.username, "password": "a long enough password"}
        assert APIClient().post("/api/v1/auth/token/", wanted, format="json").status_code == 200
    assert AuthToken.objects.filter(user=user).count() == 2
    assert AuthToken.objects.filter(pk=kept.pk).exists()
