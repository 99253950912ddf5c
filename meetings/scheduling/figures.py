"""The office's figures of this part, as shipped: what an empty office starts with and can change."""

from typing import Any

HOLD_HOURS = "conference.hold_hours"

DEFAULTS: list[dict[str, Any]] = [
    {
        "key": HOLD_HOURS,
        "value": 48,
        "source": "Mặc định",
        "note": "Số giờ một cuộc họp chờ duyệt được giữ phòng và cổng. Văn phòng cần xác nhận trước khi áp dụng.",
    },
]
