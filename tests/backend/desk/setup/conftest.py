"""The office at a fixed hour, and who administers which part of it."""

from collections.abc import Iterator

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from backend.accounts.models import Role
from tests.factories import NOW, World, make_user, make_world


@pytest.fixture(autouse=True)
def frozen() -> Iterator[None]:
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world() -> World:
    """The owner of the tests administers the province; the outsider another one; the low one a department."""
    world = make_world()
    world.owner = make_user("owner", world.province, Role.ADMIN)
    world.low = make_user("low", world.department, Role.ADMIN)
    world.stranger = make_user("stranger", world.other, Role.ADMIN)
    return world


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client
