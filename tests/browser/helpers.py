"""A browser for tests, and what must hold for every page of ours.

`look(page)` asserts it for the page as it stands: no axe violation, nothing wider than the screen, in both themes, on a
phone (360) and a desk (1280). Every page opened by the `page` fixture is watched besides: a request to another host, a
break of the content security policy or an error in a script fails the test when it ends.
"""

import os
import shutil
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

from backend.frontend.build import AXE, build

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
WIDTHS = {360: 740, 1280: 900}
THEMES = ("light", "dark")
# The browser keeps to itself: none of its own calls to the outside.
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
WIDER = """() => [...document.querySelectorAll('body *')]
  .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.lanes, .table-wrap, .tabs, .nav__list'))
  .map(e => e.outerHTML.slice(0, 120))"""

SETTLED = "Promise.allSettled(document.getAnimations().map(each => each.finished)).then(() => null)"


def executable() -> str:
    """A chromium of this machine; without one the test is skipped, under REQUIRE_ALL=1 it fails."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        return found
    reason = f"no browser: none of {', '.join(NAMES)} is on the PATH, and CHROMIUM names none"
    if os.environ.get("REQUIRE_ALL") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def flags() -> list[str]:
    return [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]


@dataclass
class Watch:
    """What a context asked for and complained about. A socket that a test's server does not have is no complaint."""

    own_hosts: set[str] = field(default_factory=lambda: {"localhost", "127.0.0.1"})
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> "Watch":
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        return self

    def _request(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme in ("http", "https", "ws", "wss") and url.hostname not in self.own_hosts:
            self.foreign.append(request.url)

    def _console(self, message: ConsoleMessage) -> None:
        expected = "/ws/" in message.text or "Failed to load resource" in message.text
        if message.type == "error" and not expected:
            self.complaints.append(message.text)


def violations(page: Page, part: str = "html") -> list[str]:
    """What axe finds in a part of the page, one line each: rule, what it says, where."""
    build()
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("([part, rules]) => axe.run(part, rules)", [part, RULES])["violations"]
    return [f"{each['id']}: {each['help']}: {node['html'][:160]}" for each in found for node in each["nodes"]]


def too_wide(page: Page) -> list[str]:
    over = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return page.evaluate(WIDER) or ["the page scrolls sideways"] if over else []


def look(page: Page, *, part: str = "html", widths: tuple[int, ...] = tuple(WIDTHS)) -> None:
    """Asserts that the page, or a part of it, is as it stands readable for all in each theme and at each width."""
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": WIDTHS.get(width, 900)})
        for theme in THEMES:
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            page.wait_for_function("theme => document.documentElement.dataset.theme === theme", arg=theme)
            page.evaluate(SETTLED)
            found += [f"{width} {theme}: {line}" for line in violations(page, part) + too_wide(page)]
    assert not found, "\n".join(found)


def sign_in(context: BrowserContext, address: str, user: object) -> None:
    """A session of that user's, without the form."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(user)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": address}])
