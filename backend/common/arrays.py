"""Lists as PostgreSQL arrays, written at once: psycopg's own dumper takes each element through two regular expressions,
which was a tenth of the time of a booking."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from psycopg.abc import Buffer
from psycopg.types.array import ListDumper

_ESCAPED = str.maketrans({"\\": r"\\", '"': r"\""})


def _text(item: str) -> str:
    return f'"{item.translate(_ESCAPED)}"'


def _moment(item: datetime) -> str:
    return f'"{item}"'


_WRITTEN: dict[type, Callable[[Any], str]] = {int: str, str: _text, datetime: _moment}


class QuickListDumper(ListDumper):
    """As psycopg's, with a short way for flat lists of whole numbers, of texts or of times, None among them."""

    def dump(self, obj: list[Any]) -> Buffer | None:
        kinds = set(map(type, obj)) - {type(None)}
        written = _WRITTEN.get(kinds.pop()) if len(kinds) == 1 else None
        if written is None or (written is _text and any("\0" in item for item in obj if item)):
            return super().dump(obj)
        return f"{{{','.join(['NULL' if item is None else written(item) for item in obj])}}}".encode()
