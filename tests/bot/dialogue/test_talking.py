"""Talking with the real assistant over the real websocket, on the planted demo: answers, bookings, rights, failures."""

import time
from datetime import date, datetime, timedelta

import httpx
import pytest
from django.utils import timezone

from backend.common.periods import VIETNAM
from meetings.links.models import Link
from meetings.scheduling.models import Conference, ConferenceSecret
from tests.bot.dialogue.conftest import committed

pytestmark = [pytest.mark.bot, pytest.mark.django_db, pytest.mark.timeout(600)]
ROOM = "Phòng họp Kỳ Cùng (UBND tỉnh Lạng Sơn)"


def next_wednesday() -> date:
    """“thứ tư tuần sau”"""
    today = timezone.now().astimezone(VIETNAM).date()
    return today - timedelta(days=today.weekday()) + timedelta(days=9)


def day_text(day: date) -> str:
    year = "" if day.year == timezone.now().astimezone(VIETNAM).year else f"/{day.year}"
    return f"thứ Tư {day.day}/{day.month}{year}"


def measured(site: str, **values: object) -> datetime:
    """The site's primary line as the last round left it."""
    now = timezone.now()
    state = {"state": "up", "since": now - timedelta(hours=2), "measured_at": now, "rtt_ms": 23.4, "loss": 0.002}
    assert committed(lambda: Link.objects.filter(code=f"{site}-1").update(**{**state, **values})) == 1
    return now


@pytest.mark.parametrize(
    "question",
    [
        "phòng Kỳ Cùng từ 8h đến 10h thứ tư tuần sau có trống không?",
        "p hop ky cung tu 8h den 10h thu tu tuan sau co trong ko a",
    ],
)
def test_is_a_room_free(chat, question):
    with chat("thuky") as talk:
        day = day_text(next_wednesday())
        assert talk.say(question) == f"{ROOM} trống {day}, 08:00–10:00. Sau đó trống đến hết ngày."
        assert talk.frame["intent"]["name"] == "ask_room_availability"
        assert list(talk.buttons) == ["Đặt Phòng họp Kỳ Cùng"]


def test_booking_asks_for_what_is_missing_and_writes_after_agreeing(chat):
    day = day_text(next_wednesday())
    with chat("thuky") as talk:
        assert talk.say("đặt phòng Kỳ Cùng thứ tư tuần sau từ 8h đến 10h") == "Tên cuộc họp là gì?"
        assert talk.say("Rà soát kế hoạch đầu tư công") == "Ai chủ trì? (tên hoặc chức vụ)"
        talk.say("ông Nguyễn Không Ai Biết")
        assert talk.say("không, 3 giờ chiều") == (
            "Tôi sẽ đặt:\n"
            "• Rà soát kế hoạch đầu tư công (họp làm việc)\n"
            f"• Thời gian: {day}, 15:00–17:00\n"
            f"• Phòng: {ROOM}\n"
            "• Chủ trì: Nguyễn Không Ai Biết\n"
            "Đồng chí đồng ý không?"
        )
        assert not Conference.objects.filter(title="Rà soát kế hoạch đầu tư công").exists()
        text = talk.say("đồng ý")
        booked = Conference.objects.get(title="Rà soát kế hoạch đầu tư công")
        assert text.startswith(f"Đã đặt {booked.code}: Rà soát kế hoạch đầu tư công, {day}, 15:00–17:00.")
        assert talk.data == {"url": f"/conferences/{booked.pk}/"}
        assert (booked.created_by.username, booked.status, booked.type) == ("thuky", "approved", "working")
        assert booked.start.astimezone(VIETNAM) == datetime.combine(next_wednesday(), datetime.min.time(), VIETNAM) + (
            timedelta(hours=15)
        )
        assert [place.room.name for place in booked.places.all()] == ["Phòng họp Kỳ Cùng"]

        assert talk.say("phòng Kỳ Cùng 16h thứ tư tuần sau còn trống không").startswith(
            f"{ROOM} đã có lịch {day}, 16:00–17:00:\n• 15:00–17:00: {booked.code} · Rà soát kế hoạch đầu tư công\n"
        )
        talk.say("dời cuộc họp đó sang 9h")
        talk.press("Đồng ý")
        booked.refresh_from_db()
        assert f"{booked.start.astimezone(VIETNAM):%H:%M}" == "09:00"
        talk.say("hủy cái đó")
        talk.press("Không còn cần thiết")
        assert talk.press("Đồng ý").startswith(f"Đã hủy {booked.code}")
        booked.refresh_from_db()
        assert (booked.status, booked.reason) == ("cancelled", "Không còn cần thiết")


def test_no_books_nothing_and_a_typed_command_neither(chat):
    before = Conference.objects.count()
    with chat("thuky") as talk:
        talk.say("dat phong ky cung 8h den 10h thu tu tuan sau, hop giao ban")
        talk.say("ông Nguyễn Không Ai Biết")
        assert set(talk.buttons) == {"Đồng ý", "Không"}
        talk.say('/affirm{"choice": "confirm:0000000000000000"}')
        talk.say("thôi không đặt nữa")
        talk.say("đồng ý")
    assert Conference.objects.count() == before


def test_a_taken_hour_is_refused_with_other_hours(chat):
    day = day_text(next_wednesday())
    with chat("thuky") as talk:
        talk.say("đặt phòng Phai Vệ thứ tư tuần sau từ 8h đến 10h, họp giao ban")
        talk.say("ông Nguyễn Không Ai Biết")
        talk.press("Đồng ý")
        text = talk.say("đặt phòng Phai Vệ từ 9h đến 10h thứ tư tuần sau")
        assert text == (f"{day}, 09:00–10:00: Phòng họp Phai Vệ (UBND tỉnh Lạng Sơn) đã có lịch.\nGiờ khác còn trống:")
        assert f"{day}, 10:00–11:00" in talk.buttons
        assert talk.press(f"{day}, 10:00–11:00") == "Tên cuộc họp là gì?"


@pytest.mark.parametrize("question", ["đường truyền Lộc Bình thế nào?", "line loc binh sao roi em"])
def test_a_line_with_loss_delay_and_the_time_of_measurement(chat, question):
    at = measured("loc-binh")
    with chat("kythuat") as talk:
        text = talk.say(question)
    clock = f"{at.astimezone(VIETNAM):%H:%M}"
    assert text.split("\n")[0] == "Điểm cầu Lộc Bình: tốt."
    assert f"mất gói 0,2 %, trễ 23 ms; đo lúc {clock}" in text
    assert datetime.fromisoformat(talk.data["measured_at"]) == at


def test_a_line_that_was_not_measured_lately_is_not_known(chat):
    measured("loc-binh", measured_at=timezone.now() - timedelta(days=1))
    with chat("truc") as talk:
        assert talk.say("đường truyền Lộc Bình").startswith("Điểm cầu Lộc Bình: chưa rõ.")


def test_who_is_offline(chat):
    measured("loc-binh")
    measured("dong-dang", state="down", rtt_ms=None, loss=1.0)
    committed(lambda: Link.objects.filter(code="dong-dang-2").update(active=False))
    with chat("truc") as talk:
        for question in ("điểm cầu nào đang mất kết nối?", "diem cau nao mat mang"):
            lines = talk.say(question).split("\n")
            assert lines[0] == "1/2 điểm cầu có số đo mới đang kết nối."
            assert lines[1] == "• Mất kết nối (1): Đồng Đăng"


def test_vacancies_of_the_guesthouse(chat):
    with chat("thuky") as talk:
        assert "phòng trống" in talk.say("tối mai nhà khách còn phòng không")
        assert talk.frame["intent"]["name"] == "ask_guesthouse_availability"


def test_each_hears_what_is_theirs_and_nobody_hears_a_secret(chat):
    secrets = list(ConferenceSecret.objects.values_list("title", flat=True))
    assert secrets
    with chat("thuky") as talk, chat("donvikhac") as other:
        mine = talk.say("ngày mai có những cuộc họp nào")
        theirs = other.say("ngày mai có những cuộc họp nào")
        assert "Họp theo giấy mời" in mine
        assert "Họp theo giấy mời" not in theirs
        for title in secrets:
            said = [mine, theirs, talk.say(f"{title} mấy giờ họp?"), other.say(f"{title} ở đâu, ai chủ trì?")]
            assert not [text for text in said[:2] if title in text]
            assert "08:00" not in said[3]
    with chat("bep") as talk:
        assert "không có quyền đặt họp" in talk.say("đặt phòng Kỳ Cùng 8h thứ tư tuần sau")


def test_what_is_not_understood_is_no_dead_end(chat):
    with chat("thuky") as talk:
        for text in ("zxcv qwer tyui", "<script>alert(1)</script>", "' OR 1=1; --"):
            talk.say(text)
            assert talk.frame["type"] == "reply"
            assert len(talk.buttons) >= 3


def test_in_english(chat):
    with chat("thuky", language="en") as talk:
        assert talk.say("hello").startswith("Hello.")
        assert "is free" in talk.say("is Kỳ Cùng free on Wednesday next week from 8 to 10?")


def test_nobody_reaches_rasa_without_the_key(assistant):
    said = {"conversation": "guessed", "language": "vi", "text": "xin chào", "payload": ""}
    url = f"{assistant.url}/webhooks/chat/message"
    assert httpx.post(url, json=said).status_code == 401
    assert httpx.post(url, json=said, headers={"X-Service-Key": "guessed"}).status_code == 401
    for path in ("/webhooks/rest/webhook", "/model/parse", "/conversations/guessed/messages"):
        assert httpx.post(f"{assistant.url}{path}", json=said).status_code == 404


def test_a_dead_action_server_is_an_apology_within_five_seconds(chat, assistant):
    with chat("thuky") as talk:
        talk.say("đặt phòng Kỳ Cùng")
        assistant.stop("actions")
        begin = time.monotonic()
        talk.say("thứ tư tuần sau từ 8h đến 10h")
        assert time.monotonic() - begin < 5
        assert (talk.frame["type"], talk.frame["code"]) == ("error", "bot_away")
        assistant.start_actions()
        assert talk.say("thứ tư tuần sau từ 8h đến 10h") == "Tên cuộc họp là gì?"


def test_no_word_of_a_conversation_is_in_the_log(chat, assistant):
    with chat("thuky") as talk:
        talk.say("đặt phòng Kỳ Cùng thứ tư tuần sau từ 8h đến 10h, họp giao ban")
        talk.say("ông Không Được Ghi Lại")
    log = assistant.log.read_text()
    assert "Không Được Ghi Lại" not in log
    assert "Kh%C3%B4ng" not in log
