"""The office's figures of this part, as shipped: what an empty office starts with and can change."""

from typing import Any

HOLD_HOURS = "conference.hold_hours"
JOIN_MINUTES = "conference.join_minutes"
SERIES_INVITE_DAYS = "series.invite_days"

DEFAULTS: list[dict[str, Any]] = [
    {
        "key": HOLD_HOURS,
        "value": 48,
        "source": "Mặc định",
        "note": "Số giờ một cuộc họp chờ duyệt được giữ phòng và cổng. Văn phòng cần xác nhận trước khi áp dụng.",
    },
    {
        "key": JOIN_MINUTES,
        "value": 60,
        "source": "Mặc định",
        "note": "Số phút trước giờ họp mà đường dẫn cá nhân bắt đầu mở: kỹ thuật viên có mặt trước 60 phút.",
    },
    {
        "key": SERIES_INVITE_DAYS,
        "value": 14,
        "source": "Mặc định",
        "note": "Giấy mời của mỗi buổi trong một chuỗi họp được gửi trước buổi họp bấy nhiêu ngày.",
    },
]
