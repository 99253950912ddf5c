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
        "source": "default: what makers of conference systems recommend",
        "note": "Upper ends of good, acceptable and warning; rounds to fall and to rise; rounds of the loss window.",
    },
    {
        "key": PROBING,
        "value": {"interval_s": 30, "packets": 5, "gap_s": 0.2, "timeout_s": 1.0, "stale_rounds": 3},
        "source": "default",
        "note": "Seconds between rounds; packets of a round, seconds between them and to wait; rounds until stale.",
    },
]
