"""One invitation to vary in tests."""

from datetime import UTC, datetime
from typing import Any

from meetings.invitations.facts import AgendaLine, Facts, Guest

STAMP = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
START, END = datetime(2026, 12, 5, 1, tzinfo=UTC), datetime(2026, 12, 5, 4, 30, tzinfo=UTC)
HOSTILE = {
    "header": "Họp\r\nBcc: x@evil.example\r\n\r\nmore",
    "property": "Họp\r\nATTENDEE:mailto:x@evil.example",
    "quotes": "\"Họp\" 'quý' \\ ; , : ^n ^'",
    "nul": "Họp\x00\x07\x1b[31m quý",
    "rtl": "Họp \u202egnp.exe\u2066 \u200bquý",
    "separators": "Họp\u2028quý\u2029IV\x85end\x0b\x0c",
    "decomposed": "Ho\u0323p quy\u0301 IV",
    "surrogate": "Họp \ud800 quý",
    "emoji": "Họp 🇻🇳👩‍💻 " * 40,
    "long": "Nghiên cứu, xem xét; " * 100,
    "end": "END:VEVENT\nEND:VCALENDAR",
    "html": "<script>alert(1)</script><img src=x onerror=y>&amp;",
    "blank": " \t\r\n\x00",
}


def facts(**changes: Any) -> Facts:
    agenda = (
        AgendaLine(start=START, end=START.replace(minute=30), title="Báo cáo kết quả quý IV"),
        AgendaLine(start=START.replace(minute=30), end=END, title="Thảo luận; kết luận"),
    )
    given = {
        "uid": "5f0c2a@caunoi.example",
        "code": "HN-2026-0042",
        "stamp": STAMP,
        "created": STAMP,
        "start": START,
        "end": END,
        "title": "Hội nghị trực tuyến quý IV",
        "sender_name": "Văn phòng UBND tỉnh Lạng Sơn",
        "convener": "Văn phòng UBND tỉnh Lạng Sơn",
        "chair": "Trần Văn Mẫu, Chủ tịch UBND tỉnh",
        "hosted_at": "Phòng họp tầng 2, điểm cầu UBND tỉnh Lạng Sơn",
        "room": "Phòng họp tầng 2",
        "room_key": "phong-7",
        "sites": ("UBND tỉnh Lạng Sơn", "Xã Gia Cát"),
        "agenda": agenda,
        "notes": "Mang theo tài liệu.\nĐến trước 15 phút.",
        "reason": "Trùng lịch công tác",
    }
    return Facts(**{**given, **changes})


def guest(**changes: Any) -> Guest:
    given = {
        "address": "mau.le@langson.example",
        "organizer": "hop+k3x9@caunoi.example",
        "name": "Lê Thị Mẫu",
        "position": "Giám đốc Sở Tư pháp",
        "place": "Phòng họp số 1, điểm cầu Xã Gia Cát",
        "room": "Phòng họp số 1",
        "room_key": "phong-9",
    }
    return Guest(**{**given, **changes})
