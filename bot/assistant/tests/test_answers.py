"""What is asked is answered with what the API says, in short sentences with exact hours."""

import json
import unittest
from typing import Any

import httpx

from bot.assistant.actions.say import texts
from bot.assistant.tests.conversation import Conversation, name, page, people, time

ME = {"name": "Thư ký", "person": 7, "may_book": True, "sites": [{"id": 2, "name": "UBND tỉnh"}]}
KY_CUNG = name("room", "phòng Kỳ Cùng", 3)


def busy(start: str, end: str, held_by: "str | None" = None) -> dict:
    return {"start": f"2026-11-{start}:00+07:00", "end": f"2026-11-{end}:00+07:00", "held_by": held_by}


def day_of(number: int, room: str, seats: int, *taken: dict, equipment: "list[str] | None" = None) -> dict:
    return {
        "room": number, "name": room, "site": 2, "site_name": "UBND tỉnh", "capacity": seats, "busy": list(taken),
        "equipment": equipment or [],
    }  # fmt: skip


ROOMS = page(
    day_of(3, "Phòng họp Kỳ Cùng", 30, busy("24T14:00", "24T16:00", "HN-2026-0042 · Giao ban tuần")),
    day_of(4, "Phòng họp Tam Thanh", 60, busy("24T09:00", "24T11:00")),
    day_of(5, "Phòng họp Phai Vệ", 12, equipment=["Màn hình 75 inch"]),
)


class Rooms(unittest.TestCase):
    maxDiff = None

    def setUp(self) -> None:
        room = {"id": 3, "name": "Phòng họp Kỳ Cùng", "site": 2, "site_name": "UBND tỉnh", "capacity": 30}
        self.bot = Conversation({"GET chat/me/": ME, "GET availability/": ROOMS, "GET rooms/3/": room})

    def ask(self, text: str, *entities: dict) -> str:
        return self.bot.say("ask_room_availability", text, *entities)

    def test_a_free_room_and_until_when(self) -> None:
        self.assertEqual(
            self.ask("phòng Kỳ Cùng 8h-10h sáng mai trống không", KY_CUNG, time("8h-10h sáng mai")),
            "Phòng họp Kỳ Cùng (UBND tỉnh) trống thứ Ba 24/11, 08:00–10:00. Trống đến 14:00.",
        )
        self.assertEqual(self.bot.api.asked[-1], ("GET availability/", {"date": "2026-11-24", "site": "2"}))
        choice = "room:3|time:2026-11-24T08:00+07:00/2026-11-24T10:00+07:00"
        self.assertEqual(self.bot.buttons, {"Đặt Phòng họp Kỳ Cùng": f"/book_room{json.dumps({'choice': choice})}"})

    def test_a_taken_room_by_what_and_what_is_free_instead(self) -> None:
        self.assertEqual(
            self.ask("phòng Kỳ Cùng 15h chiều mai", KY_CUNG, time("15h chiều mai")),
            "Phòng họp Kỳ Cùng (UBND tỉnh) đã có lịch thứ Ba 24/11, 15:00–16:00:\n"
            "• 14:00–16:00: HN-2026-0042 · Giao ban tuần\n"
            "Giờ còn trống thứ Ba 24/11: 07:00–14:00, 16:00–18:00.\n"
            "Giờ đó còn trống: Phòng họp Tam Thanh, Phòng họp Phai Vệ.",
        )
        self.assertEqual(list(self.bot.buttons), ["Đặt Phòng họp Tam Thanh", "Đặt Phòng họp Phai Vệ"])

    def test_who_holds_it_stays_unsaid_where_the_user_may_not_see_it(self) -> None:
        tam_thanh = {"id": 4, "name": "Phòng họp Tam Thanh", "site": 2, "site_name": "UBND tỉnh", "capacity": 60}
        self.bot.api.answers["GET rooms/4/"] = tam_thanh
        self.ask("Tam Thanh 10h mai", name("room", "Tam Thanh", 4), time("10h sáng mai"))
        self.assertIn("• 09:00–11:00: không nêu\n", self.bot.text)

    def test_right_now(self) -> None:
        self.assertEqual(
            self.ask("phòng Kỳ Cùng trống không", KY_CUNG),
            "Phòng họp Kỳ Cùng (UBND tỉnh) trống lúc này. Trống đến 14:00.",
        )

    def test_a_whole_day(self) -> None:
        self.assertEqual(
            self.ask("phòng Kỳ Cùng ngày mai", KY_CUNG, time("ngày mai")),
            "Phòng họp Kỳ Cùng (UBND tỉnh), thứ Ba 24/11: còn trống 07:00–14:00, 16:00–18:00. Đã có lịch:\n"
            "• 14:00–16:00: HN-2026-0042 · Giao ban tuần",
        )

    def test_which_rooms_are_free_at_home(self) -> None:
        self.assertEqual(
            self.ask("còn phòng nào trống 9h-10h mai", time("9h-10h sáng mai")),
            "Có 2 phòng trống thứ Ba 24/11, 09:00–10:00:\n"
            "• Phòng họp Kỳ Cùng (UBND tỉnh), 30 chỗ\n"
            "• Phòng họp Phai Vệ (UBND tỉnh), 12 chỗ",
        )

    def test_only_rooms_that_hold_so_many_and_have_that(self) -> None:
        self.ask("phòng nào cho 40 người chiều mai", people("40 người", 40), time("chiều mai"))
        self.assertIn("• Phòng họp Tam Thanh (UBND tỉnh), 60 chỗ", self.bot.text)
        self.assertIn("Có 1 phòng", self.bot.text)
        self.ask("phòng có màn hình chiều mai", {"entity": "equipment", "value": "màn hình"}, time("chiều mai"))
        self.assertIn("Có 1 phòng trống thứ Ba 24/11, 13:00–18:00:\n• Phòng họp Phai Vệ", self.bot.text)
        self.ask("phòng cho 500 người", people("500 người", 500), time("chiều mai"))
        self.assertEqual(self.bot.text, "Không còn phòng nào phù hợp trống thứ Ba 24/11, 13:00–18:00.")

    def test_a_shorter_question_goes_on_with_the_last_one(self) -> None:
        tam_thanh = {"id": 4, "name": "Phòng họp Tam Thanh", "site": 2, "site_name": "UBND tỉnh", "capacity": 60}
        self.bot.api.answers["GET rooms/4/"] = tam_thanh
        self.ask("phòng Kỳ Cùng 8h-10h sáng mai", KY_CUNG, time("8h-10h sáng mai"))
        self.bot.say("inform", "thế chiều mai?", time("chiều mai"))
        self.assertIn("Phòng họp Kỳ Cùng (UBND tỉnh) đã có lịch thứ Ba 24/11, 13:00–18:00", self.bot.text)
        self.ask("còn Tam Thanh thì sao", name("room", "Tam Thanh", 4))
        self.assertIn("Phòng họp Tam Thanh (UBND tỉnh) trống thứ Ba 24/11, 13:00–18:00.", self.bot.text)
        self.ask("còn phòng nào trống ngày mai", time("ngày mai"))
        self.assertIn("Có 3 phòng trống thứ Ba 24/11:", self.bot.text)

    def test_a_week_is_asked_back_by_day(self) -> None:
        self.ask("phòng Kỳ Cùng tuần này", KY_CUNG, time("tuần này"))
        self.assertEqual(self.bot.text, "Đồng chí muốn xem ngày nào?")
        self.bot.press("thứ Ba 24/11")
        self.assertIn("Phòng họp Kỳ Cùng (UBND tỉnh), thứ Ba 24/11", self.bot.text)


MEETING = {
    "id": 41, "code": "HN-2026-0041", "status": "approved", "title": "Hội nghị sơ kết quý III", "version": 3,
    "start": "2026-11-25T08:00:00+07:00", "end": "2026-11-25T10:00:00+07:00", "chair": "Chủ tịch UBND tỉnh",
    "host_site": 2, "host_site_name": "UBND tỉnh", "participants": [{}, {}],
    "sites": [
        {"site": 2, "site_name": "UBND tỉnh", "room_name": "Phòng họp Tam Thanh"},
        {"site": 8, "site_name": "Lộc Bình", "room_name": "Phòng họp Lộc Bình"},
    ],
}  # fmt: skip
WAITING = {**MEETING, "id": 42, "title": "Họp theo giấy mời", "chair": "", "status": "submitted"}


class Sessions(unittest.TestCase):
    def setUp(self) -> None:
        self.bot = Conversation({"GET conferences/41/": MEETING, "GET conferences/": page(MEETING, WAITING)})

    def test_one_by_its_name(self) -> None:
        self.bot.say("ask_session_schedule", "sơ kết quý III mấy giờ", name("session", "sơ kết quý III", 41))
        self.assertEqual(
            self.bot.text,
            "Hội nghị sơ kết quý III (HN-2026-0041)\n"
            "• Thời gian: thứ Tư 25/11, 08:00–10:00\n"
            "• Chủ trì: Chủ tịch UBND tỉnh\n"
            "• Điểm cầu chính: UBND tỉnh; tất cả 2 điểm cầu\n"
            "• Trạng thái: đã duyệt",
        )
        self.assertEqual(self.bot.data, {"url": "/conferences/41/"})

    def test_all_of_a_day_with_what_is_secret_as_the_api_masks_it(self) -> None:
        self.bot.say("ask_session_schedule", "thứ tư có họp gì", time("thứ tư"))
        self.assertEqual(
            self.bot.text,
            "Có 2 cuộc họp thứ Tư 25/11:\n"
            "• 08:00–10:00: Hội nghị sơ kết quý III; chủ trì: Chủ tịch UBND tỉnh\n"
            "• 08:00–10:00: Họp theo giấy mời; chủ trì: … (chờ duyệt)",
        )
        asked = self.bot.api.asked[0][1]
        self.assertEqual((asked["from"], asked["to"]), ("2026-11-25T00:00:00+07:00", "2026-11-26T00:00:00+07:00"))

    def test_an_empty_day(self) -> None:
        self.bot.api.answers["GET conferences/"] = page()
        self.bot.say("ask_session_schedule", "hôm nay có họp không")
        self.assertEqual(self.bot.text, "Không có cuộc họp nào hôm nay, thứ Hai 23/11 trong phạm vi đồng chí được xem.")

    def test_a_name_of_which_the_gazetteer_knows_and_the_user_may_not(self) -> None:
        self.bot.api.answers["GET conferences/"] = page()
        self.bot.say("ask_session_schedule", "họp kín mấy giờ", name("session", "họp kín", 77))
        self.assertEqual(self.bot.text, "Tôi không thấy cuộc họp “họp kín” trong phạm vi đồng chí được xem.")

    def test_who_takes_part(self) -> None:
        self.bot.say("ask_session_sites", "sơ kết quý III có những điểm cầu nào", name("session", "sơ kết quý III", 41))
        self.assertEqual(
            self.bot.text,
            "Hội nghị sơ kết quý III, thứ Tư 25/11, 08:00–10:00: 2 điểm cầu.\n"
            "• Điểm cầu chính: UBND tỉnh\n• Điểm cầu khác: Lộc Bình\n• Đại biểu được mời: 2",
        )


def link(**values: Any) -> dict:
    return {
        "carrier": "VNPT", "network": "tslcd2", "state": "up", "since": "2026-11-23T06:10:00+07:00",
        "measured_at": "2026-11-23T07:42:00+07:00", "rtt_ms": 23.4, "jitter_ms": 1.0, "loss": 0.002, **values,
    }  # fmt: skip


def standing(site: str, state: str) -> dict:
    measured = None if state == "unknown" else "2026-11-23T08:09:30+07:00"
    return {"site": 8, "site_name": site, "state": state, "measured_at": measured, "links": []}


class Lines(unittest.TestCase):
    def setUp(self) -> None:
        self.bot = Conversation({"GET sites/8/": {"id": 8, "name": "Lộc Bình"}, "GET links/": page(link())})
        self.site = name("site", "Lộc Bình", 8)

    def test_a_line_with_loss_delay_and_the_time_of_measurement(self) -> None:
        self.bot.say("ask_line_status", "line Lộc Bình sao rồi em", self.site)
        self.assertEqual(
            self.bot.text,
            "Điểm cầu Lộc Bình: tốt.\n• VNPT, TSLCD cấp II: tốt từ 06:10; mất gói 0,2 %, trễ 23 ms; đo lúc 07:42",
        )
        self.assertEqual(self.bot.data, {"url": "/lines/8/", "measured_at": "2026-11-23T07:42:00+07:00"})

    def test_a_stale_line_is_not_known_and_never_down(self) -> None:
        self.bot.api.answers["GET links/"] = page(link(state="unknown", since=None))
        self.bot.say("ask_line_status", "line Lộc Bình", self.site)
        self.assertEqual(
            self.bot.text,
            "Điểm cầu Lộc Bình: chưa rõ.\n• VNPT, TSLCD cấp II: chưa rõ; lần đo gần nhất lúc 07:42 đã quá cũ",
        )

    def test_a_dead_line_beside_one_that_works(self) -> None:
        dead = link(state="down", rtt_ms=None, loss=1.0, carrier="Viettel", network="internet")
        self.bot.api.answers["GET links/"] = page(link(), dead)
        self.bot.say("ask_line_status", "line Lộc Bình", self.site)
        self.assertEqual(self.bot.text.split("\n")[0], "Điểm cầu Lộc Bình: tốt.")
        self.assertEqual(
            self.bot.text.split("\n")[2],
            "• Viettel, Internet: mất kết nối từ 06:10; mất gói 100 %, không có phản hồi; đo lúc 07:42",
        )

    def test_who_is_offline(self) -> None:
        rows = page(standing("Lộc Bình", "up"), standing("Công Sơn", "down"), standing("Mẫu Sơn", "unknown"))
        self.bot.api.answers["GET site-states/"] = rows
        self.bot.say("ask_offline_sites", "còn mấy xã chưa lên hình")
        self.assertEqual(
            self.bot.text,
            "1/2 điểm cầu có số đo mới đang kết nối.\n"
            "• Mất kết nối (1): Công Sơn\n"
            "• Chưa rõ, không có số đo mới (1): Mẫu Sơn\n"
            "Đo lúc 08:09.",
        )

    def test_when_nothing_was_measured_nobody_is_called_offline(self) -> None:
        self.bot.api.answers["GET site-states/"] = page(standing("Lộc Bình", "unknown"))
        self.bot.say("ask_offline_sites", "ai mất mạng")
        self.assertEqual(
            self.bot.text,
            "Chưa rõ: không có số đo mới của điểm cầu nào.\n• Chưa rõ, không có số đo mới (1): Lộc Bình",
        )

    def test_a_site_that_does_not_exist(self) -> None:
        self.bot.api.answers |= {"GET sites/": page(), "GET rooms/": page()}
        self.bot.say("ask_line_status", "line Hoa Quả Sơn", name("site", "Hoa Quả Sơn"))
        self.assertIn("Tôi không thấy điểm cầu nào tên “Hoa Quả Sơn”.", self.bot.text)

    def test_in_english(self) -> None:
        bot = Conversation(self.bot.api.answers, language="en")
        bot.say("ask_line_status", "how is the line to Lộc Bình", self.site)
        self.assertEqual(
            bot.text,
            "Site Lộc Bình: good.\n"
            "• VNPT, government network, level II: good since 06:10; loss 0.2 %, delay 23 ms; measured at 07:42",
        )


class Guesthouse(unittest.TestCase):
    def setUp(self) -> None:
        rooms = [{"house_name": "Nhà khách tỉnh", "beds": beds} for beds in (2, 2, 2, 1)]
        self.bot = Conversation({"GET guest-rooms/": page(*rooms)})

    def test_tonight(self) -> None:
        self.bot.say("ask_guesthouse_availability", "tối nay nhà khách còn phòng không", time("tối nay"))
        self.assertEqual(
            self.bot.text,
            "Nhà khách còn 4 phòng trống, 7 giường, thứ Hai 23/11 đến thứ Ba 24/11 (1 đêm):\n"
            "• Nhà khách tỉnh: 1 phòng 1 giường\n"
            "• Nhà khách tỉnh: 3 phòng 2 giường",
        )

    def test_several_nights_for_so_many_guests(self) -> None:
        nights = {"entity": "duration", "value": "3 đêm", "resolved": {"kind": "duration", "seconds": 3 * 86400}}
        guests = {"entity": "guest_count", "value": "9 khách", "resolved": {"number": 9}}
        self.bot.say("ask_guesthouse_availability", "3 đêm từ thứ tư cho 9 khách", time("thứ tư"), nights, guests)
        asked = self.bot.api.asked[0][1]
        self.assertEqual((asked["from"], asked["to"], asked["free"]), ("2026-11-25", "2026-11-28", "true"))
        self.assertTrue(self.bot.text.endswith("Không đủ giường cho 9 khách."))


class Talk(unittest.TestCase):
    def test_whatever_is_not_understood_gets_an_offer(self) -> None:
        bot = Conversation({})
        near = [{"name": "ask_line_status", "confidence": 0.4}, {"name": "out_of_scope", "confidence": 0.3}]
        bot.say("nlu_fallback", "mạng mẽo", ranking=near)
        self.assertEqual(next(iter(bot.buttons)), "Tình trạng đường truyền")
        self.assertEqual(len(bot.buttons), 3)
        bot.say("nlu_fallback", "xyz")
        self.assertEqual(len(bot.buttons), 5)

    def test_what_cannot_be_done_yet_is_said_with_the_page_that_does_it(self) -> None:
        bot = Conversation({})
        bot.say("order_catering", "cho 12 suất tối")
        self.assertEqual(bot.data, {"url": "/guesthouse/"})
        self.assertIn("ở trang nhà khách", bot.text)

    def test_a_silent_or_broken_api_is_said(self) -> None:
        for answer in (httpx.ReadTimeout("slow"), (502, {}), (200, "not a page")):
            bot = Conversation({"GET site-states/": answer})
            bot.say("ask_offline_sites", "ai mất mạng")
            self.assertRegex(bot.text, "Hệ thống đang trả lời chậm|Tôi gặp lỗi")

    def test_an_ended_conversation_is_said(self) -> None:
        bot = Conversation({"GET site-states/": (401, {"code": "not_signed_in", "detail": "…"})})
        bot.say("ask_offline_sites", "ai mất mạng")
        self.assertIn("Phiên trò chuyện đã hết hạn", bot.text)


class Words(unittest.TestCase):
    def test_every_text_stands_in_both_languages_with_the_same_blanks(self) -> None:
        import re

        for key, variants in texts().items():
            self.assertEqual(sorted(variants), ["en", "vi"], key)
            blanks = {language: sorted(set(re.findall(r"{(\w+)}", text))) for language, text in variants.items()}
            self.assertEqual(blanks["vi"], blanks["en"], key)

    def test_it_never_says_ban(self) -> None:
        for key, variants in texts().items():
            self.assertNotRegex(variants["vi"].lower(), r"\bbạn\b", key)


if __name__ == "__main__":
    unittest.main()
