import pytest
import time_machine

from tests.factories import NOW
from tests.guesthouse.houses import Guesthouse, make_guesthouse


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def place(db) -> Guesthouse:
    return make_guesthouse()
