"""The office's figures of this part, as shipped: what an empty office starts with and can change."""

from typing import Any

CHECK_IN = "guesthouse.check_in"
CHECK_OUT = "guesthouse.check_out"

DEFAULTS: list[dict[str, Any]] = [
    {
        "key": CHECK_IN,
        "value": "14:00",
        "source": "Mặc định",
        "note": "Giờ nhận phòng. Văn phòng cần xác nhận trước khi áp dụng.",
    },
    {
        "key": CHECK_OUT,
        "value": "12:00",
        "source": "Mặc định",
        "note": "Giờ trả phòng. Văn phòng cần xác nhận trước khi áp dụng.",
    },
]
