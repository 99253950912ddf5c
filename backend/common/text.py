"""Vietnamese text: NFC at the border, and one fold for every search."""

import re
import unicodedata

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Func, TextField

_MARKS = re.compile("[\u0300-\u036f]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def nfc(text: str) -> str:
    """NFC without control, zero-width and bidirectional override characters, trimmed."""
    return _CONTROL.sub("", unicodedata.normalize("NFC", text)).strip()


def fold(text: str) -> str:
    """Lower case without diacritics, đ → d; the same rule as `Fold` in the database."""
    bare = _MARKS.sub("", unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d")))
    return bare.lower()


def last_word_first(name: str) -> tuple[str, str]:
    """Sort key of a Vietnamese person's name: the given name, which stands last, decides."""
    folded = fold(name)
    return (folded.rsplit(" ", 1)[-1], folded)


class Fold(Func):
    """`fold()` in PostgreSQL, immutable and free of extensions, so that generated columns may use it."""

    template = (
        "lower(regexp_replace(normalize(replace(replace(%(expressions)s, 'Đ', 'D'), 'đ', 'd'), NFD),"
        " '[\u0300-\u036f]', '', 'g'))"
    )
    output_field = TextField()


def folded(*fields: str) -> models.GeneratedField:
    """A stored search column over `fields` (each not null)."""
    joined: F | Func = F(fields[0])
    for name in fields[1:]:
        joined = Func(joined, F(name), template="(%(expressions)s)", arg_joiner=" || ' ' || ", output_field=TextField())
    return models.GeneratedField(expression=Fold(joined), output_field=TextField(), db_persist=True)


def pattern_index(name: str, field: str = "folded") -> models.Index:
    """An index that serves `field__startswith`, whatever the server's collation."""
    return models.Index(OpClass(F(field), name="text_pattern_ops"), name=name)
