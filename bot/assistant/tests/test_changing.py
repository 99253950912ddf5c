"""Cancelling and moving: the right conference, said exactly, changed only after “đồng ý”."""

import unittest
from typing import Any

from bot.assistant.tests.conversation import Conversation, name, page, time

REVIEW = {
    "id": 41, "code": "HN-2026-0041", "status": "approved", "title": "Hội nghị sơ kết quý III", "version": 3,
    "start": "2026-11-25T08:00:00+07:00", "end": "2026-11-25T10:00:00+07:00", "chair": "Chủ tịch", "host_site": 2,
}  # fmt: skip
BRIEFING = {**REVIEW, "id": 42, "code": "HN-2026-0042", "title": "Giao ban tuần", "version": 1}
ANSWERS: "dict[str, Any]" = {
    "GET conferences/": page(REVIEW),
    "GET conferences/41/": {**REVIEW, "host_site_name": "UBND tỉnh", "sites": [], "participants": []},
    "GET conferences/42/": {**BRIEFING, "sites": [], "participants": []},
    "POST conferences/41/cancel/": {**REVIEW, "status": "cancelled"},
    "POST conferences/41/reschedule/": lambda body: {**REVIEW, **body},
}
THE_REVIEW = name("session", "sơ kết quý III", 41)


class Cancelling(unittest.TestCase):
    def setUp(self) -> None:
        self.bot = Conversation(ANSWERS)

    def test_one_that_is_named_is_cancelled_with_a_reason_after_agreeing(self) -> None:
        self.bot.say("cancel_booking", "hủy sơ kết quý III", THE_REVIEW)
        self.assertEqual(self.bot.text, "Hủy Hội nghị sơ kết quý III, thứ Tư 25/11, 08:00–10:00. Lý do là gì?")
        self.bot.press("Thay đổi lịch công tác")
        self.assertEqual(
            self.bot.text,
            "Tôi sẽ hủy HN-2026-0041: Hội nghị sơ kết quý III, thứ Tư 25/11, 08:00–10:00. "
            "Lý do: Thay đổi lịch công tác.\n"
            "Người được mời sẽ nhận thông báo hủy.\n"
            "Đồng chí đồng ý không?",
        )
        self.assertEqual(self.bot.api.posts("conferences/41/cancel/"), [])
        self.bot.say("affirm", "đồng ý")
        self.assertEqual(self.bot.api.posts("conferences/41/cancel/"), [{"reason": "Thay đổi lịch công tác"}])
        self.assertEqual(self.bot.api.headers[-1]["If-Match"], '"3"')
        self.assertEqual(self.bot.text, "Đã hủy HN-2026-0041: Hội nghị sơ kết quý III, thứ Tư 25/11, 08:00–10:00.")

    def test_a_code_is_enough(self) -> None:
        code = {"entity": "booking_code", "value": "hn-2026-0041", "resolved": {"code": "HN-2026-0041"}}
        self.bot.say("cancel_booking", "hủy hn-2026-0041", code)
        self.assertIn("Lý do là gì?", self.bot.text)

    def test_several_are_asked_back(self) -> None:
        self.bot.api.answers["GET conferences/"] = page(REVIEW, BRIEFING)
        self.bot.say("cancel_booking", "hủy cuộc họp thứ tư", time("thứ tư"))
        self.assertEqual(self.bot.text, "Đồng chí nói đến cuộc họp nào?")
        self.bot.press("Hội nghị sơ kết quý III, thứ Tư 25/11, 08:00–10:00")
        self.assertIn("Hủy Hội nghị sơ kết quý III", self.bot.text)

    def test_a_name_that_is_nothing_but_a_time(self) -> None:
        self.bot.say("cancel_booking", "hủy cuộc họp 8h thứ tư", name("session", "cuộc họp 8h thứ tư"))
        self.assertIn("Hủy Hội nghị sơ kết quý III", self.bot.text)
        asked = self.bot.api.asked[-1][1]
        self.assertEqual((asked["from"], asked["to"]), ("2026-11-25T08:00:00+07:00", "2026-11-25T08:01:00+07:00"))

    def test_the_one_just_spoken_of(self) -> None:
        self.bot.say("ask_session_schedule", "sơ kết quý III mấy giờ", THE_REVIEW)
        self.bot.say("cancel_booking", "hủy cái đó")
        self.assertIn("Hủy Hội nghị sơ kết quý III", self.bot.text)

    def test_what_the_user_may_not_see_is_not_there(self) -> None:
        self.bot.api.answers["GET conferences/"] = page()
        self.bot.say("cancel_booking", "hủy họp mật", name("session", "họp mật", 99))
        self.assertEqual(self.bot.text, "Tôi không thấy cuộc họp “họp mật” trong phạm vi đồng chí được xem.")
        self.assertIsNone(self.bot.form)

    def test_what_somebody_changed_meanwhile_is_left_alone(self) -> None:
        self.bot.api.answers["POST conferences/41/cancel/"] = (412, {"code": "stale", "detail": "…"})
        self.bot.say("cancel_booking", "hủy sơ kết quý III", THE_REVIEW)
        self.bot.press("Không còn cần thiết")
        self.bot.press("Đồng ý")
        self.assertIn("vừa được người khác sửa", self.bot.text)
        self.assertIsNone(self.bot.form)

    def test_who_may_not_is_told_so(self) -> None:
        refusal = (403, {"code": "forbidden", "detail": "Chỉ đơn vị triệu tập được hủy."})
        self.bot.api.answers["POST conferences/41/cancel/"] = refusal
        self.bot.say("cancel_booking", "hủy sơ kết quý III", THE_REVIEW)
        self.bot.press("Không còn cần thiết")
        self.bot.press("Đồng ý")
        self.assertEqual(
            self.bot.text,
            "Tài khoản của đồng chí không có quyền làm việc này: Chỉ đơn vị triệu tập được hủy.",
        )

    def test_no_changes_nothing(self) -> None:
        self.bot.say("cancel_booking", "hủy sơ kết quý III", THE_REVIEW)
        self.bot.press("Không còn cần thiết")
        self.bot.press("Không")
        self.assertEqual(self.bot.text, "Vâng, tôi dừng; chưa hủy gì.")
        self.assertEqual(self.bot.api.posts("conferences/41/cancel/"), [])


class Moving(unittest.TestCase):
    def setUp(self) -> None:
        self.bot = Conversation(ANSWERS)

    def test_an_hour_alone_keeps_the_day_and_the_length(self) -> None:
        self.bot.say("reschedule_booking", "lùi sơ kết quý III sang 15h45", THE_REVIEW, time("15h45", "to"))
        self.assertEqual(
            self.bot.text,
            "Tôi sẽ dời HN-2026-0041: Hội nghị sơ kết quý III,"
            " từ thứ Tư 25/11, 08:00–10:00 sang thứ Tư 25/11, 15:45–17:45.\nĐồng chí đồng ý không?",
        )
        self.bot.press("Đồng ý")
        body = {"start": "2026-11-25T15:45:00+07:00", "end": "2026-11-25T17:45:00+07:00"}
        self.assertEqual(self.bot.api.posts("conferences/41/reschedule/"), [body])
        self.assertEqual(
            self.bot.text, "Đã dời HN-2026-0041: Hội nghị sơ kết quý III, nay là thứ Tư 25/11, 15:45–17:45."
        )

    def test_a_day_alone_keeps_the_hours(self) -> None:
        self.bot.say("reschedule_booking", "chuyển sơ kết quý III sang thứ sáu", THE_REVIEW, time("thứ sáu", "to"))
        self.assertIn("sang thứ Sáu 27/11, 08:00–10:00.", self.bot.text)

    def test_the_new_time_is_asked_for(self) -> None:
        self.bot.say("reschedule_booking", "dời sơ kết quý III", THE_REVIEW)
        self.assertEqual(self.bot.text, "Hội nghị sơ kết quý III đang xếp thứ Tư 25/11, 08:00–10:00. Dời sang lúc nào?")
        self.bot.say("inform", "14h", time("14h"))
        self.assertIn("sang thứ Tư 25/11, 14:00–16:00.", self.bot.text)

    def test_it_can_be_corrected_before_agreeing(self) -> None:
        self.bot.say("reschedule_booking", "dời sơ kết quý III sang 14h", THE_REVIEW, time("14h", "to"))
        self.bot.say("deny", "không, 15h thứ năm", time("15h thứ năm"))
        self.assertIn("sang thứ Năm 26/11, 15:00–17:00.", self.bot.text)
        self.assertEqual(self.bot.api.posts("conferences/41/reschedule/"), [])

    def test_which_one_is_told_by_its_time(self) -> None:
        self.bot.say(
            "reschedule_booking", "dời cuộc họp 8h thứ tư sang 14h", time("8h thứ tư", "from"), time("14h", "to")
        )
        self.assertIn("sang thứ Tư 25/11, 14:00–16:00.", self.bot.text)

    def test_the_choice_between_several_keeps_the_new_time(self) -> None:
        self.bot.api.answers["GET conferences/"] = page(REVIEW, BRIEFING)
        self.bot.say(
            "reschedule_booking", "dời cuộc họp thứ tư sang 14h", time("thứ tư", "from"), time("14h thứ tư", "to")
        )
        self.bot.press("Hội nghị sơ kết quý III, thứ Tư 25/11, 08:00–10:00")
        self.assertIn("sang thứ Tư 25/11, 14:00–16:00.", self.bot.text)

    def test_the_same_time_and_a_past_time_are_refused(self) -> None:
        self.bot.say("reschedule_booking", "dời sơ kết quý III sang 8h", THE_REVIEW, time("8h thứ tư", "to"))
        self.assertTrue(self.bot.text.startswith("Cuộc họp vốn đã xếp thứ Tư 25/11, 08:00–10:00."))
        self.bot.say("inform", "7h sáng nay", time("7h sáng nay"))
        self.assertTrue(self.bot.text.startswith("07:00 đã qua."))
        self.assertEqual(self.bot.form, "reschedule_booking")

    def test_a_clash_offers_other_hours(self) -> None:
        clash = {
            "code": "conflict", "detail": "Trùng lịch: Phòng họp Kỳ Cùng.", "conflicts": [],
            "alternatives": [{"start": "2026-11-25T16:00:00+07:00", "end": "2026-11-25T18:00:00+07:00"}],
        }  # fmt: skip
        self.bot.api.answers["POST conferences/41/reschedule/"] = (409, clash)
        self.bot.say("reschedule_booking", "dời sơ kết quý III sang 14h", THE_REVIEW, time("14h", "to"))
        self.bot.press("Đồng ý")
        self.assertEqual(self.bot.text, "Trùng lịch: Phòng họp Kỳ Cùng.\nGiờ khác còn trống:")
        self.bot.press("thứ Tư 25/11, 16:00–18:00")
        self.assertIn("sang thứ Tư 25/11, 16:00–18:00.", self.bot.text)


if __name__ == "__main__":
    unittest.main()
