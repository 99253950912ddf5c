"""Talking over /ws/chat/: who may, in which frames, and what happens when the assistant is not there."""

import logging
import socket as sockets
import time
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone

from backend.accounts.models import User
from bot.chat import tickets
from bot.chat.models import Conversation
from tests.bot.chat import talk
from tests.bot.chat.talk import ask, open_as, press, says
from tests.factories import make_level, make_unit, make_user

pytestmark = pytest.mark.django_db(transaction=True)
db = sync_to_async


@pytest.fixture
def assistant(settings):
    with talk.stand_in() as server:
        settings.RASA_URL = server.url
        settings.RASA_SERVICE_KEY = "what the chat shows"
        yield server


@pytest.fixture
def user() -> User:
    return make_user("thuky", make_unit("Tỉnh", make_level("provincial", 1)), "secretariat")


@pytest.fixture
def colleague(user) -> User:
    return make_user("lanhdao", user.grants.get().unit, "leader")


async def test_a_question_goes_out_and_its_answer_comes_back(assistant, user):
    assistant.answer = {
        "messages": [
            {"text": "Còn trống.", "buttons": [{"title": "Đặt", "payload": "/book_room"}], "data": {"url": "/"}}
        ],
        "intent": {"name": "ask_room_availability", "confidence": 0.93},
    }
    chat = await open_as(user)
    assert await ask(chat, "phòng Kỳ Cùng trống không") == {"type": "reply", **assistant.answer}
    conversation = await Conversation.objects.aget()
    assert assistant.asked == [
        {
            "conversation": conversation.key,
            "language": "en",
            "text": "phòng Kỳ Cùng trống không",
            "payload": "",
            "path": "/webhooks/chat/message",
            "key": "what the chat shows",
        }
    ]
    await chat.disconnect()


@pytest.mark.parametrize("origin", [b"https://elsewhere.example", b"null", None])
async def test_a_foreign_page_gets_no_socket(user, origin):
    chat = talk.socket(await db(talk.cookie_of)(user), origin=origin)
    assert (await chat.connect())[0] is False
    assert await Conversation.objects.acount() == 0


async def test_nobody_talks_without_signing_in(user):
    assert (await talk.socket().connect())[0] is False
    assert (await talk.socket(b"sessionid=invented").connect())[0] is False


async def test_a_program_talks_with_a_ticket(assistant, user, api):
    answer = await db(lambda: api(user).post("/api/v1/chat/tickets/"))()
    assert answer.status_code == 200
    chat = talk.socket(path=f"/ws/chat/?token={answer.json()['ticket']}", language=b"")
    assert (await chat.connect())[0] is True
    assert (await ask(chat, "xin chào"))["type"] == "reply"
    assert assistant.asked[0]["language"] == "vi"
    await chat.disconnect()


async def test_an_old_or_invented_ticket_opens_nothing(user, monkeypatch):
    monkeypatch.setattr(tickets, "LIFETIME_S", -1)
    for ticket in (tickets.issue(user), "invented"):
        assert (await talk.socket(path=f"/ws/chat/?token={ticket}").connect())[0] is False


async def test_only_a_button_that_was_offered_can_be_pressed(assistant, user):
    chat = await open_as(user)
    assert (await press(chat, "/affirm"))["code"] == "not_offered"
    assistant.answer = says("Đặt nhé?", "/affirm", "/deny")
    await ask(chat, "đặt phòng")
    assert (await press(chat, "/affirm"))["type"] == "reply"
    assert (await press(chat, '/book_room{"room": "1"}'))["code"] == "not_offered"
    assert [asked["payload"] for asked in assistant.asked] == ["", "/affirm"]
    await chat.disconnect()


async def test_what_was_offered_to_one_is_not_offered_to_another(assistant, user, colleague):
    assistant.answer = says("Đặt nhé?", "/affirm")
    mine, theirs = await open_as(user), await open_as(colleague)
    await ask(mine, "đặt phòng")
    assert (await press(theirs, "/affirm"))["code"] == "not_offered"
    await mine.disconnect()
    await theirs.disconnect()


async def test_a_typed_command_is_plain_text(assistant, user):
    chat = await open_as(user)
    await ask(chat, '/ /affirm{"confirmed": true}')
    await chat.send_json_to({"type": "message", "text": " \u200b//deny"})
    await chat.receive_json_from(timeout=5)
    assert [asked["text"] for asked in assistant.asked] == ['affirm{"confirmed": true}', "deny"]
    assert [asked["payload"] for asked in assistant.asked] == ["", ""]
    await chat.disconnect()


async def test_decomposed_letters_are_composed(assistant, user):
    chat = await open_as(user)
    await ask(chat, "Kỳ Cùng")
    assert assistant.asked[0]["text"] == "Kỳ Cùng"
    await chat.disconnect()


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("{", "bad_frame"),
        ("[1]", "bad_frame"),
        ('{"type": "message"}', "bad_frame"),
        ('{"type": "message", "text": 5}', "bad_frame"),
        ('{"type": "button", "payload": ""}', "bad_frame"),
        ('{"type": "shutdown"}', "bad_frame"),
        ('{"type": "message", "text": " /// "}', "empty"),
        ('{"type": "message", "text": "🙂🙂"}', "empty"),
        ('{"type": "message", "text": "%s"}' % ("a" * 1001), "too_long"),
        ('{"type": "message", "text": "%s"}' % ("a" * 17_000), "too_large"),
    ],
)
async def test_a_bad_frame_is_refused_in_words(assistant, user, frame, code):
    chat = await open_as(user)
    await chat.send_to(text_data=frame)
    answer = await chat.receive_json_from(timeout=5)
    assert (answer["type"], answer["code"], bool(answer["detail"])) == ("error", code, True)
    assert assistant.asked == []
    assert (await ask(chat, "xin chào"))["type"] == "reply"
    await chat.disconnect()


async def test_bytes_are_refused(user):
    chat = await open_as(user)
    await chat.send_to(bytes_data=b"\x00")
    assert (await chat.receive_json_from(timeout=5))["code"] == "too_large"
    await chat.disconnect()


async def test_the_eleventh_message_within_ten_seconds_is_too_fast(assistant, user):
    chat = await open_as(user)
    answers = [(await ask(chat, f"câu {n}"))["type"] for n in range(10)]
    assert answers == ["reply"] * 10
    assert (await ask(chat, "câu 11"))["code"] == "too_fast"
    assert len(assistant.asked) == 10
    await chat.disconnect()


async def test_without_an_address_the_assistant_is_away_at_once(settings, user):
    settings.RASA_URL = ""
    chat = await open_as(user)
    answer = await ask(chat, "xin chào")
    assert (answer["type"], answer["code"]) == ("error", "bot_away")
    assert "/conferences/new/" in answer["detail"]
    await chat.disconnect()


async def test_an_assistant_that_never_answers_is_away_within_five_seconds(settings, user):
    with sockets.create_server(("127.0.0.1", 0)) as silent:
        settings.RASA_URL = f"http://127.0.0.1:{silent.getsockname()[1]}"
        chat = await open_as(user)
        begin = time.monotonic()
        assert (await ask(chat, "xin chào"))["code"] == "bot_away"
        assert time.monotonic() - begin < 5
    await chat.disconnect()


async def test_an_assistant_that_is_gone_or_broken_is_away(settings, assistant, user):
    chat = await open_as(user)
    for status, answer in (
        (500, {}),
        (401, {}),
        (200, {"messages": [], "intent": {}}),
        (200, [1]),
        (200, says("")["intent"]),
    ):
        assistant.status, assistant.answer = status, answer
        assert (await ask(chat, "xin chào"))["code"] == "bot_away"
    settings.RASA_URL = "http://127.0.0.1:9"
    assert (await ask(chat, "xin chào"))["code"] == "bot_away"
    await chat.disconnect()


async def test_a_conversation_goes_on_in_its_tab_and_nowhere_else(assistant, user, colleague):
    for who, path in (
        (user, "/ws/chat/?tab=one"),
        (user, "/ws/chat/?tab=one"),
        (user, "/ws/chat/?tab=two"),
        (user, "/ws/chat/"),
        (user, "/ws/chat/"),
        (colleague, "/ws/chat/?tab=one"),
    ):
        chat = await open_as(who, path=path)
        await ask(chat, "xin chào")
        await chat.disconnect()
    first, again, *others = [asked["conversation"] for asked in assistant.asked]
    assert first == again
    assert len({first, *others}) == 5


async def test_after_half_an_hour_of_silence_it_is_a_new_conversation(assistant, user):
    chat = await open_as(user, path="/ws/chat/?tab=one")
    await ask(chat, "xin chào")
    await Conversation.objects.aupdate(expires_at=timezone.now() - timedelta(seconds=1))
    await ask(chat, "xin chào")
    assert assistant.asked[0]["conversation"] != assistant.asked[1]["conversation"]
    assert await Conversation.objects.acount() == 1
    await chat.disconnect()


async def test_signing_out_or_closing_the_account_ends_the_socket(assistant, user, colleague):
    cookie = await db(talk.cookie_of)(user)
    mine, theirs = talk.socket(cookie), await open_as(colleague)
    await mine.connect()
    await db(sign_out)(cookie)
    await User.objects.filter(pk=colleague.pk).aupdate(is_active=False)
    for chat in (mine, theirs):
        await chat.send_json_to({"type": "message", "text": "còn đó không"})
        assert await chat.receive_output(timeout=5) == {"type": "websocket.close", "code": 4401}
    assert assistant.asked == []


def sign_out(cookie: bytes) -> None:
    from importlib import import_module

    from django.conf import settings

    key = cookie.decode().partition("=")[2]
    import_module(settings.SESSION_ENGINE).SessionStore(key).delete()


async def test_what_people_write_is_in_no_log(assistant, user, caplog):
    caplog.set_level(logging.DEBUG)
    chat = await open_as(user)
    await ask(chat, "điều bí mật riêng của tôi")
    assistant.status = 500
    await ask(chat, "điều bí mật riêng của tôi")
    assert "assistant away: HTTPStatusError" in caplog.text
    assert "bí mật" not in caplog.text
    await chat.disconnect()
