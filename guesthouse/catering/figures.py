"""The office's figures of this part, as shipped: what an empty office starts with and can change."""

from typing import Any

KINDS = "meal.kinds"

DEFAULTS: list[dict[str, Any]] = [
    {
        "key": KINDS,
        "value": {
            "breakfast": {"minutes": 60, "from": "06:00", "to": "09:00"},
            "lunch": {"minutes": 90, "from": "10:30", "to": "14:00"},
            "dinner": {"minutes": 90, "from": "17:00", "to": "21:00"},
            "tea_break": {"minutes": 30, "from": "07:30", "to": "17:30"},
            "banquet": {"minutes": 150, "from": "10:30", "to": "22:00"},
        },
        "source": "Mặc định",
        "note": "Số phút và khung giờ phục vụ của mỗi loại bữa. Văn phòng cần xác nhận trước khi áp dụng.",
    },
]
