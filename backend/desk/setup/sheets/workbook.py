"""XLSX files: reading one that a stranger may have made, and writing one that no program takes for more than text."""

import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from backend.common.errors import Invalid
from backend.common.text import nfc

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 5_000
MOST_UNPACKED = 80 * 1024 * 1024
MOST_PARTS = 200
MOST_COLUMNS = 40
MOST_CHARACTERS = 2_000  # of one cell
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\0")  # with which spreadsheets begin a formula (OWASP ASVS 5.0, 1.2.10)


class Formula(str):
    """The text of a cell that holds a formula: it is never computed."""


Table = list[tuple[int, list[str]]]  # row number in the file (1 is the first), its cells


def read(data: bytes) -> Table:
    """The rows of the first sheet that hold anything, as text. Invalid with field `file`: what is wrong with it."""
    _check_archive(data)
    try:
        book = load_workbook(BytesIO(data), read_only=True, data_only=False, keep_links=False, rich_text=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its own size is not believed
        return _rows(sheet)
    except Invalid:
        raise
    except Exception as error:  # whatever the parser stumbles over, the file is not a sheet that we can read
        raise _refused(
            "not_a_sheet", _("This file cannot be read as a spreadsheet. Store it anew as .xlsx.")
        ) from error


def _check_archive(data: bytes) -> None:
    if len(data) > MOST_BYTES:
        raise _refused("too_large", _("The file is larger than %(mb)d MB.") % {"mb": MOST_BYTES // 1024**2})
    if not data.startswith(b"PK\x03\x04"):
        raise _refused("not_xlsx", _("This is no .xlsx file. In the spreadsheet program choose “Save as … .xlsx”."))
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)  # zipfile reads no more than what is declared
            if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED:
                raise _refused("too_large", _("Unpacked, the file is too large."))
            for part in parts:
                if part.filename.endswith((".xml", ".rels")) and _declares_entities(archive, part):
                    raise _refused("not_a_sheet", _("The file holds what no spreadsheet program writes."))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        raise _refused("not_xlsx", _("The file is broken. Store it anew as .xlsx.")) from error


_COMMENT, _FIRST_TAG = re.compile(rb"<!--.*?-->", re.DOTALL), re.compile(rb"<[!A-Za-z]")


def _declares_entities(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether a document type may stand before the first element; XML in UTF-16 hides that, and is refused as well."""
    with archive.open(part) as file:
        head = _COMMENT.sub(b"", file.read(4096))
    first = _FIRST_TAG.search(head)
    return first is None or first.group() == b"<!"


def _rows(sheet: Any) -> Table:
    table: Table = []
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
        texts = [_text(cell) for cell in cells]
        if any(texts):
            table.append((number, texts))
        if len(table) > MOST_ROWS + 1 or number > 4 * MOST_ROWS:
            raise _refused("too_many_rows", _("More than %(n)d rows: divide the sheet.") % {"n": MOST_ROWS})
    if not table:
        raise _refused("empty", _("The sheet is empty."))
    return table


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return Formula(nfc(str(value))[:MOST_CHARACTERS])
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return unescaped(nfc(str(value)))[: MOST_CHARACTERS + 1]


def _refused(code: str, text: str) -> Invalid:
    return Invalid(code, text, field="file")


def escaped(text: str) -> str:
    """Text that a spreadsheet program might take for a formula gets an apostrophe in front."""
    return f"'{text}" if text.startswith(_RISKY) else text


def unescaped(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(_RISKY) else text


def write(
    title: str,
    headings: Sequence[tuple[str, str, Sequence[str]]],
    rows: Iterable[Sequence[str]],
    bad: int | None = None,
) -> bytes:
    """One sheet of text cells. `headings`: name, help, and the words to choose from, of each column.

    `bad`: index of a column to be marked as what is wrong.
    """
    book = Workbook(write_only=False)
    sheet = book.active
    sheet.title = title[:31].translate(str.maketrans("", "", "[]:*?/\\'"))
    sheet.append([escaped(name) for name, _help, _words in headings])
    for row in rows:
        sheet.append([escaped(text) for text in row])
    for number, (name, note, words) in enumerate(headings, start=1):
        _dress(sheet, number, name, note, words, number - 1 == bad)
    for cells in sheet.iter_rows(min_row=2):
        for cell in cells:
            cell.data_type, cell.number_format = "s", "@"
    sheet.freeze_panes = "A2"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _dress(sheet: Any, number: int, name: str, note: str, words: Sequence[str], bad: bool) -> None:
    letter, head = get_column_letter(number), sheet.cell(1, number)
    head.font = Font(bold=True, color="FFFFFF")
    head.fill = PatternFill("solid", fgColor="9B1C1C" if bad else "1F5F54")
    head.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions[letter].width = 60 if bad else max(12, min(40, len(name) * 2))
    sheet.column_dimensions[letter].number_format = "@"
    choices = '"' + ",".join(words) + '"'
    if words and len(choices) <= 255 and not any("," in word for word in words):
        rule = DataValidation(type="list", formula1=choices, allow_blank=True, showErrorMessage=False)
        rule.add(f"{letter}2:{letter}{MOST_ROWS + 1}")
        sheet.add_data_validation(rule)
    if note:
        rule = DataValidation(promptTitle=name[:32], prompt=note[:255], showInputMessage=True)
        rule.add(f"{letter}1")
        sheet.add_data_validation(rule)
