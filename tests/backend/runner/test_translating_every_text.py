"""No word of English is left on the Vietnamese screen: every text in Python and templates has its translation."""

import gettext
from pathlib import Path

import pytest

from backend.runner import translations

HEADER = 'msgid ""\nmsgstr ""\n"Language: vi\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
PLURAL = '"Plural-Forms: nplurals=1; plural=0;\\n"\n'


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(translations, "CHECKOUT", tmp_path)
    write(tmp_path / "meetings" / "rules.py", 'a = _("The room is taken.")\nb = pgettext("verb", "Book")\n')
    write(
        tmp_path / "backend" / "templates" / "page.html",
        "<div>\n    {% translate 'Log in' %}\n  {% blocktranslate count n=n %}{{ n }} site{% plural %}{{ n }} sites"
        "{% endblocktranslate %}\n</div>\n",
    )
    return tmp_path


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def catalogue(checkout: Path, entries: str) -> Path:
    place = checkout / "backend" / "locale" / "vi" / "LC_MESSAGES" / "django.po"
    return write(place, HEADER + PLURAL + "\n" + entries)


COMPLETE = """
msgid "The room is taken."
msgstr "Phòng đã có người đặt."

msgctxt "verb"
msgid "Book"
msgstr "Đặt"

msgid "Log in"
msgstr "Đăng nhập"

msgid "%(n)s site"
msgid_plural "%(n)s sites"
msgstr[0] "%(n)s điểm cầu"
"""


def test_a_complete_catalogue_is_without_problem(checkout: Path):
    catalogue(checkout, COMPLETE)
    assert translations.problems() == []


def test_what_is_missing_fuzzy_empty_or_loses_a_value_is_named(checkout: Path):
    text = COMPLETE.replace('"Phòng đã có người đặt."', '""').replace('"%(n)s điểm cầu"', '"%(m)s điểm cầu"')
    text = text.replace('msgid "Log in"', '#, fuzzy\nmsgid "Log in"').replace('msgctxt "verb"\n', "")
    catalogue(checkout, text)
    name = "backend/locale/vi/LC_MESSAGES/django.po"
    assert sorted(line.replace(f"{name}: ", "") for line in translations.problems()) == [
        "missing: 'Book'",
        "unknown named placeholder 'm': '%(n)s site'",
        "untranslated: 'Log in'",
        "untranslated: 'The room is taken.'",
    ]


def test_without_a_catalogue_there_is_a_problem(checkout: Path):
    assert translations.problems() == ["there is no catalogue"]


def test_a_catalogue_is_compiled_when_it_changed(checkout: Path):
    source = catalogue(checkout, COMPLETE)
    assert translations.compile_catalogues() == [source]
    assert translations.compile_catalogues() == []
    with source.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert compiled.gettext("Log in") == "Đăng nhập"
    assert compiled.ngettext("%(n)s site", "%(n)s sites", 2) == "%(n)s điểm cầu"
    assert compiled.pgettext("verb", "Book") == "Đặt"
