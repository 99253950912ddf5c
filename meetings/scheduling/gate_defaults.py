"""The rules on meetings as shipped: Decision 45/2018/QĐ-TTg, in force since 25 December 2018. The office changes them.

Only articles that a source confirms carry their number; the others name their subject until the office looks them up.
"""

from datetime import date
from typing import Any

D45 = "Quyết định 45/2018/QĐ-TTg"
D45_DAY = date(2018, 12, 25)
CONFIRM = "Văn phòng đối chiếu số điều trước khi áp dụng."


def _rule(check: str, subject: str, **values: Any) -> dict[str, Any]:
    note = "" if subject.startswith("Điều") else CONFIRM
    return {"check_code": check, "article": f"{subject}, {D45}", "effective_from": D45_DAY, "note": note, **values}


DEFAULTS: list[dict[str, Any]] = [
    _rule("exempt", "Điều 1", types=["committee_session", "reception", "press", "international"]),
    _rule("notice", "Quy định về giấy mời họp", amount=3),
    _rule("decider", "Quy định về họp đột xuất", severity="block"),
    _rule(
        "longest", "Quy định về thời gian họp", types=["briefing", "working", "advisory", "coordination"], amount=4
    ),
    _rule("longest", "Quy định về thời gian họp", types=["review", "thematic"], amount=8),
    _rule("longest", "Quy định về thời gian họp", types=["training"], amount=16),
    _rule("papers", "Điều 10", types=["briefing", "review"], amount=3),
    _rule("chair", "Quy định về giấy mời họp"),
    _rule("attendees", "Quy định về giấy mời họp"),
    _rule("agenda", "Quy định về giấy mời họp"),
    _rule("requirements", "Quy định về giấy mời họp"),
    _rule("contact", "Quy định về giấy mời họp"),
    _rule(
        "conclusion", "Quy định về thông báo kết luận",
        types=["briefing", "working", "advisory", "coordination", "review", "thematic"], amount=5,
    ),
    {
        "check_code": "day_off", "article": "Bộ luật Lao động 2019, Điều 112", "effective_from": date(2021, 1, 1),
        "types": ["briefing", "working", "advisory", "coordination", "review", "thematic", "training"],
    },
]  # fmt: skip
