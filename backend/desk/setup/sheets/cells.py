"""Columns: how the text of a cell becomes a value, and a value text again."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from backend.common.text import fold
from backend.desk.setup.sheets.names import Bad

YES, NO = ("co", "x", "1", "yes", "true", "dung"), ("khong", "0", "no", "false", "sai")


@dataclass(frozen=True)
class Column:
    """`name`: the attribute. `read` raises Bad; `show` takes the row. `words`: what one may choose from."""

    name: str
    title: Any
    read: Callable[[str], Any]
    show: Callable[[Any], str]
    required: bool = False
    note: Any = ""
    words: Callable[[], Sequence[str]] = tuple


def shown(name: str) -> Callable[[Any], str]:
    def show(row: Any) -> str:
        value = getattr(row, name)
        return "" if value is None else str(value)

    return show


def text(most: int = 500) -> Callable[[str], str]:
    def read(cell: str) -> str:
        if len(cell) > most:
            raise Bad(_("Longer than %(n)d characters.") % {"n": most})
        return cell

    return read


_DIGITS = re.compile(r"[\s.()-]")


def phone(cell: str) -> str:
    """A phone number; spreadsheet programs take a leading zero away when the cell is a number."""
    digits = _DIGITS.sub("", cell)
    if cell and not re.fullmatch(r"\+?\d{3,20}", digits):
        raise Bad(_("“%(text)s” is no phone number.") % {"text": cell[:40]})
    if len(digits) == 9 and digits.isdigit() and digits[0] != "0":
        raise Bad(_("The zero in front is missing: format the cell as text."))
    return text(30)(cell)


def whole(least: int, most: int, default: int | None = None) -> Callable[[str], int | None]:
    def read(cell: str) -> int | None:
        if not cell:
            return default
        if not cell.isascii() or not cell.isdigit() or not least <= int(cell[:12]) <= most:
            raise Bad(_("Write a whole number between %(least)d and %(most)d.") % {"least": least, "most": most})
        return int(cell)

    return read


def yes_no(default: bool) -> Callable[[str], bool]:
    def read(cell: str) -> bool:
        word = fold(cell)
        if not word:
            return default
        if word not in YES and word not in NO:
            raise Bad(_("Write “yes” or “no”."))
        return word in YES

    return read


def yes_and_no() -> Sequence[str]:
    return [_("yes"), _("no")]


def flag(name: str, title: Any, default: bool) -> Column:
    return Column(name, title, yes_no(default), lambda row: yes_or_no(getattr(row, name)), words=yes_and_no)


def yes_or_no(value: bool) -> str:
    return _("yes") if value else _("no")


def choice(options: Sequence[tuple[Any, Any]], default: Any = None) -> Callable[[str], Any]:
    """By the label, in whichever of our languages, or by the value itself."""

    def read(cell: str) -> Any:
        if not cell and default is not None:
            return default
        known: dict[str, Any] = {}
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                known.update({fold(str(label)): value for value, label in options})
        known.update({fold(str(value)): value for value, _label in options})
        if fold(cell) not in known:
            words = "; ".join(str(label) for _value, label in options)
            raise Bad(_("Write one of: %(words)s.") % {"words": words})
        return known[fold(cell)]

    return read


def labels(options: Sequence[tuple[Any, Any]]) -> Callable[[], Sequence[str]]:
    return lambda: [str(label) for _value, label in options]


def show_choice(name: str, options: Sequence[tuple[Any, Any]]) -> Callable[[Any], str]:
    return lambda row: str(dict(options).get(getattr(row, name), ""))


def day(cell: str) -> date | None:
    """1/7/2025, 01-07-2025 or 2025-07-01."""
    if not cell:
        return None
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            return datetime.strptime(cell, form).date()  # noqa: DTZ007 (a day of the calendar has no zone)
        except ValueError:
            continue
    raise Bad(_("Write the day as 31/12/2026."))


def show_day(name: str) -> Callable[[Any], str]:
    def show(row: Any) -> str:
        value = getattr(row, name)
        return value.strftime("%d/%m/%Y") if value else ""

    return show


def several(cell: str) -> list[str]:
    """Words between commas or semicolons."""
    found = [word.strip() for word in re.split(r"[,;\n]", cell)]
    long = [word for word in found if len(word) > 60]
    if long:
        raise Bad(_("Longer than %(n)d characters.") % {"n": 60})
    return [word for word in found if word]


def choices(options: Sequence[tuple[Any, Any]]) -> Callable[[str], list[Any]]:
    """Several of `options`, each once."""
    one = choice(options)
    return lambda cell: list(dict.fromkeys(one(word) for word in several(cell)))


def named(names: Any, missing: Any = None) -> Callable[[str], Any]:
    return lambda cell: names.find(cell) if cell else missing
