"""Many hands at once: each in a thread with a connection of its own, let go together."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import close_old_connections, connection


@pytest.fixture
def at_once(transactional_db) -> Callable:
    """`at_once([act, …])` runs all acts at the same moment; answers each one's result or exception, in order."""

    def run(acts: list[Callable]) -> list:
        barrier = threading.Barrier(len(acts))

        def one(act: Callable) -> object:
            close_old_connections()
            try:
                connection.ensure_connection()
                barrier.wait(timeout=30)
                return act()
            except Exception as error:  # the caller asserts which
                return error
            finally:
                connection.close()

        with ThreadPoolExecutor(len(acts)) as pool:
            return list(pool.map(one, acts))

    return run
