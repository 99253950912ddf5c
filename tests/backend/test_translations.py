"""Vietnamese is whole: every text has its words, and no English is left on a page that is read in Vietnamese."""

import ast
import re
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import pytest
import time_machine
from babel.messages.catalog import Message
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import ngettext

from backend.accounts.models import User
from backend.desk.demo.planting import plant
from backend.runner import translations
from backend.runner.options import CHECKOUT

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # Monday 08:00 in Viet Nam
NOT_OURS = "Django's or REST framework's own text"  # the note at such a message
CATALOGUE = CHECKOUT / "backend" / "locale" / "vi" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z]|\{\w*(?::\w+)?\}")
# words that stand in any English sentence and in no Vietnamese one
ENGLISH = re.compile(r"\b(the|and|of|is|are|with|this|that|not|for|from|your|you|have|will|was|which)\b", re.IGNORECASE)
# what stands on a page without being ours to translate
NAMES = {"English", "EN: English"}


def messages() -> list[Message]:
    return [message for message in translations._read(CATALOGUE) if message.id]


def in_english(message: Message) -> str:
    return message.id[0] if isinstance(message.id, tuple | list) else message.id


def in_vietnamese(message: Message) -> str:
    return (message.string[0] if isinstance(message.string, tuple | list) else message.string) or ""


def test_every_text_has_its_vietnamese():
    assert translations.problems() == []


def test_placeholders_are_the_same_in_both_languages():
    differing = [
        in_english(message)
        for message in messages()
        if set(PLACEHOLDER.findall(in_vietnamese(message))) != set(PLACEHOLDER.findall(in_english(message)))
    ]
    assert differing == []


def test_nothing_is_translated_that_nobody_says():
    used = set(translations._used_messages())
    known = [(message.context, in_english(message)) for message in messages() if NOT_OURS not in message.auto_comments]
    assert [key for key in known if key not in used] == []


def test_the_office_has_one_form_of_address_and_one_spelling():
    """“Đồng chí”, never “bạn”; “huỷ”, never “hủy”."""
    wrong = [m for m in messages() if re.search(r"\bbạn\b|hủy", in_vietnamese(m), re.IGNORECASE)]
    assert [in_vietnamese(message) for message in wrong] == []


def test_no_text_is_translated_once_for_all_when_its_module_is_loaded():
    """`gettext` outside a function would speak the language of the start to everybody; `gettext_lazy` waits."""
    assert [place for part in translations.PARTS for place in said_too_early(CHECKOUT / part)] == []


EAGER = {"gettext", "ngettext", "pgettext", "npgettext"}


def said_too_early(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imported = [name for node in tree.body if isinstance(node, ast.ImportFrom) for name in node.names]
        eager = {name.asname or name.name for name in imported if name.name in EAGER}
        yield from (f"{path.relative_to(CHECKOUT)}:{line}" for line in calls_at_load(tree, eager))


def calls_at_load(node: ast.AST, names: set[str]) -> Iterator[int]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        return
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
        yield node.lineno
    for child in ast.iter_child_nodes(node):
        yield from calls_at_load(child, names)


@pytest.mark.parametrize(("n", "words"), [(0, "0 phòng"), (1, "1 phòng"), (5, "5 phòng")])
def test_vietnamese_has_one_form_for_all_numbers(n, words):
    with translation.override("vi"):
        assert ngettext("%(n)s room", "%(n)s rooms", n) % {"n": n} == words


class Page(HTMLParser):
    """The texts that a person reads or hears, and the links of our own."""

    SPOKEN = ("aria-label", "title", "placeholder", "alt", "data-label", "data-offline", "data-failed")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[str] = []
        self._inside: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag in ("script", "style", "pre", "textarea"):  # what somebody wrote
            self._inside.append(tag)
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        self.texts += [given[name] for name in self.SPOKEN if given.get(name)]

    def handle_endtag(self, tag):
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data):
        text = " ".join(data.split())
        if text and not self._inside:
            self.texts.append(text)


def english_on(page: Page, known: set[str]) -> list[str]:
    return [text for text in page.texts if text not in NAMES and (text in known or ENGLISH.search(text))]


def pages_of(username: str) -> dict[str, Page]:
    """One page of each kind that a person reaches by links, by the name of its address."""
    client, seen, ahead = Client(), {}, deque(["/"])
    client.force_login(User.objects.get(username=username))
    client.cookies["django_language"] = "vi"
    while ahead:
        address = ahead.popleft()
        try:
            name = resolve(address.partition("?")[0]).view_name
        except Resolver404:
            continue
        if name in seen or not address.startswith("/") or address.startswith(("/api/", "/static/")):
            continue
        answer = client.get(address)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            seen[name] = page = Page(answer.content.decode())
            ahead += [urldefrag(urljoin(address, link)).url for link in page.links]
    return seen


@pytest.mark.django_db
def test_no_english_is_left_on_a_page():
    known = {in_english(m) for m in messages() if in_english(m) != in_vietnamese(m) and not m.context}
    with time_machine.travel(NOW, tick=False):
        plant(demo="2020", admin_password="not-for-guessing", now=NOW)
        found = {
            f"{user}: {name}": left
            for user in ("thuky", "lanhdao", "truc", "nhakhach", "admin")
            for name, page in pages_of(user).items()
            if (left := english_on(page, known))
        }
        refusal = english_on(refused_booking(), known)
    assert found == {}
    assert refusal == []


def refused_booking() -> Page:
    """The booking form, sent empty by somebody who may book."""
    client = Client()
    client.force_login(User.objects.get(username="thuky"))
    client.cookies["django_language"] = "vi"
    answer = client.post("/conferences/new/", {})
    assert answer.status_code == 422
    return Page(answer.content.decode())
