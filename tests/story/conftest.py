import pytest

from tests.browser.conftest import browser

__all__ = ["browser"]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "story: the main job, told once from the booking to the cancellation")
