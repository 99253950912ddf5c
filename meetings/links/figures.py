"""The office's figures of this part, as shipped: what an empty office starts with and can change."""

from typing import Any

QUALITY = "line_quality"
PROBING = "line_probing"

DEFAULTS: list[dict[str, Any]] = [
    {
        "key": QUALITY,
        "value": {
            "loss": [0.01, 0.05, 0.05],
            "rtt_ms": [100, 250, 450],
            "jitter_ms": [10, 100, 200],
            "fall": 2,
            "rise": 2,
            "window": 6,
        },
        "source": "Mặc định: theo khuyến nghị của các hãng thiết bị hội nghị",
        "note": "Ngưỡng trên của mức tốt, chấp nhận được, cảnh báo; số lượt đo để xuống và lên; số lượt tính mất gói.",
    },
    {
        "key": PROBING,
        "value": {"interval_s": 30, "packets": 5, "gap_s": 0.2, "timeout_s": 1.0, "stale_rounds": 3},
        "source": "Mặc định",
        "note": "Giây giữa hai lượt; số gói mỗi lượt, giây giữa hai gói và chờ trả lời; số lượt đến khi coi là cũ.",
    },
]
