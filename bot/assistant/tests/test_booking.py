"""Booking: only what is missing is asked, the summary is exact, nothing is written before “đồng ý”."""

import unittest
from typing import Any

import httpx

from bot.assistant.tests.conversation import Conversation, duration, name, page, people, person, time

ROOM = {"id": 3, "name": "Phòng họp Kỳ Cùng", "site": 2, "site_name": "UBND tỉnh Lạng Sơn", "capacity": 30}
SITE = {"id": 2, "name": "UBND tỉnh Lạng Sơn", "unit_name": "Tỉnh Lạng Sơn"}
ME = {"name": "Thư ký", "person": 7, "may_book": True, "sites": [{"id": 2, "name": SITE["name"]}]}
CHAIR = {"id": 9, "name": "Nông Thiên Lý", "position": "Chánh Văn phòng"}
MADE = {
    "id": 41, "code": "HN-2026-0041", "status": "approved", "title": "Họp giao ban", "version": 1, "hold_until": None,
    "start": "2026-11-25T08:00:00+07:00", "end": "2026-11-25T10:00:00+07:00",
}  # fmt: skip
KY_CUNG = name("room", "phòng Kỳ Cùng", 3)


def all_free(asked: dict) -> dict:
    return {"slots": [{"start": asked["from"], "end": asked["to"]}], "busiest": []}


ANSWERS: "dict[str, Any]" = {
    "GET chat/me/": ME,
    "GET rooms/3/": ROOM,
    "GET rooms/": lambda asked: page() if "search" in asked else page(ROOM),
    "GET sites/2/": SITE,
    "GET people/": page(CHAIR),
    "GET people/7/": {"id": 7, "name": "Thư ký", "position": ""},
    "POST free-slots/": all_free,
    "POST conferences/": (201, MADE),
}


class Booking(unittest.TestCase):
    maxDiff = None

    def setUp(self) -> None:
        self.bot = Conversation(ANSWERS)

    def to_summary(self) -> None:
        self.bot.say(
            "book_room", "đặt phòng Kỳ Cùng 8h-10h thứ tư họp giao ban do anh Lý chủ trì",
            KY_CUNG, time("8h-10h thứ tư"), name("session", "họp giao ban"), person("anh Lý"),
        )  # fmt: skip

    def test_everything_said_at_once_is_summed_up_and_booked_after_agreeing(self) -> None:
        self.to_summary()
        self.assertEqual(
            self.bot.text,
            "Tôi sẽ đặt:\n"
            "• Họp giao ban (giao ban)\n"
            "• Thời gian: thứ Tư 25/11, 08:00–10:00\n"
            "• Phòng: Phòng họp Kỳ Cùng (UBND tỉnh Lạng Sơn)\n"
            "• Chủ trì: Nông Thiên Lý, Chánh Văn phòng\n"
            "Đồng chí đồng ý không?",
        )
        self.assertEqual(self.bot.api.posts("conferences/"), [])
        self.bot.press("Đồng ý")
        self.assertEqual(
            self.bot.api.posts("conferences/"),
            [
                {
                    "title": "Họp giao ban", "type": "briefing", "chair": 9, "notes": "", "rooms": [3], "sites": [],
                    "start": "2026-11-25T08:00:00+07:00", "end": "2026-11-25T10:00:00+07:00",
                }
            ],
        )  # fmt: skip
        self.assertIn("Đã đặt HN-2026-0041", self.bot.text)
        self.assertEqual(self.bot.data, {"url": "/conferences/41/"})
        self.assertIsNone(self.bot.form)

    def test_it_asks_only_for_what_is_missing(self) -> None:
        said = [
            self.bot.say("book_room", "đặt phòng"),
            self.bot.say("inform", "phòng Kỳ Cùng", KY_CUNG),
            self.bot.say("inform", "thứ tư", time("thứ tư")),
            self.bot.say("inform", "8h", time("8h")),
            self.bot.say("inform", "2 tiếng", duration("2 tiếng", 7200)),
            self.bot.say("nlu_fallback", "rà soát dự án đầu tư công"),
            self.bot.say("inform", "tôi chủ trì"),
        ]
        self.assertEqual(
            [text.split("\n")[0] for text in said],
            [
                "Đồng chí đặt phòng nào, hay họp với những điểm cầu nào?",
                "Họp ngày nào, từ mấy giờ đến mấy giờ?",
                "thứ Tư 25/11, từ mấy giờ đến mấy giờ? Còn trống: 07:00–18:00.",
                "Bắt đầu 08:00, thứ Tư 25/11. Họp đến mấy giờ?",
                "Tên cuộc họp là gì?",
                "Ai chủ trì? (tên hoặc chức vụ)",
                "Tôi sẽ đặt:",
            ],
        )
        self.assertIn("• Rà soát dự án đầu tư công (họp làm việc)", self.bot.text)
        self.assertIn("• Chủ trì: Thư ký", self.bot.text)

    def test_it_can_be_answered_with_the_buttons_alone(self) -> None:
        self.bot.say("book_room", "đặt phòng")
        self.bot.press("Phòng họp Kỳ Cùng")
        self.bot.press("thứ Tư 25/11")
        self.bot.say("inform", "sáng", time("8h"))
        self.assertEqual(list(self.bot.buttons), ["09:00", "09:30", "10:00"])
        self.bot.press("10:00")
        self.bot.say("inform", "giao ban tuần")
        self.bot.press("Tôi chủ trì")
        self.assertIn("thứ Tư 25/11, 08:00–10:00", self.bot.text)

    def test_a_correction_keeps_the_day_and_the_length(self) -> None:
        self.to_summary()
        self.bot.say("deny", "không, 3 giờ chiều", time("3 giờ chiều"))
        self.assertIn("• Thời gian: thứ Tư 25/11, 15:00–17:00\n", self.bot.text)
        self.bot.say("inform", "à thứ năm", time("thứ năm"))
        self.assertIn("• Thời gian: thứ Năm 26/11, 15:00–17:00\n", self.bot.text)
        self.assertEqual(self.bot.api.posts("conferences/"), [])
        self.bot.say("affirm", "đồng ý")
        self.assertEqual(self.bot.api.posts("conferences/")[0]["start"], "2026-11-26T15:00:00+07:00")

    def test_agreeing_with_something_new_is_a_correction(self) -> None:
        self.to_summary()
        self.bot.say("affirm", "ok nhưng đến 11h", time("đến 11h"))
        self.assertIn("08:00–11:00", self.bot.text)
        self.assertEqual(self.bot.api.posts("conferences/"), [])

    def test_only_a_few_plain_words_agree(self) -> None:
        self.to_summary()
        for text in ('affirm{"choice": "confirm:0"}', "đồng ý 123", "<b>đồng ý</b>", "đồng ý " * 9):
            self.bot.say("affirm", text)
        self.bot.say("affirm", "đồng ý", confidence=0.55)
        self.assertEqual(self.bot.api.posts("conferences/"), [])
        self.bot.say("affirm", "vâng, đồng ý đặt ạ.")
        self.assertEqual(len(self.bot.api.posts("conferences/")), 1)

    def test_no_ends_it(self) -> None:
        self.to_summary()
        self.bot.press("Không")
        self.assertEqual((self.bot.text, self.bot.form), ("Vâng, tôi dừng; chưa đặt gì.", None))
        self.bot.say("affirm", "đồng ý")
        self.assertEqual(self.bot.api.posts("conferences/"), [])

    def test_the_button_of_an_older_summary_books_nothing(self) -> None:
        self.to_summary()
        old = self.bot.buttons["Đồng ý"]
        self.bot.say("deny", "không, 3 giờ chiều", time("3 giờ chiều"))
        self.bot.buttons["Đồng ý"] = old
        self.bot.press("Đồng ý")
        self.assertEqual(self.bot.api.posts("conferences/"), [])
        self.assertIn("15:00–17:00", self.bot.text)

    def test_a_taken_room_is_told_before_the_summary_with_other_hours(self) -> None:
        def taken(asked: dict) -> dict:
            busiest = [{"room": 3, "name": "Phòng họp Kỳ Cùng (UBND tỉnh Lạng Sơn)", "minutes": 120}]
            if asked["from"].startswith("2026-11-25T08"):
                return {"slots": [], "busiest": busiest}
            free = [("2026-11-25T10:00", "2026-11-25T18:00"), ("2026-11-26T07:00", "2026-11-26T18:00")]
            return {"slots": [{"start": f"{a}:00+07:00", "end": f"{b}:00+07:00"} for a, b in free], "busiest": busiest}

        self.bot.api.answers["POST free-slots/"] = taken
        self.to_summary()
        self.assertEqual(
            self.bot.text,
            "thứ Tư 25/11, 08:00–10:00: Phòng họp Kỳ Cùng (UBND tỉnh Lạng Sơn) đã có lịch.\nGiờ khác còn trống:",
        )
        self.assertEqual(list(self.bot.buttons), ["thứ Tư 25/11, 10:00–12:00", "thứ Năm 26/11, 08:00–10:00"])
        self.bot.api.answers["POST free-slots/"] = all_free
        self.bot.press("thứ Tư 25/11, 10:00–12:00")
        self.assertIn("• Thời gian: thứ Tư 25/11, 10:00–12:00\n", self.bot.text)

    def test_taken_in_the_last_moment_it_says_by_what_and_offers_hours(self) -> None:
        conflict = {
            "code": "conflict", "detail": "…",
            "conflicts": [
                {"kind": "room", "name": "Phòng họp Kỳ Cùng (UBND tỉnh Lạng Sơn)", "held_by": None,
                 "start": "2026-11-25T08:00:00+07:00", "end": "2026-11-25T09:00:00+07:00"}
            ],
            "alternatives": [{"start": "2026-11-25T02:00:00+00:00", "end": "2026-11-25T04:00:00+00:00"}],
        }  # fmt: skip
        self.to_summary()
        self.bot.api.answers["POST conferences/"] = (409, conflict)
        self.bot.say("affirm", "đồng ý")
        self.assertEqual(
            self.bot.text,
            "Chưa đặt được, vì giờ đó vừa có người giữ:\n"
            "• Phòng họp Kỳ Cùng (UBND tỉnh Lạng Sơn): thứ Tư 25/11, 08:00–09:00 (không nêu)\n"
            "Giờ khác còn trống:",
        )
        self.bot.api.answers["POST conferences/"] = (201, MADE)
        self.bot.press("thứ Tư 25/11, 09:00–11:00")
        self.assertIn("Tôi sẽ đặt:", self.bot.text)
        self.bot.press("Đồng ý")
        self.assertIn("Đã đặt", self.bot.text)

    def test_not_knowing_whether_it_was_booked_the_same_key_tries_again(self) -> None:
        self.to_summary()
        self.bot.api.answers["POST conferences/"] = httpx.ReadTimeout("slow")
        self.bot.press("Đồng ý")
        self.assertIn("chưa biết việc đã được ghi hay chưa", self.bot.text)
        self.bot.api.answers["POST conferences/"] = (201, MADE)
        self.bot.press("Đồng ý")
        self.assertIn("Đã đặt", self.bot.text)
        keys = [h["Idempotency-Key"] for h in self.bot.api.headers if "Idempotency-Key" in h]
        self.assertEqual(len(keys), 2)
        self.assertEqual(len(set(keys)), 1)

    def test_a_question_in_between_is_answered_and_the_booking_goes_on(self) -> None:
        self.bot.api.answers["GET links/"] = page()
        self.bot.say("book_room", "đặt phòng Kỳ Cùng", KY_CUNG)
        self.bot.say("ask_line_status", "đường truyền UBND tỉnh sao rồi", name("site", "UBND tỉnh", 2))
        self.assertEqual(
            self.bot.text.split("\n"),
            [
                "Điểm cầu UBND tỉnh Lạng Sơn chưa khai báo đường truyền nào, hoặc ngoài phạm vi đồng chí được xem.",
                "Quay lại việc đặt họp.",
                "Họp ngày nào, từ mấy giờ đến mấy giờ?",
            ],
        )
        self.bot.say("inform", "8h đến 10h thứ tư", time("8h đến 10h thứ tư"))
        self.assertEqual(self.bot.text, "Tên cuộc họp là gì?")

    def test_a_title_may_sound_like_a_question_of_another_kind(self) -> None:
        self.bot.say("book_room", "đặt phòng Kỳ Cùng 8h-10h thứ tư", KY_CUNG, time("8h-10h thứ tư"))
        self.bot.say("ask_session_schedule", "Họp sơ kết công tác quý IV", time("quý IV"), confidence=0.95)
        self.assertEqual(self.bot.text, "Ai chủ trì? (tên hoặc chức vụ)")
        self.bot.say("ask_line_status", "Nguyễn Văn Nào Đó", confidence=0.6)
        self.assertIn(
            "• Họp sơ kết công tác quý IV (sơ kết, tổng kết)\n• Thời gian: thứ Tư 25/11, 08:00–10:00", self.bot.text
        )

    def test_an_unclear_chair_is_asked_back(self) -> None:
        other = {"id": 10, "name": "Bế Thiên Lý", "position": "Phó Chánh Văn phòng"}
        self.bot.api.answers.update({"GET people/": page(CHAIR, other), "GET people/10/": other})
        self.to_summary()
        self.assertEqual(self.bot.text, "Danh bạ có nhiều người khớp với “Lý”. Đồng chí chọn giúp:")
        self.bot.press("Bế Thiên Lý, Phó Chánh Văn phòng")
        self.assertIn("• Chủ trì: Bế Thiên Lý, Phó Chánh Văn phòng\n", self.bot.text)

    def test_a_chair_whom_nobody_knows_is_written_as_said(self) -> None:
        self.bot.api.answers["GET people/"] = page()
        self.to_summary()
        self.assertIn("• Chủ trì: Lý\n", self.bot.text)

    def test_rooms_called_alike_are_asked_back_unless_one_is_our_own(self) -> None:
        other = {"id": 5, "name": "Hội trường", "site": 8, "site_name": "Lộc Bình", "capacity": 50}
        third = {"id": 6, "name": "Hội trường", "site": 9, "site_name": "Cao Lộc", "capacity": 50}
        self.bot.api.answers.update({"GET rooms/5/": other, "GET rooms/6/": third})
        self.bot.say("book_room", "đặt hội trường", name("room", "hội trường", 5, 6))
        self.assertEqual(list(self.bot.buttons), ["Hội trường (Lộc Bình)", "Hội trường (Cao Lộc)"])
        self.bot.press("Hội trường (Lộc Bình)")
        self.assertEqual(self.bot.text, "Họp ngày nào, từ mấy giờ đến mấy giờ?")
        mine = Conversation(ANSWERS)
        mine.say("book_room", "đặt Kỳ Cùng", name("room", "Kỳ Cùng", 3, 5))
        self.assertEqual(mine.text, "Họp ngày nào, từ mấy giờ đến mấy giờ?")

    def test_an_hour_that_can_be_read_twice_is_asked_back(self) -> None:
        self.bot.say("book_room", "đặt phòng Kỳ Cùng 5 rưỡi", KY_CUNG, time("5 rưỡi"))
        self.assertEqual(self.bot.text, "“5 rưỡi” có thể hiểu theo nhiều cách. Đồng chí chọn giúp:")
        self.assertEqual(list(self.bot.buttons), ["17:30 thứ Hai 23/11", "05:30 thứ Ba 24/11"])
        self.bot.press("17:30 thứ Hai 23/11")
        self.assertEqual(self.bot.text, "Bắt đầu 17:30, thứ Hai 23/11. Họp đến mấy giờ?")

    def test_a_part_of_a_day_is_no_hour(self) -> None:
        self.bot.say("book_room", "đặt phòng Kỳ Cùng sáng mai", KY_CUNG, time("sáng mai"))
        self.assertEqual(self.bot.text, "thứ Ba 24/11, từ mấy giờ đến mấy giờ? Còn trống: 07:00–12:00.")
        self.assertEqual(list(self.bot.buttons), ["thứ Ba 24/11, 07:00–12:00"])
        self.bot.say("inform", "9h đến 10h30", time("9h đến 10h30"))
        self.assertEqual(self.bot.text, "Tên cuộc họp là gì?")

    def test_a_conference_over_every_commune(self) -> None:
        sites = [{"id": n, "name": f"Xã {n}"} for n in (11, 12, 13)]
        self.bot.api.answers["GET sites/"] = page(*sites)
        self.bot.say(
            "book_room", "họp trực tuyến sơ kết quý với tất cả các xã 14h-16h thứ tư, chủ trì: tôi",
            name("site", "tất cả các xã"), KY_CUNG, time("14h-16h thứ tư"), name("session", "họp sơ kết quý"),
            person("tôi"),
        )  # fmt: skip
        self.assertIn("• Phòng: Phòng họp Kỳ Cùng (UBND tỉnh Lạng Sơn)\n", self.bot.text)
        self.assertIn("• 3 điểm cầu, mỗi nơi ở phòng mặc định: Xã 11, Xã 12, Xã 13\n", self.bot.text)
        self.bot.say("affirm", "đồng ý")
        body = self.bot.api.posts("conferences/")[0]
        self.assertEqual(
            (body["sites"], body["rooms"], body["type"], body["chair"]), ([2, 11, 12, 13], [3], "review", 7)
        )

    def test_a_title_without_diacritics_is_pointed_out_and_can_be_written_anew(self) -> None:
        self.bot.say(
            "book_room", "dat phong ky cung 8h-10h thu tu hop giao ban, anh Ly chu tri",
            KY_CUNG, time("8h-10h thu tu"), name("session", "hop giao ban"), person("anh Ly"),
        )  # fmt: skip
        self.assertIn("Tên đang viết không dấu", self.bot.text)
        self.bot.say("nlu_fallback", "tên là Họp giao ban tháng 11", time("tháng 11"))
        self.assertIn("• Họp giao ban tháng 11 (giao ban)\n• Thời gian: thứ Tư 25/11, 08:00–10:00", self.bot.text)

    def test_more_people_than_seats_are_pointed_out(self) -> None:
        self.bot.say(
            "book_room", "đặt phòng Kỳ Cùng 8h-10h thứ tư họp giao ban 45 đại biểu, anh Lý chủ trì",
            KY_CUNG, time("8h-10h thứ tư"), name("session", "họp giao ban"), people("45 đại biểu", 45),
            person("anh Lý"),
        )  # fmt: skip
        self.assertIn("• Ghi chú: 45 đại biểu\nLưu ý: phòng chỉ có 30 chỗ.\n", self.bot.text)

    def test_who_may_not_book_is_told_at_once(self) -> None:
        self.bot.api.answers["GET chat/me/"] = {**ME, "may_book": False}
        self.to_summary()
        self.assertIn("không có quyền đặt họp", self.bot.text)
        self.assertIsNone(self.bot.form)

    def test_yesterday_cannot_be_booked(self) -> None:
        self.bot.say("book_room", "đặt phòng Kỳ Cùng 7h sáng nay", KY_CUNG, time("7h sáng nay"))
        self.assertEqual(self.bot.text, "07:00 đã qua.\nHọp ngày nào, từ mấy giờ đến mấy giờ?")

    def test_a_series_is_not_pretended(self) -> None:
        self.bot.say("book_room", "đặt phòng Kỳ Cùng thứ hai hàng tuần", KY_CUNG, time("thứ hai hàng tuần"))
        self.assertIn("chưa đặt được lịch lặp lại", self.bot.text)

    def test_what_is_not_understood_is_asked_again(self) -> None:
        self.bot.say("book_room", "đặt phòng Kỳ Cùng", KY_CUNG)
        self.bot.say("nlu_fallback", "ừm để xem")
        self.assertEqual(self.bot.text, "Tôi chưa hiểu câu này.\nHọp ngày nào, từ mấy giờ đến mấy giờ?")

    def test_an_unknown_room_is_said_and_ours_are_offered(self) -> None:
        self.bot.api.answers["GET sites/"] = page()
        self.bot.say("book_room", "đặt phòng Hoa Đào", name("room", "phòng Hoa Đào"))
        self.assertTrue(self.bot.text.startswith("Tôi không thấy phòng họp hay điểm cầu nào tên “phòng Hoa Đào”."))
        self.assertEqual(list(self.bot.buttons), ["Phòng họp Kỳ Cùng"])

    def test_a_room_that_the_understanding_does_not_know_yet_is_looked_for(self) -> None:
        self.bot.api.answers["GET rooms/"] = page(ROOM)
        self.bot.say("book_room", "book Kỳ Cùng room", name("room", "Kỳ Cùng room"))
        self.assertEqual(self.bot.text, "Họp ngày nào, từ mấy giờ đến mấy giờ?")
        self.assertIn(("GET rooms/", {"search": "ky cung", "page_size": "6"}), self.bot.api.asked)

    def test_a_silent_api_leaves_the_form_where_it_was(self) -> None:
        self.bot.say("book_room", "đặt phòng Kỳ Cùng", KY_CUNG)
        self.bot.api.answers["POST free-slots/"] = httpx.ConnectError("gone")
        self.bot.say("inform", "8h-10h thứ tư", time("8h-10h thứ tư"))
        self.assertIn("Hệ thống đang trả lời chậm", self.bot.text)
        self.assertEqual(self.bot.form, "book_room")
        self.bot.api.answers["POST free-slots/"] = all_free
        self.bot.say("inform", "8h-10h thứ tư", time("8h-10h thứ tư"))
        self.assertIn("Tên cuộc họp là gì?", self.bot.text)

    def test_in_english(self) -> None:
        bot = Conversation(ANSWERS, language="en")
        bot.say("book_room", "book Kỳ Cùng Wednesday 8 to 10", KY_CUNG, time("8h-10h thứ tư"))
        self.assertEqual(bot.text, "What is the conference called?")
        self.assertEqual(bot.api.headers[0]["Accept-Language"], "en")
        self.assertEqual(bot.api.headers[0]["X-Conversation"], "a conversation")


if __name__ == "__main__":
    unittest.main()
