"""Every page with the demo's data in it: readable for all, on phone and desk, light and dark, in Vietnamese alone."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.db import connection
from django.urls import URLPattern, reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page

from backend.accounts.models import User
from backend.desk import urls
from backend.desk.demo.planting import plant
from backend.desk.setup.kinds import KINDS
from backend.frontend.build import build
from backend.outbox.models import Message
from backend.runner.translations import catalogues, compile_catalogues
from guesthouse.stays.models import Delegation
from meetings.links.models import Link
from meetings.scheduling.models import Conference
from tests.browser.helpers import look, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(400)]

FRAGMENTS = {
    "conference-ask",
    "conference-gate",
    "conference-hours",
    "conference-reach",
    "conference-sites",
    "series-dates",
    "today-part",
}  # parts of pages that are looked at whole
TEXTS = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) {
    const inside = walker.currentNode.parentElement.closest('script, style, [lang=en]');
    const text = walker.currentNode.textContent.trim().replace(/\\s+/g, ' ');
    if (text && !inside) texts.push(text);
  }
  for (const e of document.querySelectorAll('[aria-label], [placeholder], [title]')) {
    if (e.closest('[lang=en]')) continue;
    texts.push(...['aria-label', 'placeholder', 'title'].map(name => e.getAttribute(name)).filter(Boolean));
  }
  return texts;
}"""


@pytest.fixture(scope="module", autouse=True)
def _front_end() -> None:
    build()
    compile_catalogues()


@pytest.fixture
def sink(settings, tmp_path: Path) -> None:
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    settings.SINK_DIR = str(tmp_path)


@pytest.fixture
def demo(sink) -> None:
    """Planted in a thread of its own: that of the browser's loop would lose the hints."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(_plant).result()


def _plant() -> None:
    try:
        plant(demo="2020", admin_password="demo", now=timezone.now())
    finally:
        connection.close()


@pytest.fixture
def visit(page: Page, context: BrowserContext, live_server) -> Callable[..., None]:
    """`visit(login, {name: path})` asserts that nothing is wrong with these pages, else says all that is."""

    def each(login: str, paths: dict[str, str], widths: tuple[int, ...] = (360, 1280)) -> None:
        if login:
            sign_in(context, live_server.url, User.objects.get(username=login))
        english = english_texts()
        found = []
        for name, path in paths.items():
            answer = page.goto(live_server.url + path)
            if answer is None or answer.status != 200 or page.url != live_server.url + path:
                found.append(f"{name}: {answer and answer.status} at {page.url}")
                continue
            found += [f"{name}: English: {text}" for text in page.evaluate(TEXTS) if text in english]
            try:
                look(page, widths=widths)
            except AssertionError as wrong:
                found += [f"{name}: {line}" for line in str(wrong).splitlines()]
        assert not found, "\n".join(found)

    return each


def english_texts() -> set[str]:
    """Every msgid that Vietnamese says otherwise."""
    [path] = catalogues()
    with path.open("rb") as file:
        catalogue = read_po(file, locale="vi")
    return {str(message.id) for message in catalogue if message.id and message.id != message.string}


def pages_of_the_desk() -> dict[str, str]:
    """Name → address of what `thuky` can open; the newest of each kind stands for all."""
    submitted = Conference.objects.filter(status="submitted", created_by__username="thuky").latest("pk")
    approved = Conference.objects.filter(status="approved", bridge__isnull=False, secrecy="none").latest("pk")
    secret = Conference.objects.exclude(secrecy="none").latest("pk")
    examples = {
        "conference": [submitted.pk, approved.pk, secret.pk],
        "conference-edit": [submitted.pk],
        "site": [Link.objects.filter(site__code="loc-binh").latest("pk").site_id],
        "delegation": [Delegation.objects.latest("pk").pk],
        "delegation-edit": [Delegation.objects.latest("pk").pk],
        "outbox-message": [Message.objects.latest("pk").pk],
    }
    found = {"search": reverse("search") + "?q=cao+loc"}
    for pattern in urls.urlpatterns:
        if isinstance(pattern, URLPattern) and pattern.name and pattern.name not in {*FRAGMENTS, *found}:
            if not pattern.pattern.converters:
                found[pattern.name] = reverse(pattern.name)
            elif pattern.name in examples:
                found |= {f"{pattern.name} {pk}": reverse(pattern.name, args=[pk]) for pk in examples[pattern.name]}
    return {name: path for name, path in found.items() if name not in ("login", "set_language")}


def test_the_pages_of_the_office(visit, demo):
    visit("thuky", pages_of_the_desk())


def test_the_pages_of_the_set_up(visit, demo):
    """One of each sort of page, and every form."""
    visit("admin", {"setup": reverse("setup"), **_addresses("setup-list", "setup-new", "setup-sheet")})
    visit("admin", _forms(), widths=(360,))


def _addresses(*names: str) -> dict[str, str]:
    return {name: reverse(name, args=["units"]) for name in names}


def _forms() -> dict[str, str]:
    found = {}
    for key, kind in KINDS.items():
        row = kind.rows(User.objects.get(username="admin")).order_by("pk").first()
        found[f"form {key}"] = reverse("setup-edit", args=[key, row.pk]) if row else reverse("setup-new", args=[key])
    return found


def test_the_pages_before_one_is_in(visit, db):
    names = ("login", "password_reset", "password_reset_done")
    visit("", {name: reverse(name) for name in names})
