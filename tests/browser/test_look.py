"""The look itself: readable for all, by keyboard, with our own fonts; the style page and the pages before one is in."""

import json
import unicodedata

import pytest
from django.contrib.auth import views as auth_views
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from playwright.sync_api import BrowserContext, Page, WebSocketRoute, expect

from backend.accounts.models import User
from backend.config.urls import urlpatterns as ours
from backend.frontend.build import SOURCE, build
from backend.frontend.styleguide import styleguide
from tests.browser.helpers import look, sign_in
from tests.factories import make_level, make_unit, make_user

SEEN_AT_BODY = """new MutationObserver((_, seen) => {
  if (!document.body) return;
  window.atBody = document.documentElement.dataset.theme;
  seen.disconnect();
}).observe(document, {childList: true, subtree: true})"""
HOUR = (
    """new Intl.DateTimeFormat("en-GB", {hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh"}).format()"""
)

pytestmark = [pytest.mark.browser, pytest.mark.urls(__name__), pytest.mark.django_db(transaction=True)]

VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
LETTERS = [unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES] + ["đ"]
LETTERS += [letter.upper() for letter in LETTERS]


def trouble(request: HttpRequest, code: str) -> HttpResponse:
    return render(
        None if code == "500" else request, f"errors/{code}.html", status=int(code) if code.isdigit() else 403
    )


urlpatterns = [
    path("styleguide/", styleguide),
    path("trouble/<str:code>/", trouble),
    path("password/", auth_views.PasswordChangeView.as_view(success_url="/")),
    *ours,
]


@pytest.fixture(scope="module", autouse=True)
def _front_end() -> None:
    build()


@pytest.fixture
def secretary() -> User:
    province = make_unit("Tỉnh Lạng Sơn", make_level("provincial", 1))
    return make_user("thuky", province, "secretariat", first_name="Minh Hạnh", last_name="Nguyễn")


@pytest.fixture
def signed_in(page: Page, context: BrowserContext, live_server, secretary: User) -> Page:
    sign_in(context, live_server.url, secretary)
    return page


def open_style_page(page: Page, address: str) -> None:
    page.goto(f"{address}/styleguide/")


def test_every_component_is_readable_for_all(signed_in: Page, live_server):
    open_style_page(signed_in, live_server.url)
    look(signed_in)


def test_the_open_dock_dialog_and_menu_are_readable_too(signed_in: Page, live_server):
    signed_in.route_web_socket("**/ws/chat/*", lambda socket: None)
    open_style_page(signed_in, live_server.url)
    signed_in.locator(".chat-open").click()
    look(signed_in, part="#chat")
    signed_in.keyboard.press("Escape")
    signed_in.locator("summary.band__tool").click()
    look(signed_in, part=".band", widths=(1280,))
    signed_in.evaluate("document.querySelector('#sample-dialog').showModal()")
    look(signed_in, part="#sample-dialog")


@pytest.mark.parametrize("address", ["accounts/login/", "accounts/password_reset/", "trouble/404/", "trouble/403/"])
def test_pages_before_one_is_in(page: Page, live_server, address: str):
    page.goto(f"{live_server.url}/{address}")
    look(page)


@pytest.mark.parametrize("code", ["csrf", "500"])
def test_a_page_of_trouble_needs_nothing_that_may_be_broken(page: Page, live_server, code: str):
    page.goto(f"{live_server.url}/trouble/{code}/")
    look(page)
    assert page.locator("h1").count() == 1


def test_all_vietnamese_letters_come_from_our_own_fonts(signed_in: Page, live_server):
    open_style_page(signed_in, live_server.url)
    assert {fonts_of(signed_in, selector, "".join(LETTERS)) for selector in ("h1", ".page-head__sub", "th")} == {
        (("Source Serif 4", True),),
        (("Be Vietnam Pro", True),),
    }


def fonts_of(page: Page, selector: str, text: str) -> tuple[tuple[str, bool], ...]:
    """(family, ours) of each font that draws the text when it stands in the first such element."""
    page.locator(selector).first.evaluate("(element, text) => { element.textContent = text; }", text)
    page.evaluate("document.fonts.ready")
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    node = session.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
    fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    session.detach()
    return tuple(sorted({(page_family(font["familyName"]), font["isCustomFont"]) for font in fonts}))


def page_family(name: str) -> str:
    """A cut may name its weight in the family, as fonts do."""
    return next(family for family in ("Be Vietnam Pro", "Source Serif 4", name) if name.startswith(family))


def test_the_chosen_theme_stays_and_stands_before_the_first_paint(signed_in: Page, live_server):
    signed_in.emulate_media(color_scheme="light")
    open_style_page(signed_in, live_server.url)
    signed_in.locator("[data-do=theme]").click()
    expect(signed_in.locator("html")).to_have_attribute("data-theme", "dark")
    signed_in.add_init_script(SEEN_AT_BODY)
    signed_in.reload()
    assert signed_in.evaluate("window.atBody") == "dark"


def test_by_keyboard_alone(signed_in: Page, live_server):
    open_style_page(signed_in, live_server.url)
    signed_in.keyboard.press("Tab")
    expect(signed_in.locator(".skip")).to_be_focused()
    signed_in.keyboard.press("Enter")
    expect(signed_in.locator("#main")).to_be_focused()
    signed_in.keyboard.press("/")
    expect(signed_in.locator("#search")).to_be_focused()
    signed_in.locator("summary.band__tool").press("Enter")
    expect(signed_in.locator(".menu__panel")).to_be_visible()
    signed_in.keyboard.press("Escape")
    expect(signed_in.locator(".menu__panel")).to_be_hidden()
    expect(signed_in.locator("summary.band__tool")).to_be_focused()
    signed_in.locator("[data-dialog]").press("Enter")
    expect(signed_in.locator("#sample-reason")).to_be_focused()
    signed_in.keyboard.press("Escape")
    expect(signed_in.locator("[data-dialog]")).to_be_focused()


def test_a_booking_lies_at_its_hours(signed_in: Page, live_server):
    open_style_page(signed_in, live_server.url)
    item, lane = (
        signed_in.locator(selector).first.bounding_box()
        for selector in (".lane__item--live[data-var-from]", ".lane__items")
    )
    assert item is not None
    assert lane is not None
    hour = lane["width"] / 11  # the day of the style page begins at 07:00 and has eleven hours
    assert (round((item["x"] - lane["x"]) / hour, 1), round(item["width"] / hour, 1)) == (2.0, 2.5)


def test_on_a_phone_a_row_becomes_a_card_and_the_menu_lies_under_the_thumb(signed_in: Page, live_server):
    signed_in.set_viewport_size({"width": 360, "height": 740})
    open_style_page(signed_in, live_server.url)
    assert signed_in.locator(".table--cards td").first.evaluate(
        "cell => getComputedStyle(cell, '::before').content"
    ) == ('"Tình trạng"')
    expect(signed_in.locator("#nav")).to_be_hidden()
    signed_in.locator("[data-do=nav]").click()
    expect(signed_in.locator("#nav")).to_be_visible()
    expect(signed_in.locator("[data-do=nav]")).to_have_attribute("aria-expanded", "true")


def test_on_paper_the_frame_is_gone(signed_in: Page, live_server):
    open_style_page(signed_in, live_server.url)
    signed_in.emulate_media(media="print", color_scheme="dark")
    for selector in (".band", ".nav", ".chat-open", ".button"):
        expect(signed_in.locator(selector).first).to_be_hidden()
    assert signed_in.locator(".page-head__sub").evaluate("e => getComputedStyle(e).color") == "rgb(76, 88, 98)"


def test_the_wall_shows_the_hour_and_no_navigation(signed_in: Page, live_server):
    signed_in.set_viewport_size({"width": 1920, "height": 1080})
    open_style_page(signed_in, live_server.url)
    signed_in.evaluate("document.documentElement.classList.add('wall')")
    expect(signed_in.locator(".nav")).to_be_hidden()
    expect(signed_in.locator(".band__clock")).to_have_text(signed_in.evaluate(HOUR))
    assert (
        signed_in.locator(".list__main .strong").first.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") >= 36
    )


def test_the_server_says_something_in_a_toast(signed_in: Page, live_server):
    open_style_page(signed_in, live_server.url)
    signed_in.evaluate("htmx.trigger(document.body, 'toast', {text: '<b>Đã gửi</b>', level: 'success'})")
    expect(signed_in.locator(".toast__text")).to_have_text("<b>Đã gửi</b>")
    signed_in.locator(".toast__close").click()
    expect(signed_in.locator(".toast")).to_have_count(0)


def test_a_hint_refreshes_what_it_is_about(signed_in: Page, live_server):
    sockets: list[WebSocketRoute] = []
    signed_in.route_web_socket("**/ws/live/", lambda socket: sockets.append(socket))
    open_style_page(signed_in, live_server.url)
    signed_in.evaluate("""() => {
        window.asked = [];
        for (const [what, id] of [["conference", ""], ["link", "7"], ["link", "8"]]) {
            const part = document.createElement("div");
            part.dataset.live = what;
            if (id) part.dataset.liveId = id;
            part.addEventListener(`live:${what}`, () => window.asked.push(what + id));
            document.body.append(part);
        }
    }""")
    for hint in ({"what": "link", "id": 7}, {"what": "link", "id": 7}, {"what": "stay", "id": 1}):
        sockets[0].send(json.dumps({"type": "changed", **hint}))
    signed_in.wait_for_function("() => window.asked.length > 0")
    assert signed_in.evaluate("window.asked") == ["link7"]
    sockets[0].send(json.dumps({"type": "changed", "what": "conference", "id": 3}))
    signed_in.wait_for_function("() => window.asked.length > 1")
    assert signed_in.evaluate("window.asked") == ["link7", "conference"]


def test_packages_come_by_the_lock_file_alone_and_only_once():
    assert build() is False
    lock = json.loads((SOURCE / "package-lock.json").read_text())
    assert {key for package in lock["packages"].values() for key in package} & {"resolved"} == set()
