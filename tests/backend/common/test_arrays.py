"""Lists of Python as arrays of PostgreSQL: the short way writes what psycopg itself would."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import Format
from psycopg.types.array import ListDumper

from backend.common.arrays import QuickListDumper

TEXT_ARRAY = 1009  # its oid
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))


def read_back(values: list, kind: str) -> list:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT %s::{kind}[]", [values])
        return list(cursor.fetchone()[0])


def load(array: bytes | None) -> list:
    """As psycopg reads an array of texts."""
    return Transformer().get_loader(TEXT_ARRAY, Format.TEXT).load(bytes(array or b""))  # type: ignore[no-any-return]


@given(st.one_of(*(st.lists(st.none() | one, min_size=1) for one in (st.integers(), TEXTS, MOMENTS))))
def test_an_array_means_the_same_as_that_of_the_driver(values):
    own, drivers = (kind(list, Transformer()).upgrade(values, PyFormat.TEXT) for kind in (QuickListDumper, ListDumper))
    assert own.oid == drivers.oid
    assert load(own.dump(values)) == load(drivers.dump(values))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([1, None, -(2**40)], "bigint"),
        (['Phòng "A"', None, "", "NULL", r"\{,}", " lề "], "text"),
        ([datetime(2026, 11, 23, 1, 30, 0, 5, tzinfo=UTC), None], "timestamptz"),
        ([], "bigint"),
        ([None, None], "text"),
        ([[1, 2], [3, 4]], "int"),
        ([1.5, None], "float8"),
        ([True, False], "bool"),
    ],
)
def test_what_was_bound_comes_back(values, kind):
    assert read_back(values, kind) == values


@pytest.mark.django_db
def test_the_connections_use_it():
    with connection.cursor() as cursor:
        assert cursor.adapters.get_dumper(list, PyFormat.TEXT) is QuickListDumper
