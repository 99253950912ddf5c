"""Fixtures of the whole suite; `tests/servers.py` (loaded before Django) brings the servers."""

from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("shared machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared machine")


@pytest.fixture(autouse=True)
def _vietnamese_off() -> Iterator[None]:
    """Messages are asserted in English, the language of the msgids."""
    from django.utils import translation

    with translation.override("en"):
        yield


@pytest.fixture
def api() -> Callable:
    """`api(user)` → a DRF client signed in as `user`."""
    from rest_framework.test import APIClient

    def client(user: object = None) -> APIClient:
        made = APIClient(raise_request_exception=True)
        if user is not None:
            made.force_login(user)
        return made

    return client
