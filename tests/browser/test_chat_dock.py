"""The dock of the assistant, against a socket that speaks as the contract says."""

import json
from collections.abc import Callable

import pytest
from django.urls import path
from playwright.sync_api import BrowserContext, Page, WebSocketRoute, expect

from backend.accounts.models import User
from backend.config.urls import urlpatterns as ours
from backend.frontend.build import build
from backend.frontend.styleguide import styleguide
from tests.browser.helpers import sign_in
from tests.factories import make_level, make_unit, make_user

pytestmark = [pytest.mark.browser, pytest.mark.urls(__name__), pytest.mark.django_db(transaction=True)]
urlpatterns = [path("styleguide/", styleguide), *ours]
FREE = {"text": "Phòng Kỳ Cùng trống. Đặt luôn?", "buttons": [{"title": "Đặt", "payload": "/affirm"}], "data": {}}


class Assistant:
    """Answers what it is told to; remembers what it heard."""

    def __init__(self) -> None:
        self.heard: list[dict] = []
        self.answers: list[dict] = []
        self.sockets: list[WebSocketRoute] = []

    def open(self, socket: WebSocketRoute) -> None:
        self.sockets.append(socket)
        socket.on_message(self._hear)

    def _hear(self, message: str | bytes) -> None:
        self.heard.append(json.loads(message))
        if self.answers:
            self.sockets[-1].send(json.dumps(self.answers.pop(0)))


def reply(*messages: dict) -> dict:
    return {"type": "reply", "messages": list(messages), "intent": {"name": "x", "confidence": 1.0}}


@pytest.fixture(scope="module", autouse=True)
def _front_end() -> None:
    build()


@pytest.fixture
def people() -> list[User]:
    province = make_unit("Tỉnh Lạng Sơn", make_level("provincial", 1))
    return [make_user(name, province, "secretariat") for name in ("thuky", "vanthu")]


@pytest.fixture
def assistant() -> Assistant:
    return Assistant()


@pytest.fixture
def dock(page: Page, context: BrowserContext, live_server, people: list[User], assistant: Assistant) -> Callable:
    """`dock()` → the style page with its dock open."""

    def opened() -> Page:
        sign_in(context, live_server.url, people[0])
        page.route_web_socket("**/ws/chat/*", assistant.open)
        page.goto(f"{live_server.url}/styleguide/")
        page.locator(".chat-open").click()
        expect(page.locator("#chat")).to_have_attribute("data-state", "ready")
        return page

    return opened


def say(page: Page, text: str) -> None:
    page.locator("#chat-text").fill(text)
    page.locator("#chat-text").press("Enter")


def test_ask_and_press_a_button(dock: Callable, assistant: Assistant):
    assistant.answers = [
        reply(FREE),
        reply({"text": "Đã giữ phòng.", "buttons": [], "data": {"url": "/conferences/3/"}}),
    ]
    page = dock()
    say(page, "p hop ky cung toi thu nam co trong ko a")
    page.get_by_role("button", name="Đặt", exact=True).click()
    expect(page.locator(".chat__message--theirs").last).to_contain_text("Đã giữ phòng.")
    assert assistant.heard == [
        {"type": "message", "text": "p hop ky cung toi thu nam co trong ko a"},
        {"type": "button", "payload": "/affirm"},
    ]
    assert page.locator(".chat__message a").get_attribute("href") == "/conferences/3/"
    expect(page.get_by_role("button", name="Đặt", exact=True)).to_have_count(0)
    expect(page.locator("#chat-text")).to_have_value("")


def test_nothing_that_is_said_becomes_markup(dock: Callable, assistant: Assistant):
    evil = "<img src=x onerror=alert(1)>"
    assistant.answers = [
        reply({"text": evil, "buttons": [{"title": evil, "payload": "x"}], "data": {"url": "//evil.example/"}})
    ]
    page = dock()
    say(page, evil)
    expect(page.locator(".chat__message")).to_have_count(2)
    assert page.locator("#chat img, .chat__message a").count() == 0


def test_a_measurement_says_when(dock: Callable, assistant: Assistant):
    said = {"text": "Lộc Bình: mất kết nối.", "buttons": [], "data": {"measured_at": "2026-11-26T09:32:10+07:00"}}
    assistant.answers = [reply(said)]
    page = dock()
    say(page, "line Lộc Bình sao rồi em")
    expect(page.locator(".chat__measured")).to_contain_text("09:32")


def test_the_assistant_is_away(dock: Callable, assistant: Assistant):
    assistant.answers = [{"type": "error", "code": "assistant_unavailable", "detail": "Trợ lý tạm nghỉ."}]
    page = dock()
    say(page, "xin chào")
    expect(page.locator(".chat__message--error")).to_contain_text("Trợ lý tạm nghỉ.")
    expect(page.locator("#chat")).to_have_attribute("data-state", "away")
    expect(page.locator(".chat__typing")).to_be_hidden()


def test_without_a_connection_the_words_stay_in_the_box(dock: Callable, assistant: Assistant):
    page = dock()
    assistant.sockets[-1].close()
    expect(page.locator("#chat")).to_have_attribute("data-state", "lost")
    say(page, "xin chào")
    expect(page.locator(".chat__message--error")).to_be_visible()
    expect(page.locator("#chat-text")).to_have_value("xin chào")
    expect(page.locator("#chat")).to_have_attribute("data-state", "ready", timeout=10_000)
    page.locator("#chat-text").press("Enter")
    expect(page.locator(".chat__message--mine")).to_have_count(1)
    assert assistant.heard == [{"type": "message", "text": "xin chào"}]


def test_the_conversation_outlives_a_page_but_not_the_person(
    dock: Callable, assistant: Assistant, context: BrowserContext, live_server, people: list[User]
):
    assistant.answers = [reply(FREE)]
    page = dock()
    say(page, "phòng nào trống")
    expect(page.locator(".chat__message--theirs")).to_be_visible()
    page.reload()
    expect(page.locator(".chat__message")).to_have_count(2)
    expect(page.locator("#chat")).to_be_visible()
    sign_in(context, live_server.url, people[1])
    page.reload()
    expect(page.locator(".chat-open")).to_be_visible()
    assert page.locator(".chat__message").count() == 0
    assert page.evaluate("JSON.stringify(sessionStorage)").count("phòng nào trống") == 0


def test_the_server_knows_the_tab_again(dock: Callable, assistant: Assistant):
    page = dock()
    page.reload()
    expect(page.locator("#chat")).to_have_attribute("data-state", "ready")
    first, second = (socket.url for socket in assistant.sockets)
    assert first == second
    assert len(first.split("?tab=")[1]) == 32


def test_who_is_signed_out_is_told_so(dock: Callable, assistant: Assistant):
    page = dock()
    say(page, "xin chào")
    expect(page.locator(".chat__typing")).to_be_visible()
    assistant.sockets[-1].close(code=4401)
    expect(page.locator("#chat")).to_have_attribute("data-state", "ended")
    expect(page.locator(".chat__message--error")).to_have_count(1)
    assert len(assistant.sockets) == 1


def test_an_answer_still_being_typed_in_vietnamese_is_not_sent(dock: Callable, assistant: Assistant):
    page = dock()
    page.locator("#chat-text").fill("phòng")
    page.locator("#chat-text").dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    assert assistant.heard == []
    expect(page.locator("#chat-text")).to_have_value("phòng")
