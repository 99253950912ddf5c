"""Which words of a sentence are a time, and which only look like one."""

from datetime import datetime

import pytest

from bot.vntime import find

NOW = datetime.fromisoformat("2026-11-18T10:00:00+07:00")


def found(text):
    return [span.text if span.role is None else f"{span.role}: {span.text}" for span in find(text, NOW)]


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("p hop ky cung toi thu nam co trong ko a", ["toi thu nam"]),
        ("đk HT tầng 5 từ 9h15 t6 nhé, 18 đại biểu", ["từ 9h15 t6"]),
        ("còn phòng họp nào trống chiều mai không, cỡ 2 tiếng", ["chiều mai", "2 tiếng"]),
        ("đặt phòng từ 8h đến 11h30 sáng mai, 20 người", ["từ 8h đến 11h30 sáng mai"]),
        ("họp trong 2 giờ từ 14h", ["2 giờ", "từ 14h"]),
        ("vào lúc 9h sáng mai nhé", ["lúc 9h sáng mai"]),
        ("cần phòng cho 30 khách ở 3 đêm từ 20/11", ["3 đêm", "từ 20/11"]),
        ("book a room at 3pm on Friday for 2 hours", ["at 3pm on Friday", "2 hours"]),
        ("mai mấy giờ họp", ["mai"]),
        ("toi can phong sang mai", ["sang mai"]),
        ("nay có họp gì không", ["nay"]),
        ("giao ban 7h30 thứ hai hàng tuần ở phòng A", ["7h30 thứ hai hàng tuần"]),
    ],
)
def test_times_of_a_sentence(text, times):
    assert found(text) == times


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("đặt phòng họp 2 sáng mai", ["sáng mai"]),
        ("anh Mai đặt phòng P.301 lúc 9", ["lúc 9"]),
        ("12 suất tối ngày kia", ["ngày kia"]),
        ("có phòng nào trống 9 giờ 15 đại biểu không", ["9 giờ"]),
        ("hủy HN-2026-0871 giúp tôi", []),
        ("sơ kết 6 tháng đầu năm", []),
        ("hội nghị trực tuyến quý IV ai chủ trì", []),
        ("lúc nào họp giao ban", []),
        ("trực kỹ thuật 24/7", []),
        ("căn cứ Quyết định 45/2018/QĐ-TTg", []),
        ("98/101 điểm cầu", []),
        ("hội trường A1 có máy chiếu không", []),
        ("cho muon may chieu va man chieu", []),
        ("sđt 0912345678", []),
        ("cho tôi hỏi", []),
        ("cho toi hoi", []),
    ],
)
def test_what_only_looks_like_a_time(text, times):
    assert found(text) == times


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("lùi sơ kết quý sang 15h45", ["to: 15h45"]),
        ("dời họp từ 9h sang 14h chiều mai", ["from: 9h", "to: 14h chiều mai"]),
        ("chuyển cuộc họp thứ tư sang 9h sáng thứ sáu tuần sau", ["from: thứ tư", "to: 9h sáng thứ sáu tuần sau"]),
        ("dời sang từ 9h đến 11h mai", ["to: từ 9h đến 11h mai"]),
        ("hoãn họp đến thứ sáu", ["to: thứ sáu"]),
        ("doi hop 9h sang thu 6", ["from: 9h", "to: thu 6"]),
        ("doi hop 9h sang mai sang 14h", ["from: 9h sang mai", "to: 14h"]),
        ("doi sang sang mai nhe", ["to: sang mai"]),
        ("move the meeting from 9am to 2pm tomorrow", ["from: 9am", "to: 2pm tomorrow"]),
        ("lùi lại 30 phút", ["30 phút"]),
    ],
)
def test_where_something_moves(text, times):
    assert found(text) == times
