"""Those who play in the story, each with a browser window of their own, signed in by the form."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, expect

from backend.runner.options import BUILD
from tests.browser.helpers import Watch


class Cast:
    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address
        self.pages: dict[str, Page] = {}
        self.watch = Watch()

    def page_of(self, username: str) -> Page:
        """The window of that login."""
        if username not in self.pages:
            self.pages[username] = self._sign_in(username)
        return self.pages[username]

    def go(self, username: str, path: str) -> Page:
        page = self.page_of(username)
        page.goto(self.address + path)
        return page

    def _sign_in(self, username: str) -> Page:
        context = self.browser.new_context(
            locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", viewport={"width": 1280, "height": 1000}
        )
        context.set_default_timeout(15_000)
        self.watch.over(context)
        page = context.new_page()
        page.goto(self.address)
        page.locator("#id_username").fill(username)
        page.locator("#id_password").fill("demo")
        page.locator("main form button[type=submit], form.form button[type=submit]").first.click()
        expect(page.locator("body[data-user]")).to_be_visible()
        return page


@contextmanager
def cast(browser: Browser, address: str, name: str) -> Iterator[Cast]:
    """When the story goes wrong, what everybody sees is kept in build/."""
    players = Cast(browser, address)
    try:
        yield players
    except BaseException:
        BUILD.mkdir(exist_ok=True)
        for username, page in players.pages.items():
            page.screenshot(path=BUILD / f"story-{name}-{username}.png", full_page=True)
        raise
    finally:
        for page in players.pages.values():
            page.context.close()
    assert (players.watch.foreign, players.watch.complaints) == ([], [])
