"""The browser fixtures: one browser per file, a fresh context per test."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.helpers import Watch, executable, flags


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Module scope: the loop inside Playwright must be gone before another file's async tests begin."""
    path = executable()
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # that loop is not ours; the tests themselves are synchronous
    try:
        with sync_playwright() as playwright:
            started = playwright.chromium.launch(executable_path=path, args=flags())
            yield started
            started.close()
    finally:
        os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")
        if before is not None:
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", viewport={"width": 1280, "height": 900})
    made.set_default_timeout(10_000)
    watch = Watch().over(made)
    yield made
    made.close()
    assert (watch.foreign, watch.complaints) == ([], [])


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()
