"""The rules' numbers as shipped. Each holds from its day on until the office writes another; defaults ask for that."""

from datetime import date
from typing import Any, NamedTuple

from backend.units.models import Figure
from guesthouse.catering import figures as meals
from guesthouse.stays import figures as stays
from meetings.links import figures as lines
from meetings.scheduling import figures as conferences

SHIPPED = date(2015, 1, 1)  # before any day that an office will ask for
DEFAULT = "Mặc định"


class Fact(NamedTuple):
    key: str
    value: Any
    effective_from: date
    source: str
    note: str = ""


D1246 = "Quyết định 1246/QĐ-BYT năm 2017"
D1246_DAY = date(2017, 3, 31)
CONFIRM = "Văn phòng cần xác nhận trước khi áp dụng."

FACTS = (
    # meetings; the rules of Decision 45 are in `meetings.scheduling.gate_defaults`
    Fact("site.technician_minutes", 60, SHIPPED, DEFAULT, "Cán bộ kỹ thuật có mặt tại điểm cầu trước giờ họp."),
    Fact("site.attendee_list_minutes", 15, SHIPPED, DEFAULT, "Chốt danh sách đại biểu trước giờ họp."),
    Fact(
        "letter.form",
        {"paper": "A4", "font": "Times New Roman", "points": [13, 14], "top_mm": [20, 25], "bottom_mm": [20, 25],
         "left_mm": [30, 35], "right_mm": [15, 20]},
        date(2020, 3, 5),
        "Nghị định 30/2020/NĐ-CP, Phụ lục I",
        CONFIRM,
    ),
    # guests
    Fact(
        "residence_notice",
        {"same_day_before": "23:00", "late_arrival_next_day_before": "08:00"},
        date(2021, 7, 1),
        "Luật Cư trú 2020, Điều 30",
        "Khách đến sau 23:00 thông báo trước 08:00 ngày hôm sau.",
    ),
    # food
    Fact("food.check_from_servings", 30, D1246_DAY, D1246, f"Kiểm thực ba bước và lưu mẫu từ số suất này. {CONFIRM}"),
    Fact(
        "food.sample",
        {"solid_g": 100, "liquid_ml": 150, "hours": 24, "celsius": [2, 8]},
        SHIPPED,
        DEFAULT,
        f"Lượng mẫu, thời gian và nhiệt độ lưu. {CONFIRM}",
    ),
    # money, whole đồng
    Fact("expense.refreshments_half_day", 20_000, SHIPPED, DEFAULT, f"Giải khát một buổi một người. {CONFIRM}"),
    Fact(
        "expense.domestic_guest",
        {"drinks_half_day": 30_000, "meal": 300_000},
        date(2019, 2, 15),
        "Thông tư 71/2018/TT-BTC",
        f"Mức trần một người. {CONFIRM}",
    ),
    Fact(
        "expense.foreign_guest_meals_day",
        {"A": 1_500_000, "B": 1_000_000, "C": 800_000, "other": 600_000},
        date(2019, 2, 15),
        "Thông tư 71/2018/TT-BTC",
        f"Mức trần một người một ngày theo hạng khách. {CONFIRM}",
    ),
    Fact(
        "expense.travel",
        {"allowance_day": 300_000, "allowance_sea_day": 400_000, "lump_room_top": 1_600_000,
         "meal_support_day": [100_000, 200_000]},
        date(2025, 5, 4),
        "Thông tư 40/2017/TT-BTC, sửa đổi bởi Thông tư 12/2025/TT-BTC",
        f"Mức trần; Hội đồng nhân dân tỉnh quy định cụ thể. {CONFIRM}",
    ),
)  # fmt: skip


def write_figures() -> None:
    """Add what is missing; a figure that the office has changed since stays as it is."""
    parts = (*conferences.DEFAULTS, *lines.DEFAULTS, *stays.DEFAULTS, *meals.DEFAULTS)
    shipped = [Fact(effective_from=SHIPPED, **each) for each in parts]
    Figure.objects.bulk_create((Figure(**fact._asdict()) for fact in (*FACTS, *shipped)), ignore_conflicts=True)
